"""Another plan or quantity: told what it costs, asked for as it was told, and charged so."""

from typing import Any

import pytest
from django.test import Client

from payments.models import StripeRequest, Subscription
from shop.catalog.models import Price, Product
from tests.payments.subscriptions.test_pages import (
    at_stripe,
    hers,
    home,
    now,
    text,
    ticket_on,
)
from tests.support.clocks import move_clocks
from tests.support.customers import log_in, new_address
from tests.support.factories import VariantFactory
from tests.support.stand_in import StandIn
from tests.support.subscriptions import monthly, seen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada() -> Client:
    return log_in(new_address())


def plan(stand_in: StandIn, row: Subscription, amount: int, **more: Any) -> Price:
    """Another variant of the same product, synced to Stripe."""
    variant = row.items.get(is_delivery=False).variant
    assert variant is not None
    other = VariantFactory(product=variant.product, option_values=["Large"])
    price = monthly(variant=other, unit_amount=amount, currency="eur", **more)
    made = stand_in.call(
        "prices",
        currency="eur",
        unit_amount=amount,
        **{
            "product_data[name]": "Large",
            "recurring[interval]": price.interval,
        },
    )
    Price.objects.filter(pk=price.pk).update(stripe_account=row.account, stripe_price_id=made["id"])
    return price


def half_way(stand_in: StandIn, row: Subscription) -> None:
    assert row.period_end is not None
    assert row.period_start is not None
    seconds = (row.period_end - row.period_start).total_seconds() / 2
    move_clocks(stand_in, seconds=seconds)


def asked(row: Subscription) -> Any:
    return StripeRequest.objects.get(subscription=row)


def paid_invoices(stand_in: StandIn, row: Subscription) -> list[int]:
    found = stand_in.api("invoices", subscription=row.stripe_subscription_id)["data"]
    return [invoice["amount_paid"] for invoice in found]


