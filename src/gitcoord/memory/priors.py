"""How much an outcome says of the next one: the strength of the prior, learnt from the history.

What a tool does to one type of trouble is nearly always the same, so there a single outcome
says nearly all; what people do is not. k is how many outcomes the prior is worth, and the
history tells it: that k is taken under which the successes and failures of each strategy at
each type of trouble were the most likely (empirical Bayes, type-II maximum likelihood of a
beta-binomial model; Gelman et al., Bayesian Data Analysis, ch. 5). A short history leaves
it near 2.
"""

from __future__ import annotations

from math import lgamma, log2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

USUAL = 2.0
"""What is taken where the history says nothing."""

GRID = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


def learnt(groups: Mapping[tuple[str | None, str], tuple[int, int]]) -> float:
    """Return k for the successes and failures of each type and strategy."""
    told = [(strategy, good, bad) for (_, strategy), (good, bad) in groups.items()]
    means = _means(told)
    several = [(means[strategy], good, bad) for strategy, good, bad in told if good + bad > 1]
    scores = {k: _likelihood(k, several) - log2(k / USUAL) ** 2 / 2 for k in GRID}
    # Rounded, so that the last bit of a sum never decides.
    return max(GRID, key=lambda k: (round(scores[k], 9), -abs(log2(k / USUAL))))


def _means(told: Iterable[tuple[str, int, int]]) -> dict[str, float]:
    sums: dict[str, tuple[int, int]] = {}
    for strategy, good, bad in told:
        before = sums.get(strategy, (0, 0))
        sums[strategy] = before[0] + good, before[1] + bad
    return {strategy: (good + 1) / (good + bad + 2) for strategy, (good, bad) in sums.items()}


def _likelihood(k: float, several: Iterable[tuple[float, int, int]]) -> float:
    """Return the logarithm of how likely these outcomes are; single ones say nothing of k."""
    return sum(
        [
            _beta(good + k * mean, bad + k * (1 - mean)) - _beta(k * mean, k * (1 - mean))
            for mean, good, bad in several
        ]
    )


def _beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)
