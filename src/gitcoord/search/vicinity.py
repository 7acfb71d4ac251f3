"""What lies beside a good hit: commits that follow each other in history.

Work on one thing is done in several steps, and only some of them say so. So a hit is lifted by
its neighbours among the best, the more the nearer they lie and the more they stand out.
"""

from __future__ import annotations

from math import exp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Place = tuple[int, str, int]

_REACH = 5
"""At so many commits from a hit, its neighbour gains the third part of it."""

_FARTHEST = 6 * _REACH


def of(scores: Mapping[int, float], places: Mapping[int, Place]) -> dict[int, float]:
    """Return for each hit by how much its best neighbour stands out, less with their distance.

    A place is a corpus, a repository and a number; numbers follow each other in history.
    """
    least = min(scores.values(), default=0.0)
    inline = sorted(scores, key=lambda i: places[i])
    found = dict.fromkeys(scores, 0.0)
    for at, i in enumerate(inline):
        *where, n = places[i]
        for j in inline[at + 1 :]:
            *there, other = places[j]
            if there != where or other - n > _FARTHEST:
                break
            near = exp((n - other) / _REACH)
            found[i] = max(found[i], near * (scores[j] - least))
            found[j] = max(found[j], near * (scores[i] - least))
    return found
