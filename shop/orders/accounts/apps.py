from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class OrdersConfig(AppConfig):
    name = "shop.orders"

    def ready(self) -> None:
        from shop.accounts.privacy import registry
        from shop.orders.accounts import address_book, at_login, cart_known
        from shop.orders.models.signals import order_moved

        user_logged_in.connect(at_login.bring_along, dispatch_uid="customer's orders and cart")
        order_moved.connect(address_book.keep_address, dispatch_uid="address book")
        registry.register("cart", export=cart_known.export, erase=cart_known.erase)
