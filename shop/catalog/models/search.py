"""The words by which products are found."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Word(models.Model):
    """A word by which a product is or was found: what a misspelt word is compared with.

    Not unique, so that nobody who adds a word waits for another who adds the same.
    """

    text = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["text"], name="word_by_text"),
            GinIndex(fields=["text"], name="word_trigrams", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.text
