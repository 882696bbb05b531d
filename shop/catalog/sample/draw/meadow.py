"""Things that stand on the meadow above the sea: tent and hammock."""

from shop.catalog.sample.draw.color import PAINTS, lit, mix, shaded
from shop.catalog.sample.draw.forms import plank, tube
from shop.catalog.sample.draw.lines import at, polygon, scattered, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import glow


def lee_tent(sheet: Sheet) -> None:
    shore(sheet)
    _tent(sheet, lit_inside=False)


def lee_tent_night(sheet: Sheet) -> None:
    sheet.shadow = "#06121a"
    _shore(sheet, "#12283a", "#3f5a68", "#27495a", "#33452f")
    places = scattered(60, 77)
    for star in range(30):
        sheet.ellipse(
            places[star * 2] * 1000,
            places[star * 2 + 1] * 420,
            2 + star % 3,
            2 + star % 3,
            "#fff6dc",
            opacity=0.3 + 0.02 * star,
        )
    glow(sheet, 480, 640, 620, 0.55)
    _tent(sheet, lit_inside=True)


def shore(sheet: Sheet) -> None:
    """A meadow above the sea, by day."""
    if not sheet.furnished:
        sheet.shadow = "#22341f"
        _shore(sheet, "#b9d3da", "#edefe2", "#7fa6b0", "#93a56b")


def _shore(sheet: Sheet, sky: str, haze: str, sea: str, grass: str) -> None:
    sheet.box(0, 0, sheet.width, 560, sheet.linear(0, 0, 0, 540, (0, sky), (1, haze)))
    sheet.path(
        "M1000 520C900 470 800 452 720 476C660 494 620 520 560 528L1000 540Z", mix(sea, haze, 0.35)
    )
    sheet.box(0, 526, 1000, 180, sheet.linear(0, 526, 0, 700, (0, lit(sea, 0.25)), (1, sea)))
    for place, shift in enumerate(scattered(18, 9)):
        sheet.line(
            f"M{shift * 900:.0f} {540 + place * 7}h{30 + 60 * shift:.0f}",
            lit(sea, 0.6),
            3,
            opacity=0.5,
        )
    field = "M0 668C200 640 420 632 640 650C800 662 920 652 1000 640V1000H0Z"
    sheet.path(
        field, sheet.linear(0, 640, 0, 1000, (0, lit(grass, 0.22)), (1, shaded(grass, 0.22)))
    )
    places = scattered(102, 41)
    for tuft in range(34):
        x, y = places[tuft * 3] * 1000, 690 + places[tuft * 3 + 1] * 290
        tall = 10 + places[tuft * 3 + 2] * 20
        sheet.line(
            f"M{x:.0f} {y:.0f}l-6 {-tall:.0f}M{x:.0f} {y:.0f}l2 {-tall * 1.2:.0f}"
            f"M{x:.0f} {y:.0f}l9 {-tall * 0.8:.0f}",
            shaded(grass, 0.35),
            3,
            opacity=0.55,
        )


def _tent(sheet: Sheet, *, lit_inside: bool) -> None:
    canvas = "#f0b75e" if lit_inside else "#e4d5b4"
    sheet.path(
        polygon((190, 856), (900, 800), (960, 850), (640, 892)), sheet.shadow, opacity=0.35, blur=16
    )
    for d in ("M412 260L90 884", "M748 264L960 800", "M412 260L330 920", "M300 470L120 830"):
        sheet.line(d, "#f4ecd8" if not lit_inside else "#8d7a58", 4, opacity=0.8)
    side = smooth(
        at(
            "412,256 412,256 580,274 748,258 748,258 812,520 900,790 900,790 770,826 "
            "640,862 640,862 540,560"
        ),
        closed=True,
    )
    dark, light = shaded(canvas, 0.34), shaded(canvas, 0.12)
    if lit_inside:
        dark, light = "#b5762f", "#eeb060"
    sheet.path(side, sheet.linear(480, 300, 860, 800, (0, light), (1, dark)))
    with sheet.group(clip=side):
        for fold in ("M520 270C600 460 680 640 740 850", "M640 270C700 440 780 620 840 830"):
            sheet.line(fold, shaded(canvas, 0.5), 16, opacity=0.25, blur=8)
            sheet.line(fold, lit(canvas, 0.4), 3, opacity=0.45)
    front = smooth(
        at(
            "412,256 412,256 330,480 196,858 196,858 420,872 640,862 640,862 540,560 "
            "412,256 412,256"
        ),
        closed=True,
    )
    inside = ("#fff3c4", "#ffd27a", "#e69a3c") if lit_inside else ("#3b4743", "#4d564c", "#6d6a57")
    sheet.path(
        front, sheet.linear(0, 300, 0, 870, (0, inside[2]), (0.5, inside[1]), (1, inside[0]))
    )
    if lit_inside:
        sheet.ellipse(430, 740, 130, 120, "#fffbe6", opacity=0.8, blur=40)
    else:
        sheet.path("M296 868C340 838 500 836 558 866Z", "#8d8a72")
    for flap, tie in (
        (
            at("412,256 412,256 330,480 196,858 196,858 290,866 290,866 316,740 340,640 396,440"),
            "M338 640l-30 -10",
        ),
        (
            at("412,256 412,256 428,440 500,640 540,740 560,868 560,868 640,862 640,862 540,560"),
            "M502 640l34 -12",
        ),
    ):
        d = smooth(flap, closed=True)
        sheet.path(
            d,
            sheet.linear(
                196, 300, 640, 860, (0, lit(canvas, 0.35)), (0.6, canvas), (1, shaded(canvas, 0.2))
            ),
        )
        sheet.line(tie, PAINTS["Leather"], 12)
    sheet.line(
        "M412 256C405 420 340 640 290 866M412 256C440 460 540 690 560 868",
        shaded(canvas, 0.4),
        4,
        opacity=0.7,
    )
    tube(sheet, "M412 232V300", 14, PAINTS["Oak"], 0.4)
    sheet.line("M412 258C540 276 660 272 748 260", lit(canvas, 0.5), 7)
    for x, y in ((90, 884), (960, 800), (330, 922), (120, 832)):
        sheet.line(f"M{x - 5} {y - 12}l8 26", "#6d5a3d", 9)


