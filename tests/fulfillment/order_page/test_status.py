"""T3: one teller. Each state of an order and its money says where it stands and what is next."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import escape

from fulfillment.emails import letters
from fulfillment.models import Preparation, Shipment
from fulfillment.order_page import status
from payments.models import Payment
from shop.orders.models import Order, OrderHold
from shop.templatetags.contact import contact_link, unlinked
from tests.support.factories import OrderFactory

pytestmark = pytest.mark.django_db


def pending(order: Order) -> None:
    pass


def finished(order: Order) -> None:
    order.checkout_sessions.update(status="complete")


def processing(order: Order) -> None:
    order.process("test")


def pay(order: Order, state: Payment.Status = Payment.Status.AUTHORIZED, taken: int = 0) -> Payment:
    payment: Payment = order.payments.create(
        stripe_payment_intent_id=f"pi_{order.number}",
        status=state,
        currency="eur",
        amount=1800,
        authorized_amount=1800,
        captured_amount=taken,
    )
    return payment


def authorized(order: Order) -> None:
    pay(order)
    order.confirm("test")


def for_staff(order: Order) -> None:
    authorized(order)
    Preparation.objects.update(status="done", outcome="stock_taken")


def held(order: Order) -> None:
    authorized(order)
    order.hold(OrderHold.Reason.STAFF, "look")


def captured(order: Order) -> None:
    pay(order, Payment.Status.CAPTURED, taken=1800)
    order.confirm("test")


def captured_in_part(order: Order) -> None:
    pay(order, Payment.Status.CAPTURED, taken=900)
    order.reductions.create(amount=900, lines={"1": 1}, reason="chipped")
    order.lines.update(quantity=2, removed=1)
    order.confirm("test")


def captured_for_less(order: Order) -> None:
    pay(order, Payment.Status.CAPTURED, taken=900)
    order.reductions.create(amount=900, reason="agreed")
    order.confirm("test")


def captured_in_part_and_packed(order: Order) -> None:
    captured_in_part(order)
    parcel(order, Shipment.Status.PACKED)


def captured_and_held(order: Order) -> None:
    captured(order)
    order.hold(OrderHold.Reason.REVIEW_LIMIT, "look")


def radar(order: Order) -> None:
    authorized(order)
    order.hold(OrderHold.Reason.RADAR, "Review prv_1 at Stripe is open (rule).")


def radar_captured(order: Order) -> None:
    captured(order)
    order.hold(OrderHold.Reason.RADAR, "Review prv_1 at Stripe is open (rule).")


def dispute(order: Order, state: str) -> None:
    order.payments.get().disputes.create(
        stripe_dispute_id=f"dp_{order.number}",
        amount=1800,
        currency="eur",
        status=state,
        created_at=timezone.now(),
    )


def disputed(order: Order) -> None:
    captured(order)
    dispute(order, "needs_response")
    order.hold(OrderHold.Reason.DISPUTE, "fraudulent")


def charging(order: Order) -> None:
    for_staff(order)
    payment = order.payments.get()
    order.stripe_requests.create(
        kind="capture", payment=payment, amount=1800, key=f"test:{order.pk}"
    )


def asked_about(order: Order) -> None:
    captured(order)
    dispute(order, "warning_needs_response")
    order.hold(OrderHold.Reason.DISPUTE, "The bank only asks so far: fraudulent (du_1)")


def lost(order: Order) -> None:
    captured(order)
    dispute(order, "lost")


def parcel(order: Order, state: Shipment.Status) -> None:
    order.shipments.create(status=state)


def packed(order: Order) -> None:
    captured(order)
    parcel(order, Shipment.Status.PACKED)


def shipped(order: Order) -> None:
    captured(order)
    parcel(order, Shipment.Status.SHIPPED)
    order.ship("test")


def partly_shipped(order: Order) -> None:
    captured(order)
    parcel(order, Shipment.Status.SHIPPED)
    order.ship("test", partly=True)


def delivered(order: Order) -> None:
    shipped(order)
    order.complete("test")


def digital(order: Order) -> None:
    captured(order)
    order.complete("test")


def wish(order: Order) -> None:
    order.cancel_requested_at = timezone.now()
    order.save(update_fields=["cancel_requested_at"])


def cancelling_held(order: Order) -> None:
    authorized(order)
    wish(order)


def cancelling_captured(order: Order) -> None:
    captured(order)
    wish(order)


def cancelling_unpaid(order: Order) -> None:
    wish(order)


def cancelling_disputed(order: Order) -> None:
    disputed(order)
    wish(order)


def cancelled(order: Order) -> None:
    order.cancel("test")


def sold_out(order: Order) -> None:
    order.cancel_reason = Order.CancelReason.OUT_OF_STOCK
    order.save()
    order.cancel("test")


def refund(order: Order, amount: int, state: str) -> None:
    order.payments.get().refunds.create(
        stripe_refund_id=f"re_{order.number}",
        amount=amount,
        currency="eur",
        status=state,
        created_at=timezone.now(),
    )


def came_back(order: Order) -> None:
    refund(order, 500, "failed")
    order.hold(OrderHold.Reason.REFUND_FAILED, "The refund of €5.00 came back (re_1).")


def refund_came_back(order: Order) -> None:
    captured(order)
    came_back(order)


def shipped_refund_came_back(order: Order) -> None:
    shipped(order)
    came_back(order)


def refund_came_back_and_held(order: Order) -> None:
    refund_came_back(order)
    order.hold(OrderHold.Reason.STAFF, "look")


def refund_came_back_and_tried_again(order: Order) -> None:
    refund_came_back(order)
    order.stripe_requests.create(
        kind="refund", payment=order.payments.get(), amount=500, key=f"test:{order.pk}"
    )


def cancelled_refunded(order: Order) -> None:
    captured(order)
    refund(order, 1800, "succeeded")
    order.cancel("test")


def cancelled_refund_pending(order: Order) -> None:
    captured(order)
    refund(order, 1800, "pending")
    order.cancel("test")


def cancelled_lost(order: Order) -> None:
    lost(order)
    order.cancel("test")


def cancelled_refund_failed(order: Order) -> None:
    captured(order)
    refund(order, 1800, "failed")
    order.cancel("test")


def expired(order: Order) -> None:
    order.expire("test")


def failed(order: Order) -> None:
    order.fail_payment("test")


def expired_for_good(order: Order) -> None:
    expired(order)
    raise_the_price(order)


def failed_for_good(order: Order) -> None:
    failed(order)
    raise_the_price(order)


def raise_the_price(order: Order) -> None:
    order.lines.update(unit_amount=1)


def shipped_disputed(order: Order) -> None:
    shipped(order)
    dispute(order, "under_review")


def shipped_asked_about(order: Order) -> None:
    shipped(order)
    dispute(order, "warning_under_review")


def shipped_lost(order: Order) -> None:
    shipped(order)
    dispute(order, "lost")


def shipped_won(order: Order) -> None:
    shipped(order)
    dispute(order, "won")


def shipped_refund_pending(order: Order) -> None:
    shipped(order)
    refund(order, 500, "pending")


def shipped_refund_asked(order: Order) -> None:
    shipped(order)
    order.stripe_requests.create(
        kind="refund", payment=order.payments.get(), amount=500, key=f"test:{order.pk}"
    )


def shipped_partly_refunded(order: Order) -> None:
    shipped(order)
    refund(order, 500, "succeeded")


def shipped_refunded(order: Order) -> None:
    shipped(order)
    refund(order, 1800, "succeeded")


Way = Callable[[Order], None]
DAYS = "Most banks show it within 5 to 10 days."
DAYS_DE = "Die meisten Banken zeigen es innerhalb von 5 bis 10 Tagen an."
CAME_BACK = "Your bank did not take the money that we sent; it has come back to us."
ANOTHER_WAY = "We will reach you to find another way. You need not do anything until then."
ANOTHER_WAY_DE = (
    "Wir melden uns bei Ihnen, um einen anderen Weg zu finden. Bis dahin müssen Sie nichts tun."
)
WRITE_DE = "Falls etwas daran nicht stimmt, schreiben Sie uns bitte."
# (way there, in English, in German): each a headline, what is true, what is next.
STATES: list[tuple[Way, tuple[str, str, str], tuple[str, str, str]]] = [
    (
        pending,
        (
            "Waiting for your payment",
            "Nothing is charged yet.",
            "If you have just paid, this page says so in a moment.",
        ),
        (
            "Wir warten auf Ihre Zahlung",
            "Noch ist nichts abgebucht.",
            "Wenn Sie gerade bezahlt haben, steht es gleich auf dieser Seite.",
        ),
    ),
    (
        finished,
        (
            "We are confirming your payment",
            "You have finished; your bank has not yet answered.",
            "This page updates by itself. There is nothing you need to do.",
        ),
        (
            "Wir bestätigen gerade Ihre Zahlung",
            "Sie sind fertig; Ihre Bank hat noch nicht geantwortet.",
            "Diese Seite aktualisiert sich selbst. Sie müssen nichts tun.",
        ),
    ),
    (
        processing,
        (
            "Your payment is under way",
            (
                "Your bank has not yet told us that the money has arrived; that can take a few "
                "days. We keep everything set aside for you."
            ),
            "We write to you as soon as we know more.",
        ),
        (
            "Ihre Zahlung ist unterwegs",
            (
                "Ihre Bank hat uns noch nicht mitgeteilt, dass das Geld angekommen ist; das kann "
                "einige Tage dauern. Wir halten alles für Sie zurück."
            ),
            "Sobald wir mehr wissen, schreiben wir Ihnen.",
        ),
    ),
    (
        authorized,
        (
            "Payment authorized, not yet charged",
            "We are checking the stock.",
            "We charge you once everything is set aside for you.",
        ),
        (
            "Zahlung vorgemerkt, noch nicht abgebucht",
            "Wir prüfen den Vorrat.",
            "Wir buchen ab, sobald alles für Sie zurückgelegt ist.",
        ),
    ),
    (
        for_staff,
        (
            "Payment authorized, not yet charged",
            "A person looks at your order first and then charges it.",
            "We write to you when that is done.",
        ),
        (
            "Zahlung vorgemerkt, noch nicht abgebucht",
            "Jemand sieht sich Ihre Bestellung zuerst an, dann wird abgebucht.",
            "Sobald das geschehen ist, schreiben wir Ihnen.",
        ),
    ),
    (
        held,
        (
            "We are looking at your order",
            "Your payment is authorized, not yet charged. A person checks your order first.",
            "We write to you when it is charged, or if anything is missing.",
        ),
        (
            "Wir sehen uns Ihre Bestellung an",
            (
                "Ihre Zahlung ist vorgemerkt, noch nicht abgebucht. Jemand prüft zuerst Ihre "
                "Bestellung."
            ),
            "Wir schreiben Ihnen, wenn abgebucht ist oder falls etwas fehlt.",
        ),
    ),
    (
        captured_and_held,
        (
            "We are looking at your order",
            "Your payment of €18.00 has arrived. A person checks your order before we ship it.",
            "We write to you when that is done, or if anything is missing.",
        ),
        (
            "Wir sehen uns Ihre Bestellung an",
            (
                "Ihre Zahlung von 18,00 € ist angekommen. Jemand prüft Ihre Bestellung, bevor wir "
                "sie versenden."
            ),
            "Wir schreiben Ihnen, wenn das geschehen ist oder falls etwas fehlt.",
        ),
    ),
    (
        radar,
        (
            "We are checking your order",
            (
                "Your payment is authorized, not yet charged. Until the check is over we charge "
                "nothing and ship nothing."
            ),
            (
                "You need not do anything. We write to you as soon as it is charged, or if "
                "anything is missing."
            ),
        ),
        (
            "Wir prüfen Ihre Bestellung",
            (
                "Ihre Zahlung ist vorgemerkt, noch nicht abgebucht. Bis die Prüfung vorbei ist, "
                "buchen wir nichts ab und versenden nichts."
            ),
            (
                "Sie müssen nichts tun. Wir schreiben Ihnen, sobald abgebucht ist oder falls etwas "
                "fehlt."
            ),
        ),
    ),
    (
        radar_captured,
        (
            "We are checking your order",
            "Your payment of €18.00 has arrived. Until the check is over we ship nothing.",
            (
                "You need not do anything. We write to you when your parcel leaves, or if anything "
                "is missing."
            ),
        ),
        (
            "Wir prüfen Ihre Bestellung",
            (
                "Ihre Zahlung von 18,00 € ist angekommen. Bis die Prüfung vorbei ist, versenden "
                "wir nichts."
            ),
            (
                "Sie müssen nichts tun. Wir schreiben Ihnen, wenn Ihr Paket abgeht oder falls "
                "etwas fehlt."
            ),
        ),
    ),
    (
        refund_came_back,
        (
            "Your refund did not arrive",
            (
                "Your bank did not take the money that we sent; it has come back to us. Until that "
                "is settled we ship nothing."
            ),
            ANOTHER_WAY,
        ),
        (
            "Ihre Rückzahlung ist nicht angekommen",
            (
                "Ihre Bank hat das Geld, das wir gesendet haben, nicht angenommen; es ist wieder "
                "bei uns. Bis das geklärt ist, versenden wir nichts."
            ),
            ANOTHER_WAY_DE,
        ),
    ),
    (
        charging,
        (
            "Payment authorized, being charged",
            "Your order is accepted, and we are charging your payment.",
            "We write to you when that is done.",
        ),
        (
            "Zahlung vorgemerkt, wird abgebucht",
            "Ihre Bestellung ist angenommen, und wir buchen Ihre Zahlung gerade ab.",
            "Sobald das geschehen ist, schreiben wir Ihnen.",
        ),
    ),
    (
        asked_about,
        (
            "Your bank asks about this payment",
            "We answer it, and ship nothing until then.",
            "If you know this purchase, please tell your bank.",
        ),
        (
            "Ihre Bank fragt nach dieser Zahlung",
            "Wir antworten ihr und versenden bis dahin nichts.",
            "Wenn Sie diesen Kauf kennen, sagen Sie es bitte Ihrer Bank.",
        ),
    ),
    (
        disputed,
        (
            "Your bank disputes this payment",
            "We ship nothing until the bank has decided about the money.",
            "If you did not mean to dispute it, please tell your bank, and write to us.",
        ),
        (
            "Ihre Bank beanstandet diese Zahlung",
            "Wir versenden nichts, bis die Bank über das Geld entschieden hat.",
            "Falls Sie das nicht wollten, sagen Sie es bitte Ihrer Bank und schreiben Sie uns.",
        ),
    ),
    (
        lost,
        (
            "Your bank has taken the money back",
            "The bank has given €18.00 back to you.",
            "We ship nothing. If that was a mistake, please write to us.",
        ),
        (
            "Ihre Bank hat das Geld zurückgeholt",
            "Die Bank hat Ihnen 18,00 € zurückgegeben.",
            "Wir versenden nichts. Falls das ein Irrtum war, schreiben Sie uns bitte.",
        ),
    ),
    (
        captured,
        (
            "Confirmed and charged",
            "Everything is set aside for you.",
            "We pack it now and write when it leaves.",
        ),
        (
            "Bestätigt und abgebucht",
            "Alles ist für Sie zurückgelegt.",
            "Wir packen es jetzt und schreiben Ihnen, wenn es uns verlässt.",
        ),
    ),
    (
        captured_in_part,
        (
            "Confirmed and charged, in part",
            "Not everything could stay in your order; what was taken off is not charged.",
            "All the rest is set aside for you. We pack it now and write when it leaves.",
        ),
        (
            "Zum Teil bestätigt und abgebucht",
            (
                "Nicht alles konnte in Ihrer Bestellung bleiben; was herausgenommen wurde, wird "
                "nicht abgebucht."
            ),
            (
                "Alles Übrige ist für Sie zurückgelegt. Wir packen es jetzt und schreiben Ihnen, "
                "wenn es uns verlässt."
            ),
        ),
    ),
    (
        packed,
        ("Packed", "Your parcel waits for the carrier.", "We write when it leaves."),
        (
            "Verpackt",
            "Ihr Paket wartet auf den Zusteller.",
            "Wir schreiben Ihnen, wenn es uns verlässt.",
        ),
    ),
    (
        partly_shipped,
        (
            "Partly on its way",
            "One parcel has left us.",
            "Another follows. We write when it leaves.",
        ),
        (
            "Teilweise unterwegs",
            "Ein Paket hat uns verlassen.",
            "Ein weiteres folgt. Wir schreiben Ihnen, wenn es uns verlässt.",
        ),
    ),
    (
        shipped,
        ("On its way", "Your parcel has left us.", "The carrier brings it to your door."),
        ("Unterwegs", "Ihr Paket hat uns verlassen.", "Der Zusteller bringt es an Ihre Tür."),
    ),
    (
        delivered,
        (
            "Delivered",
            "We hope that you like it.",
            "If anything is wrong with it, please write to us.",
        ),
        ("Zugestellt", "Wir hoffen, es gefällt Ihnen.", WRITE_DE),
    ),
    (
        digital,
        (
            "Complete",
            "Nothing is shipped: what you bought is digital.",
            "If anything is wrong with it, please write to us.",
        ),
        ("Abgeschlossen", "Es wird nichts versandt: Ihr Einkauf ist digital.", WRITE_DE),
    ),
    (
        cancelling_unpaid,
        (
            "Cancellation requested",
            "We are telling the bank.",
            "As soon as the bank has answered, this page says that the order is cancelled.",
        ),
        (
            "Stornierung angefragt",
            "Wir sagen der Bank Bescheid.",
            (
                "Sobald die Bank geantwortet hat, steht auf dieser Seite, dass die Bestellung "
                "storniert ist."
            ),
        ),
    ),
    (
        cancelling_held,
        (
            "Cancellation requested",
            "We are telling the bank to let the money go; nothing is charged.",
            "As soon as the bank has answered, this page says that the order is cancelled.",
        ),
        (
            "Stornierung angefragt",
            "Wir sagen der Bank, dass sie das Geld freigeben soll; es wird nichts abgebucht.",
            (
                "Sobald die Bank geantwortet hat, steht auf dieser Seite, dass die Bestellung "
                "storniert ist."
            ),
        ),
    ),
    (
        cancelling_captured,
        (
            "Cancellation requested",
            "€18.00 is on its way back to you.",
            "As soon as the bank has answered, this page says that the order is cancelled.",
        ),
        (
            "Stornierung angefragt",
            "18,00 € sind auf dem Weg zurück zu Ihnen.",
            (
                "Sobald die Bank geantwortet hat, steht auf dieser Seite, dass die Bestellung "
                "storniert ist."
            ),
        ),
    ),
    (
        cancelling_disputed,
        (
            "Cancellation requested",
            "The payment is disputed, and the bank decides about the money.",
            "The order is cancelled once the bank has decided.",
        ),
        (
            "Stornierung angefragt",
            "Die Zahlung ist beanstandet, und die Bank entscheidet über das Geld.",
            "Die Bestellung wird storniert, sobald die Bank entschieden hat.",
        ),
    ),
    (
        cancelled,
        (
            "Your order is cancelled",
            "Nothing was charged.",
            "If your bank shows an authorization, it disappears by itself within a few days.",
        ),
        (
            "Ihre Bestellung ist storniert",
            "Es wurde nichts abgebucht.",
            "Zeigt Ihre Bank eine Vormerkung, verschwindet sie innerhalb weniger Tage von selbst.",
        ),
    ),
    (
        sold_out,
        (
            "Your order is cancelled: it was sold out",
            "Nothing was charged.",
            "If your bank shows an authorization, it disappears by itself within a few days.",
        ),
        (
            "Ihre Bestellung ist storniert: ausverkauft",
            "Es wurde nichts abgebucht.",
            "Zeigt Ihre Bank eine Vormerkung, verschwindet sie innerhalb weniger Tage von selbst.",
        ),
    ),
    (
        cancelled_refunded,
        ("Your order is cancelled", "€18.00 went back to you.", DAYS),
        ("Ihre Bestellung ist storniert", "Wir haben Ihnen 18,00 € erstattet.", DAYS_DE),
    ),
    (
        cancelled_refund_pending,
        ("Your order is cancelled", "€18.00 is on its way back to you.", DAYS),
        ("Ihre Bestellung ist storniert", "18,00 € sind auf dem Weg zurück zu Ihnen.", DAYS_DE),
    ),
    (
        cancelled_lost,
        (
            "Your order is cancelled",
            "The bank has given €18.00 back to you.",
            "If that was a mistake, please write to us.",
        ),
        (
            "Ihre Bestellung ist storniert",
            "Die Bank hat Ihnen 18,00 € zurückgegeben.",
            "Falls das ein Irrtum war, schreiben Sie uns bitte.",
        ),
    ),
    (
        cancelled_refund_failed,
        (
            "Your order is cancelled",
            "€18.00 is still here, and belongs to you.",
            "A person sees to it that you get it and writes to you.",
        ),
        (
            "Ihre Bestellung ist storniert",
            "18,00 € sind noch hier und gehören Ihnen.",
            "Jemand sorgt dafür, dass Sie das Geld bekommen, und schreibt Ihnen.",
        ),
    ),
    (
        expired,
        (
            "The time to pay has run out",
            "Nothing was charged, and we no longer set anything aside.",
            "You can pay again while there is stock.",
        ),
        (
            "Die Zeit zum Bezahlen ist abgelaufen",
            "Es wurde nichts abgebucht, und wir legen nichts mehr für Sie zurück.",
            "Solange der Vorrat reicht, können Sie noch einmal bezahlen.",
        ),
    ),
    (
        failed,
        (
            "The payment did not go through",
            "Nothing was charged and nothing is shipped.",
            "You can pay again, with the same or another way to pay.",
        ),
        (
            "Die Zahlung hat nicht geklappt",
            "Es wurde nichts abgebucht, und es wird nichts versandt.",
            "Sie können noch einmal bezahlen, auf demselben oder einem anderen Weg.",
        ),
    ),
    (
        expired_for_good,
        (
            "The time to pay has run out",
            "Nothing was charged and nothing is set aside.",
            "If you still want it, please order it anew.",
        ),
        (
            "Die Zeit zum Bezahlen ist abgelaufen",
            "Es wurde nichts abgebucht, und es ist nichts zurückgelegt.",
            "Wenn Sie es noch möchten, bestellen Sie es bitte neu.",
        ),
    ),
    (
        failed_for_good,
        (
            "The payment did not go through",
            "Nothing was charged and nothing is set aside.",
            "If you still want it, please order it anew.",
        ),
        (
            "Die Zahlung hat nicht geklappt",
            "Es wurde nichts abgebucht, und es ist nichts zurückgelegt.",
            "Wenn Sie es noch möchten, bestellen Sie es bitte neu.",
        ),
    ),
]
MONEY_STATES: list[tuple[Way, tuple[str, str, str], tuple[str, str, str]]] = [
    (
        shipped_disputed,
        (
            "Your bank disputes this payment",
            "The bank decides about the money; until then we can send none back.",
            "If you did not mean to dispute it, please tell your bank, and write to us.",
        ),
        (
            "Ihre Bank beanstandet diese Zahlung",
            "Die Bank entscheidet über das Geld; bis dahin können wir nichts erstatten.",
            "Falls Sie das nicht wollten, sagen Sie es bitte Ihrer Bank und schreiben Sie uns.",
        ),
    ),
    (
        shipped_asked_about,
        (
            "Your bank asks about this payment",
            "We answer it; until then nothing changes.",
            "If you know this purchase, please tell your bank.",
        ),
        (
            "Ihre Bank fragt nach dieser Zahlung",
            "Wir antworten ihr; bis dahin ändert sich nichts.",
            "Wenn Sie diesen Kauf kennen, sagen Sie es bitte Ihrer Bank.",
        ),
    ),
    (
        shipped_lost,
        (
            "Your bank has taken the money back",
            "The bank has given €18.00 back to you.",
            "If that was a mistake, please write to us.",
        ),
        (
            "Ihre Bank hat das Geld zurückgeholt",
            "Die Bank hat Ihnen 18,00 € zurückgegeben.",
            "Falls das ein Irrtum war, schreiben Sie uns bitte.",
        ),
    ),
    (
        shipped_refund_pending,
        ("A refund is under way", "€5.00 is on its way back to you.", DAYS),
        ("Eine Erstattung ist unterwegs", "5,00 € sind auf dem Weg zurück zu Ihnen.", DAYS_DE),
    ),
    (
        shipped_refund_asked,
        ("A refund is under way", "€5.00 is on its way back to you.", DAYS),
        ("Eine Erstattung ist unterwegs", "5,00 € sind auf dem Weg zurück zu Ihnen.", DAYS_DE),
    ),
    (
        shipped_refund_came_back,
        ("Your refund did not arrive", CAME_BACK, ANOTHER_WAY),
        (
            "Ihre Rückzahlung ist nicht angekommen",
            (
                "Ihre Bank hat das Geld, das wir gesendet haben, nicht angenommen; es ist wieder "
                "bei uns."
            ),
            ANOTHER_WAY_DE,
        ),
    ),
    (
        shipped_partly_refunded,
        ("Partly refunded", "Of the €18.00 that you paid, €5.00 went back to you.", DAYS),
        (
            "Teilweise erstattet",
            "Von den 18,00 €, die Sie bezahlt haben, haben wir Ihnen 5,00 € erstattet.",
            DAYS_DE,
        ),
    ),
    (
        shipped_refunded,
        ("Refunded", "All €18.00 that you paid went back to you.", DAYS),
        ("Erstattet", "Wir haben Ihnen alle bezahlten 18,00 € erstattet.", DAYS_DE),
    ),
]


@pytest.fixture
def order() -> Order:
    order: Order = OrderFactory(total=1800)
    now = timezone.now()
    # Read a moment ago, so that nobody asks Stripe.
    order.checkout_sessions.create(
        stripe_session_id="cs_1", expires_at=now, due_at=now, read_at=now
    )
    return order


def told(text: Any, language: str, order: Order) -> tuple[str, str, str]:
    with translation.override(language):
        shown = getattr(status.standing(order), text)
        words = (shown.headline, shown.sentence, unlinked(shown.next))
    headline, sentence, next_ = (part.replace("\xa0", " ") for part in words)
    return headline, sentence, next_


# T3
@pytest.mark.parametrize(
    ("way", "english", "german"), STATES, ids=[way.__name__ for way, *_ in STATES]
)
def test_each_state_has_a_headline_a_sentence_and_what_is_next(
    way: Way, english: Any, german: Any, order: Order
) -> None:
    way(order)

    assert (told("text", "en", order), told("text", "de", order)) == (english, german)


# T2, T3
@pytest.mark.parametrize(
    ("way", "headline"),
    [(captured_for_less, "Confirmed and charged"), (captured_in_part_and_packed, "Packed")],
)
def test_only_what_was_taken_off_and_is_not_yet_packed_is_in_part(
    way: Way, headline: str, order: Order
) -> None:
    way(order)

    assert told("text", "en", order)[0] == headline


# T3
@pytest.mark.parametrize(
    ("way", "english", "german"), MONEY_STATES, ids=[way.__name__ for way, *_ in MONEY_STATES]
)
def test_each_state_of_money_that_was_taken_too(
    way: Way, english: Any, german: Any, order: Order
) -> None:
    way(order)

    assert (told("money", "en", order), told("money", "de", order)) == (english, german)
    assert told("text", "en", order)[0] == "On its way"


# K7
@pytest.mark.parametrize(
    ("way", "text", "money"),
    [
        (refund_came_back, "Your refund did not arrive", None),
        (refund_came_back_and_held, "We are looking at your order", "Your refund did not arrive"),
        (refund_came_back_and_tried_again, "We are looking at your order", "A refund is under way"),
    ],
)
def test_a_refund_that_came_back_is_told_once_and_until_another_is_sent(
    way: Way, text: str, money: str | None, order: Order
) -> None:
    way(order)

    with translation.override("en"):
        shown = status.standing(order)

    assert (shown.text.headline, shown.money and shown.money.headline) == (text, money)


# K5, K7
@pytest.mark.parametrize("language", ["en", "de"])
def test_no_customer_is_told_of_a_suspicion(language: str, order: Order) -> None:
    captured(order)
    for reason in OrderHold.Reason:
        order.hold(reason, f"Smells of {reason}")

    page = Client(headers={"Accept-Language": language}).get(f"/orders/{order.token}/")

    words = page.content.decode().lower()
    assert [w for w in ("smells", "radar", "fraud", "betrug", "verdacht") if w in words] == []


# T3
def test_a_dispute_that_was_won_leaves_nothing_to_say(order: Order) -> None:
    shipped_won(order)

    assert status.standing(order).money is None


# T3
@pytest.mark.parametrize("way", [way for way, *_ in STATES + MONEY_STATES])
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_success_page_and_the_order_page_tell_the_same(
    way: Way, language: str, order: Order
) -> None:
    way(order)
    client = Client(headers={"Accept-Language": language})

    pages = [
        " ".join(client.get(address).content.decode().split())
        for address in (f"/orders/{order.token}/", "/success?session_id=cs_1")
    ]

    with translation.override(language):
        standing = status.standing(order)
        texts = [text for text in (standing.text, standing.money) if text]
        said = [
            " ".join(contact_link(words).split())
            for text in texts
            for words in (text.headline, text.sentence, text.next)
        ]
    assert [[words for words in said if words not in page] for page in pages] == [[], []]


DEADLINE = (
    "We did not get to confirm your order before the hold on your money ended.",
    "Wir konnten Ihre Bestellung nicht bestätigen, bevor die Reservierung Ihres Geldes endete.",
)
WHY = {
    "": ("", ""),
    "out_of_stock": ("", ""),
    "staff": ("We have called it off.", "Wir haben sie storniert."),
    "cart_changed": (
        "Your cart had changed, and a new order took its place.",
        "Ihr Warenkorb hatte sich geändert, und eine neue Bestellung ist an ihre Stelle getreten.",
    ),
    "refused": (
        "The payment page could not be opened.",
        "Die Bezahlseite ließ sich nicht öffnen.",
    ),
    "refunded": ("Its payment was refunded.", "Ihre Zahlung wurde erstattet."),
    "released": (
        "Its payment was released before it was charged.",
        "Ihre Zahlung wurde freigegeben, bevor sie abgebucht war.",
    ),
    "expired": DEADLINE,
    "deadline": DEADLINE,
    "lost": ("Your bank has taken the money back.", "Ihre Bank hat das Geld zurückgeholt."),
    "trial": (
        "Nothing was charged, and nothing is sent yet.",
        "Es wurde nichts abgebucht, und es wird noch nichts geschickt.",
    ),
    "overtaken": (
        "You paid on a page whose time was over, and the order is no longer as it was then.",
        (
            "Sie haben auf einer Seite gezahlt, deren Zeit vorbei war, und die Bestellung ist nicht"
            " mehr so wie damals."
        ),
    ),
}


# T4
@pytest.mark.parametrize("reason", ["", *Order.CancelReason.values])
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_customer_reads_why_it_ended_and_no_note(
    reason: str, language: str, order: Order
) -> None:
    Order.objects.filter(pk=order.pk).update(
        cancel_reason=reason, cancel_note="Smells of fraud", email="a@b.at", language=language
    )
    order.refresh_from_db()
    order.cancel("test")
    why = WHY[reason][["en", "de"].index(language)]

    page = Client(headers={"Accept-Language": language}).get(f"/orders/{order.token}/")
    [email] = order.emails.all()
    letter: Any = letters.compose(email, order)

    parts = [page.content.decode(), str(letter.body), str(letter.alternatives[0].content)]
    texts = [" ".join(part.split()) for part in parts]
    assert [escape(why) in text or why in text for text in texts] == [True] * 3
    assert ["Smells of fraud" in text for text in texts] == [False] * 3
