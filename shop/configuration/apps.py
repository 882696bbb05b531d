"""What the project is put together from: apps, middleware, templates."""

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
    "shop.apps.ShopConfig",
    "shop.accounts",
    "shop.catalog",
    "shop.orders",
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
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "admin:login"
# Who is called when workers, beat or the sweep are silent (shop/http/health.py).
TELL_OF_SILENCE = "fulfillment.troubles.mail.tell_of_silence"
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
                "shop.catalog.storefront.context_processors.catalog",
                "shop.orders.context_processors.storefront",
                "payments.checkout.saved_customer.in_cart",
            ],
        },
    }
]
