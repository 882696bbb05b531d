"""What a column of somebody else's file means to us."""

import re
from collections.abc import Iterable, Mapping, Sequence

from shop.catalog.files.columns.extra_fields import language_of
from shop.catalog.files.columns.facts import own as own_fact
from shop.catalog.files.columns.prices import INTERVALS, TRIAL, kind_of
from shop.catalog.files.drafts import BadRow

# Our fields, with the names that other systems give them, in order of preference.
NAMES: dict[str, tuple[str, ...]] = {
    "sku": (
        "sku", "variant_sku", "article_number", "item_number", "product_code", "part_number",
        "code", "artikelnummer", "article", "ref",
    ),
    "title": (
        "title", "name", "product_name", "product_title", "product", "bezeichnung", "artikelname",
        "titel",
    ),
    "description": (
        "description", "body_html", "body", "long_description", "text", "beschreibung", "details",
    ),
    "price": ("price", "unit_price", "preis", "amount"),
    "sale_price": (
        "sale_price", "special_price", "discount_price", "discounted_price", "reduced_price",
        "offer_price", "angebotspreis", "aktionspreis",
    ),
    "currency": ("currency", "currency_code", "price_currency", "währung", "waehrung"),
    "barcode": ("barcode", "gtin", "gtin13", "ean", "ean13", "upc", "isbn", "isbn13"),
    "regular_price": ("regular_price", "compare_at_price", "list_price", "was_price", "uvp"),
    "stock": (
        "stock", "quantity", "qty", "inventory", "on_hand", "stock_quantity", "available_stock",
        "bestand", "lager", "menge",
    ),
    "category": (
        "category", "categories", "product_type", "type", "kategorie", "department", "group",
    ),
    "vendor": ("vendor", "brand", "manufacturer", "maker", "marke", "hersteller"),
    "tags": ("tags", "keywords", "labels", "schlagworte"),
    "images": (
        "images", "image", "image_url", "image_urls", "picture", "photo", "thumbnail", "bild",
    ),
    "variant_image": ("variant_image",),
    "alt": ("alt", "image_alt", "alt_text"),
    "slug": ("slug", "handle", "permalink"),
    "status": ("status", "published", "visible"),
    "grams": ("grams", "weight_grams", "weight_g", "gewicht_g"),
    "shipping": ("requires_shipping", "shippable"),
    "tax_code": ("tax_code",),
    "id": ("id", "product_id", "uuid", "nr"),
    "options": ("option_values", "options"),
    "option_names": ("option_names",),
    "gift_card": ("gift_card", "is_gift_card"),
    "position": ("position",),
    "most_per_order": (
        "most_per_order", "maximum_order_quantity", "max_order_quantity", "max_per_order",
    ),
    "minimum_order": (
        "minimum_order_quantity", "min_order_quantity", "minimum_quantity", "min_quantity",
        "min_qty", "moq",
    ),
    "publish_at": ("publish_at",),
    "variant_active": ("variant_active",),
    "unit_price_per": ("unit_price_per",),
    "size_guide": ("size_guide",),
    "variant_content": ("variant_content",),
    "low_stock_threshold": ("low_stock_threshold", "low_stock_amount"),
    # Only by just this name, or by `--map`.
    "tax_class": (),
}  # fmt: skip
# A column of one of these names is an option that tells variants of one product apart.
OPTIONS = ("color", "colour", "size", "material", "style", "farbe", "größe", "groesse")
# Says of a column that nobody shall read it.
IGNORE = "ignore"
# Of "Option 1 Name" and "Option 1 Value", of which each product has its own.
OPTION_PART = re.compile(r"option_?(\d+)_(name|value)", re.ASCII)
# A price that names its currency, as `price_usd` and `Price (USD)`.
IN_CURRENCY = re.compile(r"(price|regular_price|sale_price)_([a-z]{3})", re.ASCII)
# What is paid again and again, in the currency of the run: `Price every 3 months`.
IN_RHYTHM = re.compile(rf"(price|{TRIAL})_every_(?:([1-9]\d{{0,3}})_)?({INTERVALS})s?", re.ASCII)
# Fields that also say of which language or currency they are.
SUFFIXED = (
    "fact:<Name>",
    "filter:<Name>",
    "title:<language>",
    "alt:<language>",
    "price:<currency>",
    "price:<currency>:<interval>",
    "trial_days:<currency>:<interval>",
)
NUMBER_THEM = (
    "The first line names no columns that are known here. Put one before it, or say which column is"
    " what, by number: --map 1=sku --map 2=title --map 3=price. A title and a price are needed. If"
    " it names columns in other words, say --header and what they are: --map VK=price."
)


class WrongMapping(ValueError):
    """A `--map` that names no column of the file or no field of ours."""


