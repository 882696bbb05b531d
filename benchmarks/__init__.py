"""What the shop takes, measured on this machine: `python -m benchmarks`."""
