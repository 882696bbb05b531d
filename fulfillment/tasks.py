"""Bells for stock checks and mails: a task carries a row's id and makes one call."""

from celery import shared_task

from fulfillment import shipping, stock_check
from fulfillment.contact import mails as contact
from fulfillment.digital import handing_out
from fulfillment.emails import letters
from fulfillment.models import (
    BackInStock,
    ContactMessage,
    Email,
    OrderLink,
    Preparation,
    SubscriptionMail,
)
from fulfillment.order_links import mails as order_links
from fulfillment.restock import alerts
from fulfillment.restock import mails as restock
from fulfillment.subscriptions import mails as subscriptions
from fulfillment.troubles import mail, watch
from shop import work


@shared_task(name=Preparation.TASK)
def prepare_order(*, row_id: str) -> None:
    work.run(Preparation, row_id, stock_check.prepare)


@shared_task(name=Preparation.DRAIN_TASK)
def drain_preparations() -> None:
    work.drain(Preparation, stock_check.prepare)


@shared_task(name=Email.TASK)
def send_email(*, row_id: str) -> None:
    work.run(Email, row_id, letters.send)


@shared_task(name=Email.DRAIN_TASK)
def drain_emails() -> None:
    work.drain(Email, letters.send)


@shared_task(name=handing_out.LATE_TASK)
def hand_out_late(*, variant_id: int) -> None:
    shipping.hand_out_late(variant_id=variant_id)


@shared_task(name="fulfillment.tell_back_in_stock")
def tell_back_in_stock() -> None:
    alerts.tell()


@shared_task(name=BackInStock.TASK)
def send_back_in_stock(*, row_id: str) -> None:
    work.run(BackInStock, row_id, restock.send)


@shared_task(name=BackInStock.DRAIN_TASK)
def drain_back_in_stock() -> None:
    work.drain(BackInStock, restock.send)


@shared_task(name=ContactMessage.TASK)
def send_contact_message(*, row_id: str) -> None:
    work.run(ContactMessage, row_id, contact.send)


@shared_task(name=ContactMessage.DRAIN_TASK)
def drain_contact_messages() -> None:
    work.drain(ContactMessage, contact.send)


@shared_task(name=OrderLink.TASK)
def send_order_link(*, row_id: str) -> None:
    work.run(OrderLink, row_id, order_links.send)


@shared_task(name=OrderLink.DRAIN_TASK)
def drain_order_links() -> None:
    work.drain(OrderLink, order_links.send)


@shared_task(name=SubscriptionMail.TASK)
def send_subscription_mail(*, row_id: str) -> None:
    work.run(SubscriptionMail, row_id, subscriptions.send)


@shared_task(name=SubscriptionMail.DRAIN_TASK)
def drain_subscription_mails() -> None:
    work.drain(SubscriptionMail, subscriptions.send)


@shared_task(name="fulfillment.watch")
def watch_for_trouble() -> None:
    watch.look()


@shared_task(name=mail.TASK)
def tell_staff() -> None:
    mail.tell()
