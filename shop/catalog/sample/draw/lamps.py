"""Things with a bulb: pendant and table lamp."""

import math

from shop.catalog.sample.draw.color import PAINTS
from shop.catalog.sample.draw.forms import (
    rope,
    tube,
    turned,
)
from shop.catalog.sample.draw.lines import (
    Point,
    at,
    oval,
    smooth,
)
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import (
    contact,
    glow,
    stand,
)


def glass_float_pendant(sheet: Sheet) -> None:
    stand(sheet, "light", 880)
    x, y, r = 500, 560, 268
    sheet.ellipse(x, 940, 330, 30, "#ffd27c", opacity=0.3, blur=26)
    glow(sheet, x, y, 620, 0.5)
    sheet.line("M500 -10L500 190", "#0d1b22", 10)
    sheet.line("M498 -10L498 190", "#8b7a5c", 3, opacity=0.8)
    glass = sheet.radial(
        470,
        530,
        300,
        (0, "#fff4cf"),
        (0.22, "#f0dfa0"),
        (0.55, "#8fc0a2"),
        (0.85, "#3f8577"),
        (1, "#27605c"),
    )
    sheet.ellipse(x, y, r, r, glass)
    sheet.ellipse(x, y + 10, 58, 76, "#fffbe8", opacity=0.95, blur=16)
    d = oval(x, y, r, r)
    with sheet.group(clip=d):
        sheet.ellipse(390, 430, 74, 44, "#ffffff", opacity=0.6, blur=16)
        sheet.line("M700 700C650 780 580 812 500 812", "#d9fff0", 12, opacity=0.4, blur=6)
    _net(sheet, x, y, r)
    turned(sheet, x, at("190,30 204,44 250,50 300,66"), "#3d3a35", gloss=0.6)
    rope(sheet, at("434,312 470,326 530,326 566,312"), 17, "#8b7550")


def _net(sheet: Sheet, x: float, y: float, r: float) -> None:
    """Cords that spiral both ways over a ball make the diamonds of a net."""
    lines = []
    for turn in range(12):
        for way in (-1, 1):
            points: list[Point] = []
            for step in range(25):
                down = -1.32 + step * 0.1125
                around = turn * math.pi / 6 + way * step * 0.085
                if math.cos(around) > -0.02:
                    points.append(
                        (x + r * math.cos(down) * math.sin(around), y + r * math.sin(down))
                    )
                elif len(points) > 1:
                    lines.append(smooth(points))
                    points = []
                else:
                    points = []
            if len(points) > 1:
                lines.append(smooth(points))
    sheet.line("".join(lines), "#1d2420", 8, opacity=0.85)
    sheet.line("".join(lines), "#9a8358", 4, opacity=0.9)


def beacon_lamp(sheet: Sheet) -> None:
    stand(sheet, "light", 690)
    glow(sheet, 490, 330, 640, 0.5)
    contact(sheet, 490, 872, 120, 24)
    sheet.ellipse(490, 880, 300, 40, "#ffd796", opacity=0.25, blur=24)
    tube(sheet, "M590 868C700 880 780 850 1010 900", 8, "#8b7a5c", 0.2)
    turned(sheet, 490, [(508, 20), (560, 20)], PAINTS["Brass"], gloss=0.8)
    profile = at("552,26 580,44 640,94 720,138 800,142 850,122 872,112")
    turned(sheet, 490, profile, "#dcd0ba", gloss=0.45, bands=[(716, 930, "#b0543a")])
    shade = smooth(
        at(
            "350,176 350,176 490,152 630,176 630,176 690,350 742,520 742,520 620,556 "
            "490,564 360,556 238,520 238,520 290,350"
        ),
        closed=True,
    )
    sheet.path(
        shade,
        sheet.linear(
            238,
            0,
            742,
            0,
            (0, "#d8ab6c"),
            (0.2, "#f2d49a"),
            (0.5, "#fff0c8"),
            (0.8, "#edc98a"),
            (1, "#bf8d50"),
        ),
    )
    with sheet.group(clip=shade):
        sheet.ellipse(490, 400, 190, 170, "#fffbe6", opacity=0.6, blur=50)
        for place in range(1, 16):
            sheet.line(
                f"M0 {150 + place * 27}C300 {190 + place * 27} 680 {190 + place * 27} 1000 "
                f"{150 + place * 27}",
                "#b98a4a",
                2,
                opacity=0.16,
            )
        sheet.line("M238 520C360 566 620 566 742 520", "#a87b3d", 18, opacity=0.7)
        sheet.line("M350 178C420 206 560 206 630 178", "#a87b3d", 12, opacity=0.7)
    sheet.ellipse(490, 176, 140, 22, "#fff3cf", opacity=0.9)
    sheet.ellipse(490, 178, 122, 16, "#fffdf2", opacity=0.95)
