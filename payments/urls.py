from django.urls import path

from payments import views, webhook_view
from payments.later_charges import pages as later_charges
from payments.saved_methods import pages as saved_methods
from payments.subscriptions import urls as subscriptions

app_name = "payments"

urlpatterns = [
    path("create-checkout-session", views.create_checkout_session, name="create_checkout_session"),
    path("checkout/<slug:token>/", views.waiting, name="waiting"),
    path("checkout/<slug:token>/again", views.pay_again, name="pay_again"),
    path("cart/not-you/", views.not_you, name="not_you"),
    path("cancel", views.cancelled, name="cancel"),
    path("account/payment-methods/", saved_methods.methods, name="methods"),
    path("account/payment-methods/add/", saved_methods.add, name="add_method"),
    path(
        "account/payment-methods/added/<uuid:session_id>/",
        saved_methods.added,
        name="method_added",
    ),
    path(
        "account/payment-methods/<uuid:method_id>/remove/",
        saved_methods.remove,
        name="remove_method",
    ),
    path(
        "account/payment-methods/<uuid:method_id>/default/",
        saved_methods.default,
        name="default_method",
    ),
    path("account/portal/", saved_methods.manage, name="portal"),
    path("charges/<slug:token>/", later_charges.later_charge, name="later_charge"),
    *subscriptions.urlpatterns,
    path("webhook", webhook_view.webhook, name="webhook"),
]
