"""Stripe's errors: status, type, code, the parameter meant, and a message for developers."""

from typing import Any


class StripeError(Exception):
    """Becomes an error answer; raised in a handler, it undoes what the request had written."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        # Not only text: a `Message` keeps what a page needs to say it in another language.
        self.message = message
        self.status = status
        self.error = {"type": kind, "message": message, "code": code, "param": param, **more}

    def body(self) -> dict[str, Any]:
        """The answer's body, without the fields that do not apply."""
        error = {name: value for name, value in self.error.items() if value is not None}
        if "code" in error and "doc_url" not in error:
            slug = error["code"].replace("_", "-")
            error["doc_url"] = f"https://docs.stripe.com/error-codes/{slug}"
        return {"error": error}


class CardError(StripeError):
    """A card was declined."""

    def __init__(
        self, message: str, *, code: str, decline_code: str | None = None, **more: Any
    ) -> None:
        super().__init__(
            message, status=402, kind="card_error", code=code, decline_code=decline_code, **more
        )


class RateLimited(StripeError):
    """There were too many requests; the reason goes into a header."""

    def __init__(self, reason: str) -> None:
        message = (
            "Request rate limit exceeded. Learn more about rate limits here"
            " https://stripe.com/docs/rate-limits."
        )
        super().__init__(message, status=429, code="rate_limit")
        self.reason = reason


class Unrecognized(StripeError):
    """A method and path that Stripe does not know, or that the stand-in does not play."""

    def __init__(self, method: str, path: str) -> None:
        message = (
            f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we"
            " can help at https://support.stripe.com/."
        )
        super().__init__(message, status=404)


class Unauthorized(StripeError):
    """No key, or one that does not belong to this account."""

    def __init__(self, message: str) -> None:
        super().__init__(message, status=401)


class Forbidden(StripeError):
    """A restricted key without the right that an endpoint asks for; it says whose key it is."""

    def __init__(self, key: str, account: str, right: str) -> None:
        shown = f"{key[:8]}{'*' * 8}{key[-6:]}"
        message = (
            f"The provided key '{shown}' does not have the required permissions for this endpoint"
            f" on account '{account}'. Having the '{right}' permission would allow this request to"
            " continue."
        )
        super().__init__(message, status=403)


def missing_resource(kind: str, given: str, param: str, *, status: int = 400) -> StripeError:
    """The error for an id that stands for nothing."""
    message = f"No such {kind.replace('.', ' ')}: '{given}'"
    return StripeError(message, status=status, code="resource_missing", param=param)


def not_offered(param: str) -> StripeError:
    """The honest answer to a parameter that Stripe knows and this stand-in does not play yet."""
    message = f"This stand-in does not offer `{param}` yet; real Stripe does."
    return StripeError(message, param=param)


def missing_parameter(param: str) -> StripeError:
    """The error for a required parameter that was not sent."""
    message = f"Missing required param: {param}."
    return StripeError(message, code="parameter_missing", param=param)


def exclusive_parameters(*names: str, param: str) -> StripeError:
    """The error for parameters that were sent together and exclude each other.

    `param` is the full name of the one that Stripe points at.
    """
    message = f"You may only specify one of these parameters: {', '.join(names)}."
    return StripeError(message, code="parameters_exclusive", param=param)


def not_the_customers(method_id: str, param: str) -> StripeError:
    """The error for a default payment method that is not attached to the customer."""
    message = (
        f"The customer does not have a payment method with the ID {method_id}. The payment"
        " method must be attached to the customer."
    )
    return StripeError(message, code="resource_missing", param=param)


def unsupported_descriptor(param: str) -> StripeError:
    """The error for a whole statement descriptor where a card is paid with."""
    message = (
        "`statement_descriptor` is not supported for card payments. Use"
        " `statement_descriptor_suffix` instead."
    )
    return StripeError(message, param=param)


def unexpected_state(message: str, intent: dict[str, Any]) -> StripeError:
    """The error for a verb that the status of a PaymentIntent or SetupIntent does not allow."""
    shown = {name: value for name, value in intent.items() if name != "_"}
    kind = intent["object"]
    about: dict[str, Any] = {kind: shown}
    return StripeError(message, code=f"{kind}_unexpected_state", **about)
