"""Twenty-odd ways in which a product file can be broken: each is named by line and column."""

from pathlib import Path

import pytest

from shop.catalog.files.drafts import Problem
from shop.catalog.files.run import import_products
from shop.catalog.models import Category, Product
from tests.shop.catalog.files.formats.shopify_files import COLUMNS, further, row, text_of

pytestmark = pytest.mark.django_db

HEADER = ",".join(COLUMNS) + "\n"
GOOD = text_of(row())
WORKBOOK = (
    "This is no CSV file; it looks like an Excel workbook or another zip file."
    " Save the sheet as “CSV UTF-8” first."
)
# Neither UTF-8 nor Windows-1252, which has no letter for 0x81.
UNKNOWN_BYTES = GOOD.replace("Skerry", "Sk\xe9rry\x81").encode("latin-1")
MOSTLY_UTF8 = GOOD.replace("Storm", "Stürm").encode() + b"b,\xe9\n"


def cells_where_fewer_are_due(count: int) -> str:
    return (
        f"has {count} cells where the header has {len(COLUMNS)} columns."
        " Is a comma or a quotation mark missing or too many?"
    )


# name: (the file's bytes or rows, what is said)
BROKEN: dict[str, tuple[bytes | list[dict[str, str]], list[tuple[int, str, str]]]] = {
    "another currency": (
        [row(variant_price="$12.50")],
        [(2, "Variant Price", "'$12.50' is no amount. Write it like 12.50.")],
    ),
    "price with an exponent": (
        [row(variant_price="1e3")],
        [(2, "Variant Price", "'1e3' is no amount. Write it like 12.50.")],
    ),
    "price with three decimals": (
        [row(variant_price="0.505")],
        [(2, "Variant Price", "'0.505' has more than 2 decimals.")],
    ),
    "price with two readings": (
        [row(variant_price="1.299")],
        [
            (
                2,
                "Variant Price",
                "'1.299' may mean 1299 or 1.299. Write thousands without a sign, like 1299.00.",
            )
        ],
    ),
    "negative price": (
        [row(variant_price="-5.00")],
        [(2, "Variant Price", "'-5.00' is no amount. Write it like 12.50.")],
    ),
    "no price": (
        [row(variant_price="")],
        [(2, "Variant Price", "is empty. Write a price like 12.50.")],
    ),
    "spreadsheet formula as a price": (
        [row(variant_price='=HYPERLINK("x")')],
        [(2, "Variant Price", "'=HYPERLINK(\"x\")' is no amount. Write it like 12.50.")],
    ),
    "no handle": (
        [row(), row(handle="", variant_sku="B")],
        [(3, "Handle", "is empty.")],
    ),
    "handle that is no address": (
        [row(handle="storm lantern")],
        [
            (
                2,
                "Handle",
                "'storm lantern' is no handle. Use letters, digits, hyphen and underscore.",
            )
        ],
    ),
    "no title": ([row(title="")], [(2, "Title", "is empty.")]),
    "same options twice": (
        [
            row(option1_name="Size", option1_value="S"),
            further(option1_value="S", variant_sku="B", variant_price="1"),
        ],
        [(3, "Option1 Value", "LANTERN-STORM has the same options.")],
    ),
    "option without value": (
        [
            row(option1_name="Size", option1_value="S"),
            further(variant_sku="B", variant_price="1"),
        ],
        [(3, "Option1 Value", "is empty; storm-lantern comes in Size.")],
    ),
    "value without option": (
        [row(option2_value="Large")],
        [(2, "Option2 Value", "'Large' belongs to no option of storm-lantern.")],
    ),
    "option name left out": (
        [row(option1_name="", option1_value="S", option2_name="Size", option2_value="L")],
        [
            (2, "Option1 Name", "is empty, while a later option has a name."),
        ],
    ),
    "quantity in words": (
        [row(variant_inventory_qty="many")],
        [(2, "Variant Inventory Qty", "'many' is no whole number.")],
    ),
    "broken quantity": (
        [row(variant_inventory_qty="2.5")],
        [(2, "Variant Inventory Qty", "'2.5' is no whole number.")],
    ),
    "quantity in other digits": (
        [row(variant_inventory_qty="٣")],
        [(2, "Variant Inventory Qty", "'٣' is no whole number.")],
    ),
    "quantity beyond counting": (
        [row(variant_inventory_qty="99999999999")],
        [(2, "Variant Inventory Qty", "99999999999 is more than 2,147,483,647.")],
    ),
    "title too long": (
        [row(title="x" * 256)],
        [(2, "Title", "has 256 characters; 255 fit.")],
    ),
    "tag too long": (
        [row(tags="gift, " + "x" * 101)],
        [(2, "Tags", f"{'x' * 40}… has more than 100 characters.")],
    ),
    "odd yes or no": (
        [row(variant_requires_shipping="maybe")],
        [(2, "Variant Requires Shipping", "'maybe' is neither TRUE nor FALSE.")],
    ),
    "unknown status": (
        [row(status="hidden")],
        [(2, "Status", "'hidden' is not active, draft or archived.")],
    ),
    "gift card": (
        [row(gift_card="TRUE")],
        [(2, "Gift Card", "The shop cannot sell gift cards.")],
    ),
    "picture from a disk": (
        [row(image_src="C:\\lantern.jpg")],
        [(2, "Image Src", r"'C:\\lantern.jpg' is no web address.")],
    ),
    "picture that climbs": (
        [row(variant_image="pictures/../secret")],
        [
            (
                2,
                "Variant Image",
                "'pictures/../secret' is no web address.",
            )
        ],
    ),
    "product without a variant": (
        [
            row(
                variant_sku="",
                variant_price="",
                option1_name="",
                option1_value="",
                image_src="https://example.com/x.jpg",
            )
        ],
        [(2, "Variant SKU", "storm-lantern has no variant.")],
    ),
    "handle that comes again": (
        [row(), row(handle="b", variant_sku="B"), row(variant_sku="C")],
        [
            (
                4,
                "Handle",
                "storm-lantern stands in line 2 already; all rows of a product stand together.",
            )
        ],
    ),
    "every row is named": (
        [
            row(variant_price="x", title=""),
            further(variant_sku="B", variant_price="y"),
            row(handle="c", variant_sku="C", variant_grams="1 kg"),
        ],
        [
            (2, "Title", "is empty."),
            (2, "Variant Price", "'x' is no amount. Write it like 12.50."),
            (3, "Variant Price", "'y' is no amount. Write it like 12.50."),
            (4, "Variant Grams", "'1 kg' is no weight in grams."),
        ],
    ),
    "cell too many": (
        (GOOD.rstrip("\n") + ",x\n").encode(),
        [(2, "whole row", cells_where_fewer_are_due(len(COLUMNS) + 1))],
    ),
    "missing columns": (
        b"Handle,Title,Price\nlantern,Lantern,12\n",
        [(1, "header", "missing columns: Variant SKU, Variant Price.")],
    ),
    "column twice": (
        b"Handle,Title,Variant SKU,Variant Price,Title\n",
        [(1, "header", "columns that stand there twice: Title.")],
    ),
    "empty file": (b"", [(1, "header", "The file is empty.")]),
    "another encoding": (
        UNKNOWN_BYTES,
        [(2, "byte 85", "0xE9 is no UTF-8 text. Save the file as “CSV UTF-8”.")],
    ),
    "one byte that is no UTF-8": (
        MOSTLY_UTF8,
        [(3, "byte 3", "0xE9 is no UTF-8 text. Save the file as “CSV UTF-8”.")],
    ),
    "UTF-16 cut off": (
        GOOD.encode("utf-16")[:-1],
        [(2, "whole row", "is no utf-16 text: truncated data.")],
    ),
    "workbook": (
        b"PK\x03\x04\x14\x00\x06\x00",
        [
            (
                1,
                "whole file",
                WORKBOOK,
            )
        ],
    ),
    "picture instead of a file": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        [(1, "whole file", "This is no CSV file; it holds binary data.")],
    ),
    "JSON without products": (
        b'{"products": []}',
        [(1, "whole file", "holds no list of products.")],
    ),
    "web page": (
        b"<!doctype html><title>Sign in</title>",
        [(1, "whole file", "This is no CSV file; it looks like HTML or XML.")],
    ),
    "NUL later on": (
        (GOOD + "x" * 9000 + "\n").encode() + b"b,\0\n",
        [
            (3, "Handle", "has 9,000 characters; 255 fit."),
            (4, "byte 3", "holds a NUL byte."),
        ],
    ),
    "quotation mark that never closes": (
        (HEADER + 'storm-lantern,"Storm Lantern,,,\n,,,\n').encode(),
        [(2, "whole row", "cannot be read as CSV: unexpected end of data.")],
    ),
    "endless cell": (
        (HEADER + "x," + "y" * 200_000 + "\n").encode(),
        [(2, "whole row", "cannot be read as CSV: field larger than field limit (131072).")],
    ),
    "endless line": (
        (HEADER + "x" * 1_000_001).encode(),
        [(2, "whole row", "is longer than 1,000,000 characters.")],
    ),
}


@pytest.mark.parametrize(("content", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_named_and_leaves_nothing(
    tmp_path: Path, content: bytes | list[dict[str, str]], said: list[tuple[int, str, str]]
) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes(content if isinstance(content, bytes) else text_of(*content).encode())

    report = import_products(path, currency="eur")

    assert report.problems == [Problem(*parts) for parts in said]
    assert (report.is_imported, Product.objects.count(), Category.objects.count()) == (False, 0, 0)


def test_what_stands_before_an_unreadable_line_is_kept_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    rows = [row(handle="a", variant_sku="A"), row(handle="b", variant_sku="B")]
    path.write_bytes(text_of(*rows).encode() + b"c,\xff\x81\n")

    report = import_products(path, currency="eur", keep_good=True)

    assert list(Product.objects.values_list("slug", flat=True)) == ["a", "b"]
    assert [problem.line for problem in report.problems] == [4]
