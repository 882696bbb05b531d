"""Customers at Stripe and what they have kept there, in the shop's own words."""
