"""What the form that leads to the payment page asks for."""

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from payments.checkout.buyer import Reminder
from payments.checkout.consent import check_withdrawal
from payments.checkout.items import (
    MOST_UNITS,
    CartChanged,
    Item,
    NothingToBuy,
    Promise,
    items_of,
)
from shop.catalog.models import Price
from shop.catalog.stock import OutOfStock
from shop.orders import cart as carts
from shop.orders.additions.reminder import reminder_words
from shop.orders.additions.withdrawal import is_ticked, withdrawal_words
from shop.orders.chosen_amount import named
from shop.orders.forms import ReminderForm, on_screen
from shop.orders.models import Cart


class BadRequest(Exception):
    """What was posted makes no sense; the message is for whoever posted it."""


def wanted(posted: QueryDict, cart: Cart | None) -> tuple[list[Item], Cart | None]:
    """One item if named, else the cart as the screen shows it, else the shop's default item.

    Raises BadRequest, NotNamed, NothingToBuy, CartChanged, ConsentMissing.
    """
    if "price" in posted or "quantity" in posted:
        return [_one_item(posted)], None
    if cart is not None and cart.lines.exists():
        if posted.get("cart", str(cart.version)) != str(cart.version):
            raise CartChanged(_("Your cart is not the one you looked at."))
        # Before anything that was typed over is written.
        held = cart.lines.select_related("variant__product")
        check_withdrawal((line.variant for line in held), withdrawal_agreed(posted))
        _take_over(posted, cart)
        return items_of(cart), cart
    if posted:
        raise NothingToBuy(_("Your cart is empty."))
    return [Item(_default_price(), 1)], None


def promised(posted: QueryDict) -> Promise:
    """What the page that was posted said to be taken off, and that delivery costs.

    Nonsense promises nothing.
    """
    return Promise(_amount(posted.get("off", "")) or 0, _amount(posted.get("delivery", "")))


def _amount(said: str) -> int | None:
    """Minor units, as the cart's page writes them."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 15 else None


def reminder_wanted(posted: QueryDict, known: str) -> Reminder | None:
    """The wish to be reminded, at the `known` address or the one that was typed.

    Raises CartChanged for an address that is none; nothing has been written then.
    """
    form = ReminderForm(posted, known=known)
    if settings.CHECKOUT_RECOVERY == "off" or not form.is_ticked:
        return None
    if not form.is_valid():
        raise CartChanged(form.sentence)
    return Reminder(form.cleaned_data["remind_email"], reminder_words())


def withdrawal_agreed(posted: QueryDict) -> str:
    """The words of the box about digital goods, if it was ticked."""
    return withdrawal_words() if is_ticked(posted) else ""


def _take_over(posted: QueryDict, cart: Cart) -> None:
    """What was typed over the cart's numbers counts, also when nobody pressed "Update"."""
    forms = on_screen(posted, cart)
    for form in forms:
        if not form.is_valid():
            raise CartChanged(form.sentence)
    try:
        changed = carts.change_all(cart, [form.wish for form in forms])
    except carts.NotInCart as error:
        raise CartChanged(_("Your cart is not the one you looked at.")) from error
    except OutOfStock as error:
        thing = {"thing": error.variant.name}
        raise CartChanged(_("%(thing)s is sold out.") % thing) from error
    for line, wish in changed:
        if line.quantity < wish.quantity:
            raise CartChanged(carts.why_fewer(line))


def _one_item(posted: QueryDict) -> Item:
    quantity = posted.get("quantity", "1" if "quantity" not in posted else "")
    if not (quantity.isascii() and quantity.isdigit() and len(quantity) <= 3 and int(quantity)):
        raise BadRequest(
            _("The quantity is a whole number from 1 to %(most)s.") % {"most": MOST_UNITS}
        )
    price = (
        Price.objects.select_related("variant__product")
        .filter(key=posted.get("price", "")[:64].replace("\x00", ""))
        .first()
    )
    if price is None:
        raise BadRequest(_("There is no such price here."))
    return Item(price, int(quantity), named(posted.get("amount"), price))


def _default_price() -> Price:
    price = (
        Price.objects.current()
        .select_related("variant__product")
        .filter(variant__sku=settings.DEFAULT_CHECKOUT_SKU, currency=settings.DEFAULT_CURRENCY)
        .first()
    )
    if price is None:
        raise BadRequest(_("Your cart is empty."))
    return price
