"""What we sell: products in variants, their prices, pictures and stock."""

from shop.catalog.models.categories import (
    Category,
)
from shop.catalog.models.digital import (
    DigitalFile,
    DigitalGood,
    LicenseKey,
)
from shop.catalog.models.images import (
    Image,
    PictureFetch,
)
from shop.catalog.models.option_words import (
    OptionWord,
)
from shop.catalog.models.prices import (
    Price,
    PriceQuerySet,
    PriceSpan,
    new_key,
)
from shop.catalog.models.products import (
    Fact,
    OldSlug,
    Product,
    ProductFact,
    ProductQuerySet,
    Unit,
    Variant,
)
from shop.catalog.models.rhythm import (
    Rhythm,
    trial_words,
)
from shop.catalog.models.search import (
    Word,
)
from shop.catalog.models.stock import (
    Stock,
    StockMovement,
)
from shop.catalog.models.stripe import (
    CatalogSync,
    StripeBaseline,
    SyncConflict,
    UnclaimedStripeObject,
)

__all__ = [
    "CatalogSync",
    "Category",
    "DigitalFile",
    "DigitalGood",
    "Fact",
    "Image",
    "LicenseKey",
    "OldSlug",
    "OptionWord",
    "PictureFetch",
    "Price",
    "PriceQuerySet",
    "PriceSpan",
    "Product",
    "ProductFact",
    "ProductQuerySet",
    "Rhythm",
    "Stock",
    "StockMovement",
    "StripeBaseline",
    "SyncConflict",
    "UnclaimedStripeObject",
    "Unit",
    "Variant",
    "Word",
    "new_key",
    "trial_words",
]
