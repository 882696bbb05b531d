"""Sentences for the customer: English wherever Stripe's API answers, German on a German page."""

from typing import Any, Self


class Message(str):
    """An English sentence that a page can say in the customer's language.

    `Message("Use at least %(count)s characters.", count=3)` is the text with its values filled in.
    It keeps gettext's id and the values apart, so that a page can look the sentence up and fill
    it in anew. Every literal that stands here is gathered into the catalog of translations.
    """

    msgid: str
    values: dict[str, Any]

    def __new__(cls, msgid: str, /, **values: Any) -> Self:
        message = super().__new__(cls, msgid % values if values else msgid)
        message.msgid = msgid
        message.values = values
        return message
