"""Stripe's errors as the two answers that matter: a definite no, or not known."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import stripe

from shop.stripe_client import is_refusal
from shop.work import Away

# The last error of a row that met a refused key, one that Stripe knew before or one it never knew.
REFUSED_KEY = "^(OutcomeUnknown: 401|AccountUnknown): "


# What Stripe says where it cannot work out a tax, as the detail of a refused row keeps it.
TAX_REFUSED = (
    r"\((customer_tax_location_invalid|invalid_tax_location|failed_tax_calculation"
    r"|taxes_calculation_failed|stripe_tax_inactive)\)|automatic tax"
)


class Refused(Exception):
    """Stripe's definite no: nothing was done, and the same call will be refused again."""

    def __init__(
        self,
        sentence: str,
        *,
        status: int,
        code: str = "",
        parameter: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.parameter = parameter
        self.request_id = request_id


class OutcomeUnknown(Away):
    """No answer, or one that does not tell whether the call was carried out.

    `status` is the answer's, None when there was none.
    """

    def __init__(
        self, sentence: str, *, status: int | None = None, after: timedelta | None = None
    ) -> None:
        super().__init__(sentence, after=after)
        self.status = status


@contextmanager
def translated() -> Iterator[None]:
    """Turn the library's errors into the two answers that matter: a definite no, or not known."""
    try:
        yield
    except stripe.StripeError as error:
        raise _translation(error) from error


def _translation(error: stripe.StripeError) -> Exception:
    status = error.http_status
    message = getattr(error.error, "message", None) if error.error else None
    sentence = str(message or error.user_message or error)
    code = str(getattr(error.error, "code", "") or "") if error.error else ""
    if status in {401, 403}:
        # A rotated key or a missing permission: stop calling for a while, a person must mend it.
        return OutcomeUnknown(f"{status}: {sentence}", status=status, after=timedelta(minutes=5))
    if not is_refusal(error):
        return OutcomeUnknown(f"{status or 'no answer'}: {sentence}", status=status)
    parameter = str(getattr(error, "param", "") or "")
    request_id = error.request_id or ""
    return Refused(
        sentence, status=status or 0, code=code, parameter=parameter, request_id=request_id
    )
