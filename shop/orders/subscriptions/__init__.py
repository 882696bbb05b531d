"""What is paid again and again: what of it goes together, and what it costs now and then."""
