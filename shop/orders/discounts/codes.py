"""Finding the code that somebody means."""

from shop.orders.models import DiscountCode
from shop.orders.models.discounts.words import canonical, skeleton


def found(typed: str) -> str:
    """The code as it is kept, whatever its case, spaces and letters that look alike.

    Empty where there is none, or where it might be two of them.
    """
    code = canonical(typed)
    if not code:
        return ""
    alike = list(
        DiscountCode.objects.filter(skeleton=skeleton(code)).values_list("code", flat=True)[:2]
    )
    if code in alike or DiscountCode.objects.filter(code=code).exists():
        return code
    return alike[0] if len(alike) == 1 else ""
