"""What tests of the staff pages share: who is logged in, and what a page says."""

from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from shop.catalog.models import Product
from tests.support.factories import UserFactory

LANDING = reverse("admin:index")
PRODUCTS = reverse("admin:catalog_product_changelist")
CATEGORIES = reverse("admin:catalog_category_changelist")
STOCKS = reverse("admin:catalog_stock_changelist")
NEW_PRICE = reverse("admin:catalog_price_add")


def logged_in(*permissions: str) -> Client:
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def act(client: Client, action: str, *products: Product) -> Any:
    chosen = {"action": action, "_selected_action": [product.pk for product in products]}
    return client.post(PRODUCTS, chosen, follow=True)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def complaints(response: Any) -> list[str]:
    """What the page complains about in its own form."""
    form = response.context["adminform"].form
    return [text for texts in form.errors.values() for text in texts]