def test_what_is_told_is_charged(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    dearer = plan(stand_in, row, 3000)
    half_way(stand_in, row)
    page = f"{home(row)}change/?quantity=1&plan={dearer.key}"

    offered = text(ada, f"{home(row)}change/")
    told = text(ada, page)
    ticket = ticket_on(ada, page)
    move_clocks(stand_in, days=1)
    done = ada.post(f"{home(row)}change/", {"ticket": ticket}, follow=True)

    assert "€30.00 every month" in offered
    assert "Change it and pay €6.00" in told
    assert b"It is changed." in done.content
    assert paid_invoices(stand_in, row) == [600, 1800]
    item = now(row).items.get()
    assert (item.price, item.variant, item.unit_amount) == (dearer, dearer.variant, 3000)
    assert asked(row).amount == 600


def test_quantity_is_changed_and_given_back(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada, quantity=3)
    half_way(stand_in, row)
    page = f"{home(row)}change/?quantity=1"

    told = text(ada, page)
    done = ada.post(f"{home(row)}change/", {"ticket": ticket_on(ada, page)}, follow=True)

    assert "Taken off what comes next" in told
    assert "€18.00" in told
    assert b"It is changed." in done.content
    assert now(row).items.get().quantity == 1
    assert paid_invoices(stand_in, row) == [0, 5400]


def test_another_rhythm_only_for_what_stands_alone(ada: Client, stand_in: StandIn) -> None:
    alone = hers(stand_in, ada)
    sent = hers(stand_in, ada, delivery=500)
    for row in (alone, sent):
        plan(stand_in, row, 15000, interval="year")

    assert "every year" in text(ada, f"{home(alone)}change/")
    assert "every year" not in text(ada, f"{home(sent)}change/")


def test_another_rhythm_begins_a_period_with_goods_of_its_own(
    ada: Client, stand_in: StandIn
) -> None:
    row = hers(stand_in, ada)
    yearly = plan(stand_in, row, 15000, interval="year")
    half_way(stand_in, row)
    page = f"{home(row)}change/?quantity=1&plan={yearly.key}"

    told = text(ada, page)
    done = ada.post(f"{home(row)}change/", {"ticket": ticket_on(ada, page)}, follow=True)

    assert "A new period begins today." in told
    assert "Change it and pay €141.00" in told
    assert b"It is changed." in done.content
    newest = now(row).invoices.first()
    assert newest is not None
    assert newest.order is not None
    assert (newest.amount_paid, newest.order.total) == (14100, 14100)
    assert [line.variant for line in newest.order.lines.all()] == [yearly.variant]
    assert not newest.order.is_held


def test_what_only_evens_out_makes_no_order(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    half_way(stand_in, row)
    page = f"{home(row)}change/?quantity=3"

    ada.post(f"{home(row)}change/", {"ticket": ticket_on(ada, page)})

    newest = now(row).invoices.first()
    assert newest is not None
    assert (newest.order, newest.no_order, newest.amount_paid) == (None, "proration", 1800)


@pytest.mark.parametrize("is_sent", [True, False])
def test_more_of_what_is_sent_is_paid_when_it_comes(
    ada: Client, stand_in: StandIn, is_sent: bool
) -> None:
    row = hers(stand_in, ada)
    variant = row.items.get(is_delivery=False).variant
    assert variant is not None
    variant.requires_shipping = is_sent
    variant.save()

    page = " ".join(ada.get(f"{home(row)}change/").content.decode().split())

    assert f'value="{"next" if is_sent else "now"}" checked' in page


def test_with_the_next_period_nothing_is_charged_now(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    half_way(stand_in, row)
    page = f"{home(row)}change/?quantity=3&when=next"

    told = text(ada, page)
    done = ada.post(f"{home(row)}change/", {"ticket": ticket_on(ada, page)}, follow=True)

    assert "Nothing is charged now." in told
    assert b"It is changed." in done.content
    assert paid_invoices(stand_in, row) == [1800]
    assert now(row).items.get().quantity == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("quantity=0", 400),
        ("quantity=100", 400),
        ("quantity=x", 400),
        ("quantity=", 400),
        ("quantity=1", 302),
        ("quantity=2&plan=nobody", 302),
        ("quantity=2&item=999", 302),
        ("quantity=2&item=%00", 302),
    ],
)
def test_what_is_not_on_offer_asks_nothing(
    ada: Client, stand_in: StandIn, query: str, status: int
) -> None:
    row = hers(stand_in, ada)

    answer = ada.get(f"{home(row)}change/?{query}")

    assert answer.status_code == status
    assert stand_in.requests_made("create_preview") == []


def test_without_an_answer_nothing_is_said_to_be_so(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    stand_in.fail("create_preview", method="POST", when="before", status=500, times=1)

    answer = ada.get(f"{home(row)}change/?quantity=2")

    assert answer.status_code == 503
    assert b"Nothing was changed" in answer.content


def test_declined_proration_changes_nothing(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    page = f"{home(row)}change/?quantity=5"
    ticket = ticket_on(ada, page)
    bad = stand_in.call("payment_methods", type="card", **{"card[token]": "tok_chargeCustomerFail"})
    assert row.customer is not None
    owner = row.customer.stripe_customer_id
    stand_in.call(f"payment_methods/{bad['id']}/attach", customer=owner)
    stand_in.call(f"subscriptions/{row.stripe_subscription_id}", default_payment_method=bad["id"])

    done = ada.post(f"{home(row)}change/", {"ticket": ticket}, follow=True)

    assert b"was declined. Nothing was changed or charged." in done.content
    assert now(row).items.get().quantity == 1
    assert now(row).status == "active"
    assert paid_invoices(stand_in, row) == [1800]


def test_what_was_told_of_the_period_before_is_told_anew(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    ticket = ticket_on(ada, f"{home(row)}change/?quantity=2")
    stand_in.advance(days=32)
    seen(row)

    answer = ada.post(f"{home(row)}change/", {"ticket": ticket})

    assert answer.status_code == 409
    assert b"It has renewed in the meantime." in answer.content
    assert now(row).items.get().quantity == 1


def test_what_renewed_unseen_is_refused_by_stripe(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    ticket = ticket_on(ada, f"{home(row)}change/?quantity=2")
    stand_in.advance(days=32)

    answer = ada.post(f"{home(row)}change/", {"ticket": ticket}, follow=True)

    assert b"That could not be done. Nothing was changed." in answer.content
    assert at_stripe(stand_in, row)["items"]["data"][0]["quantity"] == 1


def test_archived_products_go_on_as_they_are(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    plan(stand_in, row, 3000)
    Product.objects.update(status=Product.Status.ARCHIVED)

    page = text(ada, home(row))

    assert "Change quantity or plan" not in page
    assert "Cancel subscription" in page
    assert "It cannot be changed now." in text(ada, f"{home(row)}change/?quantity=2")


def test_a_plan_archived_at_stripe_is_refused(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    dearer = Price.objects.get(pk=plan(stand_in, row, 3000).pk)
    stand_in.call(f"prices/{dearer.stripe_price_id}", active="false")

    page = text(ada, f"{home(row)}change/?quantity=1&plan={dearer.key}")

    assert "This change cannot be made. Nothing was changed." in page


def test_customer_deleted_at_stripe_ends_it(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    ticket = ticket_on(ada, home(row) + "cancel/")
    assert row.customer is not None
    stand_in.http.delete(
        f"{stand_in.url}/v1/customers/{row.customer.stripe_customer_id}",
        auth=("sk_test_123", ""),
        timeout=120,
    )

    done = ada.post(home(row) + "cancel/", {"ticket": ticket, "when": "period"}, follow=True)

    assert b"Ended" in done.content
    assert now(row).status == "canceled"


def test_what_is_told_names_the_thing_that_is_changed(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    thing = row.items.get()
    row.items.create(stripe_item_id="si_2", title="Oil", unit_amount=100, interval="month")

    told = text(ada, f"{home(row)}change/?item={thing.pk}&quantity=3&when=next")

    assert f"<p>3 × {thing.title}</p>" in told
    assert "declined" not in told
