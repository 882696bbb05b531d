"""Things with a flame: lantern, candles, matches."""

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import TILT, outline, ring, tube, turned
from shop.catalog.sample.draw.lines import at, polygon, scattered, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import contact, flame, glow, stand


def storm_lantern(sheet: Sheet, color: str) -> None:
    stand(sheet, "light", 720)
    glow(sheet, 500, 500, 520, 0.5)
    lantern(sheet, 500, 860, 1, PAINTS[color] if color != "Deep Sea" else "#3d7489")


def lantern(sheet: Sheet, x: float, y: float, size: float, paint: str) -> None:
    """A burning lantern whose foot is at (x, y)."""
    with sheet.group(transform=f"translate({x} {y}) scale({size})"):
        contact(sheet, 0, -12, 190, 34)
        sheet.ellipse(0, -4, 260, 40, "#ffcf7a", opacity=0.22, blur=22)
        tube(sheet, "M-176 -560C-190 -790 190 -790 176 -560", 11, "#9aa5a8", 0.6)
        for side in (-1, 1):
            tube(
                sheet,
                f"M{side * 120} -120C{side * 196} -160 {side * 186} -420 {side * 178} -560"
                f"C{side * 172} -620 {side * 90} -640 {side * 50} -640",
                26,
                paint,
                0.6,
            )
        _globe(sheet)
        turned(
            sheet,
            0,
            at("-166,96 -150,150 -130,186 -60,192 -20,186 -8,180"),
            paint,
            gloss=0.7,
            bands=[(-62, -50, shaded(paint, 0.35))],
        )
        turned(sheet, 0, [(-196, 78), (-180, 92), (-160, 100)], "#8f999c", gloss=0.6)
        turned(sheet, 0, [(-560, 96), (-552, 112), (-536, 116)], paint, gloss=0.5)
        turned(sheet, 0, at("-664,52 -640,62 -600,78 -556,92"), paint, gloss=0.7)
        turned(sheet, 0, [(-700, 74), (-684, 82), (-664, 60)], paint, gloss=0.6)
        sheet.ellipse(0, -700, 74, 14, lit(paint, 0.35))
        tube(sheet, "M122 -96L176 -96", 14, "#9aa5a8", 0.5)
        sheet.ellipse(180, -96, 15, 15, "#9aa5a8")


def _globe(sheet: Sheet) -> None:
    profile = at("-540,88 -490,108 -400,138 -320,136 -240,104 -190,84")
    d = outline(0, profile)
    sheet.path(
        d,
        sheet.radial(
            0,
            -300,
            260,
            (0, "#fff0c4", 0.95),
            (0.4, "#ffd27c", 0.6),
            (0.8, "#d9a457", 0.35),
            (1, "#bcd0cf", 0.5),
        ),
    )
    flame(sheet, 0, -206, 150)
    sheet.box(-16, -214, 32, 24, "#5a5148")
    with sheet.group(clip=d):
        sheet.line("M-92 -480C-130 -400 -126 -320 -92 -240", "#ffffff", 14, opacity=0.7, blur=3)
        sheet.line("M100 -470C128 -400 126 -330 106 -280", "#ffffff", 6, opacity=0.5, blur=2)
    sheet.path(d, stroke="#dfe9e6", stroke_width=4, opacity=0.6)
    for height, reach in ((-440, 150), (-280, 150)):
        sheet.line(
            f"M{-reach - 32} {height}C{-reach} {height + 44} {reach} {height + 44} {reach + 32} "
            f"{height}",
            "#8d989b",
            6,
            opacity=0.9,
        )


def beeswax_pillar(sheet: Sheet) -> None:
    stand(sheet, "light", 690)
    glow(sheet, 600, 240, 520, 0.4)
    _pillar(sheet, 620, 300, 800, 118, burning=True)
    _pillar(sheet, 360, 470, 826, 118)
    _pillar(sheet, 506, 628, 884, 118)


def _pillar(
    sheet: Sheet, x: float, top: float, foot: float, radius: float, *, burning: bool = False
) -> None:
    wax = PAINTS["Beeswax"]
    contact(sheet, x, foot, radius, radius * 0.2)
    d = turned(sheet, x, [(top, radius), (foot, radius)], wax, gloss=0.35)
    sheet.ellipse(x, top, radius, radius * TILT, lit(wax, 0.45))
    sheet.ellipse(x, top + 4, radius * 0.8, radius * TILT * 0.74, lit(wax, 0.25))
    if burning:
        with sheet.group(clip=d):
            through = sheet.linear(0, top, 0, top + 260, (0, "#fff0bd", 0.85), (1, "#ffcf6b", 0))
            sheet.path(d, through)
        sheet.ellipse(x, top + 4, radius * 0.66, radius * TILT * 0.58, "#fff6cf")
    sheet.line(
        f"M{x} {top + 4}C{x - 2} {top - 10} {x + 4} {top - 18} {x + 2} {top - 28}", "#3a2d22", 6
    )
    if burning:
        flame(sheet, x + 2, top - 14, 128)


