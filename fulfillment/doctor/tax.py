"""Tax: whether a rate holds for all that is sold, wherever it is sold."""

from fulfillment.doctor.amiss import Amiss
from payments.models import TaxRateSync
from shop.orders.tax import mode
from shop.orders.tax.gaps import gaps
from shop.work import Outcome

MEND = "Add the tax rates in admin; who owes nothing there needs a rate of 0 %."


def rates() -> str:
    """Whether every country that is served has a rate for every class on sale."""
    if not mode.is_on():
        return "the shop reckons with no taxes (TAX_MODE=none)"
    if found := gaps():
        raise Amiss(" ".join(found), mend=MEND)
    refused = TaxRateSync.objects.filter(outcome=Outcome.REFUSED, rate__is_active=True)
    if row := refused.select_related("rate").first():
        raise Amiss(
            f"Stripe refuses the tax rate {row.rate}: {row.detail}",
            mend="Replace it in admin; until then nothing is sold at it.",
        )
    return "every country has a rate for each tax class on sale"
