"""Sizes stand in their order wherever they are read. Check S-3."""

import pytest

from shop.catalog.sizes import in_order, is_for_sizes, size_key


@pytest.mark.parametrize(
    "in_their_order",
    [
        ["2XS", "XS", "S", "M", "L", "XL", "XXL", "3XL", "10XL"],
        ["Extra Small", "Small", "Medium", "Large", "X-Large", "XX-Large"],
        ["S", "S/M", "M", "M/L", "L"],
        ["36", "36.5", "37 1/3", "38", "100"],
        ["9 cm", "21 cm", "1 m", "1,5 m"],
        ["50 ml", "100 ml", "0.5 L", "0,75 l", "1 l"],
        ["36-40", "41-45"],
        ["500 g", "1 kg", "2.5 kg"],
        ["64 GB", "256 GB", "1 TB"],
    ],
)
def test_sizes_sort_from_small_to_large(in_their_order: list[str]) -> None:
    # S-3
    shuffled = [*in_their_order[1::2], *reversed(in_their_order[::2])]

    assert in_order(shuffled) == in_their_order
    assert sorted(shuffled, key=size_key) == in_their_order


def test_what_is_no_size_stays_as_the_shop_has_it() -> None:
    # S-3
    for values in (["Sand", "Ink", "Fog"], ["Small", "Round"], ["Hand", "Bath"], []):
        assert in_order(values) == values


@pytest.mark.parametrize(
    "odd", ["", " ", "x", "xxx", "/", "s/", "9" * 400, "1 1/0", "٣", "XS\x00", "½", "-"]
)
def test_odd_words_sort_too(odd: str) -> None:
    assert sorted(in_order([odd, "M", "10 cm", "Sand"]), key=size_key)


@pytest.mark.parametrize(
    ("name", "values", "answer"),
    [
        ("Size", ["38", "39"], True),
        ("EU-Größe", ["38", "39"], True),
        ("Version", ["S", "M"], True),
        ("Color", ["Sand", "Ink"], False),
        ("Length", ["10 m", "20 m"], False),
        ("Sizeless", ["a"], False),
        ("", [], False),
    ],
)
def test_an_option_for_sizes_is_known(name: str, values: list[str], answer: bool) -> None:
    assert is_for_sizes(name, values) is answer
