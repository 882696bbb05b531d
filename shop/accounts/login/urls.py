"""The addresses of allauth that the shop has; there are no others. It names them as allauth does,
which looks them up.
"""

from django.urls import path

from shop.accounts.login import views

urlpatterns = [
    path("login/", views.log_in, name="account_login"),
    path("forgotten-password/", views.forgotten, name="account_reset_password"),
    path("forgotten-password/asked/", views.asked, name="account_reset_password_done"),
    path(
        "forgotten-password/changed/",
        views.changed,
        name="account_reset_password_from_key_done",
    ),
    path(
        "forgotten-password/<slug:uidb36>/<slug:key>/",
        views.new_password,
        name="account_reset_password_from_key",
    ),
]
