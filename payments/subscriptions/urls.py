"""Each page twice: in the account, and by the secret address."""

from collections.abc import Callable, Iterator

from django.http import HttpResponse
from django.urls import URLPattern, path

from payments.subscriptions import change_page, pages
from payments.subscriptions.door import by_token, in_account

View = Callable[..., HttpResponse]

# By the word in the address; each is a page that tells, and does what it told when it is posted.
ACTIONS: dict[str, View] = {
    "cancel": pages.cancel,
    "keep": pages.keep,
    "pause": pages.pause,
    "resume": pages.resume,
    "change": change_page.change,
}


def _patterns() -> Iterator[URLPattern]:
    mine, guests = "account/subscriptions/<uuid:subscription_id>/", "subscriptions/<slug:token>/"
    yield path("account/subscriptions/", pages.subscriptions, name="subscriptions")
    yield path(mine, in_account(pages.subscription), name="my_subscription")
    yield path(guests, by_token(pages.subscription), name="guest_subscription")
    yield path(f"{mine}method/", in_account(pages.method), name="my_method")
    for word, view in ACTIONS.items():
        yield path(f"{mine}{word}/", in_account(view), name=f"my_{word}")
        yield path(f"{guests}{word}/", by_token(view), name=f"guest_{word}")


urlpatterns = list(_patterns())
