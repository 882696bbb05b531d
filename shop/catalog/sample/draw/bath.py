"""Things that scrub: brush, sponge, pumice."""

import math

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import (
    plank,
    rope,
    tube,
)
from shop.catalog.sample.draw.lines import (
    Point,
    at,
    oval,
    scattered,
    smooth,
)
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import (
    cast,
    cast_line,
    contact,
    hang,
    stand,
)


def bath_brush(sheet: Sheet) -> None:
    hang(sheet, "bath")
    beech = PAINTS["Beech"]
    with sheet.group(transform="rotate(-42 500 500)"):
        bristles = smooth(
            at(
                "110,520 110,520 96,610 100,640 100,640 240,652 380,640 380,640 384,610 370,520 "
                "370,520"
            ),
            closed=True,
        )
        cast(sheet, bristles, 18)
        sheet.path(bristles, sheet.linear(0, 520, 0, 650, (0, "#a98a58"), (1, "#f0dfb8")))
        with sheet.group(clip=bristles):
            bends = scattered(70, 13)
            for place in range(70):
                x = 100 + place * 4.2
                lean = (x - 240) * 0.06 + bends[place] * 8 - 4
                tone = "#8b6d3f" if place % 3 else "#fbefcf"
                sheet.line(
                    f"M{x:.0f} 516L{x + lean:.0f} {636 + bends[place] * 12:.0f}",
                    tone,
                    2.5,
                    opacity=0.6,
                )
        head = smooth(
            at(
                "70,500 80,470 150,448 240,442 340,450 420,466 560,462 760,456 900,452 940,472 "
                "944,492 920,508 760,504 560,506 440,516 390,536 240,544 100,534"
            ),
            closed=True,
        )
        cast(sheet, head, 20)
        plank(sheet, head, (70, 442, 880, 102), beech, 6)
        with sheet.group(clip=head):
            sheet.path(
                head,
                sheet.linear(
                    0,
                    442,
                    0,
                    544,
                    (0, "#fff8ea", 0.45),
                    (0.4, "#fff8ea", 0),
                    (0.6, "#3a2413", 0),
                    (1, "#3a2413", 0.42),
                ),
            )
        sheet.ellipse(912, 480, 13, 13, "#6d4a26")
        rope(
            sheet,
            at("912,480 960,450 1010,440 1030,480 1000,510 950,500 914,484"),
            15,
            PAINTS["Cotton"],
        )


def sea_sponge(sheet: Sheet) -> None:
    stand(sheet, "bath", 660)
    contact(sheet, 512, 792, 236, 36)
    paint = "#d8a95a"
    wobble = scattered(36, 19)
    edge: list[Point] = []
    for step in range(36):
        angle = step * math.pi / 18
        reach = 0.95 + 0.09 * wobble[step]
        edge.append((500 + 334 * reach * math.cos(angle), 530 + 286 * reach * math.sin(angle)))
    d = smooth(edge, closed=True)
    sheet.path(
        d,
        sheet.radial(
            390,
            400,
            520,
            (0, lit(paint, 0.5)),
            (0.4, paint),
            (0.8, shaded(paint, 0.32)),
            (1, shaded(paint, 0.5)),
        ),
    )
    numbers = scattered(700, 23)
    with sheet.group(clip=d):
        for hole in range(150):
            a, b, c = numbers[hole * 3 : hole * 3 + 3]
            angle, reach = a * 2 * math.pi, math.sqrt(b)
            x, y = 500 + 330 * reach * math.cos(angle), 530 + 282 * reach * math.sin(angle)
            squeeze = 1 - 0.55 * reach**3
            r = 5 + c * 17
            sheet.ellipse(
                x + 2, y + 3, r * squeeze + 2, r * 0.86 + 1, lit(paint, 0.55), opacity=0.55
            )
            sheet.ellipse(x, y, r * squeeze, r * 0.86, shaded(paint, 0.62), opacity=0.82)
            sheet.ellipse(
                x + r * 0.15,
                y + r * 0.25,
                r * squeeze * 0.6,
                r * 0.45,
                shaded(paint, 0.4),
                opacity=0.8,
            )
        sheet.path(
            d,
            sheet.linear(
                300, 250, 720, 820, (0, "#fff8ea", 0.25), (0.4, "#fff8ea", 0), (1, "#0d2733", 0.36)
            ),
        )


def pumice_on_a_rope(sheet: Sheet) -> None:
    hang(sheet, "bath")
    cast_line(sheet, "M500 120V150", 34, 14)
    tube(sheet, "M500 104V140", 38, PAINTS["Oak"], 0.5)
    sheet.ellipse(500, 102, 30, 30, PAINTS["Oak"])
    sheet.ellipse(492, 94, 10, 10, lit(PAINTS["Oak"], 0.6))
    left = at("500,500 440,400 410,280 440,180 498,136")
    right = at("500,500 560,400 590,280 560,180 502,136")
    for side in (left, right):
        cast_line(sheet, smooth(side), 24, 14)
        rope(sheet, side, 26, "#f0e9da")
    stone = smooth(
        at(
            "500,440 590,452 660,520 684,640 660,770 590,862 500,886 410,866 340,776 "
            "318,640 342,520 412,452"
        ),
        closed=True,
    )
    paint = "#8f9694"
    cast(sheet, stone, 26)
    sheet.path(
        stone,
        sheet.radial(430, 560, 430, (0, lit(paint, 0.5)), (0.45, paint), (1, shaded(paint, 0.5))),
    )
    numbers = scattered(600, 61)
    with sheet.group(clip=stone):
        for hole in range(120):
            a, b, c = numbers[hole * 3 : hole * 3 + 3]
            x, y, r = 320 + a * 364, 440 + b * 446, 3 + c * 10
            sheet.ellipse(x + 1.5, y + 2.5, r + 1, r * 0.8 + 1, lit(paint, 0.6), opacity=0.5)
            sheet.ellipse(x, y, r, r * 0.8, shaded(paint, 0.55), opacity=0.7)
    sheet.ellipse(500, 484, 30, 18, shaded(paint, 0.7))
    rope(sheet, [(500, 484), (496, 440), (500, 400)], 30, "#f0e9da")
    knot = oval(500, 404, 34, 30)
    cast(sheet, knot, 5)
    sheet.path(knot, sheet.radial(490, 394, 44, (0, "#fffaf0"), (1, "#b9ae97")))
    sheet.line(
        "M474 394C490 410 512 410 528 396M476 412C494 424 510 424 524 412",
        "#8f8570",
        4,
        opacity=0.7,
    )
