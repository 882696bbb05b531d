"""The sample range: a Shopify product file, and the pictures drawn for it."""
