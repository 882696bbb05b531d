"""The settings under which the shop is linted and tested: a rehearsal that can reach nobody."""

from __future__ import annotations

# What a developer's own environment or `.env` says must not change a test's outcome, and a key in
# it must not be used: these are set, not only filled in.
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "shop.settings",
    "DEBUG": "false",
    "REHEARSAL": "true",  # static files from where they lie, without `collectstatic`
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-only-for-tests",
    "SITE_URL": "http://localhost:4242",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "STRIPE_SECRET_KEY": "sk_test_holdfast_tests",
    "STRIPE_WEBHOOK_SECRETS": "whsec_only_for_tests",
    # The port that throws things away: until a test has started a stand-in, nobody answers.
    "STRIPE_API_BASE": "http://127.0.0.1:9",
    "FAKE_STRIPE_PUBLIC_URL": "",
    "EMAIL_URL": "memorymail://",
    "CHECKOUT_RATE_LIMIT": "10000",
    "CHECKOUT_OPEN_HOLDS": "10000",
    "STAFF_LOGIN_ATTEMPTS": "10000",
    # Many buy at once in one process, and on a busy machine.
    "STRIPE_PAGE_CALLS": "100",
    "STRIPE_PAGE_PATIENCE": "8",
    "CHECKOUT_MAX_SHARE": "1",
}

# Left to the shop's own defaults.
UNSET = (
    "ADAPTIVE_PRICING",
    "ADJUSTABLE_QUANTITY",
    "ALLOW_PROMOTION_CODES",
    "BILLING_ADDRESS_COLLECTION",
    "BRANDING_BACKGROUND_COLOR",
    "BRANDING_BORDER_STYLE",
    "BRANDING_BUTTON_COLOR",
    "BRANDING_FONT_FAMILY",
    "BRANDING_ICON",
    "BRANDING_LOGO",
    "CACHE_URL",
    "CAPTURE_AT_DEADLINE",
    "CAPTURE_HOLD",
    "CAPTURE_POLICY",
    "CAPTURE_REVIEW_ABOVE",
    "CHECKOUT_DOMAIN",
    "CHECKOUT_RECOVERY",
    "CHECKOUT_RECOVERY_PROMOTION_CODES",
    "CONSENT_PROMOTIONS",
    "CONSENT_TERMS",
    "CURRENCIES_OFFERED",
    "CURRENCY_BY_PLACE",
    "DEFAULT_CHECKOUT_SKU",
    "DEFAULT_CURRENCY",
    "DEFAULT_FROM_EMAIL",
    "DIGITAL_FILE_MB",
    "DIGITAL_ROOT",
    "DOWNLOADS_ALLOWED",
    "DOWNLOAD_DAYS",
    "HSTS_PRELOAD",
    "INVOICE_CREATION",
    "LOG_LEVEL",
    "MEDIA_ROOT",
    "NAME_COLLECTION",
    "PAYMENT_METHOD_REMOVE",
    "PAYMENT_METHOD_SAVE",
    "PHONE_NUMBER_COLLECTION",
    "PORT",
    "RETENTION_ALERTS",
    "RETENTION_ALERTS_SENT",
    "RETENTION_CARTS",
    "RETENTION_LOGIN_RECORDS",
    "RETENTION_MESSAGES",
    "RETENTION_ORDER_LINKS",
    "RETENTION_REMINDERS",
    "RETENTION_SESSIONS",
    "RETENTION_STRIPE_CONTENT",
    "RETENTION_VISITORS",
    "RETENTION_WORK",
    "SELLER_ADDRESS",
    "SELLER_NAME",
    "SELLER_TAX_NUMBER",
    "SENTRY_DSN",
    "SETUP_FUTURE_USAGE",
    "STAFF_EMAIL",
    "STAFF_IDLE_MINUTES",
    "STAFF_LOGIN_HOURS",
    "STRIPE_ACCOUNT",
    "SUBMIT_TYPE",
    "SUPPORT_EMAIL",
    "SWEEP_EVERY",
    "TAX_CODE_DEFAULT",
    "TAX_EXCLUSIVE_CURRENCIES",
    "TAX_IDS",
    "TAX_MODE",
    "TIME_ZONE",
    "TRUSTED_PROXIES",
)


def environment() -> dict[str, str]:
    """Both of the above; an empty value counts as none and keeps `.env` from filling it."""
    return SETTINGS | dict.fromkeys(UNSET, "")
