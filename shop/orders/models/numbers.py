"""How an order is named: to people by its number, to whom it belongs by its token."""

import secrets

# Without letters and digits that are mistaken for each other on the telephone.
NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
NUMBER_LENGTH = 8


def new_token() -> str:
    """192 bits that cannot be guessed: who has the token may see the order."""
    return secrets.token_urlsafe(24)


def new_number() -> str:
    """What people say and write: "HF-7K3M9QTD"; tells nothing about how much is sold."""
    return "HF-" + "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(NUMBER_LENGTH))


def number_in(typed: str) -> str:
    """The number as it is kept, however it was typed: "hf 7k3m9qtd" is HF-7K3M9QTD."""
    plain = "".join(filter(str.isalnum, typed.upper()))
    return f"HF-{plain if len(plain) == NUMBER_LENGTH else plain.removeprefix('HF')}"
