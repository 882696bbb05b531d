"""Soap and what it lies on."""

import math

from shop.catalog.sample.draw.color import lit, shaded
from shop.catalog.sample.draw.forms import (
    round_light,
)
from shop.catalog.sample.draw.lines import (
    Point,
    at,
    oval,
    rounded,
    scattered,
    smooth,
)
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import (
    stand,
)


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
