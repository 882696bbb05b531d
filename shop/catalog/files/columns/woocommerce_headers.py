"""WooCommerce's export names its columns in the language of the shop that it comes from."""

import re
from collections.abc import Iterator, Sequence

# The exporter's own names in English, in its own order, and what they are elsewhere: German,
# Russian, Persian, French, Spanish, Italian, Polish, Dutch. `#` is a number, `()` a unit.
HEADERS: dict[str, tuple[str, ...]] = {
    "ID": ("شناسه", "identyfikator"),
    "Type": ("typ", "тип", "نوع", "tipo"),
    "SKU": ("artikelnummer", "артикул", "شناسه محصول", "ugs", "cod", "kod produktu"),
    "GTIN, UPC, EAN, or ISBN": (
        "gtin, upc, ean oder isbn", "gtin, upc, ean или isbn", "gtin، upc، ean یا isbn",
        "gtin, upc, ean یا isbn", "gtin, upc, ean ou isbn", "gtin, upc, ean o isbn",
        "gtin, upc, ean, o isbn", "gtin, upc, ean lub isbn", "gtin, upc, ean of isbn",
    ),
    "Name": ("имя", "название", "نام", "nom", "nombre", "nome", "nazwa", "naam"),
    "Published": (
        "veröffentlicht", "опубликован", "منتشر شده", "publié", "publicado", "pubblicato",
        "opublikowano", "opublikowany", "gepubliceerd",
    ),
    "Is featured?": (
        "ist hervorgehoben?", "рекомендуемый?", "آیا ویژه است؟", "mis en avant ?",
        "¿está destacado?", "in evidenza?", "wyróżniony produkt?", "is uitgelicht?",
    ),
    "Visibility in catalog": (
        "sichtbarkeit im katalog", "видимость в каталоге", "قابل مشاهده در کاتالوگ",
        "visibilité dans le catalogue", "visibilidad en el catálogo", "visibilità nel catalogo",
        "widoczność w katalogu", "zichtbaarheid in catalogus",
    ),
    "Short description": (
        "kurzbeschreibung", "краткое описание", "короткое описание", "توضیح کوتاه",
        "توضیحات کوتاه", "description courte", "descripción corta", "breve descrizione",
        "krótki opis", "korte beschrijving",
    ),
    "Description": (
        "beschreibung", "описание", "توضیحات", "توضیح", "descripción", "descrizione", "opis",
        "beschrijving",
    ),
    "Date sale price starts": (
        "datum, an dem angebotspreis beginnt", "дата начала действия продажной цены",
        "дата начала действия скидки", "تاریخ شروع فروش ویژه", "date de début de promo",
        "día en que empieza el precio rebajado", "data inizio dello sconto",
        "data rozpoczęcia promocji", "startdatum actieprijs",
    ),
    "Date sale price ends": (
        "datum, an dem angebotspreis endet", "дата окончания действия продажной цены",
        "дата окончания действия скидки", "تاریخ پایان فروش ویژه", "date de fin de promo",
        "día en que termina el precio rebajado", "data fine dello sconto",
        "data zakończenia promocji", "einddatum actieprijs",
    ),
    "Tax status": (
        "steuerstatus", "статус налога", "وضعیت مالیات", "état de la tva", "estado del impuesto",
        "stato delle imposte", "status podatku", "btw status",
    ),
    "Tax class": (
        "steuerklasse", "налоговый класс", "کلاس مالیاتی", "classe de tva", "clase de impuesto",
        "aliquota di imposta", "klasa podatkowa", "belastingklasse",
    ),
    "In stock?": (
        "auf lager?", "vorrätig?", "в наличии?", "наличие", "موجود در انبار؟", "در انبار؟",
        "en stock ?", "¿existencias?", "in stock?", "w magazynie?", "na stanie?", "op voorraad?",
    ),
    "Stock": (
        "bestand", "lager", "lagerbestand", "запасы", "موجودی", "انبار", "inventario", "magazzino",
        "stan magazynowy", "magazyn", "voorraad",
    ),
    "Low stock amount": (
        "geringe lagermenge", "малое количество на складе", "величина малых запасов",
        "مقدار کم موجودی انبار", "montant de stock faible", "cantidad de bajo inventario",
        "quantità di scorte basse", "niski stan magazynowy", "lage voorraad",
    ),
    "Backorders allowed?": (
        "lieferrückstände erlaubt?", "lieferrückstande erlaubt?", "rückstände erlaubt?",
        "задержанный заказ возможен?", "возможен ли предзаказ?", "پیش‌سفارش مجاز است؟",
        "autoriser les commandes de produits en rupture ?",
        "¿permitir reservas de productos agotados?", "ordini arretrati permessi?",
        "pozwalać na zamówienia oczekujące (na dostawę do magazynu)?", "nabestellingen toestaan?",
    ),
    "Sold individually?": (
        "nur einzeln verkaufen?", "продано индивидуально?", "به صورت تکی فروخته شود؟",
        "vendre individuellement ?", "¿vendido individualmente?", "venduto singolarmente?",
        "sprzedawany pojedynczo?", "individueel verkocht?",
    ),
    "Weight ()": ("gewicht ()", "вес ()", "وزن ()", "poids ()", "peso ()", "waga ()"),
    "Length ()": ("länge ()", "длина ()", "طول ()", "longueur ()", "longitud ()", "lunghezza ()"),
    "Width ()": ("breite ()", "ширина ()", "عرض ()", "largeur ()", "anchura ()", "larghezza ()"),
    "Height ()": ("höhe ()", "высота ()", "ارتفاع ()", "hauteur ()", "altura ()", "altezza ()"),
    "Allow customer reviews?": (),
    "Purchase note": (),
    "Sale price": (
        "angebotspreis", "цена распродажи", "акционная цена", "قیمت فروش ویژه", "tarif promo",
        "precio rebajado", "prezzo in offerta", "cena promocyjna", "actieprijs",
    ),
    "Regular price": (
        "regulärer preis", "базовая цена", "قیمت عادی", "قیمت اصلی", "tarif régulier",
        "precio normal", "prezzo di listino", "cena regularna", "cena", "reguliere prijs",
    ),
    "Categories": (
        "kategorien", "категории", "دسته‌ها", "دسته ها", "دسته‌بندی‌ها", "دسته بندی ها",
        "catégories", "categorías", "categorie", "kategorie", "categorieën",
    ),
    "Tags": (
        "schlagwörter", "метки", "برچسب‌ها", "برچسب ها", "étiquettes", "etiquetas", "tag", "tagi",
    ),
    "Shipping class": (),
    "Images": (
        "bilder", "изображения", "تصاویر", "imágenes", "immagini", "obrazki", "afbeeldingen",
    ),
    "Download limit": (),
    "Download expiry days": (),
    "Parent": (
        "übergeordnetes produkt", "родительский", "مادر", "superior", "principal", "genitore",
        "nadrzędny", "element nadrzędny", "hoofd",
    ),
    "Grouped products": (),
    "Upsells": (),
    "Cross-sells": (),
    "External URL": (),
    "Button text": (),
    "Position": (),
    "Brands": ("marken", "marke", "бренды", "برندها", "marques", "marcas", "marchi", "marki"),
    "Attribute # name": (
        "attribut # name", "имя атрибута #", "название атрибута #", "نام ویژگی #", "نام ویژگی‌ #",
        "nom de l'attribut #", "nombre del atributo #", "nome dell'attributo #", "nazwa atrybutu #",
        "eigenschap # naam",
    ),
    "Attribute # value(s)": (
        "attribut # wert(e)", "значение(-я) аттрибута(-ов) #", "значение(-я) атрибута(-ов) #",
        "значение(-я) атрибута #", "مقدار(های) ویژگی #", "مقدار ویژگی #",
        "valeur(s) de l'attribut #", "valor(es) del atributo #", "valore dell'attributo #",
        "wartości atrybutu #", "eigenschap # waarde(n)",
    ),
}  # fmt: skip
ENGLISH = {name.lower(): name for name in HEADERS}
KNOWN = ENGLISH | {word: name for name, words in HEADERS.items() for word in words}
NEEDED = {"Type", "Name", "Regular price"}
# Values of the column Type, which no exporter translates.
TYPES = {"simple", "variable", "variation", "grouped", "external"}
# The column that tells an export of before GTINs from one of today: it is there or not.
GTIN, PUBLISHED = "GTIN, UPC, EAN, or ISBN", 4
POSITIONED = tuple(HEADERS)[: tuple(HEADERS).index("Brands")]
UNITS = {
    "kg": "kg", "кг": "kg", "کیلوگرم": "kg", "g": "g", "г": "g", "گرم": "g",
    "lbs": "lbs", "lb": "lbs", "фунты": "lbs", "oz": "oz", "унции": "oz",
}  # fmt: skip


