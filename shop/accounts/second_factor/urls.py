"""The addresses of the second factor. They are named as allauth names them, which looks them up."""

from django.urls import path

from shop.accounts.second_factor import views

urlpatterns = [
    path("", views.index, name="mfa_index"),
    path("login/", views.authenticate, name="mfa_authenticate"),
    path("password/", views.confirm, name="account_reauthenticate"),
    path("reauthenticate/", views.confirm_by_code, name="mfa_reauthenticate"),
    path("app/add/", views.add_app, name="mfa_activate_totp"),
    path("app/remove/", views.remove_app, name="mfa_deactivate_totp"),
    path("keys/", views.index, name="mfa_list_webauthn"),
    path("key/add/", views.add_key, name="mfa_add_webauthn"),
    path("key/reauthenticate/", views.confirm_by_key, name="mfa_reauthenticate_webauthn"),
    path("key/<int:pk>/remove/", views.remove_key, name="mfa_remove_webauthn"),
    path("codes/", views.codes, name="mfa_view_recovery_codes"),
    path("codes/new/", views.new_codes, name="mfa_generate_recovery_codes"),
]
