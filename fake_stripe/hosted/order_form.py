"""What the customer changes about the order on the page, before the payment is looked at."""

import re
from collections.abc import Callable
from functools import partial

from fake_stripe.checkout.submission import choose_shipping
from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.hosted import countries
from fake_stripe.hosted.form_values import Errors, Typed, text
from fake_stripe.pricing import custom_amounts, discounts, order_changes, totals
from fake_stripe.pricing.tax_table import place_of
from fake_stripe.schema import Object

# Buttons that change the order instead of paying it.
BUTTONS = ("update", "more", "less", "add", "drop", "removeCode")
# The field for an amount that the customer chooses.
AMOUNT = "customUnitAmount"


def is_update(typed: Typed) -> bool:
    """Whether a button was pressed that only changes the order."""
    return any(name in typed for name in BUTTONS)


def take(tx: Transaction, session: Object, typed: Typed) -> Errors:
    """Bring the order in line with what the page says; answers what could not be done."""
    errors: Errors = {}
    for line in totals.lines(tx, session):
        take_quantity(tx, session, line, typed, errors)
    take_amount(tx, session, typed, errors)
    if price := text(typed, "add"):
        attempt(tx, errors, "add", lambda: order_changes.add_optional(tx, session, price))
    if text(typed, "removeCode") and session["allow_promotion_codes"]:
        totals.write_discount(tx, session, None)
        totals.recount(tx, session)
    elif word := text(typed, "promotionCode"):
        attempt(tx, errors, "promotionCode", lambda: take_code(tx, session, word))
    take_shipping(tx, session, typed)
    take_country(tx, session, typed)
    return errors


def attempt(tx: Transaction, errors: Errors, name: str, change: Callable[[], None]) -> None:
    """Make one change wholly or not at all, and keep the reason why not."""
    try:
        with tx.store.savepoint():
            change()
    except discounts.Unusable as error:
        errors[name] = error.shown
    except StripeError as error:
        errors[name] = error.message


def take_quantity(
    tx: Transaction, session: Object, line: Object, typed: Typed, errors: Errors
) -> None:
    """The quantity that is typed, or one more or less, or none at all."""
    item_id, wanted = line["id"], text(typed, f"quantity-{line['id']}")
    quantity = int(wanted) if re.fullmatch(r"[0-9]{1,6}", wanted) else line["quantity"]
    quantity += (text(typed, "more") == item_id) - (text(typed, "less") == item_id)
    if text(typed, "drop") == item_id:
        quantity = 0
    if quantity != line["quantity"]:
        name = f"quantity-{item_id}"
        attempt(
            tx, errors, name, lambda: order_changes.set_quantity(tx, session, item_id, quantity)
        )


def take_amount(tx: Transaction, session: Object, typed: Typed, errors: Errors) -> None:
    """The amount that the customer has written, where it is theirs to choose."""
    if line := custom_amounts.line_of(tx, session):
        known = custom_amounts.shown(line, session["currency"])["value"]
        written = text(typed, AMOUNT) if AMOUNT in typed else known
        if written != known or not known:
            choose = partial(custom_amounts.choose_typed, tx, session, written)
            attempt(tx, errors, AMOUNT, choose)


def take_code(tx: Transaction, session: Object, word: str) -> None:
    """Apply a promotion code in the place of the one before."""
    if not session["allow_promotion_codes"]:
        raise StripeError("Promotion codes are not accepted here.", param="promotion_code")
    subtotal, currency = session["amount_subtotal"], session["currency"]
    discount = discounts.code_typed(tx, word, session["customer"], subtotal, currency)
    totals.write_discount(tx, session, discount)
    totals.recount(tx, session)


def take_shipping(tx: Transaction, session: Object, typed: Typed) -> None:
    """Another choice of shipping."""
    chosen = text(typed, "shippingRate")
    offered = [option["shipping_rate"] for option in session["shipping_options"]]
    if chosen in offered and chosen != session["shipping_cost"]["shipping_rate"]:
        choose_shipping(tx, session, chosen)


def take_country(tx: Transaction, session: Object, typed: Typed) -> None:
    """The country that automatic tax goes by, as far as the page says it."""
    ships = session["shipping_address_collection"]
    side = "shipping" if ships else "billing"
    country, known = text(typed, f"{side}Country"), session["_"].get("location")
    place = place_of(
        {
            "country": country,
            "postal_code": text(typed, f"{side}PostalCode"),
            "state": text(typed, f"{side}AdministrativeArea"),
        }
    )
    if session["automatic_tax"]["enabled"] and country in countries.CODES and place != known:
        session["_"]["location"] = place
        totals.recount(tx, session)
