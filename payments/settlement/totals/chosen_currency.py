"""The currency that Stripe chose for a page by where its customer was."""

from payments.models import CheckoutSession
from payments.stripe.facts import SessionFacts
from shop.catalog.models import Price
from shop.orders.models import Order


def take(order: Order, session: CheckoutSession, facts: SessionFacts) -> CheckoutSession:
    """Put the order into it, at the amounts that were frozen for it; the page's terms in it.

    One that was not left to Stripe changes nothing: it is a mismatch. Called before anything of
    the session is written, with the order locked.
    """
    kept = session.currencies.get(facts.currency)
    if kept is None:
        return session
    if facts.currency != order.currency:
        order.currency, order.subtotal = facts.currency, kept["subtotal"]
        order.save(update_fields=["currency", "subtotal"])
        ids = [line["price"] for line in kept["lines"].values()]
        there = Price.objects.filter(currency=facts.currency).in_bulk(ids)
        for line in order.lines.all():
            mine = kept["lines"][str(line.position)]
            line.unit_amount = mine["unit_amount"]
            line.price = there.get(mine["price"], line.price)
            line.save(update_fields=["unit_amount", "price"])
    return session.in_currency(facts.currency)
