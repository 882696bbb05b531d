from django.urls import path

from payments import views, webhook_view

app_name = "payments"

urlpatterns = [
    path("create-checkout-session", views.create_checkout_session, name="create_checkout_session"),
    path("checkout/<slug:token>/", views.waiting, name="waiting"),
    path("checkout/<slug:token>/again", views.pay_again, name="pay_again"),
    path("cart/not-you/", views.not_you, name="not_you"),
    path("cancel", views.cancelled, name="cancel"),
    path("webhook", webhook_view.webhook, name="webhook"),
]
