"""Things for the kitchen: board, pan, apron, kettle, mortar."""

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import TILT, outline, plank, rim, round_light, tube, turned
from shop.catalog.sample.draw.lines import at, polygon, rounded, scattered, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, cast_line, contact, hang, stand


def landing_board(sheet: Sheet) -> None:
    stand(sheet, "kitchen", 720)
    oak = PAINTS["Oak"]
    sheet.ellipse(560, 800, 300, 30, sheet.shadow, opacity=0.35, blur=16)
    with sheet.group(transform="rotate(3 480 800)"):
        side = rounded(276, 122, 430, 690, 46)
        cast(sheet, side, 20)
        sheet.path(side, shaded(oak, 0.4))
        face = rounded(262, 118, 430, 690, 46) + ("M470 196a30 30 0 1 0 14 0a30 30 0 0 0 -14 0Z")
        plank(sheet, face, (262, 118, 430, 690), oak, 5, upright=True)
        sheet.ellipse(477, 226, 33, 33, shaded(oak, 0.6))
        sheet.ellipse(480, 229, 29, 29, shaded("#dfcda9", 0.3))
        sheet.line("M300 150C262 250 262 640 272 770", lit(oak, 0.7), 6, opacity=0.6, blur=3)
    _lemon(sheet, 760, 800, 84)
    _half_lemon(sheet, 610, 852, 74)


def _lemon(sheet: Sheet, x: float, y: float, size: float) -> None:
    contact(sheet, x, y + size * 0.7, size * 0.8, size * 0.2)
    points = [
        (x - size * 1.22, y + 6),
        (x - size * 0.9, y - size * 0.44),
        (x, y - size * 0.78),
        (x + size * 0.88, y - size * 0.4),
        (x + size * 1.18, y - 4),
        (x + size * 0.9, y + size * 0.46),
        (x, y + size * 0.76),
        (x - size * 0.9, y + size * 0.48),
    ]
    fill = sheet.radial(
        x - size * 0.4, y - size * 0.4, size * 1.7, (0, "#fbe58a"), (0.5, "#ecc33f"), (1, "#b98a22")
    )
    sheet.path(smooth(points, closed=True), fill)


def _half_lemon(sheet: Sheet, x: float, y: float, size: float) -> None:
    contact(sheet, x, y + size * 0.75, size * 0.8, size * 0.2)
    sheet.ellipse(x + 8, y + 6, size, size * 0.9, "#cf9f2b")
    sheet.ellipse(x, y, size, size * 0.9, "#f0cb4c")
    sheet.ellipse(x, y, size * 0.92, size * 0.82, "#fbf3d2")
    sheet.ellipse(x, y, size * 0.83, size * 0.73, "#f4d869")
    for turn in range(9):
        with sheet.group(transform=f"rotate({turn * 40} {x} {y})"):
            sheet.line(f"M{x} {y}L{x + size * 0.78:.0f} {y}", "#fbf3d2", 4)
    sheet.ellipse(x, y, size * 0.1, size * 0.1, "#fbf3d2")


def skerry_skillet(sheet: Sheet) -> None:
    hang(sheet, "kitchen")
    iron = PAINTS["Iron"]
    with sheet.group(transform="rotate(-45 430 440)"):
        handle = smooth(
            at(
                "392,700 392,700 404,800 396,960 388,1010 406,1056 430,1062 454,1056 472,1010 "
                "464,960 456,800 468,700 468,700"
            ),
            closed=True,
        )
        cast(sheet, handle, 18)
        sheet.path(
            handle, sheet.linear(388, 0, 472, 0, (0, "#565d60"), (0.4, iron), (1, "#1d2123"))
        )
        sheet.line("M408 740C416 830 410 930 402 1000", "#808a8d", 5, opacity=0.6, blur=2)
        sheet.ellipse(430, 1016, 17, 22, "#b39a70")
        sheet.ellipse(430, 1016, 17, 22, stroke="#14181a", stroke_width=5, opacity=0.7)
        pan = (
            "M430 148A292 292 0 0 1 716 400L742 420L742 460L716 480A292 292 0 0 1 144 480"
            "L118 460L118 420L144 400A292 292 0 0 1 430 148Z"
        )
        cast(sheet, pan, 24)
        sheet.path(
            pan, sheet.linear(180, 650, 640, 200, (0, "#697174"), (0.4, iron), (1, "#1b1f21"))
        )
    sheet.ellipse(430, 440, 272, 272, "#1a1e20")
    floor = sheet.radial(350, 350, 330, (0, "#50585b"), (0.6, "#33393c"), (1, "#202527"))
    sheet.ellipse(433, 444, 248, 248, floor)
    sheet.line("M262 300C310 230 390 206 450 208", "#aab3b6", 9, opacity=0.5, blur=6)
    _egg(sheet, 360, 400, 1, 0)
    _egg(sheet, 510, 510, 0.94, 130)


