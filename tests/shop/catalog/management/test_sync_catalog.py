import contextlib
import gc
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from shop import stripe_client
from shop.catalog.models import CatalogSync, Price, Product, SyncConflict, Variant
from shop.catalog.stripe_plan import changes, queue
from shop.catalog.stripe_sync import pull, run
from tests.shop.catalog.admin.test_lists import many
from tests.support.factories import PriceFactory
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db


def sync_catalog(*options: str) -> tuple[int, str]:
    """Exit code and what was printed."""
    out = StringIO()
    try:
        call_command("sync_catalog", *options, stdout=out, stderr=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def in_json(*options: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(sync_catalog(*options, "--json")[1])
    return answer


def in_step(*, told: int) -> dict[str, Any]:
    return {"told": told, "taken": [], "drift": [], "conflicts": [], "left": [], "problems": []}


def test_the_plan_tells_nothing_yet(stand_in: StandIn) -> None:
    PriceFactory(variant__sku="LANTERN-STORM", variant__product__title="Storm Lantern")

    code, printed = sync_catalog("--plan")

    assert code == 0
    assert printed.splitlines() == [
        "  create product of LANTERN-STORM (Storm Lantern)",
        "  create price 18.00 EUR of LANTERN-STORM (Storm Lantern)",
        "2 create. --apply does it.",
    ]
    assert stand_in.requests_made("/v1/") == []
    assert CatalogSync.objects.count() == 0


def test_the_second_apply_changes_nothing(stand_in: StandIn) -> None:
    for _ in range(3):
        PriceFactory()

    first = in_json("--apply")
    calls = len(stand_in.requests_made("/v1/"))
    second = in_json("--apply")

    assert first == in_step(told=6)
    assert second == in_step(told=0)
    assert len(stand_in.requests_made("/v1/")) == calls == 6


def test_check_tells_by_its_exit_code(stand_in: StandIn) -> None:
    PriceFactory()
    before = sync_catalog("--check")
    sync_catalog("--apply")
    after = sync_catalog("--check")

    assert before[0] == 1
    assert before[1].splitlines()[-1] == "Not in step: 2 create."
    assert after == (0, "Stripe is in step with the catalog.\n")


def test_an_apply_that_was_stopped_is_taken_up(stand_in: StandIn) -> None:
    for _ in range(3):
        PriceFactory()
    stripe_client.account()
    queue.queue_many(Variant.objects.values_list("pk", flat=True))
    run.push_one()

    answer = in_json("--apply")

    assert answer == in_step(told=5)
    assert len(stand_in.executed("/v1/products")) == 3
    assert len(stand_in.executed("/v1/prices")) == 3


def test_trouble_on_the_way_is_waited_out(stand_in: StandIn) -> None:
    PriceFactory()
    stripe_client.account()
    stand_in.fail("/v1/products$", when="after", reset=True)

    assert in_json("--apply") == in_step(told=2)
    assert len(stand_in.api("products")["data"]) == 1


def test_what_stripe_refuses_is_named_and_tried_again_by_the_next(stand_in: StandIn) -> None:
    price: Price = PriceFactory(variant__sku="LANTERN-STORM")
    stripe_client.account()
    stand_in.fail("/v1/products$", method="POST", status=400)

    code, printed = sync_catalog("--apply")
    again = in_json("--apply")

    assert code == 1
    assert (
        "create_product of LANTERN-STORM: Impossible: Stripe refused it:"
        " The request was refused on demand." in printed
    )
    assert again == in_step(told=2)
    price.refresh_from_db()
    assert price.stripe_price_id


def test_actions_are_told_apart_for_programs(stand_in: StandIn) -> None:
    price: Price = PriceFactory(variant__sku="LANTERN-STORM")
    sync_catalog("--apply")
    Product.objects.update(status="archived")

    assert in_json("--plan")["left"] == [
        {"action": "archive", "kind": "update_product", "sku": price.variant.sku, "price": None}
    ]


def test_a_stripe_that_cannot_be_reached_is_a_sentence(settings: Any) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    with pytest.raises(CommandError, match="Stripe cannot be asked") as refused:
        call_command("sync_catalog", "--plan")

    assert refused.value.returncode == 2


class Watching(StringIO):
    """Notes, now and then while something is printed, how many variants are in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.most = self.written = 0

    def write(self, text: str) -> int:
        self.written += 1
        if self.written % 10 == 0:
            gc.collect()
            living = sum(type(one) is Variant for one in gc.get_objects())
            self.most = max(self.most, living)
        return super().write(text)


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five at a time, so that forty are as many as a hundred thousand."""
    monkeypatch.setattr(changes, "CHUNK", 5)
    monkeypatch.setattr(pull, "CHUNK", 5)


def most_in_memory(*options: str) -> tuple[int, str]:
    """How many variants a run held at most, and what it printed."""
    out = Watching()
    with contextlib.suppress(SystemExit):
        call_command("sync_catalog", *options, stdout=out, stderr=out)
    return out.most, out.getvalue()


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("options", [["--plan"], ["--check"], ["--plan", "--json"]])
def test_f15_a_plan_of_many_holds_few_in_memory(stand_in: StandIn, options: list[str]) -> None:
    many(60)
    CatalogSync.objects.all().delete()
    SyncConflict.objects.all().delete()

    most, printed = most_in_memory(*options)

    assert printed.count("create") >= 60
    # Those that are looked at, and those that the database hands over next.
    assert 0 < most <= 15


@pytest.mark.usefixtures("few_at_once")
def test_f15_what_differs_at_stripe_is_told_as_it_is_found(stand_in: StandIn) -> None:
    many(20)
    CatalogSync.objects.all().delete()
    SyncConflict.objects.all().delete()
    account = stripe_client.account()
    for variant in Variant.objects.all():
        made = stand_in.call("products", name="Other", id=f"made_{variant.sku}")
        Variant.objects.filter(pk=variant.pk).update(
            stripe_account=account, stripe_product_id=made["id"]
        )

    most, printed = most_in_memory("--check")

    assert printed.count("conflict name of ") == 20
    assert printed.splitlines()[-1].startswith("Not in step: ")
    assert 0 < most <= 15
