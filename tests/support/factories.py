"""Factories: each makes one valid thing with nothing surprising."""

import uuid
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from shop.accounts.models import User
from shop.catalog import stock
from shop.catalog.models import Category, Price, Product, Stock, Variant
from shop.orders.models import (
    Cart,
    CartLine,
    DeliveryMethod,
    Discount,
    Order,
    OrderLine,
    Question,
    TaxRate,
)
from shop.orders.models.discounts.words import canonical, skeleton


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    first_name = "Ana"


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")
    slug = factory.Sequence(lambda n: f"category-{n}")


class ProductFactory(DjangoModelFactory[Product]):
    class Meta:
        model = Product

    title = factory.Sequence(lambda n: f"Lantern {n}")
    slug = factory.Sequence(lambda n: f"lantern-{n}")
    category = factory.SubFactory(CategoryFactory)
    status = Product.Status.ACTIVE


class VariantFactory(DjangoModelFactory[Variant]):
    class Meta:
        model = Variant

    product = factory.SubFactory(ProductFactory)
    sku = factory.Sequence(lambda n: f"SKU-{n}-{uuid.uuid4().hex[:6].upper()}")


class PriceFactory(DjangoModelFactory[Price]):
    """A current price of 18.00 EUR for a variant of which there are ten."""

    class Meta:
        model = Price
        skip_postgeneration_save = True

    variant = factory.SubFactory(VariantFactory)
    unit_amount = 1800
    currency = "eur"

    @factory.post_generation
    def on_hand(self: Price, create: bool, extracted: int | None, **_: Any) -> None:
        quantity = 10 if extracted is None else extracted
        Stock.objects.create(variant=self.variant)
        if quantity:
            stock.adjust(
                self.variant_id,
                quantity,
                reason="first delivery",
                cause_kind="delivery",
                cause_id=uuid.uuid4(),
            )


class ChosenPriceFactory(PriceFactory):
    """Customers choose from 5.00 to 100.00 EUR; 10.00 is proposed."""

    unit_amount = 1000
    is_chosen = True
    minimum_amount = 500
    maximum_amount = 10000


class MonthlyPriceFactory(PriceFactory):
    """12.00 EUR every month."""

    unit_amount = 1200
    interval = "month"


class DeliveryMethodFactory(DjangoModelFactory[DeliveryMethod]):
    """To Austria and Germany. `rates` are {currency: {from: amount}}, `free_from` {currency: …}."""

    class Meta:
        model = DeliveryMethod
        skip_postgeneration_save = True

    name = "Standard"
    countries = ["AT", "DE"]

    @factory.post_generation
    def rates(self: DeliveryMethod, create: bool, extracted: Any, **_: Any) -> None:
        for currency, bands in (extracted or {}).items():
            for starts_at, amount in bands.items():
                self.rates.create(currency=currency, starts_at=starts_at, amount=amount)

    @factory.post_generation
    def free_from(self: DeliveryMethod, create: bool, extracted: Any, **_: Any) -> None:
        for currency, amount in (extracted or {}).items():
            self.free_from.create(currency=currency, amount=amount)


class DiscountFactory(DjangoModelFactory[Discount]):
    """10 % off everything. `codes` are words, `amounts` {currency: {"amount"?, "least"?}}."""

    class Meta:
        model = Discount
        skip_postgeneration_save = True

    name = "Ten percent"
    kind = Discount.Kind.PERCENT
    percentage = factory.LazyAttribute(
        lambda made: Decimal(10) if made.kind == Discount.Kind.PERCENT else None
    )

    @factory.post_generation
    def codes(self: Discount, create: bool, extracted: Any, **_: Any) -> None:
        for code in extracted or []:
            self.codes.create(code=canonical(code), skeleton=skeleton(canonical(code)))

    @factory.post_generation
    def amounts(self: Discount, create: bool, extracted: Any, **_: Any) -> None:
        for currency, amounts in (extracted or {}).items():
            self.amounts.create(currency=currency, **amounts)


class QuestionFactory(DjangoModelFactory[Question]):
    """May be answered with words."""

    class Meta:
        model = Question

    key = factory.Sequence(lambda n: f"question{n}")
    label = factory.Sequence(lambda n: f"Question {n}")


class TaxRateFactory(DjangoModelFactory[TaxRate]):
    """20 % on what is of the standard class, in every country."""

    class Meta:
        model = TaxRate

    country = "*"
    name = "VAT"
    percentage = Decimal(20)


class CartFactory(DjangoModelFactory[Cart]):
    class Meta:
        model = Cart


class CartLineFactory(DjangoModelFactory[CartLine]):
    class Meta:
        model = CartLine

    cart = factory.SubFactory(CartFactory)
    price = factory.SubFactory(PriceFactory)
    quantity = 1

    @classmethod
    def _create(cls, model_class: Any, *args: Any, price: Price, **kwargs: Any) -> CartLine:
        kwargs.setdefault("variant", price.variant)
        kwargs.setdefault("seen_amount", price.unit_amount)
        kwargs.setdefault("currency", price.currency)
        kwargs.setdefault("interval", price.interval)
        kwargs.setdefault("interval_count", price.interval_count)
        kwargs.setdefault("trial_days", price.trial_days)
        return CartLine.objects.create(**kwargs)


class OrderFactory(DjangoModelFactory[Order]):
    """A pending order of one unit at 18.00 EUR, with the unit reserved."""

    class Meta:
        model = Order
        skip_postgeneration_save = True

    currency = "eur"
    subtotal = 1800

    @factory.post_generation
    def price(self: Order, create: bool, extracted: Price | None, **_: Any) -> None:
        price = extracted or PriceFactory()
        OrderLine.objects.create(
            order=self,
            position=1,
            variant=price.variant,
            price=price,
            sku=price.variant.sku,
            title=price.variant.product.title,
            unit_amount=price.unit_amount,
            quantity=1,
        )
        stock.reserve(self.units(), cause_kind="order", cause_id=self.reservation)
