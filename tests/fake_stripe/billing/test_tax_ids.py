"""The tax ids that the payment page offers are Stripe's own."""

from typing import get_args, get_type_hints

from stripe.params import _customer_tax_id_create_params

from fake_stripe.billing.tax_ids import OFFERED


def test_each_type_is_one_that_the_sdk_knows() -> None:
    module = _customer_tax_id_create_params
    hint = get_type_hints(module.CustomerTaxIdCreateParams, vars(module))["type"]
    known = {word for part in get_args(hint) for word in (get_args(part) or [part])}

    assert set(OFFERED) <= known
