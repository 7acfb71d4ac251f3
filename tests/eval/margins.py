"""Whether fused ranking is at least as good as the better of the two, and what chance explains.

A set has some dozens of questions, so a figure moves by a hundredth or two with the questions
that happen to be in it. The interval says by how much: the questions of each set are drawn
anew, with replacement, two thousand times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DRAWS, _SEED = 2000, 7
_EVEN = 1e-9


class Margins(NamedTuple):
    """What fused has over the better of both, for recall, MRR and nDCG.

    `mean` and its interval are of all sets; `kept` counts the sets where it is at least as good,
    `whole` those where it is in all three, `behind` and `ahead` those where chance does not explain it.
    """

    mean: list[float]
    low: list[float]
    high: list[float]
    kept: list[int]
    whole: int
    behind: list[int]
    ahead: list[int]


def of(sets: Sequence[Mapping[str, Any]]) -> Margins:
    """Compare the figures of each question: sets of mode to one row of figures a question."""
    draw = np.random.default_rng(_SEED)
    drawn, exact = [], []
    for one in sets:
        over = _over(one)
        places = draw.integers(0, len(over), (_DRAWS, len(over)))
        drawn.append(over[places].mean(axis=1))
        exact.append(over.mean(axis=0))
    each, kept = np.array(drawn), np.array(exact) >= -_EVEN
    low, high = np.quantile(each.mean(axis=0), (0.025, 0.975), axis=0)
    lows, highs = np.quantile(each, (0.025, 0.975), axis=1)
    return Margins(
        list(np.mean(exact, axis=0)), list(low), list(high),
        list(kept.sum(axis=0)), int(kept.all(axis=1).sum()),
        list((highs < -_EVEN).sum(axis=0)), list((lows > _EVEN).sum(axis=0)),
    )  # fmt: skip


def _over(one: Mapping[str, Any]) -> Any:
    """Return fused less the better one, question by question; the better one by its mean."""
    words, meaning = np.asarray(one["lexical"]), np.asarray(one["semantic"])
    better = np.where(words.mean(axis=0) >= meaning.mean(axis=0), words, meaning)
    return np.asarray(one["fused"]) - better


def told(margins: Margins, sets: int) -> str:
    """Return the margins in three sentences."""

    def numbers(values: Sequence[float], form: str) -> str:
        return " · ".join(format(value, form) for value in values)

    return (
        f"Fused less the better of both: {numbers(margins.mean, '+.3f')}"
        f" (95 %: {numbers(margins.low, '+.3f')} to {numbers(margins.high, '+.3f')}).\n"
        f"At least as good in {numbers(margins.kept, 'd')} of {sets} sets, in all three in {margins.whole}.\n"
        f"By more than chance: behind in {numbers(margins.behind, 'd')}, ahead in {numbers(margins.ahead, 'd')}."
    )
