"""Brings the demo's database up to date: tables, the staff log-in, and a range to sell.

Safe to run at every start: what is there is left as it is. With DEMO_ENDPOINT the stand-in is told
to send its events there, which docker-compose.yml uses.
"""

from __future__ import annotations

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
try:
    django.setup()  # before any model can be imported
except ImproperlyConfigured as error:
    sys.exit(str(error))

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command

import sample.load
from local.demo import stand_in
from shop.accounts import ready_groups
from shop.accounts.models import User
from shop.models import Heartbeat


def main() -> None:
    call_command("migrate", interactive=False, verbosity=1)
    Heartbeat.objects.all().delete()  # the pulse of an earlier run says nothing about this one
    make_staff(os.environ["DEMO_STAFF"], os.environ["DEMO_STAFF_PASSWORD"])
    make_colleagues(os.environ["DEMO_STAFF"], os.environ["DEMO_STAFF_PASSWORD"])
    sample.load.main()
    if endpoint := os.environ.get("DEMO_ENDPOINT"):
        stand_in.register_endpoint(
            settings.STRIPE_API_BASE, endpoint, settings.STRIPE_WEBHOOK_SECRETS[0]
        )


def make_staff(email: str, password: str) -> None:
    """Somebody who may do everything, unless the address is taken: a changed password stays."""
    if not User.objects.filter(email__iexact=email).exists():
        User.objects.create_superuser(email, password)


def make_colleagues(email: str, password: str) -> None:
    """One for each ready group, to see what it sees: sales@example.com, with the same password."""
    host = email.rpartition("@")[2]
    for group in Group.objects.filter(name__in=ready_groups.RIGHTS):
        colleague = f"{group.name.lower()}@{host}"
        if not User.objects.filter(email__iexact=colleague).exists():
            made = User.objects.create_user(
                colleague, password, is_staff=True, first_name=group.name
            )
            made.groups.add(group)


if __name__ == "__main__":
    main()
