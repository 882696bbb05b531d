from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from payments.privacy import retention as of_payments
        from shop.accounts.privacy import retention
        from shop.orders.privacy import retention as of_orders

        retention.register(*of_orders.RULES, *of_payments.RULES)
