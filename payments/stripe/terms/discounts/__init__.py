"""How Stripe learns of discounts whose codes may be typed on its page, and the shop of its own."""
