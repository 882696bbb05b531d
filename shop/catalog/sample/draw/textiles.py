"""Woven things for the room: blanket, cushion, throw."""

import math

from shop.catalog.sample.draw.color import PAINTS, lit, mix, shaded
from shop.catalog.sample.draw.forms import (
    plank,
    tube,
)
from shop.catalog.sample.draw.lines import (
    Point,
    at,
    polygon,
    rounded,
    scattered,
    smooth,
)
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import (
    cast,
    cast_line,
    stand,
)
from shop.catalog.sample.draw.weave import herringbone


def headland_blanket(sheet: Sheet, color: str) -> None:
    stand(sheet, "textiles", 600)
    paint = PAINTS[color]
    sheet.ellipse(560, 812, 390, 40, sheet.shadow, opacity=0.4, blur=18)
    sheet.ellipse(500, 800, 330, 20, sheet.shadow, opacity=0.5, blur=6)
    for level in range(4):
        _layer(sheet, 160 + level * 4, 716 - level * 92, 680 - level * 8, 98, paint, level)
    top = smooth(
        at(
            "176,442 186,400 222,352 222,352 500,346 786,352 786,352 822,400 832,442 "
            "832,442 500,452 176,442"
        ),
        closed=True,
    )
    sheet.path(top, sheet.linear(200, 340, 800, 460, (0, lit(paint, 0.42)), (1, lit(paint, 0.05))))
    with sheet.group(clip=top):
        herringbone(sheet, 170, 340, 680, 116, paint)
    stripe = lit(paint, 0.65) if color != "Fog" else lit(paint, 0.75)
    _stripes_and_fringe(sheet, paint, stripe)


def _layer(
    sheet: Sheet, x: float, y: float, width: float, height: float, paint: str, level: int
) -> None:
    """One fold of a stack: a soft bar whose one end is closed."""
    bulge = 12 if level % 2 else -12
    d = smooth(
        [
            (x + 30, y + 2),
            (x + width / 2, y - 4),
            (x + width - 30, y + 2),
            (x + width + bulge / 2, y + height / 2),
            (x + width - 30, y + height),
            (x + width / 2, y + height + 4),
            (x + 30, y + height),
            (x - bulge / 2, y + height / 2),
        ],
        closed=True,
    )
    sheet.path(
        d,
        sheet.linear(
            0,
            y,
            0,
            y + height,
            (0, lit(paint, 0.22)),
            (0.3, paint),
            (0.75, shaded(paint, 0.22)),
            (1, shaded(paint, 0.5)),
        ),
    )
    with sheet.group(clip=d):
        herringbone(sheet, x - 20, y, width + 40, height, paint)
        side = sheet.linear(
            x,
            0,
            x + width,
            0,
            (0, "#fff8ea", 0.16),
            (0.3, "#fff8ea", 0),
            (0.7, "#0d2733", 0),
            (1, "#0d2733", 0.34),
        )
        sheet.path(d, side)
    sheet.line(
        f"M{x + 40} {y + height / 2:.0f}H{x + width - 40}",
        shaded(paint, 0.5),
        4,
        opacity=0.28,
        blur=2,
    )


def _stripes_and_fringe(sheet: Sheet, paint: str, stripe: str) -> None:
    """The top fold hangs over the front of the stack with its striped, fringed end."""
    flap = smooth(
        at(
            "300,440 300,440 500,447 700,440 700,440 706,560 704,690 704,690 500,700 "
            "296,690 296,690 294,560"
        ),
        closed=True,
    )
    threads = scattered(40, 31)
    for place in range(40):
        x = 301 + place * 10.2
        d = f"M{x:.0f} 684C{x - 3:.0f} 710 {x + 5:.0f} 720 {x + threads[place] * 10 - 5:.0f} 748"
        cast_line(sheet, d, 5, 5, 0.6)
        sheet.line(d, lit(paint, 0.3 if place % 2 else 0.05), 5.5)
    cast(sheet, flap, 9)
    sheet.path(
        flap,
        sheet.linear(
            290,
            440,
            710,
            690,
            (0, lit(paint, 0.3)),
            (0.5, lit(paint, 0.05)),
            (1, shaded(paint, 0.16)),
        ),
    )
    with sheet.group(clip=flap):
        for y, height in ((560, 26), (610, 26)):
            sheet.path(
                f"M280 {y}C400 {y + 8} 600 {y + 8} 720 {y}V{y + height}C600 {y + height + 8} 400 "
                f"{y + height + 8} 280 {y + height}Z",
                stripe,
                opacity=0.9,
            )
        herringbone(sheet, 285, 440, 430, 260, paint)
        sheet.path(flap, sheet.linear(0, 436, 0, 520, (0, "#fff8ea", 0.3), (1, "#fff8ea", 0)))
        sheet.line(
            "M420 470C414 560 424 620 418 700", shaded(paint, 0.5), 20, opacity=0.18, blur=10
        )
        sheet.line(
            "M600 470C606 560 596 620 604 700", shaded(paint, 0.5), 20, opacity=0.18, blur=10
        )


