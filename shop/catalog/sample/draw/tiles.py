"""One picture a category: a few of its things together in their room."""

from collections.abc import Sequence
from functools import partial

from shop.catalog.sample.draw import (
    bags,
    bath,
    jars,
    kitchen,
    knitwear,
    lamps,
    lights,
    meadow,
    outdoors,
    soap,
    table,
    textiles,
    wear,
)
from shop.catalog.sample.draw.sheet import Drawing, InColor, Sheet
from shop.catalog.sample.draw.studio import glow, stand

# What to draw, where its foot stands, and how large.
Placed = tuple[Drawing, float, float, float]


def room(sheet: Sheet, name: str, horizon: float, things: Sequence[Placed]) -> None:
    stand(sheet, name, horizon)
    if name == "light":
        glow(sheet, 640, 420, 760, 0.35)
    arrange(sheet, things)


def on_meadow(sheet: Sheet, things: Sequence[Placed]) -> None:
    # The shore is drawn for a square and widened to the tile.
    with sheet.group(transform="translate(0 -60) scale(1.2)"):
        meadow.shore(sheet)
    arrange(sheet, things)


def arrange(sheet: Sheet, things: Sequence[Placed]) -> None:
    """Stand things in a room, the hindmost first; most of them have their foot at (500, 840)."""
    sheet.furnished = True
    for draw, x, foot, size in things:
        move = f"translate({x - 500 * size:.0f} {foot - 840 * size:.0f}) scale({size})"
        with sheet.group(transform=move):
            draw(sheet)


def _in(draw: InColor, color: str) -> Drawing:
    return partial(draw, color=color)


TILES: dict[str, Drawing] = {
    "table": partial(
        room,
        name="table",
        horizon=560,
        things=(
            (table.harbor_pitcher, 400, 700, 0.8),
            (_in(table.tide_bowl, "Deep Sea"), 800, 790, 0.74),
            (table.kelp_mug, 560, 850, 0.56),
        ),
    ),
    "kitchen": partial(
        room,
        name="kitchen",
        horizon=560,
        things=(
            (kitchen.landing_board, 420, 690, 0.76),
            (_in(kitchen.quay_kettle, "Buoy Red"), 780, 760, 0.76),
            (kitchen.granite_mortar, 470, 850, 0.5),
        ),
    ),
    "textiles": partial(
        room,
        name="textiles",
        horizon=560,
        things=(
            (_in(textiles.dune_cushion, "Sand"), 390, 700, 0.74),
            (_in(textiles.headland_blanket, "Kelp"), 790, 780, 0.74),
        ),
    ),
    "light": partial(
        room,
        name="light",
        horizon=600,
        things=(
            (lamps.beacon_lamp, 340, 730, 0.82),
            (lights.beeswax_pillar, 900, 770, 0.58),
            (_in(lights.storm_lantern, "Signal Yellow"), 640, 800, 0.76),
        ),
    ),
    "carry": partial(
        room,
        name="carry",
        horizon=580,
        things=(
            (_in(bags.ebb_backpack, "Deep Sea"), 370, 720, 0.76),
            (_in(bags.spray_dry_bag, "Signal Yellow"), 900, 740, 0.64),
            (_in(bags.slipway_tote, "Natural"), 640, 790, 0.7),
        ),
    ),
    "outdoors": partial(
        on_meadow,
        things=(
            (meadow.lee_tent, 500, 760, 0.78),
            (outdoors.shingle_stool, 930, 820, 0.42),
            (outdoors.driftfire_pot, 780, 850, 0.34),
        ),
    ),
    "wear": partial(
        room,
        name="wear",
        horizon=620,
        things=(
            (wear.skua_scarf, 330, 640, 0.74),
            (wear.mudflat_boots, 770, 780, 0.8),
            (_in(knitwear.watch_beanie, "Ink"), 480, 830, 0.5),
        ),
    ),
    "bath": partial(
        room,
        name="bath",
        horizon=560,
        things=(
            (jars.foreshore_bath_salts, 420, 720, 0.76),
            (bath.sea_sponge, 830, 740, 0.6),
            (soap.kelp_soap, 690, 830, 0.5),
        ),
    ),
}
