"""Jars and tins for the bath: salts and balm."""

import math

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import (
    outline,
    tube,
    turned,
)
from shop.catalog.sample.draw.lines import (
    Point,
    at,
    polygon,
    scattered,
    smooth,
)
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import (
    contact,
    stand,
)


def foreshore_bath_salts(sheet: Sheet) -> None:
    stand(sheet, "bath", 680)
    contact(sheet, 450, 862, 222, 40)
    profile = at("330,150 372,152 420,190 480,226 540,232 810,232 848,224 862,212")
    d = outline(450, profile)
    sheet.path(
        d,
        sheet.linear(
            218,
            0,
            682,
            0,
            (0, "#b5cfc8", 0.8),
            (0.12, "#e6f1ec", 0.3),
            (0.5, "#eef7f2", 0.2),
            (0.88, "#a9c6be", 0.35),
            (1, "#7ba198", 0.8),
        ),
    )
    salt = outline(450, at("500,214 560,220 806,220 838,214 850,202"))
    sheet.path(
        salt,
        sheet.linear(
            230, 0, 670, 0, (0, "#d5d3ca"), (0.3, "#fffdf6"), (0.6, "#efebe0"), (1, "#b9b8ae")
        ),
    )
    numbers = scattered(600, 37)
    with sheet.group(clip=salt):
        for grain in range(150):
            a, b, c = numbers[grain * 3 : grain * 3 + 3]
            x, y = 230 + a * 440, 480 + b * 400
            tone = (
                ("#c9c6bb", "#ffffff", "#bdb9ad", "#6b7d4a")[0 if grain % 7 else 3]
                if grain % 3
                else "#ffffff"
            )
            sheet.box(
                x,
                y,
                6 + c * 8,
                6 + c * 6,
                tone,
                opacity=0.75,
                transform=f"rotate({a * 90:.0f} {x:.0f} {y:.0f})",
            )
    sheet.ellipse(450, 502, 212, 36, "#f7f3e8")
    label = "M300 610A232 44 0 0 0 600 610V760A232 44 0 0 1 300 760Z"
    sheet.path(
        label, sheet.linear(300, 0, 600, 0, (0, "#fbf4e2"), (0.6, "#efe4ca"), (1, "#cfc1a1"))
    )
    sheet.line("M316 634A220 36 0 0 0 584 634M316 744A220 36 0 0 0 584 744", "#23485a", 4)
    for shift in (-22, 0, 22):
        frond: list[Point] = [
            (450 + shift * 0.3, 738),
            (446 + shift, 712),
            (454 + shift * 1.1, 690),
            (448 + shift * 1.4, 668),
        ]
        sheet.line(smooth(frond), "#4b5f38", 7)
    with sheet.group(clip=d):
        sheet.line("M262 500C250 600 250 700 258 820", "#ffffff", 20, opacity=0.6, blur=5)
        sheet.line("M654 520V800", "#ffffff", 7, opacity=0.45, blur=2)
    cork = turned(sheet, 450, [(232, 158), (320, 150), (368, 140)], "#cba673", gloss=0.15)
    with sheet.group(clip=cork):
        for dot in range(34):
            sheet.ellipse(
                300 + numbers[dot] * 300,
                240 + numbers[dot + 40] * 130,
                6,
                3.5,
                "#7d5a35",
                opacity=0.55,
            )
    sheet.ellipse(450, 232, 158, 30, "#e3c497")
    sheet.path(d, stroke="#eaf5f1", stroke_width=4, opacity=0.55)
    _scoop(sheet)


def _scoop(sheet: Sheet) -> None:
    paint = PAINTS["Olive Wood"]
    sheet.ellipse(780, 890, 150, 20, sheet.shadow, opacity=0.45, blur=9)
    tube(sheet, "M800 852L910 800", 26, paint, 0.4)
    bowl = smooth(
        at("664,850 664,850 676,890 740,908 800,892 826,850 826,850 740,836"),
        closed=True,
    )
    sheet.path(
        bowl,
        sheet.linear(0, 840, 0, 908, (0, lit(paint, 0.2)), (0.5, paint), (1, shaded(paint, 0.45))),
    )
    sheet.ellipse(745, 848, 82, 20, shaded(paint, 0.35))
    heap = smooth(at("676,848 700,824 745,812 790,824 814,848 745,862"), closed=True)
    sheet.path(heap, sheet.linear(676, 812, 814, 860, (0, "#ffffff"), (1, "#cfcabc")))


def night_watch_balm(sheet: Sheet) -> None:
    stand(sheet, "bath", 600)
    tin, blue, balm = PAINTS["Steel"], "#1f4557", "#e9bf5e"
    sheet.ellipse(720, 690, 260, 34, sheet.shadow, opacity=0.35, blur=16)
    sheet.ellipse(668, 452, 246, 240, sheet.shadow, opacity=0.28, blur=20)
    sheet.ellipse(662, 448, 246, 248, shaded(tin, 0.35))
    sheet.ellipse(640, 444, 246, 248, lit(tin, 0.3))
    sheet.ellipse(
        638,
        444,
        236,
        238,
        sheet.linear(
            440, 240, 840, 660, (0, lit(blue, 0.32)), (0.45, blue), (1, shaded(blue, 0.4))
        ),
    )
    sheet.ellipse(638, 444, 204, 206, stroke="#e8d9b0", stroke_width=4, opacity=0.85)
    star = []
    for point in range(16):
        reach = 84 if point % 4 == 0 else 46 if point % 2 == 0 else 18
        angle = point * math.pi / 8 - math.pi / 2
        star.append((638 + reach * math.cos(angle), 420 + reach * math.sin(angle)))
    sheet.path(polygon(*star), "#e8d9b0")
    for row in range(3):
        y = 532 + row * 24
        wave: list[Point] = [(540 + step * 28, y + (7 if step % 2 else -7)) for step in range(8)]
        sheet.line(smooth(wave), "#e8d9b0", 5, opacity=0.9)
    sheet.line("M440 400C460 300 540 240 620 230", "#ffffff", 12, opacity=0.4, blur=5)
    contact(sheet, 400, 812, 270, 54)
    turned(sheet, 400, [(690, 272), (800, 272), (812, 266)], tin, gloss=0.9)
    sheet.ellipse(400, 690, 272, 74, lit(tin, 0.55))
    sheet.ellipse(400, 692, 258, 68, shaded(tin, 0.3))
    sheet.ellipse(
        400,
        700,
        254,
        62,
        sheet.linear(
            150, 640, 650, 760, (0, lit(balm, 0.1)), (0.5, lit(balm, 0.35)), (1, shaded(balm, 0.1))
        ),
    )
    swirl = at("290,706 340,676 440,672 500,694 470,724 390,728 360,706 410,694")
    with sheet.group(transform="translate(4 7)"):
        sheet.line(smooth(swirl), shaded(balm, 0.4), 12, opacity=0.4, blur=4)
    sheet.line(smooth(swirl), lit(balm, 0.65), 11, opacity=0.8, blur=2)
