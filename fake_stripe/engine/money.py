"""Currencies: which there are, how many digits they have, and the least Stripe will charge."""

from fake_stripe.engine.errors import StripeError

ZERO_DECIMAL = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()
)  # fmt: skip
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
# Sent with two decimals that must be zero.
WHOLE_ONLY = frozenset("isk ugx".split())

# The least amount of one charge, in minor units.
MINIMUM = {
    "usd": 50, "eur": 50, "gbp": 30, "aed": 200, "ars": 50, "aud": 50, "brl": 50, "cad": 50,
    "chf": 50, "cop": 50, "czk": 1500, "dkk": 250, "hkd": 400, "huf": 17500, "idr": 50, "ils": 50,
    "inr": 50, "jpy": 50, "krw": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "php": 50,
    "pln": 200, "ron": 200, "rub": 50, "sek": 300, "sgd": 50, "thb": 1000, "zar": 50, "bgn": 100,
}  # fmt: skip
# Cards take twelve digits.
MAXIMUM = 999_999_999_999

CURRENCIES = frozenset(
    """
    usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp
    byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip
    gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd
    kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok
    npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos
    srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer
    zar zmw
    """.split()
)

SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "inr": "₹", "krw": "₩", "pln": "zł "}


def digits(currency: str) -> int:
    """How many decimals a currency is written with: 0, 2 or 3 (docs.stripe.com/currencies)."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def formatted(amount: int, currency: str) -> str:
    """Minor units as English readers know them: €19.99, or 19.99 CHF for want of a sign."""
    places = digits(currency)
    sign = "-" if amount < 0 else ""
    number = f"{abs(amount) / 10**places:,.{places}f}"
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {currency.upper()}"


def refuse_fraction(amount: int, currency: str, param: str) -> None:
    """Refuse minor units that a currency is written with, but nobody can pay."""
    if currency in WHOLE_ONLY and amount % 100:
        message = f"{currency} amounts must be whole: the last two digits are 0."
        raise StripeError(message, param=param)
    if currency in THREE_DECIMAL and amount % 10:
        message = f"{currency} amounts must be rounded to the nearest ten: the last digit is 0."
        raise StripeError(message, param=param)


def refuse_amount(amount: int, currency: str) -> None:
    """Refuse minor units below a currency's least charge, or of more than twelve digits.

    Raises StripeError `amount_too_small` or `amount_too_large`
    (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).
    """
    refuse_fraction(amount, currency, "amount")
    least = MINIMUM.get(currency, 50)
    if amount < least:
        message = f"Amount must be at least {formatted(least, currency)} {currency}"
        raise StripeError(message, code="amount_too_small", param="amount")
    if amount > MAXIMUM:
        message = f"Amount must be no more than {formatted(MAXIMUM, currency)}"
        raise StripeError(message, code="amount_too_large", param="amount")
