"""One settings module. What varies comes from the environment; safe unless it says otherwise.

Nothing else reads the environment. What never varies of the apps, the workers, the logs and the
safety stands in shop/configuration.
"""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ

from shop.configuration import kinds, logging
from shop.configuration.apps import *  # noqa: F403 - settings, each by its own name
from shop.configuration.apps import CACHE
from shop.configuration.celery import *  # noqa: F403
from shop.configuration.celery import beat_schedule
from shop.configuration.environment import Environment
from shop.configuration.security import *  # noqa: F403
from shop.configuration.security import check_live, content_policy, login_limits
from shop.configuration.variables.correspondence import mail, seller
from shop.configuration.variables.currencies import limits_in, local_currency, review_limits
from shop.configuration.variables.downloads import downloads
from shop.configuration.variables.payment_page import (
    branding,
    methods_shown,
    names_asked,
    recovery,
)
from shop.configuration.variables.retention import retention
from shop.configuration.variables.saved_methods import saved_methods
from shop.configuration.variables.stripe_account import stripe_account
from shop.configuration.variables.taxes import taxes
from shop.money import CURRENCIES

# Generic as their types say: ModelAdmin[Product], before any class is written that way.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")
env = Environment()

# -- Who and where --------------------------------------------------------------------------------

DEBUG: bool = env.read("DEBUG", kinds.truth, default=False)
# A shop on somebody's own machine: static files from where they lie, mails to read at /_dev/mail/.
REHEARSAL: bool = env.read("REHEARSAL", kinds.truth, default=DEBUG)
SECRET_KEY: str = env.read("SECRET_KEY", mend="Use 50 or more random characters.")
SITE_URL: str = env.read("SITE_URL", kinds.web_address, default="http://localhost:4242")
ALLOWED_HOSTS: list[str] = env.read(
    "ALLOWED_HOSTS", kinds.listed, default=[urlsplit(SITE_URL).hostname or "localhost"]
)
# Binds every name below the domain, and browsers that were never here: hard to take back.
HSTS_PRELOAD: bool = env.read("HSTS_PRELOAD", kinds.truth, default=False)
PORT = env.number("PORT", default=4242, least=1, most=65535)
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=0, least=0)
SENTRY_DSN: str = env.read("SENTRY_DSN", kinds.error_address, default="")
MEDIA_ROOT: str = env.read("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))
DIGITAL_ROOT, DIGITAL_FILE_MB, DOWNLOAD_DAYS, DOWNLOADS_ALLOWED = downloads(env, MEDIA_ROOT)
# Whose midnight ends a day: for dates on pages and documents, for what begins or ends on a day, and
# for what is done at night.
TIME_ZONE: str = env.read("TIME_ZONE", kinds.time_zone, default="UTC")
LOG_LEVEL = env.choice("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], default="INFO")
SHOP_NAME = "Holdfast"
SELLER_NAME, SELLER_ADDRESS, SELLER_TAX_NUMBER = seller(env, SHOP_NAME)

# -- Stripe ---------------------------------------------------------------------------------------

STRIPE_API = "https://api.stripe.com"
(
    STRIPE_SECRET_KEY,
    STRIPE_LIVE,
    STRIPE_ACCOUNT,
    STRIPE_WEBHOOK_SECRETS,
    STRIPE_API_BASE,
    FAKE_STRIPE_PUBLIC_URL,
    CHECKOUT_DOMAIN,
    CHECKOUT_ORIGINS,
) = stripe_account(env, STRIPE_API, is_rehearsal=REHEARSAL, is_debug=DEBUG)

# So many calls to Stripe wait for an answer in one web process, and for at most so many seconds;
# whoever else wants to pay sees the waiting page. Its threads must be more.
STRIPE_PAGE_CALLS = env.number("STRIPE_PAGE_CALLS", default=3, least=1)
STRIPE_PAGE_PATIENCE = env.number("STRIPE_PAGE_PATIENCE", default=4, least=1)

# -- How money is taken ---------------------------------------------------------------------------

CAPTURE_POLICY = env.choice(
    "CAPTURE_POLICY", ["automatic", "stock_check", "staff"], default="stock_check"
)
CAPTURE_HOLD = env.choice("CAPTURE_HOLD", ["per_method", "all"], default="per_method")
CAPTURE_AT_DEADLINE = env.choice("CAPTURE_AT_DEADLINE", ["release", "capture"], default="release")
CAPTURE_REVIEW_ABOVE = review_limits(env)

# Stripe makes the invoice, of what is not held.
INVOICE_CREATION: bool = env.read("INVOICE_CREATION", kinds.truth, default=False)
PAYMENT_METHOD_SAVE: bool = env.read("PAYMENT_METHOD_SAVE", kinds.truth, default=True)
PAYMENT_METHOD_REMOVE: bool = env.read("PAYMENT_METHOD_REMOVE", kinds.truth, default=True)
SETUP_FUTURE_USAGE = env.choice("SETUP_FUTURE_USAGE", ["", "on_session", "off_session"], default="")
(
    PAYMENT_METHOD_REDISPLAY_FILTERS,
    PAYMENT_METHOD_ALLOW_REDISPLAY,
    PORTAL_CONFIGURATION,
    PORTAL_LOGIN_PAGE,
) = saved_methods(env)
DEFAULT_CURRENCY: str = env.read("DEFAULT_CURRENCY", default="eur")
env.check(
    "DEFAULT_CURRENCY", lambda: DEFAULT_CURRENCY in CURRENCIES, "is no currency that Stripe takes."
)
# What visitors may choose to see prices in; a thing without a price in it is not sold in it.
CURRENCIES_OFFERED: list[str] = env.read(
    "CURRENCIES_OFFERED", kinds.listed, default=[DEFAULT_CURRENCY]
)
env.check(
    "CURRENCIES_OFFERED",
    lambda: DEFAULT_CURRENCY in CURRENCIES_OFFERED and set(CURRENCIES_OFFERED) <= CURRENCIES,
    "must hold DEFAULT_CURRENCY, and only currencies that Stripe takes, like eur,usd.",
)
TAX_MODE, TAX_EXCLUSIVE_CURRENCIES, TAX_CODE_DEFAULT, TAX_IDS = taxes(
    env, offered=CURRENCIES_OFFERED
)
DEFAULT_CHECKOUT_SKU: str = env.read("DEFAULT_CHECKOUT_SKU", default="MUG-KELP")
# Per visitor, and ten times that per network address: created sessions in a minute, and unpaid ones
# that hold stock.
CHECKOUT_RATE_LIMIT = env.number("CHECKOUT_RATE_LIMIT", default=5, least=1)
CHECKOUT_OPEN_HOLDS = env.number("CHECKOUT_OPEN_HOLDS", default=3, least=1)
# Of what is available of one thing, how much one order may take.
CHECKOUT_MAX_SHARE: float = env.read("CHECKOUT_MAX_SHARE", kinds.share, default=0.5)

# -- What the payment page asks -------------------------------------------------------------------

ALLOW_PROMOTION_CODES: bool = env.read("ALLOW_PROMOTION_CODES", kinds.truth, default=False)
PHONE_NUMBER_COLLECTION: bool = env.read("PHONE_NUMBER_COLLECTION", kinds.truth, default=False)
BILLING_ADDRESS_COLLECTION = env.choice(
    "BILLING_ADDRESS_COLLECTION", ["auto", "required"], default="auto"
)
NAME_COLLECTION = names_asked(env)
CONSENT_TERMS: bool = env.read("CONSENT_TERMS", kinds.truth, default=False)
CONSENT_PROMOTIONS: bool = env.read("CONSENT_PROMOTIONS", kinds.truth, default=False)
CHECKOUT_RECOVERY, CHECKOUT_RECOVERY_PROMOTION_CODES = recovery(env)
# How many days before a subscription renews its customer is told.
RENEWAL_MAIL_DAYS = env.number("RENEWAL_MAIL_DAYS", default=3, least=0, most=30)
ADJUSTABLE_QUANTITY: bool = env.read("ADJUSTABLE_QUANTITY", kinds.truth, default=False)
SUBMIT_TYPE = env.choice("SUBMIT_TYPE", ["auto", "book", "donate", "pay"], default="auto")
# Customers elsewhere may pay in their own currency: at Stripe's rate, or at the shop's own prices.
ADAPTIVE_PRICING, CURRENCY_BY_PLACE = local_currency(
    env,
    policy=CAPTURE_POLICY,
    offered=CURRENCIES_OFFERED,
    limits=CAPTURE_REVIEW_ABOVE,
    exclusive=TAX_EXCLUSIVE_CURRENCIES if TAX_MODE != "none" else [],
)
# What customers read of means of payment before that page.
PAYMENT_METHODS_SHOWN = methods_shown(env)
# In mails the button has the same color.
BRANDING = branding(env)

# -- Staff ----------------------------------------------------------------------------------------

# Failed log-ins of one account in five minutes; of one network address four times as many.
STAFF_LOGIN_ATTEMPTS = env.number("STAFF_LOGIN_ATTEMPTS", default=5, least=1)
# Codes to log in that one address of a customer is sent in ten minutes; one network four times as
# many in a minute.
LOGIN_CODES = env.number("LOGIN_CODES", default=5, least=1)
ACCOUNT_RATE_LIMITS = login_limits(STAFF_LOGIN_ATTEMPTS, LOGIN_CODES)
# Staff are logged out after so many minutes without work, and so many hours after the log-in.
STAFF_IDLE_MINUTES = env.number("STAFF_IDLE_MINUTES", default=30, least=1)
STAFF_LOGIN_HOURS = env.number("STAFF_LOGIN_HOURS", default=8, least=1)
# Whether who may move money shows a second factor before any of the staff's pages.
STAFF_SECOND_FACTOR = env.choice(
    "STAFF_SECOND_FACTOR", ["required", "optional"], default="required"
)
# Above it money moves only so many minutes after somebody has shown who they are.
STAFF_FRESH_ABOVE = limits_in(env, "STAFF_FRESH_ABOVE")
STAFF_FRESH_MINUTES = env.number("STAFF_FRESH_MINUTES", default=5, least=1)
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * STAFF_FRESH_MINUTES
# Browsers know keys at https, and on the machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = REHEARSAL

# -- Privacy --------------------------------------------------------------------------------------

# Days, by what is kept (shop.accounts.privacy.retention).
RETENTION = retention(env)

# -- Database, broker, mail -----------------------------------------------------------------------

DATABASES = {
    "default": {
        **env.read(
            "DATABASE_URL", kinds.database, mend="Use postgres://user:password@host:5432/name."
        ),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# A statement that waits longer than this would hold up buyers; better to fail and be retried.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    # Compiling a statement costs more than the short ones of a shop can win by it.
    "-c jit=off -c statement_timeout=15000 -c lock_timeout=3000"
    " -c idle_in_transaction_session_timeout=30000"
)
# Seconds between two looks for work that nobody rang for.
SWEEP_EVERY = env.number("SWEEP_EVERY", default=30, least=1)
REDIS_URL: str = env.read("REDIS_URL", kinds.broker, mend="Use redis://host:6379/0.")
# Apart from the broker: what is cached may be forgotten, and emptied at once.
CACHE_URL: str = env.read("CACHE_URL", kinds.broker, default=kinds.beside(REDIS_URL))
(
    EMAIL_BACKEND,
    EMAIL_HOST,
    EMAIL_PORT,
    EMAIL_HOST_USER,
    EMAIL_HOST_PASSWORD,
    EMAIL_USE_TLS,
    EMAIL_USE_SSL,
    EMAIL_FILE_PATH,
) = mail(env)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.read(
    "DEFAULT_FROM_EMAIL", kinds.person, default="Holdfast <shop@localhost>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SUPPORT_EMAIL: str = env.read("SUPPORT_EMAIL", kinds.mail_address, default="help@localhost")

# Who is told of what keeps the shop from working.
STAFF_EMAIL: list[str] = env.read("STAFF_EMAIL", kinds.mail_addresses, default=[SUPPORT_EMAIL])

if STRIPE_LIVE:
    check_live(
        env,
        site=SITE_URL,
        secret=SECRET_KEY,
        mail=EMAIL_BACKEND,
        addresses={"DEFAULT_FROM_EMAIL": DEFAULT_FROM_EMAIL, "SUPPORT_EMAIL": SUPPORT_EMAIL},
    )
env.finish()

# -- Celery ---------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5 if REHEARSAL else 30
CELERY_BEAT_SCHEDULE = beat_schedule(SWEEP_EVERY)
CELERY_BEAT_SCHEDULE_FILENAME = str(BASE_DIR / "var" / "celerybeat-schedule")

# -- Pages ----------------------------------------------------------------------------------------

LOCALE_PATHS = [BASE_DIR / "locale"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if REHEARSAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = REHEARSAL
CACHES = {"default": {**CACHE, "LOCATION": CACHE_URL}}

# -- Safety ---------------------------------------------------------------------------------------

SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "language"
LANGUAGE_COOKIE_SECURE = SECURE
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE and HSTS_PRELOAD
if SECURE and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Where the customer portal may stand: at Stripe, on the shop's own domain there, at the stand-in.
PORTAL_ORIGINS = ["https://billing.stripe.com", *CHECKOUT_ORIGINS[1:]]
CONTENT_SECURITY_POLICY = content_policy([*CHECKOUT_ORIGINS, PORTAL_ORIGINS[0]])

# -- Logs -----------------------------------------------------------------------------------------

LOGGING = logging.handlers(LOG_LEVEL, in_lines=REHEARSAL)

# -- Errors ---------------------------------------------------------------------------------------

if SENTRY_DSN:
    import sentry_sdk  # requirements/production.txt

    sentry_sdk.init(SENTRY_DSN, send_default_pii=False)
logging.configure()
