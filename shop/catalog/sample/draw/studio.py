"""The studio: walls, surfaces, the light of one window at the left, and what throws a shadow."""

from shop.catalog.sample.draw.color import lit, mix, shaded
from shop.catalog.sample.draw.lines import polygon, smooth
from shop.catalog.sample.draw.sheet import Sheet

# Wall and surface of each category: one shelf of the shop is one room.
ROOMS = {
    "table": ("#ece3d3", "#d8c5a8"),
    "kitchen": ("#dfcda9", "#c6a87c"),
    "textiles": ("#e6d9c9", "#cbb498"),
    "light": ("#20414e", "#17323d"),
    "carry": ("#ccd3b8", "#b5bd9b"),
    "outdoors": ("#c9d6d8", "#b0c2c4"),
    "wear": ("#e5c9b4", "#d4b096"),
    "bath": ("#c4dcd2", "#a9cabd"),
}
HORIZON = 640


def stand(sheet: Sheet, room: str, horizon: float = HORIZON) -> None:
    """A wall and a surface to stand things on."""
    if sheet.furnished:
        return
    wall, surface = ROOMS[room]
    hang(sheet, room)
    width, height = sheet.width, sheet.height
    ground = sheet.linear(
        0, horizon, width * 0.2, height, (0, shaded(surface, 0.05)), (1, lit(surface, 0.2))
    )
    sheet.box(0, horizon, width, height - horizon, ground)
    sheet.box(0, horizon - 5, width, 10, shaded(mix(wall, surface, 0.5), 0.22), opacity=0.5, blur=5)
    sheet.box(0, horizon, width, 4, lit(surface, 0.45), opacity=0.55)
    glow = sheet.radial(
        width * 0.22, height * 0.95, width * 0.6, (0, "#fff6e0", 0.35), (1, "#fff6e0", 0)
    )
    sheet.box(0, horizon, width, height - horizon, glow)


def hang(sheet: Sheet, room: str) -> None:
    """A wall alone, to hang or to lay things on."""
    if sheet.furnished:
        return
    wall, _ = ROOMS[room]
    width, height = sheet.width, sheet.height
    sheet.shadow = shaded(wall, 0.82)
    strength = 0.35 if room != "light" else 0.1
    light = sheet.radial(
        width * 0.25,
        height * 0.18,
        width * 1.05,
        (0, lit(wall, strength)),
        (0.55, wall),
        (1, shaded(wall, 0.14)),
    )
    sheet.box(0, 0, width, height, light)
    _window(sheet, strength * 1.5)


def _window(sheet: Sheet, strength: float) -> None:
    """Four panes of low sun on the wall."""
    with sheet.group(transform=f"scale({sheet.width / 1000:.3f} {sheet.height / 1000:.3f})"):
        for column in range(2):
            for row in range(2):
                x = 400 + column * 190 + row * 72
                y = 40 + row * 240 + column * 22
                pane = polygon((x, y), (x + 168, y + 20), (x + 236, y + 246), (x + 68, y + 226))
                sheet.path(pane, "#fff6e0", opacity=strength * 0.62, blur=11)


def contact(sheet: Sheet, x: float, y: float, rx: float, ry: float = 0, dark: float = 1) -> None:
    """The shadow under a thing that stands: soft to the right, tight at its foot."""
    ry = ry or rx * 0.2
    sheet.ellipse(
        x + rx * 0.5, y + ry * 0.1, rx * 1.25, ry * 1.05, sheet.shadow, opacity=0.22 * dark, blur=20
    )
    sheet.ellipse(
        x + rx * 0.16, y + ry * 0.1, rx * 1.0, ry * 0.95, sheet.shadow, opacity=0.34 * dark, blur=8
    )
    sheet.ellipse(x + rx * 0.02, y, rx * 0.96, ry * 0.85, sheet.shadow, opacity=0.42 * dark, blur=3)


def cast(sheet: Sheet, d: str, lift: float = 12, dark: float = 1) -> None:
    """The shadow of a thing that lies on the ground or hangs at the wall, by its outline."""
    with sheet.group(transform=f"translate({lift * 1.5:.1f} {lift * 1.7:.1f})"):
        sheet.path(d, sheet.shadow, opacity=0.24 * dark, blur=lift * 1.3)
    with sheet.group(transform=f"translate({lift * 0.4:.1f} {lift * 0.5:.1f})"):
        sheet.path(d, sheet.shadow, opacity=0.36 * dark, blur=lift * 0.35)


def cast_line(sheet: Sheet, d: str, width: float, lift: float = 10, dark: float = 1) -> None:
    """The same for a line."""
    with sheet.group(transform=f"translate({lift:.1f} {lift * 1.2:.1f})"):
        sheet.line(d, sheet.shadow, width, opacity=0.3 * dark, blur=max(lift * 0.6, 2))


def glow(sheet: Sheet, x: float, y: float, radius: float, strength: float = 0.8) -> None:
    """The light around a flame or a bulb."""
    warm = sheet.radial(
        x,
        y,
        radius,
        (0, "#ffe2a0", strength),
        (0.25, "#ffc76a", strength * 0.45),
        (0.6, "#f2a24a", strength * 0.13),
        (1, "#f2a24a", 0),
    )
    sheet.ellipse(x, y, radius, radius, warm)


def flame(sheet: Sheet, x: float, y: float, height: float) -> None:
    """A calm flame that stands on its foot (x, y)."""
    glow(sheet, x, y - height * 0.5, height * 3.4)
    w = height * 0.26
    outer = [(x, y), (x - w, y - height * 0.3), (x - w * 0.45, y - height * 0.68)]
    outer += [(x, y - height), (x, y - height), (x + w * 0.5, y - height * 0.66)]
    outer += [(x + w, y - height * 0.3)]
    fill = sheet.linear(x, y - height, x, y, (0, "#ffcf6b"), (0.6, "#ffe9ae"), (1, "#f0a23c"))
    sheet.path(smooth(outer, closed=True), fill)
    sheet.ellipse(x, y - height * 0.3, w * 0.45, height * 0.24, "#fffbe9", opacity=0.95, blur=2)
