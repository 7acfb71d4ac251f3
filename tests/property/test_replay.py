"""The replay knows what was known, no more and no less; and it finds the better strategy."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from gitcoord.memory import evidence, judging, recommending, replaying
from gitcoord.memory.evidence import Tally
from gitcoord.memory.recommending import Parameters
from gitcoord.memory.replaying import Past

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = 86_400.0
PARAMETERS = Parameters(half_life=10.0, prior=2.0)
LEARNING = Parameters(half_life=10.0)
SIMILAR = {1: {1: 1.0, 2: 0.5}, 2: {2: 1.0, 1: 0.5}, 3: {3: 1.0}}


def _past(
    days: float, message: int, strategy: str, claimed: bool, confirmed: tuple[float, bool] | None
) -> Past:
    time = days * DAY
    at, final = (time + confirmed[0] * DAY, confirmed[1]) if confirmed else (None, claimed)
    return Past(time, message, f"t{message % 2}", strategy, claimed, at, final, None)


HISTORIES = st.lists(
    st.builds(
        _past, st.integers(0, 30), st.sampled_from([1, 2, 3]), st.sampled_from("xyz"), st.booleans(),
        st.none() | st.tuples(st.sampled_from([0.5, 3.5, 40.5]), st.booleans()),
    ),
    max_size=12,
).map(lambda found: sorted(found, key=lambda one: one.time))  # fmt: skip


def _plainly(history: list[Past], number: int, similar: Mapping[int, float]) -> dict[str, Tally]:
    """Sum what is known just before an attempt, one outcome after the other."""
    now = history[number].time
    sums: dict[str, Tally] = {}
    for one in history[:number]:
        if one.message not in similar:
            continue
        known = one.confirmed_at is not None and one.confirmed_at < now
        worked = one.final if known else one.claimed
        weight = similar[one.message] * evidence.trust(known)
        weight *= evidence.decay((now - one.time) / DAY, PARAMETERS.half_life)
        sums.setdefault(one.strategy, Tally()).add(bool(worked), weight, 1, similar[one.message])
    return sums


@given(HISTORIES)
def test_each_step_says_what_the_recommender_would_have_said_then(history: list[Past]) -> None:
    everything = {1: 1.0, 2: 1.0, 3: 1.0}
    steps = list(replaying.replay(history, lambda number: SIMILAR[number], PARAMETERS, {}))

    assert [step.attempt for step in steps] == history
    for number, step in enumerate(steps):
        similar = _plainly(history, number, SIMILAR[step.attempt.message])
        overall = _plainly(history, number, everything)
        ranked = recommending.rank(similar, overall, {}, PARAMETERS)
        if step.basis == "similar":
            assert ranked[0].strategy == step.advised or (
                abs(ranked[0].score - _score(ranked, step.advised)) < 1e-6
            )
        known = {one.strategy: one.confidence for one in ranked}
        if step.predicted is not None:
            assert abs(known[step.attempt.strategy] - step.predicted) < 1e-6


def _score(ranked: list[recommending.Choice], strategy: str) -> float:
    return next(one.score for one in ranked if one.strategy == strategy)


@given(HISTORIES)
def test_what_comes_later_changes_nothing_before(history: list[Past]) -> None:
    whole = list(replaying.replay(history, lambda number: SIMILAR[number], LEARNING, {}))
    half = len(history) // 2

    part = list(replaying.replay(history[:half], lambda number: SIMILAR[number], LEARNING, {}))

    assert part == whole[:half]


def _synthetic(count: int, seed: int) -> list[Past]:
    """Return a history in which each message has a strategy of its own that works best."""
    chance = random.Random(seed)
    rates = {1: {"x": 0.9, "y": 0.3, "z": 0.5}, 2: {"x": 0.2, "y": 0.8, "z": 0.4},
             3: {"x": 0.3, "y": 0.4, "z": 0.85}}  # fmt: skip
    found = []
    for number in range(count):
        message, strategy = chance.choice([1, 2, 3]), chance.choice("xxyz")
        worked = chance.random() < rates[message][strategy]
        found.append(_past(number / 10, message, strategy, worked, None))
    return found


def test_with_known_best_strategies_following_beats_the_most_common_one() -> None:
    history = _synthetic(2000, 7)
    steps = list(replaying.replay(history, lambda number: SIMILAR[number], Parameters(), {}))

    found = judging.judged(steps)

    assert found["recommender"]["rate"] > 0.8
    assert found["most_common"]["rate"] < 0.6
    assert found["lift"]["interval"][0] > 0.15
    assert found["lift"]["weighted_interval"][0] > 0.1


def test_confidence_is_what_comes_true_where_messages_are_told_apart() -> None:
    apart = {1: {1: 1.0}, 2: {2: 1.0}, 3: {3: 1.0}}
    steps = list(replaying.replay(_synthetic(2000, 3), lambda n: apart[n], Parameters(), {}))

    assert judging.judged(steps)["calibration"]["error"] < 0.05


def test_where_nothing_makes_a_difference_no_lift_is_claimed() -> None:
    chance = random.Random(5)
    history = [
        _past(n / 10, chance.choice([1, 2, 3]), chance.choice("xyz"), chance.random() < 0.6, None)
        for n in range(1500)
    ]
    steps = list(replaying.replay(history, lambda number: SIMILAR[number], Parameters(), {}))

    low, high = judging.judged(steps)["lift"]["interval"]

    assert low < 0 < high
