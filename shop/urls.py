"""Addresses. The apps name their own; the upper ones stand here as strings."""

from django.contrib import admin
from django.urls import include, path

from shop.http import health, languages

handler400 = "shop.http.error_pages.bad_request"
handler429 = "shop.accounts.login.views.too_many"
handler500 = "shop.http.error_pages.server_error"
urlpatterns = [
    path("admin/", include("shop.accounts.login.urls")),
    path("admin/second-factor/", include("shop.accounts.second_factor.urls")),
    path("admin/", admin.site.urls),
    path("account/", include("shop.accounts.customers.urls")),
    path("account/addresses/", include("shop.accounts.addresses.urls")),
    path("account/", include("shop.accounts.passkeys.urls")),
    path("language/", languages.choose, name="language"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("", include("payments.urls")),
    path("", include("fulfillment.urls")),
    path("", include("shop.orders.urls")),
    path("", include("shop.catalog.urls")),
]
