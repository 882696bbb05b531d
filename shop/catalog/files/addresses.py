"""Addresses made from what a file says: of ASCII alone, and never one for two names."""

import hashlib
import re

from django.utils.text import slugify

# What may stand in an address as it is.
PLAIN = re.compile(r"[-a-zA-Z0-9_]+")
# Room for what tells two addresses apart, within the 255 characters of a slug.
LONGEST = 240


def of_handle(handle: str) -> str:
    """The same address for the same handle each time; one in another script gets a mark of it."""
    if PLAIN.fullmatch(handle):
        return handle
    mark = hashlib.sha256(handle.encode()).hexdigest()[:8]
    return f"{slugify(handle)[:LONGEST] or 'product'}-{mark}"


def in_capitals(*words: str, longest: int = 64) -> str:
    """A SKU of words: "storm-lantern" and "Größe L" are STORM-LANTERN-GROSSE-L."""
    plain = (slugify(word.replace("ß", "ss")) or of_handle(word) for word in words if word)
    return "-".join(plain).upper()[:longest]
