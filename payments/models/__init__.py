"""How it is paid: sessions, payments, money facts as Stripe tells them, and what is to be done."""

from payments.models.customers import (
    Customer,
    PortalConfiguration,
    SavedMethod,
)
from payments.models.disputes import (
    Dispute,
)
from payments.models.inbox import (
    EventCursor,
    WebhookEvent,
)
from payments.models.later import (
    LaterCharge,
)
from payments.models.ledger import (
    MoneyAction,
    MoneyEntry,
)
from payments.models.payments import (
    Payment,
    PaymentQuerySet,
    Refund,
)
from payments.models.requests import (
    ButtonPress,
    StripeRequest,
)
from payments.models.risk import (
    RiskSign,
)
from payments.models.sessions import (
    CheckoutSession,
)
from payments.models.subscriptions import (
    Subscription,
    SubscriptionInvoice,
    SubscriptionItem,
)
from payments.models.terms import DiscountSync, TaxRateSync

__all__ = [
    "ButtonPress",
    "CheckoutSession",
    "Customer",
    "DiscountSync",
    "Dispute",
    "EventCursor",
    "LaterCharge",
    "MoneyAction",
    "MoneyEntry",
    "Payment",
    "PaymentQuerySet",
    "PortalConfiguration",
    "Refund",
    "RiskSign",
    "SavedMethod",
    "StripeRequest",
    "Subscription",
    "SubscriptionInvoice",
    "SubscriptionItem",
    "TaxRateSync",
    "WebhookEvent",
]
