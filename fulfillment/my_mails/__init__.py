"""Which mails a customer gets besides those about orders, and in which language all of them are."""
