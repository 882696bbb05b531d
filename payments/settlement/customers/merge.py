"""Writing what Stripe tells of customers and their payment methods. Called within settle's commit.

What was let go of stays so, and what somebody agreed to is written once and only ever widened.
"""

from collections.abc import Mapping

from django.utils import timezone

from payments import stripe_requests
from payments.models import CheckoutSession, Customer, SavedMethod
from payments.stripe.customers.facts import CustomerFacts, KeptFacts, MethodFacts
from shop.accounts.addresses import book
from shop.transitions import can_move, move

Use = SavedMethod.SetUpBy
# What allows more is written over what allows less, never the other way.
ALLOWS = [
    Use.ELSEWHERE,
    Use.TICK,
    Use.SUBSCRIPTION,
    Use.ON_SESSION,
    Use.OFF_SESSION,
    Use.SETUP,
]
# Another network than the one that was agreed to.
OTHER_BRAND = "another brand"


def keep(session: CheckoutSession, owner: str, kept: KeptFacts) -> Customer:
    """File whom a page has kept something for, and what, with the words that were agreed to."""
    customer = _customer(session, owner)
    # Of who was forgotten meanwhile nothing is filed again.
    if kept.method.owner and customer.saved_at is not None:
        method = _method(customer, kept.method)
        if method.customer_id == customer.pk:
            _agree(method, session, Use(kept.use))
    return customer


def _customer(session: CheckoutSession, owner: str) -> Customer:
    """Theirs who opened the page, whoever's order it was, since a card was kept on purpose.

    Once, so that who was forgotten stays so.
    """
    named = session.customer
    if named is not None and owner in named.named.values():
        customer = named
    else:
        customer, _ = Customer.objects.get_or_create(
            account=session.account, stripe_customer_id=owner
        )
    if customer.saved_at is None and (session.user or session.visitor):
        customer.user, customer.visitor = session.user, session.visitor
        customer.saved_at = timezone.now()
        customer.save(update_fields=["user", "visitor", "saved_at"])
        if session.user is not None and book.default_of(session.user) is not None:
            stripe_requests.ask_address(customer)
    return customer


def _agree(method: SavedMethod, session: CheckoutSession, use: SavedMethod.SetUpBy) -> None:
    """Note what its owner did, and the words that they read there."""
    if ALLOWS.index(use) <= ALLOWS.index(Use(method.set_up_by)):
        return
    # A card that was there before, and is only shown again, was not ticked for on this page.
    if use == Use.TICK and method.created_at < session.created_at:
        return
    method.set_up_by = use
    fields = ["set_up_by"]
    if session.saving.get("use") == use:
        method.consent_text = session.saving["text"]
        method.consent_version = session.saving["version"]
        method.consent_at = timezone.now()
        method.unusable = ""
        fields += ["consent_text", "consent_version", "consent_at", "unusable"]
    method.save(update_fields=fields)


def merge_customer(
    customer: Customer, facts: CustomerFacts, alone: Mapping[str, MethodFacts | None]
) -> None:
    """Whatever Stripe keeps for them; `alone` are those that their list did not show, by id.

    What was filed since then nobody has asked Stripe about: it stays.
    """
    if facts.is_gone:
        _forget(customer)
        return
    if customer.stripe_default_method_id != facts.default_method:
        customer.stripe_default_method_id = facts.default_method
        customer.save(update_fields=["stripe_default_method_id"])
    for method in facts.methods if customer.saved_at is not None else []:
        _method(customer, method)
    owners = _owners(customer)
    gone = [id_ for id_, method in alone.items() if method is None or method.owner not in owners]
    for row in customer.methods.filter(stripe_payment_method_id__in=gone):
        detach(row)


def no_longer_named(customer: Customer) -> None:
    """Stripe knows nobody by what was sent: an Account that staff mistyped, or who is gone."""
    if customer.stripe_account_id:
        customer.stripe_account_id = ""
        customer.save(update_fields=["stripe_account_id"])
    else:
        _forget(customer)


def _owners(customer: Customer) -> set[str]:
    return {customer.stripe_customer_id, customer.stripe_account_id} - {""}


def _forget(customer: Customer) -> None:
    """Deleted at Stripe, and with it all that was kept there."""
    if customer.gone_at is None:
        customer.gone_at = timezone.now()
    customer.stripe_default_method_id = ""
    customer.save(update_fields=["gone_at", "stripe_default_method_id"])
    for row in customer.methods.filter(status=SavedMethod.Status.ATTACHED):
        detach(row)


def detach(method: SavedMethod) -> None:
    """It can never pay here again."""
    if can_move(method, SavedMethod.Status.DETACHED):
        move(method, SavedMethod.Status.DETACHED)
        method.detached_at = timezone.now()
        method.save(update_fields=["detached_at"])


def _method(customer: Customer, facts: MethodFacts) -> SavedMethod:
    """The row of a method; what changes on a card that its bank replaces is written over."""
    described = {
        "type": facts.type,
        "brand": facts.brand,
        "last4": facts.last4,
        "exp_month": facts.exp_month,
        "exp_year": facts.exp_year,
        "allow_redisplay": facts.allow_redisplay,
    }
    row, made = SavedMethod.objects.get_or_create(
        account=customer.account,
        stripe_payment_method_id=facts.id,
        defaults={"customer": customer, **described},
    )
    changed = {name: new for name, new in described.items() if getattr(row, name) != new}
    if not made and changed:
        if "brand" in changed and row.brand and row.consent_at is not None:
            # Of another network nobody has agreed to anything yet.
            changed["unusable"] = OTHER_BRAND
        for name, new in changed.items():
            setattr(row, name, new)
        row.save(update_fields=list(changed))
    return row
