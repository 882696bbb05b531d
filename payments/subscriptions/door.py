"""The two ways to a subscription: through the account that it is in, or by its secret address.

Whoever bought without an account has a page, too, on which it can be ended (in Germany, section
312k of the civil code asks for that); it asks for no log-in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from payments.models import Subscription
from payments.subscriptions.owned import subscription_by, subscription_of
from payments.subscriptions.shown import Shown, shown
from shop.accounts.customers.access import customer_required

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Door:
    """A subscription, and by which way it was come to: its links lead that way again."""

    subscription: Subscription
    is_account: bool

    @cached_property
    def shown(self) -> Shown:
        """As it was when somebody came in: what is done to it leads away from the page."""
        return shown([self.subscription])[0]

    @property
    def frame(self) -> str:
        """The template around its pages."""
        return "account/base.html" if self.is_account else "payments/subscriptions/guest.html"

    @property
    def home(self) -> str:
        return self.address("subscription")

    @property
    def cancel(self) -> str:
        return self.address("cancel")

    @property
    def keep(self) -> str:
        return self.address("keep")

    @property
    def pause(self) -> str:
        return self.address("pause")

    @property
    def resume(self) -> str:
        return self.address("resume")

    @property
    def change(self) -> str:
        return self.address("change")

    @property
    def method(self) -> str:
        """Only in the account: an address that was passed on must not tell of other cards."""
        return self.address("method") if self.is_account else ""

    def address(self, page: str) -> str:
        """Of one of its pages, by the name in urls."""
        if self.is_account:
            return reverse(f"payments:my_{page}", args=[self.subscription.pk])
        return reverse(f"payments:guest_{page}", args=[self.subscription.token])


def in_account(view: View) -> View:
    """For whoever is logged in, about one of their own; anybody else's is as unknown as none."""

    @customer_required
    @wraps(view)
    def guarded(request: HttpRequest, subscription_id: Any) -> HttpResponse:
        found = subscription_of(request.user, subscription_id)
        if found is None:
            raise Http404
        return view(request, Door(found, is_account=True))

    return guarded


def by_token(view: View) -> View:
    """For whoever has the secret address."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        found = subscription_by(token)
        if found is None:
            raise Http404
        response = view(request, Door(found, is_account=False))
        response["X-Robots-Tag"] = "noindex, nofollow"
        # `no-referrer` would turn the Origin of the page's own forms into `null`.
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded
