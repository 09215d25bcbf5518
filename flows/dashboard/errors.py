"""What a page may answer in place of its data."""


class NotHere(Exception):
    """Nothing published has this name; the message says so in words."""


class Moved(Exception):
    """It has another address now: its segments."""

    def __init__(self, *parts: str) -> None:
        super().__init__(*parts)
        self.parts = parts
