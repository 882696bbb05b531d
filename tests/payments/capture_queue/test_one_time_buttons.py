"""Buttons that move money once, on pages that may be older than the release."""

from django.core import signing

from payments.capture_queue import one_time_buttons


def test_a_button_of_the_release_before_is_read() -> None:
    content = {"nonce": "2f0c", "captures": {}}

    sealed = signing.dumps(content, salt="payments.tickets")

    assert one_time_buttons.unseal(sealed) == content
