"""The kinds of product files, and how one of them is to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Format(StrEnum):
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


@dataclass(frozen=True)
class Detected:
    """How the file is to be read; `columns` are the header's, or numbers where there is none.

    `known_as` is {the format's own column: the file's}, where that has another name.
    """

    format: Format
    encoding: str = "utf-8"
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    has_header: bool = True
    known_as: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        if self.format in {Format.JSON, Format.JSONL}:
            return {"json": "JSON", "jsonl": "JSON Lines"}[self.format]
        name = {"shopify": "Shopify CSV", "woocommerce": "WooCommerce CSV", "csv": "CSV"}
        signs = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
        header = "" if self.has_header else ", without a header"
        encoding = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}
        return (
            f"{name[self.format]}, parted by {signs[self.delimiter]},"
            f" {encoding[self.encoding]}{header}"
        )
