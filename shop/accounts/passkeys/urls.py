from django.urls import path

from shop.accounts.passkeys import pages

urlpatterns = [
    path("login/passkey/", pages.log_in, name="account_log_in_by_passkey"),
    path("passkeys/", pages.passkeys, name="account_passkeys"),
    path("passkeys/add/", pages.add, name="account_passkey_add"),
    path("passkeys/<int:pk>/remove/", pages.remove, name="account_passkey_remove"),
]
