from django.urls import path

from fulfillment import mailbox_views, views

app_name = "fulfillment"
urlpatterns = [
    path("orders/<slug:token>/", views.order, name="order"),
    path("_dev/mail/", mailbox_views.letters, name="mailbox"),
    path("_dev/mail/<str:name>/", mailbox_views.letter, name="letter"),
    path("_dev/mail/<str:name>/html", mailbox_views.letter_html, name="letter_html"),
]
