"""Which strategy is worth trying: the posterior of its success, drawn to what is usual.

For each strategy x that was tried on similar troubles, with a(x) and b(x) the weighted
successes and failures there (`evidence`):

    p(x) = (a(x) + k·m(x)) / (a(x) + b(x) + k)         success on troubles like this one
    m(x) = (A(x) + k·m)    / (A(x) + B(x) + k)         success of x on all other troubles
    m    = (A + 1)         / (A + B + 2)               success of anything on anything

A and B are the same sums over all attempts whatever their similarity, A(x) and B(x) those
of x without what a(x) and b(x) have of it already: each outcome counts once. p(x) is the
posterior mean of a beta-binomial model whose prior, worth k outcomes (`priors`), comes from the level
above (empirical Bayes; Gelman et al., Bayesian Data Analysis, ch. 5), and is the confidence.
The order is by l(x) · g(x): l(x) is the lower end of that posterior's 95 % interval, so what one
lucky success speaks for stands behind what worked often; and g(x) = (f(x) +
10) / (n(x) + 10) sinks when x was recommended n(x) times and followed only f(x) times. Ties
go to more evidence, then to the name.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.memory import evidence, priors
from gitcoord.memory.evidence import Tally
from gitcoord.model import intervals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 10
"""How many times a strategy is passed over until that halves its score."""

DOUBTFUL = 0.5
"""Where the best of what was tried works less often, what was not tried yet goes first."""


class Parameters(NamedTuple):
    """What the recommender is set to: days, outcomes, cosine."""

    half_life: float = 90.0
    prior: float | None = None
    """Outcomes that the prior is worth; None where the history decides (`priors`)."""

    similarity: float = 0.3
    enough: float = 0.5
    """Outcomes, each counted by its similarity, under which history is thin."""


class Choice(NamedTuple):
    """One strategy with what is known of it."""

    strategy: str
    confidence: float
    low: float
    high: float
    score: float
    tally: Tally


def rank(
    similar: Mapping[str, Tally],
    overall: Mapping[str, Tally],
    followed: Mapping[str, tuple[int, int]],
    parameters: Parameters,
) -> list[Choice]:
    """Return the strategies tried on similar troubles, the best first.

    `followed` has, by strategy, how many times it was recommended and how many times
    it was then used.
    """
    prior = priors.USUAL if parameters.prior is None else parameters.prior
    everything = evidence.total(overall.values())
    usual = (everything.good + 1) / (everything.weight + 2)
    found = []
    for strategy, tally in similar.items():
        among_all = overall.get(strategy, Tally())
        rest_good = max(among_all.good - tally.good, 0.0)
        rest_bad = max(among_all.bad - tally.bad, 0.0)
        mean = (rest_good + prior * usual) / (rest_good + rest_bad + prior)
        alpha = tally.good + prior * mean
        beta = tally.bad + prior * (1 - mean)
        confidence = alpha / (alpha + beta)
        low, high = intervals.beta(alpha, beta)
        shown, taken = followed.get(strategy, (0, 0))
        score = low * ((taken + SHOWN) / (shown + SHOWN))
        found.append(Choice(strategy, confidence, low, high, score, tally))
    # Rounded, so that the last bit of a sum never decides.
    found.sort(key=lambda one: (-round(one.score, 9), -round(one.tally.weight, 9), one.strategy))
    return found


class Decision(NamedTuple):
    """What to try, what that rests on, and what else there is; no `best` for a default."""

    basis: str
    strategy: str
    best: Choice | None
    others: list[Choice]
    doubtful: bool


def decide(
    similar: list[Choice], of_type: list[Choice], first: str, parameters: Parameters
) -> Decision:
    """Decide between what similar attempts say, what those of the type say, and a default.

    `first` is the default. It is tried where little is known, and where the best of what was
    tried fails more often than it works.
    """
    basis, choices = "similar", similar
    if _is_thin(similar, parameters):
        basis, choices = "type", of_type
    if _is_thin(choices, parameters):
        return Decision("default", first, None, similar, False)
    best = choices[0]
    if best.confidence < DOUBTFUL and all(one.strategy != first for one in choices):
        return Decision("default", first, None, choices, True)
    return Decision(basis, best.strategy, best, choices[1:], False)


def _is_thin(choices: list[Choice], parameters: Parameters) -> bool:
    return sum(choice.tally.mass for choice in choices) < parameters.enough
