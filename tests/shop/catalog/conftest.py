"""What tests of the sync start from."""

import pytest

from shop import stripe_client
from shop.accounts.models import User
from shop.catalog.models import Price
from tests.shop.catalog.stripe_sync.syncing import sync
from tests.support.factories import PriceFactory, UserFactory
from tests.support.stand_in import StandIn


@pytest.fixture
def price(stand_in: StandIn) -> Price:
    """A price that Stripe knows."""
    stripe_client.account()
    price: Price = PriceFactory(
        variant__sku="LANTERN-STORM",
        variant__option_values=["Brass"],
        variant__product__title="Storm Lantern",
        variant__product__description="Burns in wind.\n\nGlass and brass.",
    )
    sync(price.variant)
    price.refresh_from_db()
    return price


@pytest.fixture
def somebody() -> User:
    user: User = UserFactory(email="ana@example.com")
    return user
