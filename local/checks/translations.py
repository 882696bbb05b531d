"""`python -m local.checks.translations`: what pages say, gathered into catalogs and compiled.

The shop's catalogs stand in `locale/`, those of the stand-in's payment page in
`fake_stripe/hosted/locale/`. Babel gathers and compiles, so that no gettext tools are needed. With
`--check` nothing is written; it fails where a sentence is new, gone, not translated or not
compiled.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from local.services.processes import ROOT

CODE = ["shop", "payments", "fulfillment"]
TEMPLATES = ROOT / "templates"
# Staff read the shop's own language.
LEFT_OUT = ["admin"]
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None, "gettext_lazy": None, "ngettext_lazy": (1, 2)}
# So many letters of an English sentence are in no translation by chance.
TELLING = 40
STAND_IN = "fake_stripe"
# The stand-in's own mark for sentences that a page may say in another language.
STAND_IN_KEYWORDS = {**DEFAULT_KEYWORDS, "Message": None}
JINJA = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}


def main(arguments: list[str]) -> int:
    faults = []
    for path in catalogs():
        if "--check" in arguments:
            faults += faults_of(path)
        else:
            renew(path)
            faults += faults_of(path)
    print("\n".join(faults) or "Every sentence is translated and compiled.")
    return 1 if faults else 0


def catalogs() -> list[Path]:
    """The catalogs of the shop, and of the stand-in's payment page."""
    shops = (ROOT / "locale").glob("*/LC_MESSAGES/django.po")
    stand_ins = (ROOT / STAND_IN / "hosted" / "locale").glob("*/LC_MESSAGES/stand_in.po")
    return [*sorted(shops), *sorted(stand_ins)]


def renew(path: Path) -> None:
    """Take new sentences in, drop those that are gone, and compile."""
    catalog = read(path)
    catalog.update(gathered(path), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalog, omit_header=False, sort_output=True, no_location=True, width=100)
    path.with_suffix(".mo").write_bytes(compiled(catalog))


def faults_of(path: Path) -> list[str]:
    """What keeps this catalog from saying all that the pages say."""
    catalog, said = read(path), gathered(path)
    name = path.relative_to(ROOT)
    known = {one.id: one for one in catalog if one.id}
    faults = [f"{name}: new: {one.id!r}" for one in said if one.id and one.id not in known]
    faults += [f"{name}: said nowhere: {one!r}" for one in known if one not in said]
    faults += [f"{name}: not translated: {one.id!r}" for one in known.values() if not whole(one)]
    faults += [
        f"{name}: {one.id!r}: {error}" for one, errors in catalog.check() for error in errors
    ]
    faults += [f"{name}: {one!r}: holds another sentence, too" for one in run_together(catalog)]
    made = path.with_suffix(".mo")
    if not made.exists() or made.read_bytes() != compiled(catalog):
        faults.append(f"{name}: not compiled. Run python -m local.checks.translations")
    return faults


def run_together(catalog: Catalog) -> list[str]:
    """The sentences whose translation goes on with another one, as when a merge lost its key."""
    sentences = {form: one for one in catalog for form in forms_of(one.id) if form}
    begin = {form[:TELLING] for form in sentences if len(form) >= TELLING}
    return [
        form
        for form, one in sentences.items()
        if any(part in said for said in forms_of(one.string) for part in begin if part not in form)
    ]


def forms_of(text: str | Sequence[str] | None) -> Sequence[str]:
    """A sentence alone, or both of one that depends on a number."""
    return (text,) if isinstance(text, str) else text or ()


def gathered(path: Path) -> Catalog:
    """Every sentence that a customer may read, on a page or in a mail, for one of the catalogs."""
    catalog = Catalog(project="holdfast")
    sentences = _stand_ins_sentences() if path.stem == "stand_in" else _sentences()
    for text, comments, context in sentences:
        catalog.add(text, auto_comments=comments, context=context)
    return catalog


Sentence = tuple[str | tuple[str, ...], list[str], str | None]


def _sentences() -> Iterator[Sentence]:
    for source in _sources():
        for found in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            _line, text, comments, context = found
            yield text, comments, context


def _stand_ins_sentences() -> Iterator[Sentence]:
    for path in sorted((ROOT / STAND_IN).rglob("*.py")):
        with path.open("rb") as source:
            for _line, text, comments, context in extract("python", source, STAND_IN_KEYWORDS):
                yield text, comments, context
    for path in sorted((ROOT / STAND_IN / "hosted" / "templates").glob("*.html")):
        with path.open("rb") as source:
            for _line, text, comments, context in extract(
                "jinja2.ext:babel_extract", source, DEFAULT_KEYWORDS, options=JINJA
            ):
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