def plain(name: str) -> str:
    """A column's name without case, blanks and signs: "Product Name" is product_name."""
    return re.sub(r"[^\w.]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()).strip("_")


def is_header(cells: Sequence[str]) -> bool:
    """Whether a first line names columns: at least two of them are names that we know."""
    known = {name for names in NAMES.values() for name in names} | set(OPTIONS)
    return sum(
        plain(cell) in known or bool(IN_CURRENCY.fullmatch(plain(cell))) for cell in cells
    ) >= min(2, len(cells))


def check(columns: Iterable[str], given: Mapping[str, str], *, known: Iterable[str]) -> None:
    """Refuse a {column: field} that names no column of the file or no known field."""
    known = list(known)
    for column, field in given.items():
        if column not in columns:
            raise WrongMapping(f"There is no column {column!r}. There are: {', '.join(columns)}.")
        is_known = re.sub(r"^option:.+", "option:<Name>", field) in known
        if not is_known and not is_suffixed(field) and field != IGNORE:
            every = ", ".join([*known, *SUFFIXED, IGNORE])
            raise WrongMapping(f"{field!r} is no field here. Fields: {every}.")


def is_suffixed(field: str) -> bool:
    """Whether this is a field like `title:de` or `price:usd`."""
    return bool(language_of(field)) or kind_of(field) is not None or bool(own_fact(field))


def own(columns: Iterable[str]) -> dict[str, str]:
    """{field: column} of what only our own files have, so that nobody else's is mistaken for it."""
    columns = list(columns)
    facts = {field: column for column in columns if (field := own_fact(column))}
    named = {column.lower().replace(" ", "_"): column for column in columns}
    plain_ones = {
        "most_per_order", "publish_at", "variant_active", "unit_price_per", "variant_content",
        "low_stock_threshold", "size_guide",
    }  # fmt: skip
    # WooCommerce's "Tax class" means another shop's words.
    written = {"tax_class"} & set(columns)
    return (
        {
            field: column
            for field, column in named.items()
            if field in plain_ones or (is_suffixed(field) and not own_fact(field))
        }
        | {field: field for field in written}
        | facts
    )


def mapping(
    columns: Iterable[str], given: Mapping[str, str], *, currency: str = ""
) -> dict[str, str]:
    """{our field: the file's column}; `option:<Name>` for columns that are options.

    `given` is what the caller says, {column: field}; it wins. A price in `currency` is the price.
    Raises WrongMapping.
    """
    columns = list(columns)
    check(columns, given, known=(*NAMES, "option:<Name>"))
    columns = [column for column in columns if given.get(column) != IGNORE]
    found = {field: column for column, field in given.items() if field != IGNORE}
    found |= {
        field: column
        for field, column in _in_currencies(columns, currency).items()
        if field not in found and column not in given
    }
    by_name = {plain(column): column for column in reversed(columns)}
    for field, names in NAMES.items():
        match = next((by_name[name] for name in names if name in by_name), None)
        if match is not None and match not in given:
            found.setdefault(field, match)
    for field, column in own(columns).items():
        found.setdefault(field, column)
    if "price" not in found and {"regular_price", "sale_price"} <= set(found):
        found["price"] = found.pop("regular_price")
    pairs = _pairs(columns)
    for field, column in pairs.items():
        found.setdefault(field, column)
    for field, column in _options(columns, [*found.values(), *pairs.values()]).items():
        found.setdefault(field, column)
    return found


def _options(columns: Iterable[str], used: Sequence[str]) -> dict[str, str]:
    """{`option:<Name>`: column} of columns that are options, of those that nothing else is."""
    found: dict[str, str] = {}
    for column in columns:
        name = plain(column)
        option = name.removeprefix("option_") if name.startswith("option_") else name
        if column not in used and (option in OPTIONS or option != name):
            label = re.sub(r"(?i)^option[ _:]+", "", column)
            found.setdefault(f"option:{label[:1].upper()}{label[1:]}", column)
    return found


def _pairs(columns: Iterable[str]) -> dict[str, str]:
    """{`option1_name` or `option1_value`: column} where both are there."""
    found = {}
    for column in columns:
        if match := OPTION_PART.fullmatch(plain(column)):
            found[f"option{match[1]}_{match[2]}"] = column
    other = {"name": "value", "value": "name"}
    return {
        field: column
        for field, column in found.items()
        if f"{field.rpartition('_')[0]}_{other[field.rpartition('_')[2]]}" in found
    }


def _in_currencies(columns: Iterable[str], currency: str) -> dict[str, str]:
    """{our field: column} of prices whose column names a currency or a rhythm."""
    found = {}
    for column in columns:
        if currency and (every := IN_RHYTHM.fullmatch(plain(column))):
            count = f"{every[2]}-" if int(every[2] or 1) > 1 else ""
            found[f"{every[1]}:{currency}:{count}{every[3]}"] = column
            continue
        match = IN_CURRENCY.fullmatch(plain(column))
        if match and match[2] == currency:
            found[match[1]] = column
        elif match and match[1] != "sale_price" and kind_of(f"{match[1]}:{match[2]}"):
            found[f"{match[1]}:{match[2]}"] = column
    return found


def needed(found: Mapping[str, str], line: int, *, currency: str, has_header: bool = True) -> None:
    """Refuse a file that cannot name or price what it sells, in the currency of the import."""
    missing = [field for field in ("title", "price") if field not in found]
    other = next((field for field in found if field.startswith("price:") and field[-4] == ":"), "")
    if missing == ["price"] and other:
        sentence = f"is in {other[-3:].upper()}, but this run reads {currency.upper()}."
        hint = f"--currency {other[-3:]} reads it, --map column=price names another."
        raise BadRow(line, found[other], f"{sentence} {hint}")
    if missing and not has_header:
        raise BadRow(line, "header", NUMBER_THEM)
    if missing == ["title", "price"] and "stock" in found:
        sentence = "This is stock, not products: those have a title and a price. Stock is counted"
        raise BadRow(line, "header", f"{sentence} in the admin, or with them by --stock.")
    if missing:
        sentence = (
            f"no column is the {' or the '.join(missing)}. Say which with --map column=field."
        )
        raise BadRow(line, "header", sentence)
