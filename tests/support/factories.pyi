"""What calling a factory makes: factory-boy's own types say that it is the factory."""

from typing import Any, Protocol, TypeVar

from shop.accounts.models import User
from shop.catalog.models import Category, Price, Product, Variant
from shop.orders.models import Cart, CartLine, DeliveryMethod, Discount, Order, Question, TaxRate

Made_co = TypeVar("Made_co", covariant=True)

class Factory(Protocol[Made_co]):
    def __call__(self, **fields: Any) -> Made_co: ...
    def build(self, **fields: Any) -> Made_co: ...

UserFactory: Factory[User]
CategoryFactory: Factory[Category]
ProductFactory: Factory[Product]
VariantFactory: Factory[Variant]
PriceFactory: Factory[Price]
ChosenPriceFactory: Factory[Price]
MonthlyPriceFactory: Factory[Price]
DeliveryMethodFactory: Factory[DeliveryMethod]
DiscountFactory: Factory[Discount]
QuestionFactory: Factory[Question]
TaxRateFactory: Factory[TaxRate]
CartFactory: Factory[Cart]
CartLineFactory: Factory[CartLine]
OrderFactory: Factory[Order]
