from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "shop.accounts"

    def ready(self) -> None:
        from shop.accounts.addresses import known
        from shop.accounts.login import sessions
        from shop.accounts.privacy import profile, registry

        # The moment that a session's age counts from; every way to log in tells it.
        user_logged_in.connect(sessions.begin, dispatch_uid="staff session begins")
        registry.register("account", export=profile.export, erase=profile.erase)
        registry.register("addresses", export=known.export)
