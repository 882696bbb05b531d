"""Money is whole minor units and a currency, everywhere. No floats, no bare decimals."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

# How many decimals the API wants (docs.stripe.com/currencies): two unless listed here. ISK and UGX
# have none in use but are sent as two-decimal amounts that end in 00.
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
WHOLE_UNITS_ONLY = frozenset({"isk", "ugx"})
TWO_DECIMAL = frozenset(
    (
        "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd "
        "cad cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd "
        "hkd hnl htg huf idr ils inr isk jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd "
        "mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar "
        "ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah "
        "ugx usd uyu uzs wst xcd yer zar zmw"
    ).split()
)
CURRENCIES = ZERO_DECIMAL | TWO_DECIMAL | THREE_DECIMAL

# The smallest charge in minor units, where Stripe names one (docs.stripe.com/currencies).
MINIMUM_CHARGE = {
    "usd": 50, "eur": 50, "gbp": 30, "aed": 200, "ars": 50, "aud": 50, "brl": 50, "cad": 50,
    "chf": 50, "cop": 50, "czk": 1500, "dkk": 250, "hkd": 400, "huf": 17500, "idr": 50, "ils": 50,
    "inr": 50, "jpy": 50, "krw": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "php": 50,
    "pln": 200, "ron": 200, "rub": 50, "sek": 300, "sgd": 50, "thb": 1000, "zar": 50,
}  # fmt: skip

# Cards take 12 digits at most; a price beyond it is a typing mistake.
MAXIMUM_AMOUNT = 999_999_999_999
PLAIN_NUMBER = re.compile(r"\d{1,12}(\.\d{1,3})?", re.ASCII)


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum."""


class NotAnAmount(ValueError):
    """The text is no amount of that currency."""


def decimals(currency: str) -> int:
    """How many decimals the API's minor unit of `currency` stands for: 0, 2 or 3."""
    if currency not in CURRENCIES:
        raise NotAnAmount(f"{currency!r} is no currency that Stripe takes.")
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def step(currency: str) -> int:
    """How many minor units apart two amounts of `currency` are that can be charged."""
    return 100 if currency in WHOLE_UNITS_ONLY else 10 if currency in THREE_DECIMAL else 1


@dataclass(frozen=True, order=False)
class Money:
    """An amount in whole minor units of a lower-case ISO 4217 currency."""

    amount: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read "12.50" strictly: no signs, no exponents, no grouping; else `NotAnAmount`."""
        places = decimals(currency)
        if not PLAIN_NUMBER.fullmatch(text.strip()):
            raise NotAnAmount(f"{text!r} is no amount. Write it like 12.50.")
        value = Decimal(text.strip()).scaleb(places)
        if value != value.to_integral_value():
            raise NotAnAmount(f"{text!r} has more than {places} decimals.")
        amount = int(value)
        if amount % step(currency):
            whole, last = "has whole units only", "has 0 as its third decimal"
            rule = whole if currency in WHOLE_UNITS_ONLY else last
            raise NotAnAmount(f"{text!r}: {currency.upper()} {rule}.")
        if amount > MAXIMUM_AMOUNT:
            raise NotAnAmount(f"{text!r} is more than can be charged.")
        return cls(amount, currency)

    @classmethod
    def typed(cls, text: str, currency: str) -> Self:
        """Read what a customer types, "12.50" or "12,50", with no more decimals than there are.

        "1.000" is one to some and a thousand to others, so that where there are two it is refused.
        """
        plain = text.strip().replace(",", ".", 1)
        if len(plain.partition(".")[2]) > decimals(currency):
            raise NotAnAmount(f"{text!r} has more than {decimals(currency)} decimals.")
        return cls.parse(plain, currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, for display and export only."""
        return Decimal(self.amount).scaleb(-decimals(self.currency))

    @property
    def plain(self) -> str:
        """As it is typed: "12.50", in the decimals that are in use."""
        whole = self.currency in WHOLE_UNITS_ONLY
        return str(self.amount // 100) if whole else f"{self.decimal:f}"

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.amount * quantity, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        return f"{self.decimal:f} {self.currency.upper()}"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add up.")
