from django.apps import AppConfig
from django.core import checks


class FulfillmentConfig(AppConfig):
    name = "fulfillment"

    def ready(self) -> None:
        from fulfillment import receivers  # noqa: F401 - connects them
        from fulfillment.doctor.delivery import check_delivery
        from fulfillment.doctor.documents import check_documents
        from fulfillment.doctor.tax import check_tax

        checks.register(check_delivery, deploy=True)
        checks.register(check_tax, deploy=True)
        checks.register(check_documents, deploy=True)
