"""The addresses of an account; upper apps have theirs below `/account/` in their own. Those that
allauth looks up are named as it does.
"""

from django.urls import path

from shop.accounts.customers import door, new_email, own_data, pages, password

urlpatterns = [
    path("", pages.overview, name="account"),
    path("login/", door.log_in, name="account_request_login_code"),
    path("login/code/", door.code, name="account_confirm_login_code"),
    path("login/password/", password.log_in, name="account_log_in_by_password"),
    path("password/", password.password, name="account_password"),
    path("password/remove/", password.remove, name="account_password_remove"),
    path("email/", new_email.ask, name="account_new_email"),
    path("email/code/", new_email.code, name="account_new_email_code"),
    path("confirm/", door.confirm, name="account_confirm"),
    path("data/", own_data.own_data, name="account_data"),
    path("data/download/", own_data.download, name="account_download"),
    path("delete/", own_data.delete, name="account_delete"),
    path("logout/", door.log_out, name="account_log_out"),
]
