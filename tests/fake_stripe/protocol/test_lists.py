"""Every list turns both ways and is narrowed by time; metadata is merged wherever there is any."""

from typing import Any

import pytest

from fake_stripe.protocol.operations import OPERATIONS, Operation
from tests.fake_stripe.populated import LISTS, all_kinds, path_of, required
from tests.fake_stripe.rig import Fake

CREATED = [one for one in LISTS if "created" in one.check.fields]
METADATA = [
    one
    for one in OPERATIONS
    if one.method == "POST" and one.path.endswith("/{id}") and "metadata" in one.check.fields
]


def name_of(call: Operation) -> str:
    return call.path


@pytest.fixture(scope="module")
def populated(server: str) -> tuple[Fake, dict[str, str]]:
    """An account with objects of two days, for all tests here."""
    fake = Fake(server)
    fake.control("reset", {})
    all_kinds(fake)
    fake.control("clock", {"advance": 86_400})
    return fake, all_kinds(fake)


def ask(populated: tuple[Fake, dict[str, str]], call: Operation, **query: Any) -> Any:
    fake, ids = populated
    params = {"limit": 100, **required(call, ids), **query}
    answer = fake.raw("GET", path_of(call, ids), params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids_of(page: Any) -> list[str]:
    return [one["id"] for one in page["data"]]


@pytest.mark.parametrize("call", LISTS, ids=name_of)
def test_list_turns_forwards_and_backwards(
    populated: tuple[Fake, dict[str, str]], call: Operation
) -> None:
    every = ids_of(ask(populated, call))[:5]
    assert len(every) > 1, call.path

    forwards = [every[0]]
    for _ in every[1:]:
        page = ask(populated, call, limit=1, starting_after=forwards[-1])
        forwards += ids_of(page)
    backwards = [every[-1]]
    for _ in every[1:]:
        page = ask(populated, call, limit=1, ending_before=backwards[-1])
        backwards += ids_of(page)

    assert forwards == every
    assert backwards == every[::-1]
    assert page["has_more"] is False
    assert page["url"] == path_of(call, populated[1])


@pytest.mark.parametrize("call", CREATED, ids=name_of)
def test_list_is_narrowed_by_time(populated: tuple[Fake, dict[str, str]], call: Operation) -> None:
    every = ask(populated, call)["data"]
    newest, oldest = every[0]["created"], every[-1]["created"]

    def times(**query: Any) -> set[int]:
        return {one["created"] for one in ask(populated, call, **query)["data"]}

    assert newest > oldest
    assert times(created=newest) == {newest}
    assert min(times(**{"created[gt]": oldest})) > oldest
    assert max(times(**{"created[lt]": newest})) < newest
    assert times(**{"created[gte]": newest}) == {newest}
    assert oldest in times(**{"created[lte]": oldest})
    assert times(**{"created[gt]": newest}) == set()


@pytest.mark.parametrize("call", METADATA, ids=name_of)
def test_metadata_is_merged_and_unset(
    populated: tuple[Fake, dict[str, str]], call: Operation
) -> None:
    fake, ids = populated
    base = call.path.removesuffix("/{id}")
    (listing,) = [one for one in LISTS if one.path == base]
    path = f"{path_of(listing, ids)}/{ask(populated, listing)['data'][0]['id']}"

    def update(**metadata: str) -> Any:
        answer = fake.raw("POST", path, data=metadata)
        assert answer.status_code == 200, answer.text
        return answer.json()["metadata"]

    update(**{"metadata[a]": "1", "metadata[b]": "2"})
    merged = update(**{"metadata[a]": "", "metadata[c]": "3"})

    assert merged | {"b": "2", "c": "3"} == merged
    assert "a" not in merged
    assert fake.raw("GET", path).json()["metadata"] == merged
    assert update(metadata="") == {}