def known_as(columns: Sequence[str], first: Sequence[str]) -> dict[str, str]:
    """{the exporter's English name: the file's column}; empty where it is no such export.

    By the names, in any language of the table; for other languages by the exporter's own order,
    where the first record's cells are what they should be.
    """
    found = dict(_by_name(columns))
    if not set(found) >= NEEDED or not {"SKU", "ID"} & set(found):
        found = dict(_by_order(columns, first))
    return {name: column for name, column in found.items() if name != column}


def _by_name(columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    for column in columns:
        plain = " ".join(column.lower().replace("’", "'").split())
        number = re.search(r"\d+", plain)
        unit = re.search(r"\((\w+)\)$", plain)
        for key in (plain, re.sub(r"\d+", "#", plain), re.sub(r"\(\w+\)$", "()", plain)):
            if name := KNOWN.get(key):
                yield _numbered(name, number[0] if number else "", unit[1] if unit else ""), column
                break


def _numbered(name: str, number: str, unit: str) -> str:
    return name.replace("#", number).replace("()", f"({UNITS.get(unit, unit)})")


def _by_order(columns: Sequence[str], first: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(columns) < len(POSITIONED) - 1 or len(first) != len(columns):
        return
    if first[1].split(",")[0].strip().lower() not in TYPES:
        return
    names = list(POSITIONED)
    if first[PUBLISHED] in {"1", "0", "-1"}:
        names.remove(GTIN)
    elif first[PUBLISHED + 1] not in {"1", "0", "-1"}:
        return
    for name, column in zip(names, columns, strict=False):
        unit = re.search(r"\((\w+)\)$", column.lower())
        yield _numbered(name, "", unit[1] if unit else "kg"), column
    # After them each attribute's name and values, and what else is said of it.
    rest = [column for column in columns[len(names) :] if re.search(r"\d", column)]
    numbers = dict.fromkeys(re.search(r"\d+", column)[0] for column in rest)  # type: ignore[index]
    for number in numbers:
        own = [column for column in rest if re.search(rf"(?<!\d){number}(?!\d)", column)]
        for name, column in zip(("name", "value(s)"), own, strict=False):
            yield f"Attribute {number} {name}", column
