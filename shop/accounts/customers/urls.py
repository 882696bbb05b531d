"""The addresses of an account; upper apps have theirs below `/account/` in their own. Those that
allauth looks up are named as it does.
"""

from django.urls import path

from shop.accounts.customers import door, pages

urlpatterns = [
    path("", pages.overview, name="account"),
    path("login/", door.log_in, name="account_request_login_code"),
    path("login/code/", door.code, name="account_confirm_login_code"),
    path("logout/", door.log_out, name="account_log_out"),
]
