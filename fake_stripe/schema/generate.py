"""Write fields.json: which fields Stripe's objects always carry, and which may be null.

Python's `Optional` does not tell a field that is null from one that is absent; the declarations
of npm's `stripe` do (`x: T | null` is always there, `x?: T` only when set or expanded). To renew
the table after an upgrade:

    npm pack stripe@23.1 && tar xzf stripe-23.1*.tgz
    python -m fake_stripe.schema.generate package/esm
"""

import json
import re
import sys
from pathlib import Path

TABLE = Path(__file__).with_name("fields.json")

# Kind of object -> the declaration file and interface that describe it.
KINDS = {
    "account": ("Accounts", "Account"),
    "balance": ("Balance", "Balance"),
    "balance_transaction": ("BalanceTransactions", "BalanceTransaction"),
    "billing_portal.configuration": ("BillingPortal/Configurations", "Configuration"),
    "billing_portal.session": ("BillingPortal/Sessions", "Session"),
    "charge": ("Charges", "Charge"),
    "checkout.session": ("Checkout/Sessions", "Session"),
    "coupon": ("Coupons", "Coupon"),
    "customer": ("Customers", "Customer"),
    "discount": ("Discounts", "Discount"),
    "dispute": ("Disputes", "Dispute"),
    "event": ("Events", "EventBase"),
    "file": ("Files", "File"),
    "invoice": ("Invoices", "Invoice"),
    "invoice_payment": ("InvoicePayments", "InvoicePayment"),
    "item": ("LineItems", "LineItem"),
    "line_item": ("InvoiceLineItems", "InvoiceLineItem"),
    "mandate": ("Mandates", "Mandate"),
    "payment_intent": ("PaymentIntents", "PaymentIntent"),
    "payment_method": ("PaymentMethods", "PaymentMethod"),
    "payment_method_configuration": ("PaymentMethodConfigurations", "PaymentMethodConfiguration"),
    "plan": ("Plans", "Plan"),
    "price": ("Prices", "Price"),
    "product": ("Products", "Product"),
    "promotion_code": ("PromotionCodes", "PromotionCode"),
    "radar.early_fraud_warning": ("Radar/EarlyFraudWarnings", "EarlyFraudWarning"),
    "refund": ("Refunds", "Refund"),
    "review": ("Reviews", "Review"),
    "setup_attempt": ("SetupAttempts", "SetupAttempt"),
    "setup_intent": ("SetupIntents", "SetupIntent"),
    "shipping_rate": ("ShippingRates", "ShippingRate"),
    "subscription": ("Subscriptions", "Subscription"),
    "subscription_item": ("SubscriptionItems", "SubscriptionItem"),
    "tax_code": ("TaxCodes", "TaxCode"),
    "tax_id": ("TaxIds", "TaxId"),
    "tax_rate": ("TaxRates", "TaxRate"),
    "webhook_endpoint": ("WebhookEndpoints", "WebhookEndpoint"),
}
# Two kinds are called Session; other objects refer to that of Checkout alone.
KIND_OF = {
    interface: kind for kind, (_, interface) in KINDS.items() if kind != "billing_portal.session"
}

# Objects carry one field for each of some fifty payment methods: the table keeps those on offer.
METHODS = {
    "alipay", "amazon_pay", "apple_pay", "au_becs_debit", "bancontact", "blik", "boleto", "card",
    "eps", "google_pay", "ideal", "klarna", "konbini", "link", "oxxo", "p24", "pay_by_bank",
    "paypal", "pix", "revolut_pay", "sepa_debit", "us_bank_account",
}  # fmt: skip
BY_METHOD = re.compile(
    r"^PaymentMethod(Configuration)?$"
    r"|\.(PaymentMethodDetails|PaymentMethodOptions|DestinationDetails)$"
)
NOT_METHODS = {"billing_details", "radar_options"}

Fields = dict[str, str]
Declared = dict[str, dict[str, tuple[bool, str]]]


def main(package: Path) -> None:
    """Read the declarations below `package` and write the table beside this file."""
    shared = declarations((package / "shared.d.ts").read_text())
    table: dict[str, Fields] = {}
    for kind, (filename, root) in KINDS.items():
        source = (package / "resources" / f"{filename}.d.ts").read_text()
        declared = {**shared, **declarations(source)}
        for name, fields in reachable(root, declared).items():
            table[under_kind(name, root, kind)] = {
                field: under_kind(code, root, kind) for field, code in fields.items()
            }
    TABLE.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n")


