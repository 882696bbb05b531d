"""Why a payment failed, as its customer is told: on the order's page and by mail.

By Stripe's own word (docs.stripe.com/declines/codes, docs.stripe.com/error-codes). What a bank says
of a lost or stolen card, or of fraud, is told to nobody: it may not be its owner who reads it.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from payments.models import Payment
from shop.orders.models import Order


def why_failed(order: Order) -> str:
    """One sentence; empty where no payment of it has failed, or Stripe gave no reason."""
    failures = order.payments.filter(status=Payment.Status.FAILED, later_charge=None)
    failed = failures.order_by("-created_at").first()
    return words(failed.failure_code) if failed is not None else ""


def words(code: str) -> str:
    """What a failure's code means; the general sentence for one that is unknown."""
    if not code:
        return ""
    said = (words() for words, codes in SAID.items() if code in codes)
    return next(said, _("The payment was declined."))


def _no_money() -> str:
    return _("There was not enough money on the card or in the account.")


def _limit() -> str:
    return _("The payment was above a limit that the bank has set.")


def _card_expired() -> str:
    return _("The card has expired.")


def _card_number() -> str:
    return _("The card's number was not right.")


def _security_code() -> str:
    return _("The card's security code was not right.")


def _address() -> str:
    return _("The address or postal code is not the one that the bank knows.")


def _pin() -> str:
    return _("The PIN was not right.")


def _not_confirmed() -> str:
    return _("The payment was not confirmed with the bank.")


def _called_off() -> str:
    return _("The payment was declined where it was to be confirmed.")


def _too_late() -> str:
    return _("The payment was not made in time.")


def _blik_code() -> str:
    return _("The BLIK code was not right, or no longer valid.")


def _confirmation_number() -> str:
    return _("The confirmation number was not accepted.")


def _debit_refused() -> str:
    return _("The bank does not allow this debit.")


def _account_closed() -> str:
    return _("The bank account has been closed.")


def _no_account() -> str:
    return _("The bank account could not be found, or takes no debits.")


def _not_for_this() -> str:
    return _("This card or account cannot be used for this payment.")


def _twice() -> str:
    return _("The bank took it for a payment that was made a moment before.")


def _fault() -> str:
    return _("Something went wrong between the banks. Later it may well work.")


def _declined() -> str:
    return _("The payment was declined.")


SAID: dict[Callable[[], str], frozenset[str]] = {
    _no_money: frozenset({"insufficient_funds"}),
    _limit: frozenset(
        {
            "amount_too_large",
            "card_velocity_exceeded",
            "charge_exceeds_source_limit",
            "charge_exceeds_transaction_limit",
            "payment_limit_exceeded",
            "withdrawal_count_limit_exceeded",
        }
    ),
    _card_expired: frozenset(
        {"expired_card", "expired_payment_method", "invalid_expiry_month", "invalid_expiry_year"}
    ),
    _card_number: frozenset({"incorrect_number", "invalid_number"}),
    _security_code: frozenset({"incorrect_cvc", "invalid_cvc"}),
    _address: frozenset(
        {"incorrect_address", "incorrect_postal_code", "incorrect_zip", "postal_code_invalid"}
    ),
    _pin: frozenset(
        {
            "incorrect_pin",
            "invalid_pin",
            "offline_pin_required",
            "online_or_offline_pin_required",
            "pin_try_exceeded",
        }
    ),
    _not_confirmed: frozenset(
        {
            "authentication_failure",
            "authentication_not_handled",
            "authentication_required",
            "mobile_device_authentication_required",
            "payment_intent_action_required",
            "payment_intent_authentication_failure",
            "three_d_secure_authentication_not_supported",
            "three_d_secure_authentication_upstream_error",
        }
    ),
    _called_off: frozenset({"customer_declined", "payment_method_customer_decline"}),
    _too_late: frozenset(
        {"payment_intent_payment_attempt_expired", "payment_method_provider_timeout", "timeout"}
    ),
    _blik_code: frozenset({"code_expired", "code_invalid"}),
    _confirmation_number: frozenset({"payment_intent_konbini_rejected_confirmation_number"}),
    _debit_refused: frozenset(
        {
            "billing_invalid_mandate",
            "debit_not_authorized",
            "india_recurring_payment_mandate_canceled",
            "payment_intent_mandate_invalid",
            "revocation_of_all_authorizations",
            "revocation_of_authorization",
            "stop_payment_order",
        }
    ),
    _account_closed: frozenset({"account_closed"}),
    _no_account: frozenset(
        {
            "account_number_invalid",
            "bank_account_bad_routing_numbers",
            "bank_account_declined",
            "bank_account_restricted",
            "bank_account_unusable",
            "bank_account_unverified",
            "bank_account_verification_failed",
            "invalid_account",
            "no_account",
            "routing_number_invalid",
            "sepa_unsupported_account",
        }
    ),
    _not_for_this: frozenset(
        {
            "card_not_supported",
            "currency_not_supported",
            "invalid_amount",
            "invalid_card_type",
            "not_permitted",
            "payment_intent_incompatible_payment_method",
            "payment_method_currency_mismatch",
            "payment_method_not_available",
            "payment_method_restricted",
            "payment_method_unactivated",
            "payment_method_unsupported_type",
            "service_not_allowed",
            "transaction_not_allowed",
        }
    ),
    _twice: frozenset({"duplicate_transaction"}),
    _fault: frozenset(
        {
            "approve_with_id",
            "issuer_not_available",
            "new_account_information_available",
            "processing_error",
            "reenter_transaction",
            "try_again_later",
        }
    ),
    # Known, and not told: neither what may alarm a thief nor what says nothing.
    _declined: frozenset(
        {
            "call_issuer",
            "card_decline_rate_limit_exceeded",
            "card_declined",
            "do_not_honor",
            "do_not_try_again",
            "fraudulent",
            "generic_decline",
            "highest_risk_level",
            "lost_card",
            "merchant_blacklist",
            "no_action_taken",
            "partner_generic_decline",
            "payment_intent_payment_attempt_failed",
            "payment_method_bank_account_blocked",
            "payment_method_provider_decline",
            "pickup_card",
            "refer_to_customer",
            "restricted_card",
            "security_violation",
            "stolen_card",
            "suspected_fraud",
            "test_mode_live_card",
            "testmode_charges_only",
        }
    ),
}
