"""How an order is named: to people by its number, to whom it belongs by its token."""

import secrets

# Without letters and digits that are mistaken for each other on the telephone.
NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_token() -> str:
    """192 bits that cannot be guessed: who has the token may see the order."""
    return secrets.token_urlsafe(24)


def new_number() -> str:
    """What people say and write: "HF-7K3M9QTD"; tells nothing about how much is sold."""
    return "HF-" + "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))