def _egg(sheet: Sheet, x: float, y: float, size: float, turn: float) -> None:
    with sheet.group(transform=f"translate({x} {y}) rotate({turn}) scale({size})"):
        white = smooth(
            at("-120,-10 -88,-84 -10,-104 70,-92 118,-30 104,50 60,92 -20,112 -90,78"),
            closed=True,
        )
        sheet.path(white, "#1a1e20", opacity=0.6, blur=6)
        sheet.path(white, "#e9ddc4")
        with sheet.group(transform="scale(0.95)"):
            sheet.path(white, "#fdfaf2")
    yolk = sheet.radial(x - 16, y - 18, 66, (0, "#ffd667"), (0.6, "#f2ab30"), (1, "#cf7f1c"))
    sheet.ellipse(x + 4, y + 6, 50, 47, "#c9b58c", opacity=0.5, blur=6)
    sheet.ellipse(x, y, 48 * size, 46 * size, yolk)
    sheet.ellipse(x - 16, y - 18, 13, 8, "#fff6da", opacity=0.9, blur=2)


def deckhand_apron(sheet: Sheet, color: str) -> None:
    hang(sheet, "kitchen")
    paint = PAINTS[color]
    strap = "#b98a5a" if color == "Deep Sea" else "#8a6b45"
    straps = "M384 300C420 200 470 150 500 120C530 150 580 200 616 300"
    cast_line(sheet, straps, 20, 12)
    tube(sheet, "M500 78L500 128", 30, PAINTS["Oak"], 0.5)
    sheet.ellipse(500, 76, 24, 24, PAINTS["Oak"])
    sheet.ellipse(494, 70, 9, 9, lit(PAINTS["Oak"], 0.6))
    sheet.line(straps, shaded(paint, 0.3), 20)
    sheet.line(straps, lit(paint, 0.12), 14)
    body = smooth(
        at(
            "384,290 384,290 500,300 616,290 616,290 640,380 716,470 716,470 734,680 "
            "742,900 742,900 620,916 500,908 380,918 258,900 258,900 266,680 284,470 "
            "284,470 360,380"
        ),
        closed=True,
    )
    cast(sheet, body, 18)
    sheet.path(
        body,
        sheet.linear(
            258,
            0,
            742,
            0,
            (0, lit(paint, 0.2)),
            (0.25, paint),
            (0.4, lit(paint, 0.1)),
            (0.62, paint),
            (0.8, shaded(paint, 0.12)),
            (1, shaded(paint, 0.26)),
        ),
    )
    with sheet.group(clip=body):
        for x, bend, wide in ((330, 20, 30), (440, -14, 22), (640, 16, 34), (700, -8, 20)):
            fold = f"M{x} 420C{x + bend} 560 {x - bend} 740 {x + bend // 2} 930"
            sheet.line(fold, shaded(paint, 0.4), wide, opacity=0.22, blur=12)
            sheet.line(
                f"M{x + 26} 440C{x + 26 + bend} 560 {x + 26 - bend} 740 {x + 36} 930",
                lit(paint, 0.4),
                wide * 0.7,
                opacity=0.22,
                blur=10,
            )
        sheet.line("M384 304C460 314 540 314 616 304", lit(paint, 0.35), 4, opacity=0.7)
        sheet.line("M262 884C400 900 600 900 738 884", lit(paint, 0.35), 4, opacity=0.5)
    pocket = smooth(
        at("352,570 352,570 500,578 648,570 648,570 652,740 652,740 500,750 348,740 348,740"),
        closed=True,
    )
    cast(sheet, pocket, 5, 0.6)
    sheet.path(
        pocket, sheet.linear(348, 570, 652, 750, (0, lit(paint, 0.12)), (1, shaded(paint, 0.1)))
    )
    sheet.line(
        "M356 592C450 600 550 600 644 592M500 580L500 744",
        lit(paint, 0.45),
        4,
        opacity=0.75,
        stroke_dasharray="9 9",
    )
    sheet.line("M660 520C700 540 702 590 668 600", strap, 9)


