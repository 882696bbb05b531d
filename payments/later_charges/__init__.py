"""What is owed beside an order: charged on a saved method, or paid by a link."""
