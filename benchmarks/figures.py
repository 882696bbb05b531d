"""Figures and the table that shows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Figure:
    """One line of the table; `beside` says what to compare it with."""

    what: str
    measured: str
    beside: str = ""


def milliseconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    began = perf_counter()
    call()
    return (perf_counter() - began) * 1000


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Sequence[float], *, unit: str = "ms", digits: int = 0) -> str:
    """p50 and the worst, as text."""
    return f"p50 {median(values):.{digits}f} {unit}, worst {max(values):.{digits}f} {unit}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of three columns, each as wide as its longest entry."""
    widths = [
        max(len(getattr(figure, column)) for figure in figures) for column in ("what", "measured")
    ]
    return "\n".join(
        f"{figure.what:<{widths[0]}}  {figure.measured:<{widths[1]}}  {figure.beside}".rstrip()
        for figure in figures
    )
