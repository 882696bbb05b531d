"""The terms of sale before a deployment: what `manage.py check --deploy` says of them."""

from typing import Any

from django.core import checks
from django.db import DatabaseError

from fulfillment.doctor import delivery, tax
from shop.orders.delivery import gaps as delivery_gaps
from shop.orders.tax import gaps as tax_gaps


def check_terms_of_sale(**_: Any) -> list[checks.CheckMessage]:
    """What nobody can buy, and why; a database that is not there yet says nothing."""
    try:
        delivered, taxed = delivery_gaps.gaps(), tax_gaps.gaps()
    except DatabaseError:
        return []
    return [
        *(checks.Warning(said, hint=delivery.MEND, id="fulfillment.W001") for said in delivered),
        *(checks.Warning(said, hint=tax.mend(), id="fulfillment.W002") for said in taxed),
    ]
