from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class OrdersConfig(AppConfig):
    name = "shop.orders"

    def ready(self) -> None:
        from shop.accounts.privacy import registry
        from shop.orders.accounts import at_login, cart_known

        user_logged_in.connect(at_login.bring_along, dispatch_uid="customer's orders and cart")
        registry.register("cart", export=cart_known.export, erase=cart_known.erase)
