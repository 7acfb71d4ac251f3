"""What holds for every recommendation, whatever was tried."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gitcoord.memory import evidence, likeness, recommending, wording
from gitcoord.memory.evidence import Tally
from gitcoord.memory.recommending import Choice, Parameters
from gitcoord.model import intervals

WEIGHTS = st.floats(0, 1000, allow_nan=False)
TALLIES = st.builds(Tally, WEIGHTS, WEIGHTS, st.integers(0, 1000), st.integers(0, 1000))
NAMES = st.sampled_from(["autofix", "noqa", "manual", "rewrite", "pin"])
BY_NAME = st.dictionaries(NAMES, TALLIES, min_size=1)
FOLLOWED = st.dictionaries(NAMES, st.integers(0, 50).flatmap(
    lambda shown: st.tuples(st.just(shown), st.integers(0, shown))))  # fmt: skip
SETTINGS = st.builds(
    Parameters, st.floats(0.1, 1000), st.floats(0.1, 100), st.floats(0.05, 1), st.just(0.5)
)


def _of(choices: list[Choice], name: str) -> Choice:
    return next(one for one in choices if one.strategy == name)


@given(BY_NAME, BY_NAME, FOLLOWED, SETTINGS)
def test_confidence_is_a_probability_inside_its_interval(
    similar: dict[str, Tally], overall: dict[str, Tally], followed: dict[str, tuple[int, int]],
    parameters: Parameters,
) -> None:  # fmt: skip
    for one in recommending.rank(similar, overall, followed, parameters):
        assert 0 <= one.low <= one.confidence <= one.high <= 1
        assert 0 <= one.score <= one.confidence


@given(BY_NAME, BY_NAME, SETTINGS)
def test_the_order_does_not_depend_on_the_order_of_what_was_tried(
    similar: dict[str, Tally], overall: dict[str, Tally], parameters: Parameters
) -> None:
    turned = dict(reversed(similar.items()))

    one = recommending.rank(similar, overall, {}, parameters)
    other = recommending.rank(turned, dict(reversed(overall.items())), {}, parameters)

    assert [choice.strategy for choice in one] == [choice.strategy for choice in other]


@given(BY_NAME, BY_NAME, NAMES, st.floats(0.01, 100), SETTINGS)
def test_a_success_never_lowers_and_a_failure_never_raises(
    similar: dict[str, Tally], overall: dict[str, Tally], name: str, weight: float,
    parameters: Parameters,
) -> None:  # fmt: skip
    similar.setdefault(name, Tally(1, 1, 1, 1))
    overall.setdefault(name, Tally(1, 1, 1, 1))
    before = _of(recommending.rank(similar, overall, {}, parameters), name).confidence

    for tally in (similar[name], overall[name]):  # an attempt counts among all attempts as well
        tally.add(True, weight)
    better = _of(recommending.rank(similar, overall, {}, parameters), name).confidence
    for tally in (similar[name], overall[name]):
        tally.good -= weight
        tally.add(False, weight)
    worse = _of(recommending.rank(similar, overall, {}, parameters), name).confidence

    assert better >= before - 1e-9
    assert worse <= before + 1e-9


@given(st.integers(8, 200), st.floats(0.75, 1))
def test_one_lucky_success_does_not_beat_a_good_record(tried: int, rate: float) -> None:
    good = tried * rate
    similar = {"proven": Tally(good, tried - good), "lucky": Tally(1, 0)}
    overall = {"proven": Tally(good, tried - good), "lucky": Tally(1, 0), "rest": Tally(10, 20)}

    assert recommending.rank(similar, overall, {}, Parameters())[0].strategy == "proven"


@given(st.integers(1, 100))
def test_what_is_passed_over_sinks_and_what_is_followed_does_not(shown: int) -> None:
    similar = {"a": Tally(5, 1), "b": Tally(5, 1)}

    ranked = recommending.rank(
        similar, similar, {"a": (shown, 0), "b": (shown, shown)}, Parameters()
    )

    assert [one.strategy for one in ranked] == ["b", "a"]


@given(st.floats(0, 5000), st.floats(0.1, 1000))
def test_an_outcome_counts_half_after_each_half_life(age: float, half_life: float) -> None:
    now = evidence.decay(age, half_life)

    assert abs(evidence.decay(age + half_life, half_life) - now / 2) < 1e-9
    assert evidence.decay(-age, half_life) == 1


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_intervals_hold_their_rates(good: int, bad: int, other_good: int, other_bad: int) -> None:
    low, high = intervals.wilson(good, good + bad)
    gap_low, gap_high = intervals.difference(
        (good, good + bad), (other_good, other_good + other_bad)
    )

    assert 0 <= low <= high <= 1
    assert -1 <= gap_low <= gap_high <= 1
    if good + bad:
        assert low - 1e-9 <= good / (good + bad) <= high + 1e-9


@given(st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1), min_size=1, max_size=20))
def test_similarity_is_a_cosine(messages: list[set[str]]) -> None:
    postings: dict[str, list[int]] = {}
    for number, said in enumerate(messages, 1):
        for word in said:
            postings.setdefault(word, []).append(number)
    lengths = likeness.lengths(postings.values(), len(messages))

    for number, said in enumerate(messages, 1):
        found = likeness.alike(sorted(said), postings, lengths, len(messages), 0.05)
        assert all(0.05 <= score <= 1 for score in found.values())
        assert abs(found[number] - 1) < 1e-9
        for other, score in found.items():
            back = likeness.alike(
                sorted(messages[other - 1]), postings, lengths, len(messages), 0.01
            )
            assert abs(back[number] - score) < 1e-9


@given(st.text(max_size=300))
def test_words_of_any_text_are_few_sorted_and_distinct(text: str) -> None:
    found = wording.words(text)

    assert found == sorted(set(found))
    assert all(word and not any(ch.isspace() for ch in word) for word in found)


@given(st.integers(10, 200), st.floats(0.75, 1), st.integers(0, 500))
def test_one_lucky_success_does_not_win_where_all_else_works_as_well(
    tried: int, rate: float, elsewhere: int
) -> None:
    good = tried * rate
    similar = {"proven": Tally(good, tried - good), "lucky": Tally(1, 0)}
    overall = {**similar, "unrelated": Tally(elsewhere, 0)}

    assert recommending.rank(similar, overall, {}, Parameters())[0].strategy == "proven"
