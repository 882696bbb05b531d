"""A customer's subscriptions: looked at, paused, changed and ended, by themselves or by staff."""
