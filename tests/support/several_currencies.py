"""Things that Stripe knows with prices in several currencies, and buyers who live elsewhere."""

from typing import Any

from payments import checkout
from payments.models import CheckoutSession
from shop.accounts.models import User
from shop.catalog.models import Price
from shop.catalog.stripe_sync import run
from shop.orders.models import DeliveryMethod
from shop.stripe_client import account
from tests.support.factories import DeliveryMethodFactory, PriceFactory, UserFactory
from tests.support.purchases import new_buyer

AMERICAN = "ana+location_US@example.com"
MUG = {"eur": 1800, "usd": 2150}


def sell_in_two(settings: Any) -> None:
    """Euros and dollars, by place. By post, for nothing from 40 USD on, or by express."""
    settings.CURRENCY_BY_PLACE = True
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(
        name="Post", rates={"eur": {0: 490}, "usd": {0: 590}}, free_from={"usd": 4000}, position=1
    )
    DeliveryMethodFactory(name="Express", rates={"eur": {0: 990}, "usd": {0: 1290}}, position=2)


def priced(amounts: dict[str, int], **more: Any) -> Price:
    """A thing with these prices, {currency: minor units}; the one in euros. Stripe is not told."""
    price: Price = PriceFactory(unit_amount=amounts["eur"], **more)
    for currency, amount in amounts.items():
        if currency != "eur":
            Price.objects.create(variant=price.variant, currency=currency, unit_amount=amount)
    return price


def tell_stripe() -> None:
    """Stripe knows everything that is sold."""
    account()
    run.apply()


def synced(amounts: dict[str, int], **more: Any) -> Price:
    """The same, of which Stripe was told."""
    price = priced(amounts, **more)
    tell_stripe()
    return Price.objects.select_related("variant__product").get(pk=price.pk)


def start_as(email: str, *lines: tuple[Price, int], **more: Any) -> CheckoutSession:
    """A payment page for somebody whom Stripe takes to be where the address says."""
    user = User.objects.filter(email=email).first() or UserFactory(email=email)
    buyer = new_buyer(user=user, **more)
    prices = Price.objects.select_related("variant__product").in_bulk([one.pk for one, _ in lines])
    return checkout.start(buyer, [checkout.Item(prices[one.pk], units) for one, units in lines])
