"""How the words of discounts are compared: without case, spaces and marks between."""

import re
import unicodedata

# As people say and print them; Stripe's own are letters and digits, too.
LONGEST_CODE = 40
PLAIN = re.compile(r"[A-Z0-9]+", re.ASCII)
LOOK_ALIKE = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2"})


def canonical(typed: str) -> str:
    """The code that was typed: "welcome 10", "Welcome-10" and WELCOME10 are the same.

    Empty for what is none: too long, or of other letters than A to Z and digits.
    """
    # Long texts are not even looked at.
    text = unicodedata.normalize("NFKC", typed[: 4 * LONGEST_CODE]).upper()
    word = re.sub(r"[\s\-_.·]+", "", text)
    fits = len(typed) <= 4 * LONGEST_CODE and len(word) <= LONGEST_CODE
    return word if fits and PLAIN.fullmatch(word) else ""


def skeleton(code: str) -> str:
    """The same for two codes that only differ in what looks alike on paper: O and 0, I, L and 1."""
    return code.translate(LOOK_ALIKE)
