"""A strict, stateful Stripe over HTTP, with its hosted payment page, for tests and demos."""

# The version this stand-in speaks: the one that stripe-python 16.1 pins.
API_VERSION = "2026-10-28.endive"
# From this version on `payment_method_types` can no longer be sent.
ENDIVE = "2026-09-30.endive"
# The one account, to which every test key belongs.
ACCOUNT_ID = "acct_1FakeStripe00000"
