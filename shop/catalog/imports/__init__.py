"""Product files become products.

`rows` reads a file as rows, `shopify` makes drafts of them, `loader` writes drafts into the
database, and `run` puts the three together. A further format is another maker of drafts.
"""
