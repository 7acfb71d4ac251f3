"""How alike two messages are: the cosine of their words, each weighed by how rare it is.

The weight of a word t is idf(t) = ln(1 + N / df(t)) (Spärck Jones 1972, smoothed so that
it never is 0), with N messages that differ in their words and df of them that have t. A
message has a word or has it not; so with |d|² = Σ idf² over the words of d, the cosine of
q and d is Σ idf² over what they share, divided by |q|·|d|. No model is needed for it.
"""

from __future__ import annotations

from array import array
from math import log, sqrt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

THRESHOLD = 0.3
"""Less alike than this counts as another trouble."""


def idf(total: int, having: int) -> float:
    """Return the weight of a word that `having` of `total` messages have."""
    return log(1 + max(total, 1) / max(having, 1))


def lengths(postings: Iterable[Sequence[int]], total: int) -> array[float]:
    """Return the length |d| of each message, numbered from 1, from the messages of each word."""
    found = array("d", bytes(8 * (total + 1)))
    for numbers in postings:
        square = idf(total, len(numbers)) ** 2
        for number in numbers:
            found[number] += square
    for number, square in enumerate(found):
        found[number] = sqrt(square)
    return found


def alike(
    words: Sequence[str],
    postings: Mapping[str, Sequence[int]],
    lengths: Sequence[float],
    total: int,
    threshold: float = THRESHOLD,
) -> dict[int, float]:
    """Return the messages at least that alike to some words, with the cosine of each."""
    shared = array("d", bytes(8 * (total + 1)))
    own = 0.0
    for word in words:
        numbers = postings.get(word, ())
        square = idf(total, len(numbers)) ** 2
        own += square
        for number in numbers:
            shared[number] += square
    if not own:
        return {}
    length = sqrt(own)
    found = {}
    for number, square in enumerate(shared):
        # |d|² is at least what is shared: most messages fall out before a division.
        if square and square >= threshold * threshold * own:
            score = square / (length * lengths[number])
            if score >= threshold:
                found[number] = min(score, 1.0)
    return found
