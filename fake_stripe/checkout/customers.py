"""The customer of a session as far as they are known before they have typed anything."""

from typing import Any

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.ids import random_text
from fake_stripe.engine.transaction import Transaction
from fake_stripe.pricing.tax_table import place_of
from fake_stripe.schema import Object

# No v1 object: what the shop may know of one is its id alone. Made by POST /_fake/accounts.
ACCOUNT = "v2.core.account"


def find_customer(tx: Transaction, params: dict[str, Any]) -> Object | None:
    """The customer named, who must be there."""
    if "customer" not in params:
        return None
    customer = tx.get("customer", params["customer"], "customer")
    if customer.get("deleted"):
        message = f"No such customer: '{customer['id']}'"
        raise StripeError(message, code="resource_missing", param="customer")
    return customer


def create_account(tx: Transaction) -> Object:
    """An Account with the configuration of a customer; nothing else of it is played."""
    made = {"id": f"acct_{random_text(16)}", "object": ACCOUNT, "created": tx.now}
    tx.store.insert(ACCOUNT, made)
    return made


def find_account(tx: Transaction, params: dict[str, Any]) -> Object | None:
    """The Account (Accounts v2) named in a customer's place, who must be there."""
    if "customer_account" not in params:
        return None
    return tx.get(ACCOUNT, params["customer_account"], "customer_account")


def refuse_location(params: dict[str, Any], customer: Object | None) -> None:
    """Automatic tax needs to know where a customer is, or leave to write it down."""
    if not customer or not params.get("automatic_tax", {}).get("enabled"):
        return
    update = params.get("customer_update", {})
    if known_location(customer) or "auto" in (update.get("address"), update.get("shipping")):
        return
    message = (
        "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a"
        " valid address to the Customer or set either `customer_update[address]` to 'auto' or"
        " `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the"
        " Customer."
    )
    raise StripeError(message, code="customer_tax_location_invalid")


def known_location(customer: Object | None) -> str | None:
    """The place of a customer whose address is on file: where parcels go counts first."""
    if not customer:
        return None
    for known in ((customer["shipping"] or {}).get("address"), customer["address"]):
        if known and (place := place_of(known)):
            return place
    return None


def known_details(customer: Object | None, params: dict[str, Any]) -> Object | None:
    """What is known of the customer before they have typed anything."""
    email = customer["email"] if customer else params.get("customer_email")
    return {"email": email, "tax_exempt": "none"} if email else None
