"""What a subscriber is told by mail, what staff see of a subscription, and how it stands here."""
