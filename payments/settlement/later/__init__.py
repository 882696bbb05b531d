"""What becomes of a later charge, by what Stripe tells of its payments."""
