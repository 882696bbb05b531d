"""An account with every kind of object in its states."""

from typing import Any

from fake_stripe.protocol.operations import OPERATIONS, Operation
from fake_stripe.resources import registry
from tests.fake_stripe.rig import SUCCESS, Fake

assert registry.__all__, "importing the registry fills OPERATIONS"

# Every call that answers a list with cursors.
LISTS = sorted(
    (one for one in OPERATIONS if one.method == "GET" and "starting_after" in one.check.fields),
    key=lambda one: one.path,
)  # fmt: skip


def everything(fake: Fake) -> None:
    """Bring about every kind of object in its states."""
    customer = fake.v1.customers.create(
        {"email": "a@example.com", "tax_id_data": [{"type": "eu_vat", "value": "ATU12345678"}]}
    )
    product = fake.v1.products.create(
        {"name": "Cup", "default_price_data": {"currency": "eur", "unit_amount": 900}}
    )
    fake.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
    rate = {
        "display_name": "Post", "type": "fixed_amount",
        "fixed_amount": {"amount": 100, "currency": "eur"},
    }  # fmt: skip
    session = fake.session(
        customer=customer.id,
        line_items=[{"price": product.default_price, "quantity": 1}],
        shipping_address_collection={"allowed_countries": ["AT"]},
        shipping_options=[{"shipping_rate_data": rate}],
        saved_payment_method_options={"payment_method_save": "enabled"},
        tax_id_collection={"enabled": True},
        customer_update={"name": "auto"},
        custom_text={"submit": {"message": "Thank you"}},
        payment_method_options={"card": {"capture_method": "manual"}},
    )
    fake.controlled(f"sessions/{session.id}/pay", {"card": "4000000000000002"})
    done = fake.pay(session.id, save=True)
    fake.v1.payment_intents.capture(done["payment_intent"], {"amount_to_capture": 800})
    fake.v1.refunds.create({"payment_intent": done["payment_intent"], "amount": 100})
    fake.v1.payment_intents.cancel(fake.held().id)
    for iban in ("AT321904300235473204", "AT861904300235473202"):
        fake.pay(fake.session().id, method="sepa_debit", iban=iban)
    fake.control("clock", {"advance": 200})
    paid = fake.paid(card="4000000000007726")
    fake.v1.refunds.create({"payment_intent": paid.id})
    fake.control("disputes", {"payment_intent": fake.paid().id})
    fake.control("reviews", {"payment_intent": fake.paid().id})
    fake.v1.checkout.sessions.expire(fake.session().id)
    fake.session()


def all_kinds(fake: Fake) -> dict[str, str]:
    """Bring about the rarer kinds too; the ids that the paths of lists hold, by their prefix."""
    everything(fake)
    coupon = fake.v1.coupons.create({"percent_off": 10, "duration": "forever"})
    promotion: Any = {"type": "coupon", "coupon": coupon.id}
    for _ in range(2):
        fake.v1.promotion_codes.create({"promotion": promotion})
    rate = fake.v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": True})
    fake.v1.payment_method_configurations.create({"name": "Second"})
    fake.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )
    customer = fake.v1.customers.create({"email": "b@example.com"}).id
    for number in ("ATU12345678", "ATU87654321"):
        fake.v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": number})
    for _ in range(2):
        setting = fake.v1.checkout.sessions.create(
            {"mode": "setup", "currency": "eur", "success_url": SUCCESS, "customer": customer}
        )
        fake.controlled(f"sessions/{setting.id}/pay", {"card": "4000000000000002"})
        fake.control("clock", {"advance": 10})
        setup = fake.pay(setting.id)
    monthly = {"currency": "eur", "unit_amount": 900, "recurring": {"interval": "month"}}
    lines = [
        {
            "price_data": {**monthly, "product_data": {"name": name}},
            "quantity": 1,
            "tax_rates": [rate.id],
        }
        for name in ("Tea", "Milk")
    ]
    for _ in range(2):
        subscribing = fake.session(
            mode="subscription", line_items=lines, customer=customer,
            discounts=[{"coupon": coupon.id}],
        )  # fmt: skip
        subscribed = fake.pay(subscribing.id)
    for _ in range(2):
        fake.paid(card="4000000000005423")
    fake.control("clock", {"advance": 200})
    return {
        "customers": customer,
        "checkout/sessions": subscribed["id"],
        "invoices": subscribed["invoice"],
        "setup_intent": setup["setup_intent"],
        "subscription": subscribed["subscription"],
    }


def path_of(call: Operation, ids: dict[str, str]) -> str:
    """The path of a list with its ids filled in."""
    before, found, after = call.path.partition("/{id}")
    return f"{before}/{ids[before.removeprefix('/v1/')]}{after}" if found else before


def required(call: Operation, ids: dict[str, str]) -> dict[str, str]:
    """What a list has to be asked for with."""
    return {name: ids[name] for name in call.check.required}
