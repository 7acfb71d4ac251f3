"""Go through history again: what would have been recommended before each attempt, and was it right?

Nothing that came later is known at any step: outcomes and confirmations arrive at their own
times. Only the weights of words are those of the whole history; they know no outcomes. What
would have come of another strategy than the one tried nobody knows, so a policy is judged
by the attempts where it agrees with what was done ("matched"). Who tried what was no matter
of chance, so the rate is also given weighed by how usual the strategy was for its type
(self-normalised inverse propensity; Swaminathan and Joachims 2015).
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.memory import defaults, evidence, priors, recommending
from gitcoord.memory.build import DAY
from gitcoord.memory.evidence import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gitcoord.memory.recommending import Choice, Parameters


class Past(NamedTuple):
    """One attempt that was judged; `final` is what is known of it today."""

    time: float
    message: int
    type: str | None
    strategy: str
    claimed: bool | None
    confirmed_at: float | None
    final: bool
    recommended: str | None


class Step(NamedTuple):
    """What would have been said before one attempt; strategies are None where nothing was known."""

    attempt: Past
    basis: str
    advised: str
    common: str | None
    common_of_type: str | None
    predicted: float | None
    """The confidence in the strategy that was really tried, where similar ones were known."""


class _Sum:
    """A tally that ages: brought to the time of the last outcome in it."""

    __slots__ = ("tally", "time")

    def __init__(self) -> None:
        self.tally = Tally()
        self.time = 0.0

    def add(self, worked: bool, weight: float, time: float, half_life: float, count: int) -> None:
        factor = evidence.decay((time - self.time) / DAY, half_life)
        self.tally.good *= factor
        self.tally.bad *= factor
        self.time = max(self.time, time)
        self.tally.add(worked, weight, count)

    def into(self, target: Tally, similarity: float, time: float, half_life: float) -> None:
        factor = similarity * evidence.decay((time - self.time) / DAY, half_life)
        target.good += self.tally.good * factor
        target.bad += self.tally.bad * factor
        target.mass += similarity * self.tally.mass
        target.worked += self.tally.worked
        target.failed += self.tally.failed


class _Memory:
    """What is known at one moment of the replay."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._by: dict[object, dict[str, _Sum]] = {}
        self._tried: dict[object, dict[str, int]] = {}
        self._followed: dict[str, tuple[int, int]] = {}
        self._outcomes: dict[tuple[str | None, str], tuple[int, int]] = {}
        self._prior, self._known, self._asked_at = parameters.prior, 0, -1

    def learn(self, one: Past, worked: bool, weight: float, time: float, count: int) -> None:
        """Take an outcome in; a negative weight takes an earlier claim back."""
        for key in (one.message, ("type", one.type), None):
            sums = self._by.setdefault(key, {}).setdefault(one.strategy, _Sum())
            sums.add(worked, weight, time, self._parameters.half_life, count)
        good, bad = self._outcomes.get((one.type, one.strategy), (0, 0))
        given = (good + count, bad) if worked else (good, bad + count)
        self._outcomes[one.type, one.strategy] = given
        self._known += count

    @property
    def prior(self) -> float:
        """What the hub sets, else what is learnt from the outcomes so far.

        Asked anew whenever a twentieth has come in since: it changes slowly, and takes its time.
        """
        if self._parameters.prior is not None:
            return self._parameters.prior
        if self._prior is None or self._known > 1.05 * self._asked_at:
            self._prior, self._asked_at = priors.learnt(self._outcomes), self._known
        return self._prior

    def tried(self, one: Past) -> None:
        """Count that a strategy was tried, whatever came of it."""
        for key in (("type", one.type), None):
            counts = self._tried.setdefault(key, {})
            counts[one.strategy] = counts.get(one.strategy, 0) + 1
        if one.recommended is not None:
            shown, taken = self._followed.get(one.recommended, (0, 0))
            agreed = one.recommended == one.strategy
            self._followed[one.recommended] = (shown + 1, taken + agreed)

    def common(self, key: object) -> str | None:
        """Return what was tried most so far."""
        counts = self._tried.get(key)
        return min(counts, key=lambda name: (-counts[name], name)) if counts else None

    def tallies(self, similar: Mapping[object, float], time: float) -> dict[str, Tally]:
        """Return what is known of each strategy at some messages, by their similarity."""
        found: dict[str, Tally] = {}
        for key, similarity in similar.items():
            for strategy, sums in self._by.get(key, {}).items():
                target = found.setdefault(strategy, Tally())
                sums.into(target, similarity, time, self._parameters.half_life)
        return found

    def ranked(self, similar: Mapping[object, float], time: float) -> list[Choice]:
        """Return the strategies, the best first."""
        overall = self.tallies({None: 1.0}, time)
        parameters = self._parameters._replace(prior=self.prior)
        return recommending.rank(self.tallies(similar, time), overall, self._followed, parameters)


def replay(
    history: list[Past],
    alike: Callable[[int], Mapping[int, float]],
    parameters: Parameters,
    own: Mapping[str, str],
    since: float = float("-inf"),
) -> Iterator[Step]:
    """Yield what would have been recommended before each attempt, in the order of time.

    Attempts before `since` are learnt from and not judged.
    """
    memory = _Memory(parameters)
    for time, number, is_confirmation in _moments(history):
        one = history[number]
        if is_confirmation:
            if one.claimed is not None:
                # What was claimed goes, aged as it has, and what is confirmed comes.
                aged = evidence.decay((time - one.time) / DAY, parameters.half_life)
                memory.learn(one, one.claimed, -aged, time, -1)
            weight = evidence.CONFIRMED * evidence.decay(
                (time - one.time) / DAY, parameters.half_life
            )
            memory.learn(one, one.final, weight, time, 1)
            continue
        if one.time >= since:
            yield _step(memory, one, alike(one.message), parameters, own)
        memory.tried(one)
        if one.claimed is not None:
            memory.learn(one, one.claimed, 1.0, time, 1)


def _moments(history: list[Past]) -> list[tuple[float, int, bool]]:
    found = [(one.time, number, False) for number, one in enumerate(history)]
    for number, one in enumerate(history):
        if one.confirmed_at is not None:
            found.append((max(one.confirmed_at, one.time), number, True))
    return sorted(found, key=lambda moment: (moment[0], moment[2], moment[1]))


def _step(
    memory: _Memory, one: Past, similar: Mapping[int, float], parameters: Parameters,
    own: Mapping[str, str],
) -> Step:  # fmt: skip
    keys: dict[object, float] = dict(similar.items())
    choices = memory.ranked(keys, one.time)
    of_type = memory.ranked({("type", one.type): 1.0}, one.time) if one.type else []
    made = recommending.decide(choices, of_type, defaults.strategy(one.type, own), parameters)
    known = {choice.strategy: choice.confidence for choice in choices if choice.tally.weight > 0}
    return Step(
        one, made.basis, made.strategy, memory.common(None), memory.common(("type", one.type)),
        known.get(one.strategy),
    )  # fmt: skip
