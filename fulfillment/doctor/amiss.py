"""How a check says that something is not as it should be."""


class Amiss(Exception):
    """Says what is wrong; `mend` says what to do about it."""

    def __init__(self, wrong: str, *, mend: str) -> None:
        super().__init__(wrong)
        self.mend = mend
