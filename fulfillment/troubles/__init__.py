"""What keeps the shop from working, found by looking or by silence, and told to staff."""