def lookout_chamberstick(sheet: Sheet) -> None:
    stand(sheet, "light", 680)
    brass = PAINTS["Brass"]
    glow(sheet, 470, 260, 560, 0.4)
    contact(sheet, 470, 846, 220, 34)
    tube(sheet, "M760 770C860 700 890 830 800 846C770 850 750 830 752 806", 24, brass, 0.8)
    turned(sheet, 470, at("770,312 786,316 812,290 838,236 846,220"), brass, gloss=0.9)
    sheet.ellipse(470, 770, 312, 59, lit(brass, 0.5))
    sheet.ellipse(
        470,
        774,
        298,
        53,
        sheet.linear(170, 0, 770, 0, (0, shaded(brass, 0.5)), (0.45, brass), (1, lit(brass, 0.5))),
    )
    sheet.ellipse(440, 792, 150, 18, lit(brass, 0.75), opacity=0.5, blur=12)
    turned(sheet, 470, at("668,60 690,50 750,52 790,84"), brass, gloss=0.9)
    turned(sheet, 470, [(652, 84), (662, 86), (676, 66)], brass, gloss=0.8)
    sheet.ellipse(470, 652, 84, 16, lit(brass, 0.55))
    sheet.ellipse(470, 652, 48, 9, shaded(brass, 0.6))
    candle = turned(sheet, 470, [(330, 42), (654, 42)], "#f3ead6", gloss=0.3)
    with sheet.group(clip=candle):
        sheet.path(candle, sheet.linear(0, 326, 0, 520, (0, "#fff3c4", 0.9), (1, "#ffe0a0", 0)))
    sheet.path(
        "M434 336C430 380 440 400 446 372C452 360 456 420 462 424C470 424 466 352 476 346Z",
        "#fffbee",
        opacity=0.9,
    )
    sheet.ellipse(470, 330, 42, 9, "#fff4d0")
    sheet.line("M470 332C468 320 472 312 471 304", "#3a2d22", 5)
    flame(sheet, 471, 318, 132)


def strike_bottle(sheet: Sheet) -> None:
    stand(sheet, "light", 700)
    contact(sheet, 490, 870, 176, 32)
    profile = at("312,92 352,92 400,116 470,170 540,186 820,186 856,180 870,170")
    d = outline(490, profile)
    sheet.path(
        d,
        sheet.linear(
            304,
            0,
            676,
            0,
            (0, "#b9d6cf", 0.75),
            (0.12, "#dcece6", 0.25),
            (0.5, "#e8f4ee", 0.14),
            (0.88, "#a8c9c2", 0.3),
            (1, "#7fa9a3", 0.75),
        ),
    )
    with sheet.group(clip=outline(490, at("330,80 470,156 540,172 820,172 856,160"))):
        _matches(sheet)
    with sheet.group(clip=d):
        sheet.line("M336 520L336 800", "#ffffff", 18, opacity=0.6, blur=4)
        sheet.line("M650 540L650 780", "#ffffff", 6, opacity=0.4, blur=2)
        sheet.path(ring(490, 800, 840, 190), "#8a5a3c", opacity=0.9)
        sheet.path(ring(490, 802, 812, 190), "#b98055", opacity=0.7)
    label = polygon((392, 600), (588, 600), (588, 740), (392, 740))
    sheet.path(label, sheet.linear(392, 0, 588, 0, (0, "#fbf3df"), (1, "#d9caa8")))
    sheet.line("M410 616L570 616L570 724L410 724Z", "#23485a", 3)
    flame_mark = at("490,634 470,672 478,700 490,706 502,700 510,672")
    sheet.path(smooth(flame_mark, closed=True), "#b0543a")
    sheet.ellipse(490, 312, 92, 16, "#dcece6", opacity=0.6)
    cork = turned(sheet, 490, [(224, 96), (300, 88), (344, 80)], "#c9a06c", gloss=0.15)
    with sheet.group(clip=cork):
        for place, shift in enumerate(scattered(36, 21)):
            sheet.ellipse(400 + (place * 53) % 180, 236 + shift * 120, 5, 3, "#7d5a35", opacity=0.6)
    sheet.ellipse(490, 224, 96, 18, "#dfbd8c")
    sheet.path(d, stroke="#e4f2ee", stroke_width=4, opacity=0.5)


def _matches(sheet: Sheet) -> None:
    shifts = scattered(40, 17)
    for place in range(20):
        x = 338 + place * 16
        lean = (shifts[place] - 0.5) * 34
        top = 462 + shifts[place + 20] * 60 + abs(place - 10) * 4
        tone = "#f0dcb4" if place % 2 else "#d9bd8a"
        sheet.line(f"M{x} 860L{x + lean:.0f} {top:.0f}", shaded(tone, 0.25), 13)
        sheet.line(f"M{x - 2} 860L{x - 2 + lean:.0f} {top:.0f}", tone, 8)
        sheet.ellipse(x + lean, top, 12, 17, "#2f6a86")
        sheet.ellipse(x + lean - 4, top - 5, 4, 6, "#8dbccd", opacity=0.8)
