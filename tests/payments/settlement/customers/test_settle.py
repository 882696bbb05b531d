"""What is kept at Stripe for a customer, as it changes in the portal and in the Dashboard."""

from typing import Any

import pytest
from django.test import Client

from payments import webhooks
from payments.models import CheckoutSession, Customer, SavedMethod, WebhookEvent
from payments.settlement.customers.settle import settle_customer
from tests.payments.deliveries import event
from tests.support.concurrency import while_asking
from tests.support.factories import PriceFactory
from tests.support.purchases import do_the_work, new_buyer, order_of, paid, process, read, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def saving(settings: Any) -> None:
    settings.PAYMENT_METHOD_SAVE = True


@pytest.fixture
def kept(stand_in: StandIn) -> SavedMethod:
    """A card that its owner ticked the box for."""
    paid(stand_in, start(), save=True)
    return SavedMethod.objects.get()


def told() -> None:
    """All that Stripe tells reaches the shop, and is worked off."""
    webhooks.pull(livemode=False)
    do_the_work()


def now(method: SavedMethod) -> SavedMethod:
    return SavedMethod.objects.select_related("customer").get(pk=method.pk)


def outcomes(prefix: str) -> set[str]:
    rows = WebhookEvent.objects.filter(type__startswith=prefix)
    return {row.result for row in rows}


# -- by paying -------------------------------------------------------------------------------------


def test_a_ticked_card_is_filed_with_the_words_agreed_to(stand_in: StandIn) -> None:
    session = paid(stand_in, start(language="de"), save=True)

    method = SavedMethod.objects.get()
    assert method.customer == session.customer
    assert (method.type, method.brand, method.last4, method.exp_month, method.exp_year) == (
        "card",
        "visa",
        "4242",
        12,
        2040,
    )
    assert (method.status, method.set_up_by, method.allow_redisplay) == (
        "attached",
        "tick",
        "always",
    )
    assert method.consent_text.startswith("Wenn Sie das Kästchen ankreuzen")
    assert method.consent_version.startswith("de:")
    assert method.consent_at is not None


def test_one_saved_by_the_tick_alone_is_not_for_later_charges(kept: SavedMethod) -> None:
    assert not kept.may_be_charged_later


@pytest.mark.parametrize(("usage", "later"), [("on_session", False), ("off_session", True)])
def test_what_a_product_asks_for_is_kept_by_paying(
    stand_in: StandIn, usage: str, later: bool
) -> None:
    price = PriceFactory(variant__product__setup_future_usage=usage)

    paid(stand_in, start(price))

    method = SavedMethod.objects.get()
    assert (method.set_up_by, method.allow_redisplay) == (usage, "limited")
    assert method.consent_text.startswith("By paying you agree")
    assert method.may_be_charged_later is later


def test_without_a_tick_nothing_is_kept(stand_in: StandIn) -> None:
    paid(stand_in, start())

    assert not SavedMethod.objects.exists()


def test_it_is_kept_also_where_the_box_is_not_offered(stand_in: StandIn, settings: Any) -> None:
    settings.PAYMENT_METHOD_SAVE = False
    price = PriceFactory(variant__product__setup_future_usage="off_session")

    session = paid(stand_in, start(price))

    assert SavedMethod.objects.get().customer == session.customer


def test_what_is_agreed_to_later_widens_it_and_never_narrows(stand_in: StandIn) -> None:
    visitor = new_buyer().visitor
    session = paid(stand_in, start(visitor=visitor), save=True)
    method = SavedMethod.objects.get()
    later = PriceFactory(variant__product__setup_future_usage="off_session")

    paid(stand_in, start(later, visitor=visitor), saved=method.stripe_payment_method_id)
    read(session)

    assert (now(method).set_up_by, now(method).may_be_charged_later) == ("off_session", True)


# -- in the portal and in the Dashboard ------------------------------------------------------------


def test_removed_there_it_is_gone_here(kept: SavedMethod, stand_in: StandIn) -> None:
    stand_in.call(f"payment_methods/{kept.stripe_payment_method_id}/detach")

    told()
    told()

    assert (now(kept).status, now(kept).detached_at is not None) == ("detached", True)
    assert now(kept).consent_text
    assert outcomes("payment_method.") == {"settled"}


def test_a_new_expiry_is_taken_over(kept: SavedMethod, stand_in: StandIn) -> None:
    dates = {"card[exp_month]": 3, "card[exp_year]": 2041}
    stand_in.call(f"payment_methods/{kept.stripe_payment_method_id}", **dates)

    told()

    assert (now(kept).exp_month, now(kept).exp_year) == (3, 2041)


def test_one_added_there_is_shown_and_nobody_agreed_to_anything(
    kept: SavedMethod, stand_in: StandIn
) -> None:
    customer = kept.customer.stripe_customer_id
    stand_in.call("payment_methods/pm_card_mastercard/attach", customer=customer)

    told()

    added = SavedMethod.objects.exclude(pk=kept.pk).get()
    assert (added.brand, added.set_up_by, added.consent_at) == ("mastercard", "elsewhere", None)
    assert not added.may_be_charged_later


def test_to_pay_with_one_that_was_added_there_is_no_tick(
    kept: SavedMethod, stand_in: StandIn
) -> None:
    """Stripe tells of both alike: shown again, and kept for this customer."""
    customer = kept.customer
    added = stand_in.call(
        "payment_methods/pm_card_mastercard/attach", customer=customer.stripe_customer_id
    )["id"]
    whole = {
        "allow_redisplay": "always",
        "billing_details[name]": "Ada",
        "billing_details[email]": "ada@example.com",
        "billing_details[address][country]": "AT",
    }
    stand_in.call(f"payment_methods/{added}", **whole)
    told()

    paid(stand_in, start(visitor=customer.visitor), saved=added)

    method = SavedMethod.objects.get(stripe_payment_method_id=added)
    assert (method.allow_redisplay, method.set_up_by, method.consent_at) == (
        "always",
        "elsewhere",
        None,
    )


