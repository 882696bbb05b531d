"""What renews, what each period was invoiced at, and the order that it made."""
