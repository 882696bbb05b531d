"""Every picture of the range by name, with what draws it, its size and what it may weigh."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from shop.catalog.sample.draw import (
    bags,
    bath,
    blades,
    carry,
    hero,
    jars,
    kitchen,
    knitwear,
    lamps,
    lights,
    meadow,
    outdoors,
    paper,
    pocket,
    soap,
    table,
    textiles,
    tiles,
    towels,
    wear,
)
from shop.catalog.sample.draw.sheet import Drawing, InColor, Sheet

# A product's files weigh 150 kB at most, all its pictures together; the rest is room.
PRODUCT_BYTES = 148_000
PICTURE_BYTES = 108_000
HERO_BYTES = 245_000
# Laid rope is fine detail all over.
ROOMIER = {"holdfast-line": 140_000}

WIDTHS = (320, 480, 640, 960)
HERO_WIDTHS = (640, 960, 1280, 1920)


@dataclass(frozen=True)
class Picture:
    name: str
    drawing: Drawing
    limit: int
    width: int = 1000
    height: int = 1000
    widths: tuple[int, ...] = WIDTHS

    def svg(self) -> str:
        sheet = Sheet(self.width, self.height)
        self.drawing(sheet)
        return sheet.svg()


def in_colors(name: str, drawing: InColor, *colors: str) -> dict[str, Drawing]:
    """One picture a color; the first bears the product's own name."""
    return {
        name if place == 0 else f"{name}-{color.lower().replace(' ', '-')}": partial(
            drawing, color=color
        )
        for place, color in enumerate(colors)
    }


PRODUCTS: tuple[Mapping[str, Drawing], ...] = (
    {"kelp-mug": table.kelp_mug, "kelp-mug-pair": table.kelp_mug_pair},
    in_colors("tide-bowl", table.tide_bowl, "Sea Glass", "Deep Sea"),
    {"shore-plate": table.shore_plate},
    {"harbor-pitcher": table.harbor_pitcher},
    {"saltmarsh-tumblers": table.saltmarsh_tumblers},
    {"wrack-serving-spoons": table.wrack_serving_spoons},
    {"limpet-salt-cellar": table.limpet_salt_cellar},
    {"landing-board": kitchen.landing_board},
    {"reef-knife": blades.reef_knife},
    {"oyster-knife": blades.oyster_knife},
    {"skerry-skillet": kitchen.skerry_skillet},
    in_colors("deckhand-apron", kitchen.deckhand_apron, "Deep Sea", "Sand"),
    in_colors("quay-kettle", kitchen.quay_kettle, "Chalk", "Buoy Red"),
    {"granite-mortar": kitchen.granite_mortar},
    in_colors("headland-blanket", textiles.headland_blanket, "Fog", "Kelp"),
    in_colors("dune-cushion", textiles.dune_cushion, "Sand", "Sea Glass"),
    {"rope-stripe-towel": towels.rope_stripe_towel},
    {"galley-tea-towels": towels.galley_tea_towels},
    {"breakwater-throw": textiles.breakwater_throw},
    {"tideline-runner": towels.tideline_runner},
    in_colors("storm-lantern", lights.storm_lantern, "Deep Sea", "Signal Yellow"),
    {"beeswax-pillar": lights.beeswax_pillar},
    {"lookout-chamberstick": lights.lookout_chamberstick},
    {"glass-float-pendant": lamps.glass_float_pendant},
    {"beacon-lamp": lamps.beacon_lamp},
    {"strike-bottle": lights.strike_bottle},
    in_colors("slipway-tote", bags.slipway_tote, "Natural", "Kelp"),
    in_colors("ebb-backpack", bags.ebb_backpack, "Kelp", "Deep Sea"),
    in_colors("spray-dry-bag", bags.spray_dry_bag, "Signal Yellow", "Deep Sea"),
    {"dory-duffel": carry.dory_duffel},
    {"seine-net-bag": carry.seine_net_bag},
    {"bosun-tool-roll": carry.bosun_tool_roll},
    {"lee-tent": meadow.lee_tent, "lee-tent-night": meadow.lee_tent_night},
    {"cove-hammock": meadow.cove_hammock},
    {"shingle-stool": outdoors.shingle_stool},
    in_colors("current-flask", outdoors.current_flask, "Sea Glass", "Ink"),
    {"holdfast-line": outdoors.holdfast_line},
    {"bearing-compass": pocket.bearing_compass},
    {"cormorant-pocket-knife": pocket.cormorant_pocket_knife},
    {"driftfire-pot": outdoors.driftfire_pot},
    {"shoreline-field-guide": paper.shoreline_field_guide},
    in_colors("watch-beanie", knitwear.watch_beanie, "Rust", "Ink"),
    in_colors("gansey-sweater", knitwear.gansey_sweater, "Ink"),
    {"long-watch-socks": knitwear.long_watch_socks},
    {"squall-hat": wear.squall_hat},
    {"mudflat-boots": wear.mudflat_boots},
    {"skua-scarf": wear.skua_scarf},
    {"kelp-soap": soap.kelp_soap},
    {"ripple-soap-dish": soap.ripple_soap_dish},
    {"bath-brush": bath.bath_brush},
    {"sea-sponge": bath.sea_sponge},
    {"foreshore-bath-salts": jars.foreshore_bath_salts},
    {"night-watch-balm": jars.night_watch_balm},
    {"pumice-on-a-rope": bath.pumice_on_a_rope},
)


def pictures() -> dict[str, Picture]:
    """All of them, by name."""
    goods = [
        Picture(name, drawing, _limit(name, product))
        for product in PRODUCTS
        for name, drawing in product.items()
    ]
    shelves = [
        Picture(f"category-{slug}", drawing, PICTURE_BYTES, width=1200, height=900)
        for slug, drawing in tiles.TILES.items()
    ]
    home = Picture("hero", hero.hero, HERO_BYTES, width=1600, height=900, widths=HERO_WIDTHS)
    return {picture.name: picture for picture in [*goods, *shelves, home]}


def _limit(name: str, product: Mapping[str, Drawing]) -> int:
    return min(ROOMIER.get(name, PICTURE_BYTES), PRODUCT_BYTES // len(product))
