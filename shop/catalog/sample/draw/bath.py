"""Things for the bath: soap, dish, brush, sponge, salts, balm, pumice."""

import math

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import (
    outline,
    plank,
    rope,
    round_light,
    tube,
    turned,
)
from shop.catalog.sample.draw.lines import Point, at, oval, polygon, rounded, scattered, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, cast_line, contact, hang, stand


def kelp_soap(sheet: Sheet) -> None:
    stand(sheet, "bath", 560)
    _bar(sheet, 250, 360, 0.92, banded=False)
    _bar(sheet, 130, 560, 1.08, banded=True)


def _bar(sheet: Sheet, x: float, y: float, size: float, *, banded: bool) -> None:
    """A bar of soap seen a little from above; (x, y) is the left end of its top face."""
    paint = "#8fa36f"
    with sheet.group(transform=f"translate({x} {y}) scale({size})"):
        sheet.ellipse(330, 236, 360, 40, sheet.shadow, opacity=0.4, blur=18)
        sheet.ellipse(290, 232, 280, 20, sheet.shadow, opacity=0.5, blur=6)
        front = rounded(0, 20, 580, 218, 44)
        sheet.path(
            front,
            sheet.linear(
                0, 60, 0, 238, (0, lit(paint, 0.1)), (0.5, paint), (1, shaded(paint, 0.4))
            ),
        )
        top = smooth(
            at(
                "2,70 10,40 70,-30 110,-42 300,-44 480,-42 520,-30 572,40 578,70 540,84 290,88 "
                "40,84"
            ),
            closed=True,
        )
        sheet.path(
            top, sheet.linear(60, -40, 520, 90, (0, lit(paint, 0.55)), (1, lit(paint, 0.15)))
        )
        for outline_, seed, count in ((front, 5, 46), (top, 9, 40)):
            numbers = scattered(count * 3, seed)
            with sheet.group(clip=outline_):
                for dot in range(count):
                    a, b, c = numbers[dot * 3 : dot * 3 + 3]
                    sheet.ellipse(
                        a * 580, -40 + b * 280, 2 + c * 5, 2 + c * 3, "#3f4d2b", opacity=0.55
                    )
        with sheet.group(clip=front):
            sheet.path(
                front,
                sheet.linear(
                    0,
                    0,
                    580,
                    0,
                    (0, "#fff8ea", 0.2),
                    (0.3, "#fff8ea", 0),
                    (0.7, "#0d2733", 0),
                    (1, "#0d2733", 0.3),
                ),
            )
        sheet.line("M16 66C100 84 480 84 562 66", lit(paint, 0.7), 7, opacity=0.5, blur=3)
        if banded:
            _paper(sheet)
        else:
            frond = at("250,50 290,22 330,10 370,-16")
            sheet.line(smooth(frond), shaded(paint, 0.35), 5, opacity=0.7)
            for x, side in ((280, -1), (310, 1), (340, -1)):
                leaf = f"M{x} {30 - (x - 280) * 0.4:.0f}q{24} {-22 * side - 6} {46} {-14 * side}"
                sheet.line(leaf, shaded(paint, 0.35), 8, opacity=0.6)


def _paper(sheet: Sheet) -> None:
    paper = "#f1e9d6"
    sheet.path(
        "M170 86L196 -44H388L410 86Z", sheet.linear(0, -44, 0, 86, (0, "#fffcf2"), (1, paper))
    )
    sheet.path(
        "M170 86H410V240H170Z", sheet.linear(170, 0, 410, 0, (0, paper), (1, shaded(paper, 0.16)))
    )
    sheet.path(
        "M170 200H410V240H170Z",
        sheet.linear(0, 190, 0, 240, (0, "#0d2733", 0), (1, "#0d2733", 0.25)),
    )
    sheet.line("M170 104H410M170 222H410", "#23485a", 5)
    for shift in (-24, 0, 24):
        frond: list[Point] = [
            (290 + shift * 0.3, 196),
            (286 + shift * 0.8, 170),
            (294 + shift, 146),
            (288 + shift * 1.4, 122),
        ]
        sheet.line(smooth(frond), "#4b5f38", 7)
    sheet.line("M262 202C276 194 304 194 318 202", "#4b5f38", 7)


def ripple_soap_dish(sheet: Sheet) -> None:
    stand(sheet, "bath", 470)
    glaze = "#8db8a8"
    sheet.ellipse(540, 700, 380, 120, sheet.shadow, opacity=0.35, blur=24)
    sheet.ellipse(500, 700, 320, 80, sheet.shadow, opacity=0.5, blur=8)
    sheet.ellipse(500, 648, 390, 168, shaded(glaze, 0.4))
    sheet.ellipse(500, 622, 394, 170, sheet.linear(110, 0, 890, 0, *round_light(glaze, 0.6)))
    sheet.ellipse(500, 606, 394, 168, lit(glaze, 0.45))
    floor = oval(500, 610, 360, 146)
    sheet.path(
        floor,
        sheet.linear(
            140, 480, 860, 740, (0, shaded(glaze, 0.42)), (0.5, glaze), (1, lit(glaze, 0.3))
        ),
    )
    with sheet.group(clip=floor):
        for place in range(-6, 7):
            x = 500 + place * 54
            reach = math.sqrt(max(0, 1 - (place * 54 / 360) ** 2)) * 116
            d = f"M{x} {612 - reach:.0f}V{612 + reach:.0f}"
            with sheet.group(transform="translate(11 6)"):
                sheet.line(d, shaded(glaze, 0.55), 18, opacity=0.45, blur=5)
            sheet.line(d, lit(glaze, 0.25), 20)
            with sheet.group(transform="translate(-5 -3)"):
                sheet.line(d, "#ffffff", 6, opacity=0.5, blur=2)
    _white_soap(sheet)


def _white_soap(sheet: Sheet) -> None:
    soap = "#f7efdf"
    sheet.ellipse(524, 640, 200, 52, "#0d2733", opacity=0.4, blur=14)
    side = "M306 552V596A194 80 0 0 0 694 596V552Z"
    sheet.path(
        side,
        sheet.linear(
            306,
            0,
            694,
            0,
            (0, shaded(soap, 0.08)),
            (0.25, soap),
            (0.6, shaded(soap, 0.12)),
            (1, shaded(soap, 0.34)),
        ),
    )
    sheet.ellipse(
        500, 552, 194, 80, sheet.linear(306, 480, 694, 630, (0, "#fffdf6"), (1, shaded(soap, 0.08)))
    )
    sheet.ellipse(500, 552, 152, 58, stroke=shaded(soap, 0.2), stroke_width=4, opacity=0.7)
    frond = at("430,572 480,556 520,566 572,546")
    sheet.line(smooth(frond), shaded(soap, 0.28), 7, opacity=0.7)
    sheet.ellipse(430, 524, 60, 14, "#ffffff", opacity=0.8, blur=6)


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
