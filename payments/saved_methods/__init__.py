"""A customer's saved payment methods: looked at, added, made the default, removed."""
