"""What the nightly round forgets, for a part of it."""

from shop.accounts.privacy import retention


def pruned(*names: str) -> int:
    """Forget what is old of these; how many rows that were."""
    rules = {rule.name: rule for rule in retention.rules()}
    return sum(sum(retention.prune(rules[name])) for name in names)
