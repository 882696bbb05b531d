"""A customer's passkeys: added, listed, removed, and a way to log in beside the mailed code."""
