from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from payments import receivers  # noqa: F401 - connects them
        from payments.privacy import person
        from payments.privacy import retention as of_payments
        from shop.accounts.privacy import registry, retention
        from shop.orders.privacy import person as in_orders
        from shop.orders.privacy import retention as of_orders

        # Those of the app below as well, which has no module like this.
        retention.register(*of_orders.RULES, *of_payments.RULES)
        registry.register(
            "orders", export=in_orders.export, refuses=in_orders.refuses, erase=in_orders.erase
        )
        registry.register(
            "payments", export=person.export, refuses=person.refuses, erase=person.erase
        )
