"""The red line on every staff page."""

from fulfillment.troubles import found, mail


def sentences() -> list[str]:
    """What is wrong now, one sentence each; staff who look at no page are written to."""
    troubles = found.now()
    if troubles:
        mail.call(troubles)
    return [one.said for one in troubles]
