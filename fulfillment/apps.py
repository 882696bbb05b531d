from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class FulfillmentConfig(AppConfig):
    name = "fulfillment"

    def ready(self) -> None:
        from fulfillment import receivers  # noqa: F401 - connects them
        from fulfillment.doctor.deploy import check_terms_of_sale
        from fulfillment.doctor.documents import check_documents
        from fulfillment.privacy import person
        from fulfillment.privacy import retention as of_letters
        from shop.accounts import ready_groups
        from shop.accounts.privacy import registry, retention

        checks.register(check_terms_of_sale, deploy=True)
        checks.register(check_documents, deploy=True)
        retention.register(*of_letters.RULES)
        registry.register(
            "fulfillment", export=person.export, refuses=person.refuses, erase=person.erase
        )
        # After the last of the apps: by then every permission is there to be given.
        post_migrate.connect(ready_groups.give, sender=self, dispatch_uid="ready groups")
