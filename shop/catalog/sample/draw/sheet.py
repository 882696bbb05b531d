"""A sheet to draw on: SVG put together from shapes, gradients, blurs and clips."""

from collections.abc import Iterator
from contextlib import contextmanager

Stop = tuple[float, str] | tuple[float, str, float]


class Sheet:
    """One drawing; equal gradients, blurs and clips are written once."""

    def __init__(self, width: int = 1000, height: int = 1000) -> None:
        self.width = width
        self.height = height
        self.shadow = "#2c2a22"
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
        self._draw(f'<path d="{d}"', fill, style)

    def line(self, d: str, paint: str, width: float, **style: float | str) -> None:
        """A stroke with round ends and corners."""
        self._draw(f'<path d="{d}"', "none", {"stroke": paint, "stroke_width": width, **style})

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, fill: str = "none", **style: float | str
    ) -> None:
        place = f'cx="{_short(x)}" cy="{_short(y)}" rx="{_short(rx)}" ry="{_short(ry)}"'
        self._draw(f"<ellipse {place}", fill, style)

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
        self._draw(f"<rect {place} {size}", fill, style)

    @contextmanager
    def group(
        self, transform: str = "", clip: str = "", opacity: float = 1, blur: float = 0
    ) -> Iterator[None]:
        """What is drawn inside is moved, clipped to an outline, faded or blurred as one."""
        attributes = f' transform="{transform}"' if transform else ""
        attributes += f' opacity="{_short(opacity)}"' if opacity < 1 else ""
        attributes += f' filter="{self._blur(blur)}"' if blur else ""
        # The clip stands on a group of its own: it is written in the coordinates of the inside.
        inner = f'<g clip-path="{self._clip(clip)}">' if clip else "<g>"
        self._parts.append(f"<g{attributes}>{inner}")
        yield
        self._parts.append("</g></g>")

    def _draw(self, head: str, fill: str, style: dict[str, float | str]) -> None:
        blur = float(style.pop("blur", 0))
        attributes = f' fill="{fill}"'
        if "stroke" in style:
            style = {"stroke_linecap": "round", "stroke_linejoin": "round", **style}
        for name, value in style.items():
            written = _short(value) if isinstance(value, int | float) else value
            attributes += f' {name.replace("_", "-")}="{written}"'
        if blur:
            attributes += f' filter="{self._blur(blur)}"'
        self._parts.append(f"{head}{attributes}/>")

    def _blur(self, deviation: float) -> str:
        # The region is the whole sheet and a margin: a flat shadow's own box is too thin to blur.
        region = f'x="-300" y="-300" width="{self.width + 600}" height="{self.height + 600}"'
        amount = f'<feGaussianBlur stdDeviation="{_short(deviation)}"/>'
        return self._fill(
            f'<filter id="@" filterUnits="userSpaceOnUse" {region}>{amount}</filter>'
        )

    def _clip(self, d: str) -> str:
        return self._fill(f'<clipPath id="@"><path d="{d}"/></clipPath>')

    def _fill(self, markup: str) -> str:
        name = self._definitions.setdefault(markup, f"d{len(self._definitions)}")
        return f"url(#{name})"


def _stops(stops: tuple[Stop, ...]) -> str:
    return "".join(
        f'<stop offset="{_short(stop[0])}" stop-color="{stop[1]}"'
        + (f' stop-opacity="{_short(stop[2])}"/>' if len(stop) == 3 else "/>")
        for stop in stops
    )


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
