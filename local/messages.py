"""`python -m local.messages`: what pages say, gathered into locale/ and compiled.

Babel does both, so that no gettext tools are needed. With `--check` nothing is written; it fails
where a sentence is new, gone, not translated or not compiled.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from local.processes import ROOT

CODE = ["shop", "payments", "fulfillment"]
TEMPLATES = ROOT / "templates"
# Staff read the shop's own language.
LEFT_OUT = ["admin"]
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None, "gettext_lazy": None, "ngettext_lazy": (1, 2)}


def main(arguments: list[str]) -> int:
    faults = []
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        if "--check" in arguments:
            faults += faults_of(path)
        else:
            renew(path)
            faults += faults_of(path)
    print("\n".join(faults) or "Every sentence is translated and compiled.")
    return 1 if faults else 0


def renew(path: Path) -> None:
    """Take new sentences in, drop those that are gone, and compile."""
    catalog = read(path)
    catalog.update(gathered(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalog, omit_header=False, sort_output=True, no_location=True, width=100)
    path.with_suffix(".mo").write_bytes(compiled(catalog))


def faults_of(path: Path) -> list[str]:
    """What keeps this catalog from saying all that the pages say."""
    catalog, said = read(path), gathered()
    name = path.relative_to(ROOT)
    known = {one.id: one for one in catalog if one.id}
    faults = [f"{name}: new: {one.id!r}" for one in said if one.id and one.id not in known]
    faults += [f"{name}: said nowhere: {one!r}" for one in known if one not in said]
    faults += [f"{name}: not translated: {one.id!r}" for one in known.values() if not whole(one)]
    faults += [
        f"{name}: {one.id!r}: {error}" for one, errors in catalog.check() for error in errors
    ]
    made = path.with_suffix(".mo")
    if not made.exists() or made.read_bytes() != compiled(catalog):
        faults.append(f"{name}: not compiled. Run python -m local.messages")
    return faults


def gathered() -> Catalog:
    """Every sentence that a customer may read, on a page or in a mail."""
    catalog = Catalog(project="holdfast")
    for text, comments, context in _sentences():
        catalog.add(text, auto_comments=comments, context=context)
    return catalog


def _sentences() -> Iterator[tuple[str | tuple[str, ...], list[str], str | None]]:
    for source in _sources():
        for found in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            _line, text, comments, context = found
            yield text, comments, context


def _sources() -> Iterator[str]:
    """Python as it is, and templates turned into such."""
    for top in CODE:
        yield from (path.read_text() for path in sorted((ROOT / top).rglob("*.py")))
    for path in sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]):
        if path.relative_to(TEMPLATES).parts[0] not in LEFT_OUT:
            # Inside brackets Python minds no indentation.
            yield f"(\n{templatize(path.read_text())}\n)"


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def compiled(catalog: Catalog) -> bytes:
    made = io.BytesIO()
    write_mo(made, catalog)
    return made.getvalue()


def whole(message: Message) -> bool:
    """Whether each form is there, and not guessed."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms) and not message.fuzzy


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
