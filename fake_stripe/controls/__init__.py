"""The controls below /_fake/: JSON for tests, a page for people."""
