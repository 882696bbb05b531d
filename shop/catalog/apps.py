from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "shop.catalog"

    def ready(self) -> None:
        from shop.accounts.privacy import retention
        from shop.catalog import done_work

        retention.register(*done_work.RULES)
