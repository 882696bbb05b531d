"""What the cart says of discounts, and what can be typed there."""

from typing import Any

import pytest
from django.test import Client

from shop.catalog.models import Product
from shop.orders.models import DeliveryMethod
from tests.support.carts import read, with_cart
from tests.support.factories import (
    ChosenPriceFactory,
    DeliveryMethodFactory,
    DiscountFactory,
    TaxRateFactory,
)

pytestmark = pytest.mark.django_db
BUTTON = "Continue to secure payment"


@pytest.fixture(autouse=True)
def delivery() -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], rates={"eur": {0: 490}}, free_from={"eur": 1700})


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def use(client: Client, code: str) -> Any:
    return client.post("/cart/code/", {"code": code})


def test_a_code_that_counts_is_kept_and_its_sum_shown(client: Client) -> None:
    DiscountFactory(codes=["TEN"])
    cart = with_cart(client)

    answer = use(client, "ten")

    cart.refresh_from_db()
    assert (answer.status_code, answer["Location"], cart.code) == (303, "/cart/", "TEN")
    page = read(client)
    # Delivery is free from 17.00 on, and 16.20 are left.
    assert "Ten percent (TEN) </dt> <dd> −€1.80 </dd>" in page
    assert "<dt> Total </dt> <dd> €21.10 </dd>" in page
    assert '<input type="hidden" name="off" value="180">' in page
    assert BUTTON in page


@pytest.mark.parametrize(
    "typed",
    ["welcome10", " Welcome 10 ", "WELCOME-1O", "We1come10", "ｗｅｌｃｏｍｅ１０"],
)
def test_a_code_is_known_however_it_is_typed(client: Client, typed: str) -> None:
    DiscountFactory(codes=["WELCOME10"])
    cart = with_cart(client)

    use(client, typed)

    cart.refresh_from_db()
    assert cart.code == "WELCOME10"


def test_of_two_that_look_alike_only_the_very_one_counts(client: Client) -> None:
    DiscountFactory(codes=["SUN0", "SUNO"])
    cart = with_cart(client)

    assert use(client, "5UN0").status_code == 400
    assert use(client, "sun0").status_code == 303
    cart.refresh_from_db()
    assert cart.code == "SUN0"


@pytest.mark.parametrize("typed", ["NOPE", "x" * 10_000, "Ü", "'; DROP TABLE", "\x00", "%%%"])
def test_an_unknown_code_is_told_at_the_field_and_changes_nothing(
    client: Client, typed: str
) -> None:
    cart = with_cart(client)

    answer = use(client, typed)

    cart.refresh_from_db()
    if typed == "\x00":
        assert answer.status_code == 303
        return
    assert (answer.status_code, cart.code, cart.version) == (400, "", 0)
    assert 'aria-invalid="true" aria-describedby="code-refused"' in text(answer)
    assert '<p class="changed" id="code-refused">We do not know this code.</p>' in text(answer)


def test_one_that_does_not_count_says_why_and_is_not_kept(client: Client) -> None:
    DiscountFactory(codes=["TEN"], amounts={"eur": {"least": 2000}})
    cart = with_cart(client)

    answer = use(client, "TEN")

    cart.refresh_from_db()
    assert (answer.status_code, cart.code, cart.version) == (409, "", 0)
    assert "This code counts from €20.00 on." in text(answer)
    assert BUTTON in text(answer)


def test_one_that_stopped_counting_is_told_and_can_be_taken_off(client: Client) -> None:
    DiscountFactory(codes=["TEN"], is_active=False)
    cart = with_cart(client, code="TEN")

    page = read(client)

    assert "This code does not count any more." in page
    assert '<input type="hidden" name="off" value="0">' in page
    use(client, "")
    cart.refresh_from_db()
    assert cart.code == ""


def guess_until_refused(client: Client, **more: Any) -> Any:
    """The answer that ends the guessing; some may have become free meanwhile."""
    for number in range(20):
        answer = client.post("/cart/code/", {"code": f"GUESS{number}"}, **more)
        if answer.status_code != 400:
            return answer
    return answer


def test_guessing_codes_ends_after_some_tries(client: Client) -> None:
    DiscountFactory(codes=["TEN"])
    cart = with_cart(client)

    answer = guess_until_refused(client)

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "You have tried many codes. Please wait a minute." in text(answer)
    assert BUTTON in text(answer)
    # What would have counted is not told either, and what is there can be taken off.
    assert use(client, "TEN").status_code == 429
    assert use(client, "").status_code == 303
    cart.refresh_from_db()
    assert cart.code == ""


def test_a_new_visitor_for_each_guess_is_no_way_around(client: Client) -> None:
    answers = []
    for _ in range(15):
        guesser = Client(REMOTE_ADDR="198.51.100.7")
        with_cart(guesser)
        answers.append(guess_until_refused(guesser))
        if "network" in text(answers[-1]):
            break

    assert answers[-1].status_code == 429
    assert "Many codes were tried from your network. Please wait a minute." in text(answers[-1])
    # Elsewhere nobody is kept from theirs.
    other = Client(REMOTE_ADDR="203.0.113.9")
    with_cart(other)
    assert use(other, "UNKNOWN").status_code == 400


def test_without_a_cart_there_is_nothing_to_use_a_code_for(client: Client) -> None:
    assert use(client, "TEN")["Location"] == "/cart/"


def test_a_refused_code_has_an_address_to_come_back_to(client: Client) -> None:
    assert client.get("/cart/code/")["Location"] == "/cart/"


def test_an_offer_counts_by_itself(client: Client) -> None:
    DiscountFactory(name="Delivery is on us", kind="delivery", is_automatic=True)
    DeliveryMethod.objects.first().free_from.all().delete()  # type: ignore[union-attr]
    with_cart(client)

    page = read(client)

    assert "free (Delivery is on us) </dd>" in page


def test_what_the_page_promised_is_what_is_paid(client: Client, stand_in: Any) -> None:
    cart = with_cart(client, code="TEN")

    answer = client.post("/create-checkout-session", {"cart": cart.version, "off": "180"})

    assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert "We do not know this code." in read(client)


def test_with_delivery_tax_code_and_tip_it_takes_at_most_twelve_queries(
    client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.TAX_MODE = "rates"
    TaxRateFactory()
    DiscountFactory(codes=["TEN"])
    ChosenPriceFactory(variant__product__kind=Product.Kind.TIP)
    with_cart(client, code="TEN")

    # Session, cart, its lines, prices, pictures, categories, delivery, discounts, rates and tip.
    # Who was here before has two more: whether they kept a card, and where their last order went.
    with django_assert_num_queries(10):
        client.get("/cart/")


def test_a_code_that_an_offer_beats_stays_and_is_told(client: Client) -> None:
    offer = DiscountFactory(name="Summer", percentage=20, is_automatic=True)
    DiscountFactory(codes=["TEN"])
    cart = with_cart(client)

    answer = use(client, "TEN")

    cart.refresh_from_db()
    assert (answer.status_code, cart.code) == (303, "TEN")
    page = read(client)
    assert "The code TEN stays in your cart." in page
    assert "“Summer” saves you more and counts instead." in page
    assert "Summer </dt> <dd> −€3.60 </dd>" in page
    # Counts as soon as the offer does not.
    offer.is_active = False
    offer.save()
    assert "Ten percent (TEN) </dt> <dd> −€1.80 </dd>" in read(client)
