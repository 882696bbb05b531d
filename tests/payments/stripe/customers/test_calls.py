"""What is no call about a customer is named."""

import pytest

from payments.models import StripeRequest
from payments.stripe.customers import calls


def test_a_request_that_is_about_nobody_says_so() -> None:
    request = StripeRequest(kind=StripeRequest.Kind.SET_DEFAULT)

    with pytest.raises(ValueError, match="set_default_method request for nobody"):
        calls.change(request, {"idempotency_key": "x"})