def test_the_default_follows(kept: SavedMethod, stand_in: StandIn) -> None:
    customer = kept.customer.stripe_customer_id
    chosen = {"invoice_settings[default_payment_method]": kept.stripe_payment_method_id}
    stand_in.call(f"customers/{customer}", **chosen)

    told()

    assert now(kept).customer.stripe_default_method_id == kept.stripe_payment_method_id


def test_a_customer_deleted_there_is_named_no_more(kept: SavedMethod, stand_in: StandIn) -> None:
    customer = kept.customer
    deleted(stand_in, customer)

    told()

    assert (now(kept).status, now(kept).customer.gone_at is not None) == ("detached", True)
    assert "customer" not in sent(start(visitor=customer.visitor))


def test_a_customer_deleted_unheard_is_forgotten_at_the_next_purchase(
    kept: SavedMethod, stand_in: StandIn
) -> None:
    customer = kept.customer
    deleted(stand_in, customer)

    refused = start(visitor=customer.visitor)

    assert order_of(refused).status == "cancelled"
    assert now(kept).status == "detached"
    assert start(visitor=customer.visitor).url


def test_a_detached_card_of_an_order_under_way_changes_nothing_for_the_order(
    stand_in: StandIn,
) -> None:
    session = paid(stand_in, start(), save=True)
    method = SavedMethod.objects.get()
    stand_in.call(f"payment_methods/{method.stripe_payment_method_id}/detach")

    told()

    assert now(method).status == "detached"
    assert order_of(session).payments.get().status == "captured"


def test_customers_of_others_are_ignored(stand_in: StandIn, kept: SavedMethod) -> None:
    other = stand_in.call("customers", email="else@example.com")["id"]
    stand_in.call("payment_methods/pm_card_visa/attach", customer=other)
    stand_in.call(f"customers/{other}", name="Else")

    told()

    assert Customer.objects.count() == SavedMethod.objects.count() == 1
    assert "ignored: not of this installation" in outcomes("customer.")


def test_a_list_that_lags_loses_nothing(kept: SavedMethod, stand_in: StandIn) -> None:
    stand_in.fail("/v1/payment_methods$", method="GET", status=500, times=1)

    with pytest.raises(Exception, match="500"):
        settle_customer(kept.customer)

    assert now(kept).status == "attached"


def test_a_card_that_is_filed_meanwhile_stays(stand_in: StandIn) -> None:
    """Guard: what was let go of can never be taken back here."""
    visitor = new_buyer().visitor
    price = PriceFactory(variant__product__setup_future_usage="off_session")
    debited = paid(
        stand_in,
        start(price, visitor=visitor),
        method="sepa_debit",
        iban="AT611904300234573201",
    )
    withdrawn = mandate_event(stand_in, debited)
    next_page = start(visitor=visitor)

    with while_asking(stand_in, "/v1/mandates/", lambda: process(withdrawn)):
        paid(stand_in, next_page, save=True)

    assert set(SavedMethod.objects.values_list("type", "status")) == {
        ("sepa_debit", "attached"),
        ("card", "attached"),
    }


def test_a_mandate_is_read_and_not_believed(stand_in: StandIn) -> None:
    price = PriceFactory(variant__product__setup_future_usage="off_session")
    session = paid(stand_in, start(price), method="sepa_debit", iban="AT611904300234573201")
    method = SavedMethod.objects.get()
    SavedMethod.objects.update(unusable="mandate withdrawn")

    done = process(mandate_event(stand_in, session))

    assert (done.status, now(method).unusable) == ("done", "")


def test_an_answer_that_was_asked_for_before_gives_way(
    kept: SavedMethod, stand_in: StandIn
) -> None:
    customer = kept.customer
    default = {"invoice_settings[default_payment_method]": kept.stripe_payment_method_id}
    address = f"customers/{customer.stripe_customer_id}"

    with while_asking(stand_in, f"/v1/{address}", lambda: settle_customer(customer)):
        stand_in.call(address, **default)
        settle_customer(customer)

    assert now(kept).customer.stripe_default_method_id == kept.stripe_payment_method_id


# -- helpers ---------------------------------------------------------------------------------------


def deleted(stand_in: StandIn, customer: Customer) -> None:
    answer = stand_in.http.delete(
        f"{stand_in.url}/v1/customers/{customer.stripe_customer_id}",
        headers={"Authorization": "Bearer sk_test_holdfast_tests"},
        timeout=60,
    )
    answer.raise_for_status()


def sent(session: CheckoutSession) -> dict[str, Any]:
    return dict(session.requests.get(kind="create_session").parameters)


def mandate_event(stand_in: StandIn, session: CheckoutSession) -> WebhookEvent:
    """That the mandate of a debit was withdrawn, as somebody says."""
    payment = session.payments.get()
    charge = stand_in.api(f"charges/{payment.stripe_charge_id}")
    withdrawn = event(
        "mandate.updated",
        id=str(charge["payment_method_details"]["sepa_debit"]["mandate"]),
        object="mandate",
        payment_method=payment.stripe_payment_method_id,
        status="inactive",
    )
    webhooks.store([withdrawn], livemode=False)
    return WebhookEvent.objects.get(stripe_event_id=withdrawn["id"])


def test_the_product_page_in_admin_offers_it(admin_client: Client) -> None:
    price = PriceFactory()

    page = admin_client.get(f"/admin/catalog/product/{price.variant.product_id}/change/")

    assert 'name="setup_future_usage"' in page.content.decode()
