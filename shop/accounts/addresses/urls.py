from django.urls import path

from shop.accounts.addresses import pages

urlpatterns = [
    path("", pages.addresses, name="account_addresses"),
    path("add/", pages.add, name="account_address_add"),
    path("<int:pk>/", pages.edit, name="account_address"),
    path("<int:pk>/default/", pages.make_default, name="account_address_default"),
    path("<int:pk>/remove/", pages.remove, name="account_address_remove"),
]