def cove_hammock(sheet: Sheet) -> None:
    sheet.shadow = "#22341f"
    _shore(sheet, "#c2d8db", "#eef0e4", "#86abb4", "#9aab74")
    bark = "#8a6b4e"
    for x, width in ((110, 110), (880, 120)):
        sheet.ellipse(x + 70, 850, 170, 26, sheet.shadow, opacity=0.35, blur=12)
        trunk = smooth(
            [
                (x - width * 0.42, -20),
                (x - width * 0.46, 400),
                (x - width * 0.5, 760),
                (x - width * 0.8, 850),
                (x - width * 0.8, 850),
                (x + width * 0.8, 856),
                (x + width * 0.8, 856),
                (x + width * 0.5, 760),
                (x + width * 0.46, 400),
                (x + width * 0.4, -20),
            ],
            closed=True,
        )
        plank(sheet, trunk, (x - width, -20, width * 2, 880), bark, x, upright=True)
        sheet.path(
            trunk,
            sheet.linear(
                x - width / 2,
                0,
                x + width / 2,
                0,
                (0, "#fff8ea", 0.16),
                (0.4, "#fff8ea", 0),
                (1, "#0d2733", 0.5),
            ),
        )
        for y in (330, 346):
            tube(
                sheet,
                f"M{x - width * 0.48:.0f} {y}C{x} {y + 22} {x} {y + 22} {x + width * 0.47:.0f} {y}",
                12,
                PAINTS["Hemp"],
                0.3,
            )
    sheet.ellipse(520, 870, 340, 34, sheet.shadow, opacity=0.35, blur=20)
    for ring_x, sign in ((240, 1), (758, -1)):
        tube(sheet, f"M{ring_x} 410L{ring_x - sign * 80} 346", 12, PAINTS["Hemp"], 0.3)
        for cord in range(8):
            sheet.line(
                f"M{ring_x} 412L{ring_x + sign * (70 - cord * 3)} {466 + cord * 10}",
                PAINTS["Cotton"],
                4,
            )
        sheet.ellipse(ring_x, 410, 13, 13, stroke="#3b4347", stroke_width=7)
    _hammock_cloth(sheet)


def _hammock_cloth(sheet: Sheet) -> None:
    cloth = smooth(
        at(
            "306,470 306,470 400,560 500,596 600,560 694,470 694,470 690,560 630,690 "
            "500,752 370,690 310,560"
        ),
        closed=True,
    )
    back = smooth(
        at("306,470 306,470 400,540 500,566 600,540 694,470 694,470 600,600 500,640 400,600"),
        closed=True,
    )
    sheet.path(back, "#a9b9ae")
    sheet.path(cloth, PAINTS["Oat"])
    with sheet.group(clip=cloth):
        for place in range(9):
            t = place / 8
            top = 462 + t * 108
            drop = 580 + t * 190
            paint = (PAINTS["Deep Sea"], PAINTS["Oat"], "#c07a4e", PAINTS["Oat"])[place % 4]
            stripe = [
                (296, top),
                (380, top + (drop - top) * 0.72),
                (500, drop),
                (620, top + (drop - top) * 0.72),
                (704, top),
            ]
            sheet.line(smooth(stripe), paint, 26)
        sheet.path(
            cloth,
            sheet.linear(
                0, 470, 0, 752, (0, "#fff8ea", 0.2), (0.5, "#fff8ea", 0), (1, "#0d2733", 0.45)
            ),
        )
        sheet.path(
            cloth,
            sheet.linear(
                306,
                0,
                694,
                0,
                (0, "#0d2733", 0.3),
                (0.3, "#0d2733", 0),
                (0.75, "#0d2733", 0),
                (1, "#0d2733", 0.4),
            ),
        )
    sheet.line(
        smooth(at("306,470 400,560 500,596 600,560 694,470")),
        "#fffaf0",
        7,
        opacity=0.9,
    )
