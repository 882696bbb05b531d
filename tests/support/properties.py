"""How many cases a property is tried with: all in a whole run, fewer with `--few-examples`."""

from typing import Any

from hypothesis import settings

# What Hypothesis draws by itself, and with `--few-examples`.
WHOLE, FEW = 100, 10
# Below this a property would be an example.
LEAST = 5


def examples(most: int, **how: Any) -> settings:
    """So many, or with `--few-examples` a tenth of them; `how` is Hypothesis's."""
    drawn = most * settings().max_examples // WHOLE
    return settings(max_examples=max(drawn, min(most, LEAST)), **how)
