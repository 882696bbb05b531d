"""Orders of digital goods, paid and handed out as the books have it."""

import uuid

from django.utils import timezone

from fulfillment.digital import handing_out
from fulfillment.digital.models import DigitalDelivery
from payments.models import Payment
from shop.catalog import digital_goods
from shop.catalog.models import DigitalGood
from shop.orders.models import Order
from tests.support.digital import CONTENT, uploaded
from tests.support.factories import PriceFactory


def sold(
    name: str = "guide.pdf", content: bytes = CONTENT, keys: list[str] | None = None
) -> DigitalDelivery:
    """The delivery of one file for 18.00 EUR, of an order that is complete."""
    price = PriceFactory(variant__requires_shipping=False)
    file = digital_goods.keep(price.variant, uploaded(name, content))
    DigitalGood.objects.create(variant=price.variant, file=file, gives_keys=keys is not None)
    digital_goods.add_keys(price.variant, keys or [])
    order = Order.objects.create(
        status=Order.Status.COMPLETED,
        currency="eur",
        subtotal=1800,
        total=1800,
        email="reader@example.com",
    )
    order.lines.create(
        position=1,
        variant=price.variant,
        price=price,
        sku=price.variant.sku,
        title=price.variant.product.title,
        unit_amount=1800,
        quantity=1,
    )
    Payment.objects.create(
        order=order,
        account="acct/test",
        stripe_payment_intent_id=f"pi_{uuid.uuid4().hex}",
        status=Payment.Status.CAPTURED,
        amount=1800,
        currency="eur",
        authorized_amount=1800,
        captured_amount=1800,
        captured_at=timezone.now(),
    )
    handing_out.hand_out(order, list(order.lines.select_related("variant__product")))
    return DigitalDelivery.objects.select_related("order", "file", "order_line__variant").get(
        order=order
    )
