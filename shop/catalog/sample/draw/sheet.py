"""A sheet to draw on: SVG put together from shapes, gradients, blurs and clips."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

Stop = tuple[float, str] | tuple[float, str, float]
Box = tuple[float, float, float, float]


class Sheet:
    """One drawing; equal gradients, blurs and clips are written once."""

    def __init__(self, width: int = 1000, height: int = 1000) -> None:
        self.width = width
        self.height = height
        self.shadow = "#2c2a22"
        # Set once a room is drawn: what is placed in it afterwards brings no wall of its own.
        self.furnished = False
        self._definitions: dict[str, str] = {}
        self._parts: list[str] = []

    def svg(self) -> str:
        definitions = "".join(
            markup.replace("@", name, 1) for markup, name in self._definitions.items()
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}">'
            f"<defs>{definitions}</defs>{''.join(self._parts)}</svg>"
        )

    def linear(self, x1: float, y1: float, x2: float, y2: float, *stops: Stop) -> str:
        """A gradient from one point to another, as a fill."""
        ends = f'x1="{_short(x1)}" y1="{_short(y1)}" x2="{_short(x2)}" y2="{_short(y2)}"'
        head = f'<linearGradient id="@" gradientUnits="userSpaceOnUse" {ends}>'
        return self._fill(f"{head}{_stops(stops)}</linearGradient>")

    def radial(self, x: float, y: float, radius: float, *stops: Stop) -> str:
        """A gradient from a center outward, as a fill."""
        place = f'cx="{_short(x)}" cy="{_short(y)}" r="{_short(radius)}"'
        head = f'<radialGradient id="@" gradientUnits="userSpaceOnUse" {place}>'
        return self._fill(f"{head}{_stops(stops)}</radialGradient>")

    def path(self, d: str, fill: str = "none", **style: float | str) -> None:
        self._draw(f'<path d="{d}"', fill, style, _around(d))

    def line(self, d: str, paint: str, width: float, **style: float | str) -> None:
        """A stroke with round ends and corners."""
        self.path(d, "none", **{"stroke": paint, "stroke_width": width, **style})

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, fill: str = "none", **style: float | str
    ) -> None:
        place = f'cx="{_short(x)}" cy="{_short(y)}" rx="{_short(rx)}" ry="{_short(ry)}"'
        self._draw(f"<ellipse {place}", fill, style, (x - rx, y - ry, x + rx, y + ry))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = "none",
        **style: float | str,
    ) -> None:
        place = f'x="{_short(x)}" y="{_short(y)}"'
        size = f'width="{_short(width)}" height="{_short(height)}"'
        self._draw(f"<rect {place} {size}", fill, style, (x, y, x + width, y + height))

    @contextmanager
    def group(self, transform: str = "", clip: str = "", opacity: float = 1) -> Iterator[None]:
        """What is drawn inside is moved, clipped to an outline or faded as one."""
        attributes = f' transform="{transform}"' if transform else ""
        attributes += f' opacity="{_short(opacity)}"' if opacity < 1 else ""
        # The clip stands on a group of its own: it is written in the coordinates of the inside.
        inner = f'<g clip-path="{self._clip(clip)}">' if clip else "<g>"
        self._parts.append(f"<g{attributes}>{inner}")
        yield
        self._parts.append("</g></g>")

    def _draw(self, head: str, fill: str, style: dict[str, float | str], box: Box) -> None:
        blur = float(style.pop("blur", 0))
        attributes = f' fill="{fill}"'
        if "stroke" in style:
            style = {"stroke_linecap": "round", "stroke_linejoin": "round", **style}
        for name, value in style.items():
            written = _short(value) if isinstance(value, int | float) else value
            attributes += f' {name.replace("_", "-")}="{written}"'
        if blur:
            margin = blur * 3 + float(style.get("stroke_width", 0)) / 2
            attributes += f' filter="{self._blur(blur, box, margin)}"'
        self._parts.append(f"{head}{attributes}/>")

    def _blur(self, deviation: float, box: Box, margin: float) -> str:
        # The region is told: a flat shadow's own box is too thin to blur in, the sheet too slow.
        left, top = round(box[0] - margin), round(box[1] - margin)
        width, height = round(box[2] + margin) - left, round(box[3] + margin) - top
        return self._fill(
            f'<filter id="@" filterUnits="userSpaceOnUse" color-interpolation-filters="sRGB" '
            f'x="{left}" y="{top}" width="{width}" height="{height}">'
            f'<feGaussianBlur stdDeviation="{_short(deviation)}"/></filter>'
        )

    def _clip(self, d: str) -> str:
        return self._fill(f'<clipPath id="@"><path d="{d}"/></clipPath>')

    def _fill(self, markup: str) -> str:
        name = self._definitions.setdefault(markup, f"d{len(self._definitions)}")
        return f"url(#{name})"


Drawing = Callable[[Sheet], None]


class InColor(Protocol):
    """A drawing of a thing that comes in several colors."""

    def __call__(self, sheet: Sheet, color: str) -> None: ...


def _stops(stops: tuple[Stop, ...]) -> str:
    return "".join(
        f'<stop offset="{_short(stop[0])}" stop-color="{stop[1]}"'
        + (f' stop-opacity="{_short(stop[2])}"/>' if len(stop) == 3 else "/>")
        for stop in stops
    )


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _around(d: str) -> Box:
    """The box around a path, by its points and control points: wide enough, seldom tight."""
    x = y = 0.0
    xs, ys = [], []
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command in "hH":
            values = [values[0], 0.0 if command == "h" else y]
        elif command in "vV":
            values = [0.0 if command == "v" else x, values[0]]
        elif command in "aA":
            ys += [y - values[1], y + values[1]]
            values = values[5:]
        start = (x, y) if command.islower() else (0.0, 0.0)
        for place in range(0, len(values) - 1, 2):
            x, y = start[0] + values[place], start[1] + values[place + 1]
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)
