"""Barcodes of trade: a GTIN of 8, 12, 13 or 14 digits, as EAN, UPC and ISBN are."""

import re

from django.core.exceptions import ValidationError

MOST_DIGITS = 14
GTIN = re.compile(r"\d{8}|\d{12,14}", re.ASCII)


def is_barcode(text: str) -> None:
    """Raise ValidationError for what no scanner would read."""
    if not GTIN.fullmatch(text) or _check_digit(text[:-1]) != int(text[-1]):
        raise ValidationError("Write a GTIN of 8, 12, 13 or 14 digits; the last one checks it.")


def _check_digit(digits: str) -> int:
    """What makes the sum of the digits, every other one three times, a multiple of ten."""
    weighed = (int(digit) * (3, 1)[n % 2] for n, digit in enumerate(reversed(digits)))
    return -sum(weighed) % 10
