"""What delivery costs where: bands, free from an amount on, currencies, and who is offered what."""

import pytest

from shop.money import Money
from shop.orders.delivery.terms import Goods, Terms, goods_of
from shop.orders.models import DeliveryMethod
from tests.support.factories import DeliveryMethodFactory, VariantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_methods() -> None:
    DeliveryMethod.objects.all().delete()


def goods(amount: int = 2000, grams: int | None = 500, currency: str = "eur") -> Goods:
    return Goods(Money(amount, currency), grams)


def costs(country: str, what: Goods) -> list[tuple[str, int]]:
    offers = Terms.now().offers(country, what)
    return [(offer.method.name, offer.amount.amount) for offer in offers]


def test_what_is_offered_is_of_the_country_in_order() -> None:
    DeliveryMethodFactory(name="Express", position=2, rates={"eur": {0: 990}})
    DeliveryMethodFactory(name="Standard", position=1, rates={"eur": {0: 490}})
    DeliveryMethodFactory(name="Far", countries=["FR"], rates={"eur": {0: 1290}})
    DeliveryMethodFactory(name="Old", is_active=False, rates={"eur": {0: 100}})

    assert costs("AT", goods()) == [("Standard", 490), ("Express", 990)]
    assert costs("FR", goods()) == [("Far", 1290)]
    assert costs("US", goods()) == []


@pytest.mark.parametrize(
    ("amount", "cost"), [(7999, 490), (8000, 0), (8001, 0)], ids=["below", "at it", "above"]
)
def test_it_is_free_from_an_amount_on(amount: int, cost: int) -> None:
    DeliveryMethodFactory(rates={"eur": {0: 490}}, free_from={"eur": 8000})

    assert costs("AT", goods(amount)) == [("Standard", cost)]


@pytest.mark.parametrize(
    ("grams", "cost"),
    [(0, 490), (1999, 490), (2000, 690), (9999, 690), (10_000, 1490), (10**9, 1490), (None, 1490)],
)
def test_bands_by_weight(grams: int | None, cost: int) -> None:
    """What weighs nobody knows how much falls into the heaviest."""
    DeliveryMethodFactory(bands_by="weight", rates={"eur": {0: 490, 2000: 690, 10_000: 1490}})

    assert costs("AT", goods(grams=grams)) == [("Standard", cost)]


@pytest.mark.parametrize(("amount", "cost"), [(100, 690), (4999, 690), (5000, 290)])
def test_bands_by_value(amount: int, cost: int) -> None:
    DeliveryMethodFactory(bands_by="value", rates={"eur": {0: 690, 5000: 290}})

    assert costs("AT", goods(amount, grams=None)) == [("Standard", cost)]


def test_without_a_price_in_the_currency_nothing_is_offered_and_nothing_is_free() -> None:
    DeliveryMethodFactory(rates={"eur": {0: 490}}, free_from={"usd": 0})

    assert costs("AT", goods(currency="usd")) == []


def test_what_is_free_is_so_in_every_currency() -> None:
    DeliveryMethodFactory(is_free=True)

    assert costs("AT", goods(currency="jpy")) == [("Standard", 0)]


def test_countries_stand_together_where_the_offers_are_the_same() -> None:
    """Whoever chooses another country on the payment page pays what is theirs."""
    DeliveryMethodFactory(countries=["AT", "DE", "FR"], rates={"eur": {0: 490}})
    DeliveryMethodFactory(name="Express", countries=["AT", "DE"], rates={"eur": {0: 990}})

    terms = Terms.now()
    assert terms.alike("AT", goods()) == ["AT", "DE"]
    assert terms.alike("FR", goods()) == ["FR"]


def test_stripe_takes_five_and_no_more() -> None:
    for number in range(7):
        DeliveryMethodFactory(name=f"Way {number}", position=number, is_free=True)

    assert [name for name, _ in costs("AT", goods())] == [f"Way {number}" for number in range(5)]


def test_goods_are_what_is_sent() -> None:
    heavy, digital = VariantFactory(grams=700), VariantFactory(requires_shipping=False)
    unknown = VariantFactory(grams=0)
    value = Money(5000, "eur")

    assert goods_of(value, [(heavy, 2), (digital, 1)]) == Goods(value, 1400)
    assert goods_of(value, [(heavy, 2), (unknown, 1)]) == Goods(value, None)
    assert goods_of(value, [(digital, 3)]) is None
