"""The processes of one machine: PostgreSQL and Valkey from wheels, and what `make demo` runs."""