def dune_cushion(sheet: Sheet, color: str) -> None:
    stand(sheet, "textiles", 740)
    paint = PAINTS[color]
    sheet.ellipse(540, 846, 330, 30, sheet.shadow, opacity=0.35, blur=14)
    sheet.ellipse(506, 836, 300, 16, sheet.shadow, opacity=0.5, blur=6)
    with sheet.group(transform="rotate(-5 500 520)"):
        d = smooth(
            at(
                "206,214 206,214 350,236 500,240 650,236 794,214 794,214 776,380 772,520 "
                "778,680 800,836 800,836 650,822 500,818 350,822 200,836 200,836 222,680 "
                "228,520 224,380"
            ),
            closed=True,
        )
        cast(sheet, d, 22)
        sheet.path(
            d,
            sheet.radial(
                400, 400, 620, (0, lit(paint, 0.38)), (0.45, paint), (1, shaded(paint, 0.42))
            ),
        )
        with sheet.group(clip=d):
            for row in range(7):
                y = 282 + row * 82
                wave: list[Point] = [
                    (190 + step * 78, y + 15 * math.sin(step * 1.15 + row * 0.9))
                    for step in range(9)
                ]
                with sheet.group(transform="translate(0 9)"):
                    sheet.line(smooth(wave), lit(paint, 0.6), 12, opacity=0.3, blur=5)
                with sheet.group(transform="translate(0 -7)"):
                    sheet.line(smooth(wave), shaded(paint, 0.5), 12, opacity=0.24, blur=5)
                sheet.line(smooth(wave), shaded(paint, 0.42), 4, opacity=0.75)
            for x, y in ((206, 214), (794, 214), (800, 836), (200, 836)):
                pull = f"M{x} {y}L{x + (500 - x) * 0.4:.0f} {y + (520 - y) * 0.4:.0f}"
                sheet.line(pull, shaded(paint, 0.5), 16, opacity=0.26, blur=10)
        tube(sheet, d, 15, lit(paint, 0.06), 0.3)


def breakwater_throw(sheet: Sheet) -> None:
    stand(sheet, "textiles", 760)
    wood = PAINTS["Oak"]
    for x in (190, 770):
        sheet.ellipse(x + 40, 892, 70, 14, sheet.shadow, opacity=0.5, blur=8)
        leg = polygon((x, 520), (x + 46, 520), (x + 38, 890), (x + 10, 890))
        plank(sheet, leg, (x, 520, 46, 370), shaded(wood, 0.12), 2, upright=True)
    sheet.ellipse(520, 880, 300, 26, sheet.shadow, opacity=0.3, blur=18)
    top = polygon((140, 452), (860, 452), (900, 492), (100, 492))
    plank(sheet, top, (100, 452, 800, 40), lit(wood, 0.15), 7)
    edge = rounded(100, 490, 800, 46, 8)
    plank(sheet, edge, (100, 490, 800, 46), wood, 12)
    _waffle(sheet, mix(PAINTS["Sea Glass"], "#9fc4d6", 0.6))


def _waffle(sheet: Sheet, paint: str) -> None:
    cloth = smooth(
        at(
            "300,470 316,430 360,410 500,402 640,410 690,428 704,470 720,620 726,760 "
            "726,760 640,772 560,758 470,772 380,758 290,768 290,768 288,620"
        ),
        closed=True,
    )
    for place in range(11):
        x = 306 + place * 41
        drop = 772 + (place % 2) * 8
        tassel = f"M{x} {drop - 14}C{x - 4} {drop + 20} {x + 4} {drop + 40} {x} {drop + 64}"
        cast_line(sheet, tassel, 15, 8, 0.8)
        sheet.line(tassel, shaded(paint, 0.12), 15)
        sheet.line(tassel, lit(paint, 0.35), 5)
        sheet.ellipse(x, drop + 6, 11, 11, shaded(paint, 0.06))
    cast(sheet, cloth, 14)
    sheet.path(
        cloth,
        sheet.linear(
            290, 400, 726, 770, (0, lit(paint, 0.5)), (0.5, paint), (1, shaded(paint, 0.2))
        ),
    )
    with sheet.group(clip=cloth):
        rows = []
        for row in range(15):
            y = 414 + row * 26
            rows.append(f"M270 {y}C400 {y + 10} 600 {y + 10} 740 {y}")
        for column in range(18):
            x = 290 + column * 26
            rows.append(f"M{x} 400C{x - 4} 540 {x + 4} 640 {x} 790")
        with sheet.group(transform="translate(3 4)"):
            sheet.line("".join(rows), "#ffffff", 3, opacity=0.4)
        sheet.line("".join(rows), shaded(paint, 0.45), 4, opacity=0.38)
        for x, wide in ((400, 34), (590, 42)):
            sheet.line(
                f"M{x} 480C{x - 12} 580 {x + 12} 680 {x} 790",
                shaded(paint, 0.6),
                wide,
                opacity=0.2,
                blur=14,
            )
        sheet.path(
            cloth,
            sheet.linear(
                0, 480, 0, 580, (0, "#fff8ea", 0.35), (0.3, "#0d2733", 0.2), (1, "#0d2733", 0)
            ),
        )
