"""What a page has told, bound to its button: what is asked for is what was told, and once.

It is signed, so that nothing of it can be exchanged on the way. Its id becomes that of the request.
"""

import uuid
from typing import Any

from django.core import signing

from payments.models import Subscription

SALT = "payments.subscriptions"
# What a change costs grows less by the hour; nobody thinks it over for longer.
GOOD_FOR_SECONDS = 30 * 60


class Outdated(Exception):
    """The page is not about what is true now: it has to be looked at again."""


def seal(subscription: Subscription, action: str, **told: Any) -> str:
    """A new button that does this, as it was told."""
    content = {"of": str(subscription.pk), "do": action, "id": str(uuid.uuid4()), **told}
    return signing.dumps(content, salt=SALT)


def unseal(text: str, subscription: Subscription, action: str) -> dict[str, Any]:
    """What `seal` was given, and `id`. Raises Outdated."""
    try:
        content = dict(signing.loads(text, salt=SALT, max_age=GOOD_FOR_SECONDS))
    except signing.BadSignature as error:
        raise Outdated from error
    if (content["of"], content["do"]) != (str(subscription.pk), action):
        raise Outdated
    return {**content, "id": uuid.UUID(content["id"])}
