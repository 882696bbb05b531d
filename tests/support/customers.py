"""Customers who log in by a code from a mail."""

import re
import uuid

from django.core import mail
from django.test import Client

from shop.accounts.tasks import drain_account_mails


def new_address() -> str:
    """An address that no other test counts by."""
    return f"{uuid.uuid4().hex}@example.com"


def code_for(email: str) -> str:
    """The code in the last mail to this address, which the worker sends now."""
    drain_account_mails()
    letters = [letter for letter in mail.outbox if letter.to == [email.lower()]]
    found = re.search(r"\d{4}-\d{4}", str(letters[-1].body))
    assert found is not None
    return found.group(0)


def log_in(email: str, client: Client | None = None) -> Client:
    """A browser in which the owner of this address is logged in."""
    client = client or Client()
    client.post("/account/login/", {"email": email})
    done = client.post("/account/login/code/", {"code": code_for(email)})
    assert done.status_code == 302, done.content
    return client
