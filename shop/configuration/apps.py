"""What the project is put together from: apps, middleware, templates, languages."""

from pathlib import Path

INSTALLED_APPS = [
    "shop.staff.site.ShopAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "csp",
    "pgtrigger",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "shop.apps.ShopConfig",
    "shop.accounts",
    "shop.catalog",
    "shop.orders.accounts.apps.OrdersConfig",
    "payments.apps.PaymentsConfig",
    "fulfillment.apps.FulfillmentConfig",
]
MIDDLEWARE = [
    "shop.http.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.http.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    # Tags what has no token of a form in it; the tag is of the page before it is packed.
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shop.http.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shop.accounts.login.sessions.StaffSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shop.accounts.second_factor.gate.SecondFactorMiddleware",
]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "/admin/"
# What logs staff in (shop/staff/site.py).
STAFF_LOGIN = "shop.accounts.login.views.log_in"
# Who is called when workers, beat or the sweep are silent (shop/http/health.py).
TELL_OF_SILENCE = "fulfillment.troubles.mail.tell_of_silence"
CACHE = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    # Seconds. Whoever logs in waits no longer for one that hangs.
    "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
USE_TZ = True
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().parents[2] / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shop.accounts.customers.navigation.in_templates",
                "shop.catalog.storefront.context_processors.catalog",
                "shop.orders.context_processors.storefront",
                "payments.checkout.saved_customer.in_cart",
            ],
        },
    }
]
