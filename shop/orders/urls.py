from django.urls import path

from shop.orders import choices, views

app_name = "orders"
urlpatterns = [
    path("cart/", views.cart, name="cart"),
    path("cart/add/", views.add, name="cart_add"),
    path("cart/update/", views.update, name="cart_update"),
    path("cart/remove/", views.remove, name="cart_remove"),
    path("currency/", choices.choose_currency, name="currency"),
    path("cart/country/", choices.choose_country, name="cart_country"),
    path("cart/delivery/", choices.choose_delivery, name="cart_delivery"),
    path("cart/code/", choices.choose_code, name="cart_code"),
    path("cart/accept/", views.accept, name="cart_accept"),
]
