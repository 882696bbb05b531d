"""What a discount takes off: whole amounts that can be charged, to the last unit."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shop.money import CURRENCIES, step
from shop.orders.discounts.arithmetic import Line, amount_of, bundles_of, share_of

currencies = st.sampled_from(sorted(CURRENCIES))
prices = st.lists(
    st.tuples(st.integers(0, 10**9), st.integers(1, 999), st.integers(1, 3)), max_size=12
)


def lines_of(currency: str, prices: list[tuple[int, int, int]]) -> list[Line]:
    """Lines of (steps a unit costs, quantity, product)."""
    return [
        Line(key, product, 1, steps * step(currency), quantity, False, False, False)
        for key, (steps, quantity, product) in enumerate(prices)
    ]


def thing(key: int, amount: int, quantity: int = 1, product: int = 1) -> Line:
    return Line(key, product, 1, amount, quantity, False, False, False)


@given(currencies, prices, st.decimals(Decimal("0.01"), 100, places=2))
def test_a_share_is_within_each_line_and_can_be_charged(
    currency: str, prices: list[tuple[int, int, int]], percentage: Decimal
) -> None:
    lines = lines_of(currency, prices)

    off = share_of(lines, percentage, currency)

    for line in lines:
        exact = line.amount * percentage / 100
        assert abs(off[line.key] - exact) * 2 <= step(currency)
        assert 0 <= off[line.key] <= line.amount
        assert off[line.key] % step(currency) == 0


@given(currencies, prices, st.integers(1, 10**12))
def test_an_amount_is_taken_off_to_the_last_unit_and_no_line_gives_more_than_it_costs(
    currency: str, prices: list[tuple[int, int, int]], steps: int
) -> None:
    lines, amount = lines_of(currency, prices), steps * step(currency)

    off = amount_of(lines, amount, currency)

    assert sum(off.values()) == min(amount, sum(line.amount for line in lines))
    assert all(0 <= off[line.key] <= line.amount for line in lines)
    assert all(part % step(currency) == 0 for part in off.values())


def test_an_amount_is_shared_by_what_each_line_costs() -> None:
    assert amount_of([thing(1, 1000), thing(2, 500)], 100, "eur") == {1: 67, 2: 33}


@given(prices, st.integers(2, 5), st.data())
def test_of_a_bundle_the_cheapest_are_free(
    prices: list[tuple[int, int, int]], of: int, data: st.DataObject
) -> None:
    price = data.draw(st.integers(1, of - 1))
    lines = lines_of("eur", [(steps, min(count, 20), product) for steps, count, product in prices])

    off = bundles_of(lines, of, price)

    for product in {line.product for line in lines}:
        units = sorted(
            (
                line.unit_amount
                for line in lines
                if line.product == product
                for _ in range(line.quantity)
            ),
            reverse=True,
        )
        free = [
            amount for place, amount in enumerate(units) if _is_free(place, len(units), of, price)
        ]
        assert sum(free) == sum(off.get(line.key, 0) for line in lines if line.product == product)
    assert all(off.get(line.key, 0) <= line.amount for line in lines)


def _is_free(place: int, units: int, of: int, price: int) -> bool:
    return place < units // of * of and place % of >= price


def test_three_for_the_price_of_two_counts_each_product_by_itself() -> None:
    lines = [thing(1, 1000, 2), thing(2, 800, 1), thing(3, 500, 2, product=2)]

    assert bundles_of(lines, 3, 2) == {2: 800}
