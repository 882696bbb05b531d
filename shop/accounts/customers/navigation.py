"""The pages of an account, by the names of their addresses: those of upper apps, too.

An app that has a page here adds its line; one whose address nobody has is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """A page: the name of its address, its title, and what one finds there."""

    url_name: str
    title: str | Promise
    sentence: str | Promise


ENTRIES = (
    Entry("account", _("Overview"), ""),
    Entry("fulfillment:my_orders", _("Orders"), _("What you bought, and where it is.")),
    Entry("payments:subscriptions", _("Subscriptions"), _("What comes again and again.")),
    Entry("account_addresses", _("Addresses"), _("Where your orders go.")),
    Entry("payments:methods", _("Payment methods"), _("What you pay with, kept at Stripe.")),
    Entry("fulfillment:my_mails", _("Mails"), _("Which you get, and in which language.")),
    Entry("account_password", _("Password"), _("For who wants one beside the codes by mail.")),
    Entry("account_passkeys", _("Passkeys"), _("Log in by finger, face or PIN, without a code.")),
    Entry("account_data", _("Your data"), _("Take it along, or have your account deleted.")),
)


@dataclass(frozen=True)
class Link:
    """An entry as one of its pages shows it."""

    address: str
    title: str | Promise
    sentence: str | Promise
    is_here: bool


def links(request: HttpRequest) -> list[Link]:
    """The pages that there are, and which of them is shown."""
    found = [(entry, _address(entry.url_name)) for entry in ENTRIES]
    there = [(entry, address) for entry, address in found if address]
    return [
        Link(address, entry.title, entry.sentence, is_here=request.path == address)
        for entry, address in there
    ]


def in_templates(request: HttpRequest) -> dict[str, Callable[[], list[Link]]]:
    """For the frame of an account's pages; put together only where it is shown."""
    return {"account_links": lambda: links(request)}


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
