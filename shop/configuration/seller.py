"""Who sells, as the terms, the privacy page and invoices name them."""

from shop.configuration.environment import Environment


def seller(env: Environment, shop_name: str) -> tuple[str, str, str]:
    """Name, address in one line, and the number by which the tax office knows them."""
    return (
        str(env.read("SELLER_NAME", default=shop_name)),
        str(env.read("SELLER_ADDRESS", default="")),
        str(env.read("SELLER_TAX_NUMBER", default="")),
    )
