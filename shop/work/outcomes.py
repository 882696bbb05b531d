"""What came of a piece of work: one word by which code decides."""

import pgtrigger
from django.db import models


class Outcome(models.TextChoices):
    """What came of a piece of work, in the words that staff read; `detail` says more.

    Code decides by these and never by a detail.
    """

    CARRIED_OUT = "carried out"
    SEEN = "seen"  # an earlier try had done it after all
    REFUSED = "refused"  # a definite no: the same call would be refused again
    GONE = "gone at Stripe"
    OVERTAKEN = "overtaken"
    OPENED = "opened"
    SETTLED = "settled"
    IGNORED = "ignored"
    WRONG_MODE = "wrong_mode"
    NOTED = "noted"  # the detail is a sentence of its own
    STOCK_TAKEN = "stock taken"
    OUT_OF_STOCK = "out of stock"
    NOTHING_TO_PREPARE = "nothing to prepare"
    SENT = "sent"
    FETCHED = "fetched"
    TOLD = "told"
    TAKEN_OVER = "taken over"


# The release before wrote outcome and detail as one text. Its processes may still run while this
# one migrates: what they write is taken apart here, so that nobody reads a refusal as none. To go,
# and the column to become as short as its longest word, in the release after.
TAKE_APART = pgtrigger.Trigger(
    name="take_outcome_apart",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("outcome"),  # type: ignore[no-untyped-call]
    when=pgtrigger.Before,
    func="""
        IF NEW.outcome ~ '^(refused|ignored|out of stock|gone at Stripe): ' THEN
            NEW.detail := substr(NEW.outcome, strpos(NEW.outcome, ': ') + 2);
            NEW.outcome := split_part(NEW.outcome, ': ', 1);
        ELSIF NEW.outcome NOT IN ('', {words}) THEN
            NEW.detail := NEW.outcome;
            NEW.outcome := 'noted';
        END IF;
        RETURN NEW;
    """.replace("{words}", ", ".join(f"'{outcome.value}'" for outcome in Outcome)),
)
