"""What the check of translations finds beside what is missing."""

from babel.messages.catalog import Catalog

from local.checks.translations import run_together

THANKS = "Thank you for your order. It is on its way to you."
BANK = "Your bank has not yet told us that the money has arrived."


def test_a_translation_that_goes_on_with_another_sentence_is_found() -> None:
    catalog = Catalog(locale="de")
    catalog.add(THANKS, "Danke für Ihre Bestellung. Sie ist unterwegs." + BANK)
    catalog.add(BANK, "Ihre Bank hat uns noch nichts gesagt.")
    catalog.add(("%(number)s day", "%(number)s days"), ("%(number)s Tag", "%(number)s Tage"))

    assert run_together(catalog) == [THANKS]


def test_what_is_left_as_it_is_and_names_are_no_fault() -> None:
    catalog = Catalog(locale="de")
    catalog.add(BANK, BANK)
    catalog.add("Visa", "Visa")

    assert run_together(catalog) == []
