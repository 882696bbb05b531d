"""What a session comes to: lines, less discount, plus shipping and tax."""

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.money import MAXIMUM, MINIMUM, formatted
from fake_stripe.engine.transaction import Transaction, public
from fake_stripe.pricing import taxes
from fake_stripe.pricing.discounts import shares
from fake_stripe.pricing.shipping import in_currency
from fake_stripe.protocol.expansion import includable
from fake_stripe.schema import Object


def recount(tx: Transaction, session: Object) -> None:
    """Work out a session's sums again, after a line, code, address or shipping has changed."""
    items = lines(tx, session)
    sums = counted(tx, session, items)
    status = "unpaid" if sums["amount_total"] else "no_payment_required"
    tx.change(session, **sums, payment_status=status)


def lines(tx: Transaction, session: Object) -> list[Object]:
    """A session's lines in their order."""
    return tx.store.select("item", {"_.session": session["id"]}, ascending=True)


def counted(tx: Transaction, session: Object, items: list[Object]) -> Object:
    """The sums of a session over these lines, each of which is written with its own."""
    count_lines(tx, session, items)
    shipping = count_shipping(tx, session)
    off = sum(item["amount_discount"] for item in items)
    delivery: Object = shipping or {"amount_subtotal": 0, "amount_tax": 0, "amount_total": 0}
    total = sum(item["amount_total"] for item in items) + delivery["amount_total"]
    refuse_total(total, session["currency"])
    return {
        "amount_subtotal": sum(item["amount_subtotal"] for item in items),
        "amount_total": total,
        "automatic_tax": tax_status(session),
        "shipping_cost": shipping,
        "total_details": {
            "amount_discount": off,
            "amount_shipping": delivery["amount_subtotal"],
            "amount_tax": sum(item["amount_tax"] for item in items) + delivery["amount_tax"],
        },
    }


def count_lines(tx: Transaction, session: Object, items: list[Object]) -> None:
    """Write each line's discount, tax and total."""
    discounts = session["discounts"] or []
    coupon = tx.store.find("coupon", discounts[0]["coupon"]) if discounts else None
    off = shares(coupon, items) if coupon else [0 for _ in items]
    for item, discount in zip(items, off, strict=True):
        net = item["amount_subtotal"] - discount
        line_tax, tax, on_top = taxes.taxes_on(net, rates_of(tx, session, item))
        item["_"] |= {"taxes": line_tax}
        tx.change(item, amount_discount=discount, amount_tax=tax, amount_total=net + on_top)


def rates_of(tx: Transaction, session: Object, item: Object) -> list[Object]:
    """The rates that hold for a line: those it names, or that of the customer's country."""
    if session["automatic_tax"]["enabled"]:
        return automatic_rates(tx, session, item["price"]["tax_behavior"], item["_"]["tax_code"])
    return [tx.get("tax_rate", rate_id) for rate_id in item["_"].get("tax_rates", [])]


def automatic_rates(tx: Transaction, session: Object, behavior: str, tax_code: str) -> list[Object]:
    """The rate of where the customer is; none while that is not known, or tax cannot be had."""
    if tax_status(session)["status"] != "complete":
        return []
    return taxes.automatic_rates(tx, location(session), behavior, session["currency"], tax_code)


def count_shipping(tx: Transaction, session: Object) -> Object | None:
    """What the chosen shipping costs, with its tax."""
    rate_id = session["_"].get("shipping_rate")
    if not rate_id:
        return None
    rate = tx.get("shipping_rate", rate_id)
    priced = in_currency(tx, rate, session["currency"]) or rate["fixed_amount"]
    cost = priced["amount"]
    rates: list[Object] = []
    if session["automatic_tax"]["enabled"]:
        rates = automatic_rates(tx, session, priced["tax_behavior"], rate["tax_code"] or "")
    shipping_taxes, tax, on_top = taxes.taxes_on(cost, rates)
    session["_"]["shipping_taxes"] = shipping_taxes
    return {
        "amount_subtotal": cost,
        "amount_tax": tax,
        "amount_total": cost + on_top,
        "shipping_rate": rate_id,
    }


def location(session: Object) -> str:
    """The place that automatic tax goes by, as AT or US-CA, when it is known."""
    return str(session["_"].get("location") or "")


def tax_status(session: Object) -> Object:
    """Whether automatic tax is worked out, or waits for an address."""
    automatic: Object = session["automatic_tax"]
    if not automatic["enabled"]:
        return automatic
    known = "complete" if location(session) else "requires_location_inputs"
    return {**automatic, "status": session["_"].get("tax_status") or known}


def refuse_total(total: int, currency: str) -> None:
    """Refuse what is too small or too large to be charged; nothing at all is fine."""
    least = MINIMUM.get(currency, 50)
    if 0 < total < least:
        message = (
            "The Checkout Session's total amount due must add up to at least"
            f" {formatted(least, currency)} {currency}"
        )
        raise StripeError(message, code="amount_too_small", param="line_items")
    if total > MAXIMUM:
        message = (
            "The Checkout Session's total amount due must be no more than"
            f" {formatted(MAXIMUM, currency)}"
        )
        raise StripeError(message, code="amount_too_large", param="line_items")


@includable("checkout.session", "total_details.breakdown")
def breakdown(tx: Transaction, session: Object) -> Object:
    """What discounts and taxes make up the sums."""
    session = tx.get("checkout.session", session["id"])
    all_taxes = [tax for item in lines(tx, session) for tax in item["_"].get("taxes", [])]
    all_taxes += session["_"].get("shipping_taxes", [])
    amount = session["total_details"]["amount_discount"]
    applied = discount_object(tx, session)
    return {
        "discounts": [{"amount": amount, "discount": applied}] if applied else [],
        "taxes": taxes.summed(all_taxes),
    }


@includable("checkout.session", "shipping_cost.taxes")
def shipping_taxes(tx: Transaction, session: Object) -> list[Object]:
    """The taxes on the chosen shipping."""
    stored = tx.get("checkout.session", session["id"])
    taxes_: list[Object] = stored["_"].get("shipping_taxes", [])
    return taxes_


@includable("item", "taxes")
def line_taxes(tx: Transaction, item: Object) -> list[Object]:
    """The taxes on one line."""
    item_taxes: list[Object] = tx.get("item", item["id"])["_"].get("taxes", [])
    return item_taxes


@includable("item", "discounts")
def line_discounts(tx: Transaction, item: Object) -> list[Object]:
    """What a coupon takes off one line."""
    session = tx.get("checkout.session", tx.get("item", item["id"])["_"]["session"])
    applied = discount_object(tx, session)
    return [{"amount": item["amount_discount"], "discount": applied}] if applied else []


def discount_object(tx: Transaction, session: Object) -> Object | None:
    """The use of a coupon by this session, as an object."""
    discounts = tx.store.select("discount", {"checkout_session": session["id"]}, limit=1)
    return public(discounts[0]) if discounts and session["discounts"] else None


def write_discount(tx: Transaction, session: Object, discount: Object | None) -> None:
    """Give a session a discount in the place of the one it had, or none."""
    for old in tx.store.select("discount", {"checkout_session": session["id"]}):
        tx.store.delete("discount", old["id"])
    if discount:
        tx.create(
            "discount",
            checkout_session=session["id"],
            customer=session["customer"],
            promotion_code=discount["promotion_code"],
            source={"coupon": discount["coupon"], "type": "coupon"},
            start=tx.now,
        )
    tx.change(session, discounts=[discount] if discount else [])
