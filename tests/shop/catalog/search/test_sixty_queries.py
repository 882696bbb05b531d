"""Sixty questions to the sample range, and the product that must come first. # S-1"""

from pathlib import Path

import pytest
from django.utils import translation

from sample.load import PRODUCTS
from shop.catalog.files.run import import_products
from shop.catalog.models import Product
from shop.catalog.search import ranking
from shop.catalog.search.filters import ListFilters
from shop.catalog.search.matching import Selection

pytestmark = pytest.mark.django_db

# What one may hope for first; several where each is as good an answer.
ENGLISH = {
    # The words that the search box suggests.
    "Mug": "kelp-mug",
    "blanket": "headland-blanket",
    "lantern": "storm-lantern",
    "Mug, blanket, lantern…": "kelp-mug headland-blanket storm-lantern",
    # Titles, in any form.
    "lanterns": "storm-lantern",
    "soap": "kelp-soap ripple-soap-dish",
    "soap dish": "ripple-soap-dish",
    "towel": "rope-stripe-towel galley-tea-towels",
    "tea towels": "galley-tea-towels",
    "knife": "reef-knife oyster-knife cormorant-pocket-knife",
    "pocket knife": "cormorant-pocket-knife",
    "socks": "long-watch-socks",
    "scarf": "skua-scarf",
    "boots": "mudflat-boots",
    "tent": "lee-tent",
    "bath salt": "foreshore-bath-salts",
    # About it: tags, options, descriptions.
    "wool sweater": "gansey-sweater",
    "wool hat": "watch-beanie",
    "rug": "tideline-runner",
    "canvas bag": "slipway-tote",
    "sea glass bowl": "tide-bowl",
    "first coffee of the day": "kelp-mug",
    "campfire pot": "driftfire-pot",
    "MUG-KELP": "kelp-mug",
    # Typed in haste.
    "blnaket": "headland-blanket",
    "lantren": "storm-lantern",
    "mgu": "kelp-mug",
    "lmap": "beacon-lamp",
    "sweter": "gansey-sweater",
    "candel": "beeswax-pillar",
    "matchs": "strike-bottle",
    "hamock": "cove-hammock",
}
GERMAN = {
    "Becher": "kelp-mug",
    "Decke": "headland-blanket",
    "Laterne": "storm-lantern",
    "Becher, Decke, Laterne …": "kelp-mug headland-blanket storm-lantern",
    # Compounds, by their last part.
    "Decken": "headland-blanket",
    "Seife": "kelp-soap",
    "Seifen": "kelp-soap",
    "Messer": "reef-knife oyster-knife cormorant-pocket-knife",
    "Mütze": "watch-beanie",
    "Socken": "long-watch-socks",
    "Tasche": "slipway-tote dory-duffel",
    "Teller": "shore-plate",
    "Kissen": "dune-cushion",
    "Stiefel": "mudflat-boots",
    "Kompass": "bearing-compass",
    "Pullover": "gansey-sweater",
    "Krug": "harbor-pitcher",
    "Flasche": "current-flask strike-bottle",
    "Bürste": "bath-brush",
    "Kerze": "beeswax-pillar",
    "Kessel": "quay-kettle",
    # By the first part, or by both apart.
    "Salz": "foreshore-bath-salts limpet-salt-cellar",
    "warme Decke": "headland-blanket",
    "Woll Decke": "headland-blanket",
    "Decke aus Wolle": "headland-blanket",
    "Kerzenhalter": "lookout-chamberstick",
    "Handtücher": "rope-stripe-towel",
    "Schal": "skua-scarf",
    # Typed in haste.
    "Latrene": "storm-lantern",
    "Wolldeke": "headland-blanket",
    "Hängemate": "cove-hammock",
    "Schürtze": "deckhand-apron",
}


@pytest.fixture
def sample() -> None:
    report = import_products(Path(PRODUCTS), currency="eur")
    assert report.problems == []


def first(query: str) -> str:
    found = ranking.find(query)
    ids = found.ranked(Selection(found.scope, ListFilters("eur")))(0, 1)
    return Product.objects.get(pk=ids[0]).slug if ids else "nothing"


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("language", "queries"), [("en", ENGLISH), ("de", GERMAN)])
def test_what_is_meant_comes_first(language: str, queries: dict[str, str]) -> None:
    with translation.override(language):
        others = {
            query: answer
            for query, hoped in queries.items()
            if (answer := first(query)) not in hoped.split()
        }

    assert others == {}


def test_there_are_sixty() -> None:
    assert len(ENGLISH) + len(GERMAN) >= 60
