"""Bounds of the options per payment method, wherever they are sent."""

from fake_stripe.protocol.rules import Rules, between

RULES: Rules = {
    "payment_method_options.boleto.expires_after_days": between(0, 60),
    "payment_method_options.konbini.expires_after_days": between(1, 60),
    "payment_method_options.oxxo.expires_after_days": between(1, 7),
    "payment_method_options.pix.expires_after_seconds": between(60, 1_209_600),
}
