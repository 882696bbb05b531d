"""Orders whose customer has agreed to be charged later, and what is charged then."""

from typing import Any

from payments.later_charges import charging
from payments.models import LaterCharge, SavedMethod
from shop.money import Money
from shop.orders.models import Order
from tests.support.factories import PriceFactory, UserFactory
from tests.support.purchases import do_what_waits, order_of, paid, start
from tests.support.stand_in import StandIn

# Can be kept although its bank then declines, or asks for its owner, each time.
DECLINED = "pm_card_chargeCustomerFail"
ASKS = "pm_card_authenticationRequired"


def agreed(stand_in: StandIn, settings: Any, **how: Any) -> tuple[Order, SavedMethod]:
    """A paid and prepared order of somebody whose card may be charged later."""
    settings.SETUP_FUTURE_USAGE = "off_session"
    session = paid(stand_in, start(PriceFactory(unit_amount=9000), user=UserFactory()), **how)
    do_what_waits()
    settings.SETUP_FUTURE_USAGE = ""
    assert session.customer is not None
    return order_of(session), session.customer.methods.get()


def with_card(stand_in: StandIn, method: SavedMethod, card: str) -> SavedMethod:
    """Another card of the same customer, to whose later charges they have agreed as well."""
    stripe_id = stand_in.call(
        f"payment_methods/{card}/attach", customer=method.customer.stripe_customer_id
    )["id"]
    return SavedMethod.objects.create(
        account=method.account,
        stripe_payment_method_id=stripe_id,
        customer=method.customer,
        type="card",
        brand="visa",
        last4="0341",
        set_up_by=SavedMethod.SetUpBy.SETUP,
        consent_text="You may charge it later.",
        consent_version="en:1",
        consent_at=method.consent_at,
    )


def charge(
    order: Order, method: SavedMethod, amount: int | Money = 2500, **other: Any
) -> LaterCharge:
    """Staff have it charged; nothing of it is done yet."""
    asked: dict[str, Any] = {
        "method_id": method.pk,
        "amount": Money(amount, order.currency) if isinstance(amount, int) else amount,
        "reason": "no_show",
        "words": "The fitting on 3 May",
        "seen_before": charging.seen(order),
        "actor": UserFactory(is_staff=True),
        "address": "192.0.2.1",
    }
    return charging.start(order, **{**asked, **other})


def charged(order: Order, method: SavedMethod, amount: int = 2500, **other: Any) -> LaterCharge:
    """The same, and all that follows is done."""
    made = charge(order, method, amount, **other)
    do_what_waits()
    do_what_waits()
    return now(made)


def now(made: LaterCharge) -> LaterCharge:
    return LaterCharge.objects.select_related("order", "method__customer").get(pk=made.pk)
