import random
import re

import pytest
from django.test import Client

from shop.catalog.models import Product, Word
from shop.catalog.search import index, ranking
from shop.catalog.search.filters import ListFilters
from shop.catalog.search.matching import Selection
from tests.support.factories import PriceFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> dict[str, Product]:
    """Five things that are easy to tell apart, indexed."""
    things = {
        "hoodie": ("Harbor Hoodie", "A warm layer with a hood.", ["wear", "cotton"]),
        "mug": ("Kelp Mug", "For the first coffee.", ["stoneware"]),
        "lantern": ("Storm Lantern", "Burns through a gale.", ["light"]),
        "cafetiere": ("Cafetière", "Presses coffee.", ["kitchen"]),
        "pan": ("Smørrebrød Board", "Oak.", ["kitchen"]),
    }
    made = {}
    for name, (title, description, tags) in things.items():
        product = ProductFactory(title=title, description=description, tags=tags)
        PriceFactory(variant=VariantFactory(product=product, sku=f"{name.upper()}-1"))
        index.index(product)
        made[name] = product
    return made


def ids_of(query: str) -> list[int]:
    result = ranking.find(query)
    return result.ranked(Selection(result.scope, ListFilters("eur")))(0, 10_000)


def found(query: str, shelf: dict[str, Product]) -> list[str]:
    names = {product.pk: name for name, product in shelf.items()}
    return [names[pk] for pk in ids_of(query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hoodie", ["hoodie"]),
        ("HOODIES", ["hoodie"]),  # stemmed
        ("harbor hoodie", ["hoodie"]),
        ("hood", ["hoodie"]),  # the beginning of a word
        ("hodie", ["hoodie"]),  # a letter left out
        ("lantren", ["lantern"]),  # two letters swapped
        ("hooide", ["hoodie"]),
        ("cafetiere", ["cafetiere"]),
        ("CAFETIÈRE", ["cafetiere"]),
        ("smorrebrod", ["pan"]),
        ("gale lantern", ["lantern"]),  # one word from the description
        ("blue hodie with a zip", ["hoodie"]),  # one word of many is nearly right
        ("wombat", []),
        ("", []),
        ("the", []),
    ],
)
def test_words_find_what_was_meant(
    shelf: dict[str, Product], query: str, expected: list[str]
) -> None:
    assert found(query, shelf) == expected


def test_title_counts_for_more_than_description(shelf: dict[str, Product]) -> None:
    shelf["mug"].description = "Keeps coffee away from your hoodie."
    shelf["mug"].save()
    index.index(shelf["mug"])

    assert found("hoodie", shelf) == ["hoodie", "mug"]


def test_exact_sku_comes_first(shelf: dict[str, Product]) -> None:
    shelf["hoodie"].title = "Lantern 1 Lantern 1"
    shelf["hoodie"].save()
    index.index(shelf["hoodie"])

    assert found("lantern-1", shelf) == ["lantern", "hoodie"]


def test_what_is_not_published_is_not_found(shelf: dict[str, Product]) -> None:
    Product.objects.filter(pk=shelf["hoodie"].pk).update(status=Product.Status.DRAFT)

    assert [ids_of(query) for query in ("hoodie", "hodie", "HOODIE-1")] == [[], [], []]


def test_changed_title_is_found_after_indexing(shelf: dict[str, Product]) -> None:
    Product.objects.filter(pk=shelf["mug"].pk).update(title="Wrack Beaker")

    assert index.reindex() == 5
    assert (found("beaker", shelf), found("kelp", shelf)) == (["mug"], [])
    # What nothing is called any more is forgotten, and what is known is known once.
    assert list(Word.objects.filter(text__in=["kelp", "kitchen"])) == [
        Word.objects.get(text="kitchen")
    ]


def test_exact_title_comes_before_longer_ones(shelf: dict[str, Product]) -> None:
    index.index(ProductFactory(title="Lantern"))
    for number in range(3):
        index.index(ProductFactory(title=f"Lantern Lantern {number}"))

    assert ids_of("LANTERN")[0] == Product.objects.get(title="Lantern").pk


def odd_queries() -> list[str]:
    """Some hundreds of questions as people, robots and cats on keyboards ask them."""
    chance = random.Random(11)
    words = [
        "hoodie",
        "lantern",
        "Cafetière",
        "smørrebrød",
        "gale",
        "mug",
        "größe",
        "日本",
        "مصباح",
    ]
    signs = [
        "'",
        '"',
        "&",
        "|",
        "!",
        ":*",
        "<->",
        "\\",
        "%",
        "_",
        "(",
        ")",
        "--",
        ";",
        "\x00",
        "\x07",
    ]
    signs += [
        "½",
        "ŉ",
        "ﷺ",
        "🦀",
        "\u202e",
        "\ud7ff",
        "\N{COMBINING ACUTE ACCENT}",
        "$1",
        "%s",
        "{}",
    ]
    queries = ["a & | !", "mug:*", "%_%", "(((", "x" * 5000, "ab " * 900, "the", "0" * 300]
    for _ in range(400):
        parts = [misspelt(chance, chance.choice(words)) for _ in range(chance.randrange(1, 5))]
        parts += [chance.choice(signs) * chance.randrange(3) for _ in range(3)]
        chance.shuffle(parts)
        queries.append(chance.choice(["", " "]).join(parts))
    return queries


def misspelt(chance: random.Random, word: str) -> str:
    """The word, or with a letter left out, doubled, or changed about with the next."""
    at = chance.randrange(len(word))
    changed = [
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[::-1],
        word.upper(),
    ]
    return chance.choice([word, *changed])


def test_odd_queries_are_answered(shelf: dict[str, Product], client: Client) -> None:
    # S30, S31
    answers = {client.get("/search/", {"q": query}).status_code for query in odd_queries()}

    assert answers == {200}


@pytest.mark.parametrize("query", ["%ff%fe%c3", "%00", "%ED%A0%80", "a%00b", "%27%29%3B--"])
def test_bytes_that_are_no_text_are_answered(client: Client, query: str) -> None:
    assert client.get(f"/search/?q={query}&page=2").status_code in {200, 404}
    assert client.get(f"/search/?q={query}").status_code == 200


def test_page_says_what_was_searched_and_escapes_it(client: Client) -> None:
    html = client.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in html
    assert "Nothing found for “&lt;script&gt;alert(1)&lt;/script&gt;”." in html


def test_near_words_are_said_to_be_near(shelf: dict[str, Product], client: Client) -> None:
    html = client.get("/search/", {"q": "hodie"}).content.decode()

    assert "No exact match for “hodie”. 1 close match:" in html
    assert "Harbor Hoodie" in html


def test_the_letters_decide_which_word_was_meant(shelf: dict[str, Product], client: Client) -> None:
    """To trigrams "langen" is nearer to "lantren" than "lantern" is."""
    brush = ProductFactory(title="Brush", translations={"de": {"title": "Mit langen Borsten"}})
    PriceFactory(variant__product=brush)
    index.index(brush)

    html = client.get("/search/", {"q": "lantren"}).content.decode()

    assert [name for name in ("Storm Lantern", "Brush") if name in html] == ["Storm Lantern"]
    assert re.search(r"Did you mean\s*<a[^>]*>lantern</a>", html)


def test_search_page_is_not_indexed(client: Client) -> None:
    assert '<meta name="robots" content="noindex">' in client.get("/search/").content.decode()
