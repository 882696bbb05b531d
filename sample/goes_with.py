"""What goes with what in the demo: matches with the lantern."""

from shop.catalog.models import Product

PAIRS = {"storm-lantern": "strike-bottle"}


def set_pairs() -> None:
    """For a shop in which nothing goes with anything; what staff have set stays."""
    if Product.goes_with.through.objects.exists():
        return
    for slug, other in PAIRS.items():
        product = Product.objects.filter(slug=slug).first()
        if product is not None:
            product.goes_with.set(Product.objects.filter(slug=other))