def quay_kettle(sheet: Sheet, color: str) -> None:
    stand(sheet, "kitchen", 650)
    paint, edge = PAINTS[color], "#2f4350"
    contact(sheet, 490, 796, 235, 40)
    spout = "M650 640C740 620 770 520 812 438L856 452C846 560 800 690 668 730Z"
    sheet.path(
        spout,
        sheet.linear(
            690, 500, 830, 640, (0, lit(paint, 0.4)), (0.4, paint), (1, shaded(paint, 0.36))
        ),
    )
    sheet.ellipse(834, 445, 24, 9, shaded(paint, 0.55))
    sheet.line("M811 439C822 434 846 442 857 452", edge, 8)
    arch = "M318 510C270 250 420 150 500 150C600 150 730 250 664 506"
    tube(sheet, arch, 17, "#55626a", 0.6)
    tube(sheet, "M396 186C450 140 560 140 606 186", 40, PAINTS["Oak"], 0.5)
    profile = at("452,150 474,178 540,228 640,258 740,256 786,240 796,234")
    d = turned(sheet, 490, profile, paint, gloss=0.9, bands=[(778, 860, edge)])
    with sheet.group(clip=d):
        sheet.ellipse(390, 590, 30, 70, "#ffffff", opacity=0.55, blur=12)
    sheet.ellipse(318, 520, 17, 17, edge)
    sheet.ellipse(664, 520, 17, 17, edge)
    sheet.ellipse(490, 452, 152, 152 * TILT, edge)
    turned(sheet, 490, at("404,60 416,96 438,134 450,144"), paint, gloss=0.8)
    turned(sheet, 490, at("352,22 366,27 384,20 404,14"), PAINTS["Oak"], gloss=0.4)
    sheet.ellipse(490, 352, 22, 6, lit(PAINTS["Oak"], 0.45))


def granite_mortar(sheet: Sheet) -> None:
    stand(sheet, "kitchen", 640)
    stone = PAINTS["Granite"]
    contact(sheet, 480, 792, 210, 38)
    profile = at("420,300 450,302 560,286 660,236 716,190 740,190 792,206")
    d = turned(sheet, 480, profile, stone, gloss=0.2)
    _speckle(sheet, d, (170, 420, 620, 420), 140)
    rim(sheet, 480, 420, 300, stone, wall=46)
    with sheet.group(transform="rotate(34 560 400)"):
        pestle = outline(560, at("96,44 112,58 150,62 220,50 330,54 440,74 470,60"))
        sheet.path(pestle, sheet.linear(490, 0, 634, 0, *round_light(lit(stone, 0.1), 0.4)))
        _speckle(sheet, pestle, (480, 90, 160, 400), 50)
    front = outline(480, [(420, 300), (450, 302), (560, 286)])
    with sheet.group(
        clip=polygon((150, 446), (480, 486), (700, 470), (810, 440), (810, 600), (150, 600))
    ):
        sheet.path(front, sheet.linear(180, 0, 782, 0, *round_light(stone, 0.2)))
        _speckle(sheet, front, (170, 420, 620, 420), 140)
    sheet.ellipse(480, 420, 300, 57, stroke=lit(stone, 0.45), stroke_width=5, opacity=0.7)
    for place, shift in enumerate(scattered(9, 3)):
        x, y = 640 + place * 27, 830 + shift * 70
        sheet.ellipse(x + 5, y + 8, 15, 6, sheet.shadow, opacity=0.45, blur=3)
        sheet.ellipse(x, y, 12, 12, sheet.radial(x - 4, y - 5, 18, (0, "#7d6656"), (1, "#251b16")))


def _speckle(sheet: Sheet, d: str, place: tuple[float, float, float, float], count: int) -> None:
    x, y, width, height = place
    numbers = scattered(count * 3, count)
    with sheet.group(clip=d):
        for dot in range(count):
            a, b, c = numbers[dot * 3 : dot * 3 + 3]
            tone = "#5a6062" if dot % 3 else "#d6d8d4"
            sheet.ellipse(x + a * width, y + b * height, 2 + c * 4, 2 + c * 3, tone, opacity=0.55)
