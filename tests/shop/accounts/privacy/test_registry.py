"""What is known of a person is told, refused and forgotten app by app."""

from typing import Any

import pytest

from shop.accounts.privacy import registry
from shop.accounts.privacy.registry import Person, StillNeeded
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No sections but those of the test; what they forgot is noted in order."""
    monkeypatch.setattr(registry, "_sections", {})
    forgotten: list[str] = []
    registry.register(
        "profile",
        export=lambda person: {"email": person.email},
        erase=lambda person: forgotten.append("profile"),
    )
    registry.register(
        "orders",
        export=lambda person: [1, 2],
        refuses=lambda person: "A parcel is on its way." if person.email == "busy@x.com" else "",
        erase=lambda person: forgotten.append("orders"),
    )
    return forgotten


def test_sections_are_told_in_the_order_they_came(alone: list[str]) -> None:
    told = dict(registry.export(Person("mara@example.com")))

    assert told == {"profile": {"email": "mara@example.com"}, "orders": [1, 2]}
    assert registry.names() == ["profile", "orders"]


def test_upper_apps_forget_first(alone: list[str]) -> None:
    registry.erase(Person("mara@example.com"))

    assert alone == ["orders", "profile"]


def test_one_reason_keeps_all_of_it(alone: list[str]) -> None:
    with pytest.raises(StillNeeded) as refusal:
        registry.erase(Person("busy@x.com"))

    assert refusal.value.reasons == ["A parcel is on its way."]
    assert alone == []


def test_one_that_fails_takes_all_back(alone: list[str]) -> None:
    user = UserFactory()

    def drop(person: Person) -> None:
        assert person.user is not None
        person.user.delete()

    def fail(person: Person) -> Any:
        raise RuntimeError("no")

    registry.register("orders", export=lambda _: None, erase=drop)
    registry.register("profile", export=lambda _: None, erase=fail)

    with pytest.raises(RuntimeError):
        registry.erase(Person.of_user(user))

    assert type(user).objects.filter(email=user.email).exists()


def test_an_address_finds_its_account_whatever_its_case() -> None:
    user = UserFactory(email="mara@example.com")

    assert Person.of_email("Mara@Example.com") == Person("mara@example.com", user)
    assert Person.of_email("nobody@example.com") == Person("nobody@example.com", None)
