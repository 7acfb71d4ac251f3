"""One ranking from two: how well the words fit, and how near the meaning is.

Both are brought to numbers from 0 to 1 and added with fixed shares, which kept more of what
either found than adding reciprocal ranks did. How closely the best follow the question counts
as a third; that a commit touches files of such names, and what lies beside it in history,
lifts it above that. docs/search.md has the comparisons, and how the shares were chosen.
"""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SHARE = 0.3
"""How much the words decide beside the meaning, which decides the rest."""

CLOSE = 0.23
"""How much of the score it decides how closely a text follows the question."""

TOUCHED = 0.2
"""How much of what a score lacks it gains where the paths of a commit fit the question best."""

BESIDE = 0.3
"""How much of what a score lacks it gains beside a hit that stands out wholly."""

NAMED = 0.5
"""How much of what a score lacks it gains where the text names what the question does."""

RECENT = 0.03
"""The share of a score that is lost with age: half of it in half a year."""

_HALF_LIFE = 182.5 * 86400


def fuse(
    lexical: Mapping[int, float], similar: Mapping[int, float], top: float, share: float = SHARE
) -> dict[int, float]:
    """Return the score of each document; `top` is the lexical score that counts as 1."""
    return {
        n: share * lexical.get(n, 0.0) / top + (1 - share) * max(similar.get(n, 0.0), 0.0)
        for n in {**lexical, **similar}
    }


def closer(score: float, closeness: float) -> float:
    """Return a score in which it counts how closely the text follows the question."""
    return (1 - CLOSE) * score + CLOSE * closeness


def lifted(score: float, by: float, share: float) -> float:
    """Return a score lifted by a share of what it lacks, wholly where `by` is 1.

    So nothing sinks for want of what it cannot have, and nothing passes 1.
    """
    return 1 - (1 - score) * (1 - share * by)


def aged(score: float, time: int | None, now: float) -> float:
    """Return a score that is a little lower for what is old, or of unknown age."""
    age = math.inf if time is None else max(now - time, 0.0)
    return score * (1 - RECENT + RECENT * math.exp2(-age / _HALF_LIFE))
