"""The word that was probably meant."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 64


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate nearest to a word, or None when none is near.

    Near means at most a third of the letters (and at least one) inserted, left out,
    replaced or swapped with a neighbour, or the word being the beginning of one.
    """
    typed = word.casefold()
    if not typed or len(typed) > _LONGEST:
        return None
    most = max(1, (len(typed) + 1) // 3)
    best: tuple[int, str] | None = None
    for candidate in candidates:
        folded = candidate.casefold()
        if abs(len(folded) - len(typed)) > most:
            beginning = len(typed) >= 3 and folded.startswith(typed)
            distance = most if beginning else most + 1
        else:
            distance = _distance(typed, folded, most)
        if distance <= most and (best is None or distance < best[0]):
            best = (distance, candidate)
            if not distance:
                break
    return best[1] if best else None


def _distance(one: str, other: str, most: int) -> int:
    """Return the optimal string alignment distance, or `most` + 1 when it is larger.

    Counts insertions, deletions, substitutions and swaps of neighbours (Damerau 1964).
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row = row, [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j - 1] + 1, previous[j] + 1, previous[j - 1] + (a != b))
            if before and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before = previous
    return row[-1]


def with_article(noun: str) -> str:
    """Return a kind's name as a sentence has it: an issue, a todo."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"
