from django.urls import path

from fulfillment.contact import pages as contact
from fulfillment.digital import pages as digital
from fulfillment.documents import pages
from fulfillment.emails import dev_mailbox_pages
from fulfillment.my_mails import pages as my_mails
from fulfillment.my_orders import pages as my_orders
from fulfillment.order_links import pages as order_links
from fulfillment.order_page import page, success
from fulfillment.restock import pages as restock

app_name = "fulfillment"
urlpatterns = [
    path("success", success.success, name="success"),
    path("orders/find/", order_links.find, name="find_order"),
    path("orders/find/asked/", order_links.asked, name="find_order_asked"),
    path("orders/<slug:token>/", page.order, name="order"),
    path("orders/<slug:token>/documents/<slug:number>/", pages.document, name="document"),
    path(
        "orders/<slug:token>/documents/<slug:number>/pdf/",
        pages.document_file,
        name="document_file",
    ),
    path("downloads/<str:signed>/", digital.download, name="download"),
    path("downloads/<str:signed>/file", digital.download_file, name="download_file"),
    path("orders/<slug:token>/keep/", my_orders.keep, name="keep"),
    path("account/mails/", my_mails.mails, name="my_mails"),
    path("account/mails/<uuid:pk>/off/", my_mails.alert_off, name="my_mails_off"),
    path("reminders/<str:key>/off/", my_mails.reminders_off, name="reminders_off"),
    path("account/orders/", my_orders.orders, name="my_orders"),
    path("account/orders/claim/", my_orders.claim, name="claim"),
    path("orders/<slug:token>/pay/", page.pay, name="pay"),
    path("contact/", contact.contact, name="contact"),
    path("contact/sent/", contact.sent, name="contact_sent"),
    path("stock-alerts/", restock.ask, name="alerts"),
    path("stock-alerts/<str:key>/off/", restock.off, name="alerts_off"),
    path("_dev/mail/", dev_mailbox_pages.letters, name="mailbox"),
    path("_dev/mail/<str:name>/", dev_mailbox_pages.letter, name="letter"),
    path("_dev/mail/<str:name>/html", dev_mailbox_pages.letter_html, name="letter_html"),
]
