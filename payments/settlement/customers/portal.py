"""Stripe's customer portal: its address for one visit, and the configuration that shows it."""

from payments.models import PortalConfiguration, StripeRequest
from payments.stripe.customers import calls
from payments.stripe.errors import OutcomeUnknown
from shop import work
from shop.work import Outcome


def address_of(request: StripeRequest) -> str:
    """Make the call of a visit's row: the address, kept nowhere. Raises Refused, OutcomeUnknown."""
    address = calls.open_portal(request)
    work.finish(request, Outcome.CARRIED_OUT)
    return address


def nobody_waits(request: StripeRequest) -> None:
    """Left to a worker, the page that asked is gone, and its address would lapse unread."""
    work.finish(request, Outcome.OVERTAKEN, "nobody waits for it any more")


def note_configuration(request: StripeRequest) -> bool:
    """Keep which configuration is ours, if Stripe lists one, and finish its row."""
    made = calls.portal_configuration()
    if not made:
        return False
    PortalConfiguration.objects.update_or_create(
        account=request.account, defaults={"stripe_configuration_id": made}
    )
    work.finish(request, Outcome.CARRIED_OUT)
    return True


def settle_configuration(request: StripeRequest) -> None:
    """After the call. Raises OutcomeUnknown while Stripe's list does not show what was made."""
    if not note_configuration(request):
        raise OutcomeUnknown("Stripe's list shows no configuration of ours yet.")
