"""SKUs where a file gives none, or one to several variants."""

from shop.catalog.files.addresses import in_capitals

LONGEST = 64


class Skus:
    """The SKUs of a file so far, whatever their case; memory holds each once."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}

    def line(self, sku: str) -> int | None:
        """Where it stands already."""
        return self._lines.get(sku.upper())

    def take(self, sku: str, line: int) -> None:
        self._lines[sku.upper()] = line

    def distinct(self, sku: str, slug: str, values: list[str]) -> str:
        """The SKU, or where it is taken one with the product's address, its options, a number."""
        further = [in_capitals(slug), in_capitals(slug, *values)]
        for end in ["", *further, *(f"{further[-1]}-{n}" for n in range(2, 10_000))]:
            room = LONGEST - len(end) - bool(end)
            made = f"{sku[: max(room, 0)]}-{end}".strip("-")[:LONGEST] if end else sku[:LONGEST]
            if self.line(made) is None:
                return made
        return sku
