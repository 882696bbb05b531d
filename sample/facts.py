"""The facts that the sample says of its things, in their order, and what they are called."""

from shop.catalog.models import Fact, OptionWord

# {name: (the German one, whether lists are narrowed by it)}.
FACTS = {"Material": ("Material", True), "Measures": ("Maße", False), "Care": ("Pflege", False)}


def set_facts() -> None:
    """To be called before the products are imported, which take the words from the shop's."""
    for position, (name, (german, is_filter)) in enumerate(FACTS.items(), start=1):
        Fact.objects.get_or_create(
            name=name, defaults={"is_filter": is_filter, "position": position}
        )
        word, is_new = OptionWord.objects.get_or_create(word=name)
        if is_new:
            word.translate("de", "word", german)
            word.save()
