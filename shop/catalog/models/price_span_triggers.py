"""PL/pgSQL by which the database itself keeps the price spans of products."""

from typing import Any

import pgtrigger

# Keeps the rows of PriceSpan, for all rows of a statement at once.
# EXECUTE plans anew each time: a plan made for an empty shop would be slow in a full one. Rows are
# looked up by their keys, one after another, and OFFSET keeps them from being joined: where the
# database believes that a table is still empty (just after many rows were written), it would
# compare every row with every other.
CURRENT_PRICES = """catalog_variant variant, LATERAL (
                SELECT * FROM catalog_price price WHERE price.variant_id = variant.id
                    AND price.is_active AND price.interval = '' OFFSET 0
            ) AS price"""


FOLLOW_LOWEST = f"""
    -- Who changes another price of the same product waits, and then reads what was committed.
    EXECUTE $statement$
        SELECT FROM catalog_product WHERE id = ANY(ARRAY({{touched}})) ORDER BY id FOR NO KEY UPDATE
    $statement$;
    EXECUTE $statement$
        DELETE FROM catalog_pricespan span
        WHERE product_id = ANY(ARRAY({{touched}})) AND NOT EXISTS (
            SELECT FROM {CURRENT_PRICES}
            WHERE variant.product_id = span.product_id AND variant.is_active
                AND price.currency = span.currency OFFSET 0
        )
    $statement$;
    EXECUTE $statement$
        INSERT INTO catalog_pricespan AS span (product_id, currency, lowest, highest, is_reduced)
        SELECT touched.id, asked.* FROM unnest(ARRAY({{touched}})) AS touched (id), LATERAL (
            SELECT price.currency,
                min(coalesce(price.minimum_amount, price.unit_amount)),
                max(coalesce(price.minimum_amount, price.unit_amount)),
                bool_or(price.regular_amount IS NOT NULL)
            FROM {CURRENT_PRICES}
            WHERE variant.product_id = touched.id AND variant.is_active
            GROUP BY price.currency
        ) AS asked
        ORDER BY touched.id
        ON CONFLICT (product_id, currency) DO UPDATE SET
            (lowest, highest, is_reduced) = (excluded.lowest, excluded.highest, excluded.is_reduced)
            WHERE (span.lowest, span.highest, span.is_reduced)
                <> (excluded.lowest, excluded.highest, excluded.is_reduced)
    $statement$;
    RETURN NULL;
"""  # noqa: S608


OF_VARIANTS = "SELECT DISTINCT product_id FROM new_rows"


OF_PRICES = """SELECT DISTINCT (SELECT product_id FROM catalog_variant WHERE id = variant_id)
        FROM new_rows"""


def follow_lowest(name: str, operation: Any, touched: str) -> pgtrigger.Trigger:
    """A price that is made or ended, or a variant taken out, may be the lowest of its product."""
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.After,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]
        func=FOLLOW_LOWEST.replace("{touched}", touched),
    )
