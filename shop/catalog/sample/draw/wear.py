"""Things for bad weather: rain hat, boots, scarf."""

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import tube
from shop.catalog.sample.draw.lines import Point, at, scattered, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, cast_line, hang, stand


def squall_hat(sheet: Sheet) -> None:
    hang(sheet, "wear")
    paint = PAINTS["Signal Yellow"]
    for d in ("M430 640C410 730 450 790 440 860", "M560 650C590 730 560 800 590 862"):
        cast_line(sheet, d, 12, 8, 0.7)
        sheet.line(d, PAINTS["Hemp"], 12)
        sheet.line(d, lit(PAINTS["Hemp"], 0.5), 4)
    flap = smooth(
        at("380,590 380,590 390,690 440,760 520,760 580,690 600,590 600,590"),
        closed=True,
    )
    cast(sheet, flap, 8)
    sheet.path(flap, sheet.linear(380, 0, 600, 0, (0, paint), (1, shaded(paint, 0.35))))
    sheet.line(
        "M400 620C410 690 450 740 516 738C560 690 580 650 586 610",
        lit(paint, 0.6),
        3,
        stroke_dasharray="9 8",
        opacity=0.8,
    )
    crown = smooth(
        at(
            "262,560 256,440 310,300 420,222 520,210 620,236 700,330 724,460 720,570 "
            "720,570 500,610 262,560"
        ),
        closed=True,
    )
    cast(sheet, crown, 20)
    sheet.path(
        crown,
        sheet.radial(400, 340, 460, (0, lit(paint, 0.55)), (0.4, paint), (1, shaded(paint, 0.42))),
    )
    with sheet.group(clip=crown):
        for seam in (
            "M512 208C400 280 360 420 360 600",
            "M512 208C540 320 560 440 560 620",
            "M512 208C640 270 690 420 700 590",
        ):
            sheet.line(seam, shaded(paint, 0.45), 6, opacity=0.6)
            with sheet.group(transform="translate(9 0)"):
                sheet.line(seam, lit(paint, 0.7), 3, stroke_dasharray="9 8", opacity=0.9)
        sheet.ellipse(390, 330, 40, 74, "#fffdf2", opacity=0.5, blur=16)
    sheet.ellipse(512, 212, 19, 10, shaded(paint, 0.2))
    brim = smooth(
        at(
            "150,640 190,580 262,540 262,540 500,592 716,546 716,546 820,600 906,700 "
            "930,770 930,770 840,744 700,690 560,660 400,660 260,676 176,690"
        ),
        closed=True,
    )
    cast(sheet, brim, 14)
    sheet.path(
        brim,
        sheet.linear(
            150, 540, 900, 780, (0, lit(paint, 0.45)), (0.4, paint), (1, shaded(paint, 0.3))
        ),
    )
    with sheet.group(clip=brim):
        for row in range(4):
            y = 560 + row * 28
            sheet.line(
                f"M{120} {y + 50 + row * 4}C300 {y + 16} 640 {y + 20} 960 {y + 150 + row * 10}",
                shaded(paint, 0.4),
                3,
                stroke_dasharray="12 8",
                opacity=0.5,
            )
    sheet.line("M262 540C400 588 600 594 716 546", shaded(paint, 0.5), 7, opacity=0.7)


def mudflat_boots(sheet: Sheet) -> None:
    stand(sheet, "wear", 690)
    with sheet.group(transform="translate(150 -46)"):
        _boot(sheet, shaded("#4b5f42", 0.18))
    with sheet.group(transform="translate(-60 20)"):
        _boot(sheet, "#4f6646")


def _boot(sheet: Sheet, paint: str) -> None:
    sheet.ellipse(540, 840, 300, 30, sheet.shadow, opacity=0.4, blur=14)
    sheet.ellipse(500, 838, 236, 16, sheet.shadow, opacity=0.5, blur=5)
    boot = smooth(
        at(
            "290,190 290,190 286,360 292,520 284,660 276,790 276,790 420,800 600,796 "
            "738,790 738,790 736,726 690,676 600,646 530,600 506,500 506,360 512,190 "
            "512,190"
        ),
        closed=True,
    )
    sheet.path(
        boot,
        sheet.linear(
            280,
            0,
            600,
            80,
            (0, shaded(paint, 0.2)),
            (0.16, lit(paint, 0.2)),
            (0.4, paint),
            (0.8, shaded(paint, 0.3)),
            (1, shaded(paint, 0.36)),
        ),
    )
    with sheet.group(clip=boot):
        sheet.line("M330 220C324 400 332 560 322 740", "#fffdf0", 20, opacity=0.36, blur=7)
        sheet.line("M560 690C640 690 690 712 712 744", "#fffdf0", 16, opacity=0.4, blur=7)
        for fold in ("M300 570C380 600 460 590 530 560", "M296 620C390 660 480 640 560 610"):
            sheet.line(fold, shaded(paint, 0.6), 14, opacity=0.4, blur=6)
            with sheet.group(transform="translate(0 14)"):
                sheet.line(fold, lit(paint, 0.6), 6, opacity=0.35, blur=4)
        sheet.line("M276 730C420 744 600 740 740 730", shaded(paint, 0.6), 5, opacity=0.7)
        sheet.path("M270 736C420 750 600 746 744 736V800H270Z", shaded(paint, 0.2))
        sheet.path(
            "M280 250C360 270 440 270 514 250V276C440 296 360 296 280 276Z", lit(paint, 0.16)
        )
    sheet.ellipse(401, 190, 111, 24, lit(paint, 0.3))
    sheet.ellipse(401, 193, 100, 19, sheet.linear(300, 0, 500, 0, (0, "#4d4436"), (1, "#c9b48e")))
    sole = smooth(
        at(
            "268,788 268,788 420,796 600,792 746,784 746,784 752,812 740,838 740,838 "
            "620,844 500,838 470,826 440,842 440,842 350,846 270,840 270,840"
        ),
        closed=True,
    )
    sheet.path(sole, sheet.linear(0, 784, 0, 846, (0, "#d9bd90"), (1, "#93744b")))
    sheet.line("M272 802C420 810 600 806 748 798", "#7a5e3a", 3, opacity=0.6)


