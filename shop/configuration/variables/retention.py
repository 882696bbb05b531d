"""For how long what is known of people, and what was done, is kept: one period each, in days."""

from shop.configuration.environment import Environment

# Stripe lists an event for 30 days: one that was forgotten before would come anew.
LISTED_AT_STRIPE = 35
# As long as the cookie of a cart lives (SESSION_COOKIE_AGE).
COOKIE = 30
# Days, and the fewest that still serve: below it something would be missing that is needed.
PERIODS = {
    "SESSIONS": (1, 0),
    "CARTS": (90, COOKIE),
    "REMINDERS": (90, 30),
    "VISITORS": (180, COOKIE),
    "LOGIN_RECORDS": (90, 1),
    "ALERTS": (365, 1),
    "ALERTS_SENT": (30, 1),
    "MESSAGES": (365, 1),
    "ORDER_LINKS": (30, 1),
    "STRIPE_CONTENT": (90, LISTED_AT_STRIPE),
    "WORK": (365, LISTED_AT_STRIPE),
}


def retention(env: Environment) -> dict[str, int]:
    """RETENTION_CARTS=90 and so on, by what stands behind RETENTION_."""
    return {
        name: env.number(f"RETENTION_{name}", default=days, least=least)
        for name, (days, least) in PERIODS.items()
    }
