"""What the running installation lacks: each check says what is so, or what is wrong."""

from fulfillment.doctor.examination import Finding, examine

__all__ = ["Finding", "examine"]
