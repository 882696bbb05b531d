"""Things of paper: the field guide, printed and folded."""

from shop.catalog.sample.draw.color import PAINTS, lit, mix, shaded
from shop.catalog.sample.draw.lines import polygon, rounded, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, hang

PAGE = "#f6efdd"
INK = PAINTS["Deep Sea"]


def shoreline_field_guide(sheet: Sheet) -> None:
    hang(sheet, "outdoors")
    with sheet.group(transform="translate(620 505) rotate(11)"):
        _page(sheet)
    with sheet.group(transform="translate(405 510) rotate(-7)"):
        _cover(sheet)


def _page(sheet: Sheet) -> None:
    """What lies below the booklet: a page of drawings with a line of words under each."""
    _leaf(sheet, 250, 350, PAGE)
    for row, y in enumerate((-230, -20, 190)):
        for column, x in enumerate((10, 160)):
            with sheet.group(transform=f"translate({x} {y})"):
                (_whelk, _weed, _mussel)[(row + column) % 3](sheet)
                sheet.line("M-50 78H50", mix(PAGE, INK, 0.6), 5)
                sheet.line("M-50 96H18", mix(PAGE, INK, 0.35), 4)


def _cover(sheet: Sheet) -> None:
    paper = mix(PAINTS["Sea Glass"], PAGE, 0.2)
    for step in (10, 5):
        with sheet.group(transform=f"translate({step} {step})"):
            sheet.path(rounded(-250, -350, 500, 700, 8), shaded(PAGE, 0.08 + step * 0.012))
    outline = _leaf(sheet, 250, 350, paper)
    with sheet.group(clip=outline):
        _waves(sheet)
        fold = sheet.linear(
            -250, 0, -190, 0, (0, "#0d2733", 0.28), (0.5, "#fff8ea", 0.22), (1, "#fff8ea", 0)
        )
        sheet.box(-250, -350, 60, 700, fold)
    sheet.path(rounded(-170, -290, 340, 92, 6), PAGE)
    sheet.line("M-120 -260H120", INK, 13)
    sheet.line("M-70 -228H70", mix(PAGE, INK, 0.6), 8)
    with sheet.group(transform="translate(0 10)"):
        _scallop(sheet)
    for y in (-130, 130):
        sheet.line(f"M-249 {y - 16}V{y + 16}", PAINTS["Steel"], 7)


def _leaf(sheet: Sheet, half: float, tall: float, paint: str) -> str:
    """A sheet of paper around the middle, with its shadow; answers its outline."""
    outline = rounded(-half, -tall, half * 2, tall * 2, 8)
    cast(sheet, outline, 12)
    fill = sheet.linear(
        -half, -tall, half, tall, (0, lit(paint, 0.5)), (0.5, paint), (1, shaded(paint, 0.12))
    )
    sheet.path(outline, fill)
    return outline


def _waves(sheet: Sheet) -> None:
    for place, share in enumerate((0.25, 0.5, 0.75, 1.0)):
        y = 190 + place * 48
        crest = smooth([(x, y + (14 if x % 100 else -14)) for x in range(-300, 301, 50)])
        sheet.path(f"{crest}V360H-300Z", mix(PAINTS["Sea Glass"], INK, share))
        sheet.line(crest, lit(PAINTS["Sea Glass"], 0.6), 4, opacity=0.6)


def _scallop(sheet: Sheet) -> None:
    paint = PAINTS["Rust"]
    fan = [
        (-22, 118),
        (-90, 60),
        (-142, -20),
        (-128, -92),
        (-70, -140),
        (0, -156),
        (70, -140),
        (128, -92),
        (142, -20),
        (90, 60),
        (22, 118),
    ]
    shell = smooth([fan[0], *fan, fan[-1]], closed=True)
    hinge = polygon((-64, 92), (64, 92), (44, 132), (-44, 132))
    sheet.path(hinge, shaded(paint, 0.15))
    sheet.path(shell, sheet.linear(-140, -150, 120, 120, (0, lit(paint, 0.55)), (1, paint)))
    with sheet.group(clip=shell):
        for spread in range(-5, 6):
            rib = f"M0 132Q{spread * 17} 0 {spread * 32} -170"
            sheet.line(rib, shaded(paint, 0.3), 6, opacity=0.75)
        for ring in (0.5, 0.75):
            sheet.ellipse(
                0, 110, 150 * ring, 250 * ring, stroke=lit(paint, 0.7), stroke_width=5, opacity=0.5
            )
    sheet.line(shell, shaded(paint, 0.4), 5)


def _whelk(sheet: Sheet) -> None:
    paint = PAINTS["Sand"]
    body = smooth(
        [(0, -62), (0, -62), (30, -22), (38, 22), (4, 60), (4, 60), (-30, 30), (-26, -18)],
        closed=True,
    )
    sheet.path(body, sheet.linear(-30, 0, 40, 0, (0, lit(paint, 0.4)), (1, shaded(paint, 0.25))))
    for y, wide in ((-38, 14), (-16, 26), (10, 32)):
        sheet.line(f"M{-wide} {y}Q0 {y + 16} {wide} {y - 6}", shaded(paint, 0.5), 4)
    sheet.path("M4 56Q-8 30 12 12Q34 20 4 56Z", shaded(paint, 0.5))
    sheet.line(body, shaded(paint, 0.55), 4)


def _weed(sheet: Sheet) -> None:
    paint = PAINTS["Kelp"]
    sheet.line("M0 62C-6 30 6 10 0 -10", shaded(paint, 0.2), 8)
    for d in (
        "M0 20C-20 0 -36 -16 -40 -44",
        "M0 -8C-6 -26 -14 -40 -10 -62",
        "M0 6C18 -10 34 -22 38 -50",
    ):
        sheet.line(d, paint, 15)
        sheet.line(d, lit(paint, 0.35), 4)
    sheet.line("M-16 62H16", shaded(paint, 0.3), 9)


def _mussel(sheet: Sheet) -> None:
    shell = smooth(
        [(-46, 48), (-46, 48), (-34, -10), (10, -54), (46, -40), (44, 4), (6, 40)], closed=True
    )
    sheet.path(shell, sheet.linear(-40, -40, 40, 50, (0, lit(INK, 0.35)), (1, PAINTS["Ink"])))
    with sheet.group(clip=shell):
        for reach in (0.5, 0.75):
            sheet.ellipse(
                -46, 48, 120 * reach, 110 * reach, stroke=lit(INK, 0.5), stroke_width=4, opacity=0.7
            )
