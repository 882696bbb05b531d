"""Tax: whether a rate holds for all that is sold and everywhere, or Stripe can work it out."""

from fulfillment.doctor.amiss import Amiss
from payments.models import TaxRateSync
from payments.stripe import inspection
from shop.orders.tax import mode
from shop.orders.tax.gaps import gaps
from shop.work import Outcome

MEND = "Add the tax rates in admin; who owes nothing there needs a rate of 0 %."
MEND_CODE = "Set TAX_CODE_DEFAULT, or the tax code of each variant in admin."


def mend() -> str:
    """What to do about goods that nobody can tax."""
    return MEND_CODE if mode.is_by_stripe() else MEND


def rates() -> str:
    """Whether every country that is served has a rate for every class on sale."""
    if mode.is_by_stripe():
        return _by_stripe()
    if not mode.is_on():
        return "the shop reckons with no taxes (TAX_MODE=none)"
    if found := gaps():
        raise Amiss(" ".join(found), mend=mend())
    refused = TaxRateSync.objects.filter(outcome=Outcome.REFUSED, rate__is_active=True)
    if row := refused.select_related("rate").first():
        raise Amiss(
            f"Stripe refuses the tax rate {row.rate}: {row.detail}",
            mend="Replace it in admin; until then nothing is sold at it.",
        )
    return "every country has a rate for each tax class on sale"


def _by_stripe() -> str:
    settings = inspection.tax_settings()
    if not settings.is_active:
        missing = f": {', '.join(settings.missing)} missing" if settings.missing else ""
        raise Amiss(
            f"Stripe Tax is not active{missing}. No payment page can be opened.",
            mend="Finish Tax settings in Stripe's Dashboard; see which registrations stand there.",
        )
    if found := gaps():
        raise Amiss(" ".join(found), mend=mend())
    return "Stripe Tax is active, and all that is on sale has a tax code"
