"""Addresses that open one delivery for some days, and nothing else."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from fulfillment.digital.models import DigitalDelivery

SALT = "fulfillment.digital"


class Expired(Exception):
    """The link was right, and its days are over."""


class NotALink(Exception):
    """Nobody here has signed it."""


def page_of(delivery: DigitalDelivery) -> str:
    """Where a mail leads: programs follow links in mails, and a look at a page counts nothing."""
    return reverse("fulfillment:download", args=[_signed(delivery)])


def file_of(delivery: DigitalDelivery) -> str:
    """The file itself; each visit from the beginning counts."""
    return reverse("fulfillment:download_file", args=[_signed(delivery)])


def delivery_of(signed: str) -> uuid.UUID:
    """The id of what a link opens. Raises Expired or NotALink."""
    try:
        plain = _signer().unsign(signed, max_age=timedelta(days=settings.DOWNLOAD_DAYS))
        return uuid.UUID(plain)
    except SignatureExpired as error:
        raise Expired from error
    except (BadSignature, ValueError) as error:
        raise NotALink from error


def _signed(delivery: DigitalDelivery) -> str:
    return _signer().sign(delivery.pk.hex)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT, sep=".")