def skua_scarf(sheet: Sheet) -> None:
    hang(sheet, "wear")
    cast_line(sheet, "M500 150V190", 36, 18)
    tube(sheet, "M500 130V186", 40, PAINTS["Oak"], 0.5)
    sheet.ellipse(500, 128, 32, 32, PAINTS["Oak"])
    sheet.ellipse(491, 119, 11, 11, lit(PAINTS["Oak"], 0.6))
    _tail(sheet, at("508,152 548,260 600,440 622,600 630,770"), 164, 8)
    _tail(sheet, at("494,150 456,260 396,450 372,640 364,850"), 176, 3)
    tube(sheet, "M500 128V150", 40, PAINTS["Oak"], 0.5)
    sheet.ellipse(500, 122, 34, 34, PAINTS["Oak"])
    sheet.ellipse(491, 113, 12, 12, lit(PAINTS["Oak"], 0.6))


def _tail(sheet: Sheet, spine: list[Point], width: float, seed: int) -> None:
    """A hanging end of the scarf, striped across, with its fringe."""
    halves = [width * (0.22 + 0.28 * min(1, (y - 150) / 320)) for _, y in spine]
    left = [(x - half, y) for (x, y), half in zip(spine, halves, strict=True)]
    right = [(x + half, y + 6) for (x, y), half in zip(spine, halves, strict=True)]
    d = smooth([left[0], *left, left[-1], right[-1], *reversed(right), right[0]], closed=True)
    foot_x, foot_y = spine[-1]
    bends = scattered(20, seed)
    for place in range(14):
        x = foot_x - width / 2 + 8 + place * (width - 16) / 13
        fringe = (
            f"M{x:.0f} {foot_y - 4:.0f}C{x - 5:.0f} {foot_y + 20:.0f} "
            f"{x + 6:.0f} {foot_y + 34:.0f} {x + bends[place] * 12 - 6:.0f} {foot_y + 64:.0f}"
        )
        cast_line(sheet, fringe, 8, 8, 0.7)
        sheet.line(fringe, lit(PAINTS["Fog"], 0.2 if place % 2 else -0.0), 8)
    cast(sheet, d, 14)
    fog = PAINTS["Fog"]
    sheet.path(d, fog)
    with sheet.group(clip=d):
        top = 150
        for place in range(12):
            paint = (PAINTS["Ink"], lit(fog, 0.35), PAINTS["Rust"], fog)[place % 4]
            height = (62, 40, 30, 66)[place % 4]
            sheet.path(
                f"M200 {top}C400 {top + 14} 560 {top + 14} 800 {top}"
                f"V{top + height}C560 {top + height + 14} "
                f"400 {top + height + 14} 200 {top + height}Z",
                paint,
            )
            top += height
        twill = "".join(f"M{200 + step * 14} 100l-120 800" for step in range(60))
        sheet.line(twill, "#0d2733", 2, opacity=0.1)
        x = foot_x
        sheet.line(
            f"M{x - width * 0.18:.0f} 200C{x - width * 0.3:.0f} 400 {x - width * 0.06:.0f} 640 "
            f"{x - width * 0.2:.0f} 860",
            "#0d2733",
            22,
            opacity=0.2,
            blur=12,
        )
        sheet.line(
            f"M{x + width * 0.2:.0f} 300C{x + width * 0.3:.0f} 500 {x + width * 0.1:.0f} 640 "
            f"{x + width * 0.3:.0f} 860",
            "#fff8ea",
            18,
            opacity=0.22,
            blur=10,
        )
        side = sheet.linear(
            x - width / 2,
            0,
            x + width / 2,
            0,
            (0, "#fff8ea", 0.2),
            (0.4, "#fff8ea", 0),
            (1, "#0d2733", 0.34),
        )
        sheet.path(d, side)
