from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class OrdersConfig(AppConfig):
    name = "shop.orders"

    def ready(self) -> None:
        from shop.orders.accounts import at_login

        user_logged_in.connect(at_login.bring_along, dispatch_uid="customer's orders and cart")