def reachable(root: str, declared: Declared) -> dict[str, Fields]:
    """The fields of the root interface and of every interface that it leads to."""
    interfaces: dict[str, Fields] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name not in interfaces:
            interfaces[name], further = describe(name, declared)
            waiting += further
    return interfaces


def under_kind(text: str, root: str, kind: str) -> str:
    """A name or code, with the root interface called by its kind: roots of two files may clash."""
    return re.sub(rf"(^|{{}}){root}(?=$|\.)", rf"\1{kind}", text)


def declarations(source: str) -> Declared:
    """Every interface of a file by its full name, its fields with (optional, type)."""
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    declared: Declared = {}
    scope: list[tuple[str, str]] = []
    for line in map(str.strip, source.splitlines()):
        opening = re.match(r"(?:export )?(?:declare )?(namespace|interface|class) (\w+).*\{$", line)
        field = re.match(r"(\w+)(\??): (.+?);?$", line)
        if opening:
            scope.append((opening[1], opening[2]))
            if opening[1] == "interface":
                declared[full_name(scope)] = {}
        elif line.endswith("{"):
            if field and scope and scope[-1][0] == "interface":
                declared[full_name(scope)][field[1]] = (bool(field[2]), "map")
            scope.append(("block", ""))
        elif line.startswith("}") and scope:
            scope.pop()
        elif field and scope and scope[-1][0] == "interface":
            declared[full_name(scope)][field[1]] = (bool(field[2]), field[3])
    return declared


def full_name(scope: list[tuple[str, str]]) -> str:
    """The dotted name that the innermost of these namespaces and interfaces stands for."""
    return ".".join(name for _, name in scope if name)


def describe(name: str, declared: Declared) -> tuple[Fields, list[str]]:
    """One interface's fields as short codes, and the interfaces they lead to."""
    fields: Fields = {}
    further: list[str] = []
    for field, (optional, written) in sorted(declared[name].items()):
        if written == "void":
            continue
        parts = alternatives(written)
        nullable = "null" in parts
        code = code_for([part for part in parts if part != "null"], name, declared)
        if is_other_method(name, field, code):
            continue
        if "{}" in code:
            further.append(code.partition("{}")[2])
        fields[field] = f"{'?' if optional else ''}{'0' if nullable else ''}:{code}"
    return fields, further


def alternatives(written: str) -> list[str]:
    """The members of a union, those inside the brackets of an array left together."""
    return [part.strip() for part in re.split(r" \| (?![^<]*>)", written)]


def is_other_method(name: str, field: str, code: str) -> bool:
    """Whether the field belongs to a payment method that is not on offer."""
    known = field in METHODS or field in NOT_METHODS
    return bool(BY_METHOD.search(name)) and code.startswith("{}") and not known


def code_for(parts: list[str], scope: str, declared: Declared) -> str:
    """A type as a code: string, number, boolean, map, id:<kind>, object:<kind>, {}Name, []code."""
    first = parts[0]
    if first in ("string", "number", "boolean", "map"):
        others = [part for part in parts[1:] if part[0].isupper()]
        return f"id:{KIND_OF.get(others[0], others[0])}" if first == "string" and others else first
    if listed := re.match(r"(?:Array|ApiList)<(.+)>$", first):
        return "[]" + code_for(alternatives(listed[1]), scope, declared)
    if first in ("true", "false"):
        return "boolean"
    if first == "Metadata":
        return "map"
    if first == "Decimal" or first.startswith("'"):
        return "string"
    if resolved := resolve(first, scope, declared):
        return "{}" + resolved if declared[resolved] else "map"
    return f"object:{KIND_OF[first]}" if first in KIND_OF else "string"


def resolve(reference: str, scope: str, declared: Declared) -> str | None:
    """The full name of an interface written in a scope; none for an alias such as an enum."""
    names = scope.split(".")
    for depth in range(len(names), -1, -1):
        candidate = ".".join([*names[:depth], reference])
        if candidate in declared:
            return candidate
    return None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
