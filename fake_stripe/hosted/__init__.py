"""The hosted payment page: what the customer sees of Stripe."""
