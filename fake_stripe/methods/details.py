"""What payment methods other than cards tell of themselves, and what charges tell of them."""

from fake_stripe.methods import test_cards
from fake_stripe.schema import Object

# The methods whose bank or wallet gives a payment a number of its own.
NUMBERED = ("alipay", "amazon_pay", "ideal", "paypal", "revolut_pay")


def of_method(kind: str, typed: dict[str, str], email: str | None) -> Object:
    """The typed part of a payment method, from what the customer has typed."""
    account = typed.get("account", "")
    mark = test_cards.fingerprint(account)
    match kind:
        case "sepa_debit":
            return {
                "bank_code": account[4:9],
                "branch_code": "",
                "country": account[:2],
                "fingerprint": mark,
                "generated_from": {"charge": None, "setup_attempt": None},
                "last4": account[-4:],
            }
        case "au_becs_debit":
            return {"bsb_number": typed["routing"], "fingerprint": mark, "last4": account[-4:]}
        case "us_bank_account":
            return {
                "account_holder_type": "individual",
                "account_type": "checking",
                "bank_name": "STRIPE TEST BANK",
                "fingerprint": mark,
                "last4": account[-4:],
                "networks": {"preferred": "ach", "supported": ["ach"]},
                "routing_number": typed["routing"],
            }
        case "boleto":
            return {"tax_id": typed["tax_id"]}
        case "link":
            return {"email": email}
        case "paypal":
            return {"country": "AT", "payer_email": email, "payer_id": mark.upper()[:13]}
        case "eps" | "ideal" | "p24":
            return {"bank": typed.get("bank") or None}
    return {}


def of_charge(method: Object) -> Object:
    """The typed part of a charge's `payment_method_details`."""
    kind = method["type"]
    known: Object = method[kind]
    number = test_cards.fingerprint(method["id"])
    if kind == "sepa_debit":
        names = ("bank_code", "branch_code", "country", "fingerprint", "last4")
        return {**{name: known[name] for name in names}, "mandate": mandate_of(method)}
    if kind == "us_bank_account":
        dropped = ("networks", "financial_connections_account", "status_details")
        return {name: value for name, value in known.items() if name not in dropped}
    if kind == "link":
        return {"country": (method["billing_details"]["address"] or {}).get("country")}
    if kind == "paypal":
        return {**known, "payer_name": method["billing_details"]["name"], "transaction_id": number}
    if kind == "p24":
        return {**known, "reference": f"P24-{number[:12].upper()}"}
    if kind == "klarna":
        return {"payment_method_category": "pay_later", "preferred_locale": "en-AT"}
    if kind == "oxxo":
        return {"number": number.upper()}
    if kind == "konbini":
        return {"store": {"chain": "familymart"}}
    if kind == "pix":
        return {"bank_transaction_id": f"E{number.upper()}"}
    numbered = {"transaction_id": number} if kind in NUMBERED else {}
    return {**{name: value for name, value in known.items() if name != "bic"}, **numbered}


def mandate_of(method: Object) -> str:
    """The id of the mandate under which an account is debited."""
    return "mandate_" + str(method["id"]).removeprefix("pm_")
