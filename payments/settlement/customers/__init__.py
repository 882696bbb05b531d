"""What Stripe has kept for whom: read there, and written here by one hand."""
