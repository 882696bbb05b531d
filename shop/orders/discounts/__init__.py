"""Discounts: what is taken off a cart and an order, and who has it."""
