from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "shop.accounts"

    def ready(self) -> None:
        from allauth.mfa import signals

        from shop.accounts.addresses import known
        from shop.accounts.login import sessions
        from shop.accounts.privacy import log_ins, profile, registry, retention
        from shop.accounts.second_factor import gate, mails

        # The moment that a session's age counts from; every way to log in tells it.
        user_logged_in.connect(sessions.begin, dispatch_uid="staff session begins")
        signals.authenticator_added.connect(gate.made, dispatch_uid="second factor made")
        signals.authenticator_removed.connect(gate.removed, dispatch_uid="second factor gone")
        signals.authenticator_added.connect(mails.added, dispatch_uid="word of a factor made")
        signals.authenticator_removed.connect(mails.removed, dispatch_uid="word of one gone")
        retention.register(*log_ins.RULES)
        registry.register("account", export=profile.export, erase=profile.erase)
        registry.register("addresses", export=known.export)
        registry.register(
            "log_ins", export=log_ins.export, refuses=log_ins.refuses, erase=log_ins.erase
        )
