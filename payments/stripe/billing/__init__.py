"""What Stripe tells of subscriptions and their invoices."""
