"""When similar attempts decide, when the type does, and when there is only a default."""

from __future__ import annotations

import pytest

from gitcoord.memory import defaults, recommending, variants
from gitcoord.memory.clicks import Search, evaluate, lifts, reranked, words_of
from gitcoord.memory.evidence import Tally
from gitcoord.memory.recommending import Choice, Parameters

PARAMETERS = Parameters()


def _ranked(**tallies: Tally) -> list[Choice]:
    return recommending.rank(tallies, tallies, {}, PARAMETERS)


def test_similar_attempts_decide_where_there_are_enough() -> None:
    made = recommending.decide(_ranked(autofix=Tally(3, 0, 3, 0)), [], "manual", PARAMETERS)

    assert (made.basis, made.strategy) == ("similar", "autofix")


def test_the_type_decides_where_nothing_similar_is_known() -> None:
    made = recommending.decide([], _ranked(noqa=Tally(3, 0, 3, 0)), "manual", PARAMETERS)

    assert (made.basis, made.strategy) == ("type", "noqa")


def test_the_default_stands_where_nothing_is_known() -> None:
    made = recommending.decide([], [], "manual", PARAMETERS)

    assert (made.basis, made.strategy, made.best) == ("default", "manual", None)


def test_the_default_is_tried_where_everything_else_failed() -> None:
    made = recommending.decide(_ranked(autofix=Tally(0, 9, 0, 9)), [], "manual", PARAMETERS)

    assert (made.basis, made.strategy, made.doubtful) == ("default", "manual", True)
    assert [one.strategy for one in made.others] == ["autofix"]


def test_a_default_that_failed_as_well_is_no_way_out() -> None:
    tried = _ranked(autofix=Tally(1, 9, 1, 9), manual=Tally(0, 20, 0, 20))

    assert recommending.decide(tried, [], "manual", PARAMETERS).strategy == "autofix"


@pytest.mark.parametrize(
    ("type", "strategy"),
    [("F401", "autofix"), ("import_error", "install-dependency"), ("C901", "refactor"),
     ("Type Error", "add-annotation"), ("whatever", "manual"), (None, "manual")],
)  # fmt: skip
def test_a_type_has_a_default(type: str | None, strategy: str) -> None:
    assert defaults.strategy(type, {}) == strategy


def test_a_hub_sets_its_own_defaults() -> None:
    own = {"F401": "remove", "*": "ask"}

    assert defaults.strategy("F401", own) == "remove"
    assert defaults.strategy("whatever", own) == "ask"


def test_a_session_always_gets_the_same_variant_and_each_gets_its_share() -> None:
    sessions = [f"session-{number}" for number in range(2000)]
    found = [variants.assigned(session, ["A", "B"]) for session in sessions]

    assert found == [variants.assigned(session, ["B", "A"]) for session in sessions]
    assert 900 < found.count("A") < 1100
    assert variants.assigned("x", []) is None


def test_a_difference_that_chance_can_make_is_none() -> None:
    few = [{"variant": "A", "worked": 3, "judged": 4, "rate": 0.75},
           {"variant": "B", "worked": 2, "judged": 4, "rate": 0.5}]  # fmt: skip
    many = [{"variant": "A", "worked": 300, "judged": 400, "rate": 0.75},
            {"variant": "B", "worked": 200, "judged": 400, "rate": 0.5}]  # fmt: skip

    assert variants.comparisons(few)[0]["better"] is None
    assert variants.comparisons(many)[0]["better"] == "A"


def _search(time: float, *opened: int) -> Search:
    hits = (("a", 0.9), ("b", 0.8), ("c", 0.7))
    return Search(time, words_of("session leak"), hits, opened)


def test_a_low_place_that_is_opened_says_more_than_a_high_one() -> None:
    found = lifts(words_of("leak session"), [_search(1, 3), _search(2, 1)])

    assert found["c"] > found["a"] > 0
    assert "b" not in found


def test_other_words_learn_nothing_from_a_search() -> None:
    assert lifts(words_of("colour of buttons"), [_search(1, 3)]) == {}


def test_what_is_opened_again_and_again_comes_first() -> None:
    learnt = lifts(words_of("session leak"), [_search(time, 3) for time in range(9)])

    assert reranked(_search(0).hits, learnt)[0][0] == "c"


def test_a_ranking_is_judged_by_what_was_known_before_each_search() -> None:
    only = evaluate([_search(1, 3)])
    later = evaluate([_search(float(time), 3) for time in range(20)])

    assert (only.shown, only.learnt) == (1 / 3, 1 / 3)
    assert later.learnt is not None
    assert later.learnt > 0.5
    assert evaluate([_search(1)]).shown is None
