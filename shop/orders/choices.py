"""What a visitor chooses for all of the cart: currency, country to deliver to, discount code."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from shop.catalog.storefront import currency
from shop.http.client_address import network
from shop.http.languages import country_name
from shop.http.rate_limit import Allowance
from shop.http.same_origin import require_same_origin
from shop.orders import cart as carts
from shop.orders.delivery import destination
from shop.orders.delivery.terms import Terms
from shop.orders.discounts.codes import found
from shop.orders.discounts.quote import CodeRefusal, DiscountQuote
from shop.orders.forms import CountryForm, CurrencyForm, DeliveryForm
from shop.orders.models import Cart, CartLine, DeliveryMethod
from shop.orders.models.discounts.words import LONGEST_CODE
from shop.orders.tax import mode
from shop.orders.tax.rates import Rates
from shop.orders.views import cart_page, form_address, private, refused, sentence_of, to_cart
from shop.orders.visitor import known_visitor

# More than anybody types who has a code, and far too few to find one. A visitor is easily made
# anew, so the network counts too, with more room: behind it may be an office.
TRIES = Allowance("code", at_once=10, every=timedelta(minutes=1))
TRIES_OF_A_NETWORK = Allowance("codes", at_once=100, every=timedelta(seconds=6))
TRY_AGAIN_AFTER = 60


@require_same_origin
@form_address
@private
def choose_currency(request: HttpRequest) -> HttpResponse:
    """Show prices, and ask for the cart, in another currency from now on."""
    form = CurrencyForm(request.POST)
    if not form.is_valid():
        return refused(request, sentence_of(form), status=400)
    chosen, back = form.cleaned_data["currency"], form.cleaned_data["back"]
    currency.choose(request, chosen)
    if cart := carts.current(request):
        for line in carts.convert(cart, chosen):
            messages.warning(request, _renamed(line))
    request.session.pop("removed", None)
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if is_ours else reverse("catalog:home"), status=303)


@form_address
@private
def choose_country(request: HttpRequest) -> HttpResponse:
    """Deliver what is bought from now on to another country; a page that is open is closed."""
    terms = Terms.now()
    served = Rates.now().served(terms.countries) if mode.is_on() else terms.countries
    form = CountryForm(request.POST, served=served)
    if not form.is_valid():
        return refused(request, sentence_of(form), status=400)
    country = form.cleaned_data["country"]
    destination.choose(request, country)
    if cart := carts.current(request):
        carts.raise_version(cart)
    where = {"country": country_name(country)}
    if country in terms.countries:
        messages.success(request, _("We deliver to %(country)s.") % where)
    else:
        messages.success(request, _("The tax is that of %(country)s now.") % where)
    return to_cart()


@form_address
@private
def choose_delivery(request: HttpRequest) -> HttpResponse:
    """Send a subscription another way from now on; other payment pages let the customer choose."""
    form = DeliveryForm(request.POST)
    known = DeliveryMethod.objects.filter(is_active=True)
    if not form.is_valid() or not known.filter(pk=form.cleaned_data["method"]).exists():
        return refused(request, _("We do not know this way of delivery."), status=400)
    if cart := carts.current(request):
        carts.keep_delivery(cart, form.cleaned_data["method"])
        messages.success(request, _("Your cart is up to date."))
    return to_cart()


@form_address
@private
def choose_code(request: HttpRequest) -> HttpResponse:
    """Keep the discount code that was typed, or none; one that does not count is told of alone."""
    typed = request.POST.get("code", "").replace("\x00", "").strip()
    cart = carts.current(request)
    if cart is None:
        return to_cart()
    if not typed:
        carts.keep_code(cart, "")
        messages.success(request, _("No code counts now."))
        return to_cart()
    if sentence := _too_many_tries(request, cart):
        answer = _no_code(request, typed, sentence, status=429)
        answer["Retry-After"] = str(TRY_AGAIN_AFTER)
        return answer
    code = found(typed)
    quote = DiscountQuote.with_code(request, cart, code) if code else None
    if quote is None:
        return _no_code(request, typed, _("We do not know this code."), status=400)
    if quote.why_not and not quote.is_beaten:
        return _no_code(request, typed, quote.why_not, status=409)
    carts.keep_code(cart, code)
    if quote.is_beaten:
        messages.info(request, _("The code %(code)s stays in your cart.") % {"code": code})
    else:
        messages.success(request, _("The code %(code)s counts.") % {"code": code})
    return to_cart()


def _too_many_tries(request: HttpRequest, cart: Cart) -> str:
    """Why this visitor may type no code now; empty where they may."""
    visitor = known_visitor(request) or cart.pk
    if not TRIES.take(visitor.hex):
        return _("You have tried many codes. Please wait a minute.")
    if not TRIES_OF_A_NETWORK.take(network(request)):
        return _("Many codes were tried from your network. Please wait a minute.")
    return ""


def _no_code(request: HttpRequest, typed: str, sentence: str, *, status: int) -> HttpResponse:
    return cart_page(request, CodeRefusal(typed[:LONGEST_CODE], sentence), status=status)


def _renamed(line: CartLine) -> str:
    return _(
        "What you named for %(thing)s does not count in %(code)s. Please look at its price in your"
        " cart."
    ) % {"thing": line.variant.name, "code": line.currency.upper()}
