"""Numbers as reports have them: of lines, and of how often something ran."""

from __future__ import annotations


def line_number(word: str) -> int:
    """Read the number of a line; there is none before the first."""
    if int(word) < 1:
        raise ValueError(f"line {word} cannot be")
    return int(word)


def times(word: str) -> int:
    """Read how often something ran."""
    if int(word) < 0:
        raise ValueError(f"{word} is no number of times")
    return int(word)
