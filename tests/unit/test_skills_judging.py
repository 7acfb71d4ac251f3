"""What is said of series, orders and outcomes: only what goes beyond chance."""

from __future__ import annotations

import random
from math import inf

import pytest

from gitcoord.skills import advice, courses, following, kinship, runs, sharing
from gitcoord.skills.following import Level
from gitcoord.skills.kinship import Weights


def test_two_points_or_seven_say_nothing() -> None:
    for count in range(courses.LEAST):
        assert courses.course([float(at) for at in range(count)]).word == courses.UNKNOWN


def test_a_line_rises_and_its_mirror_falls() -> None:
    values = [float(at) for at in range(12)]

    up, down = courses.course(values), courses.course(values[::-1])

    assert (up.word, up.slope) == (courses.RISING, 1.0)
    assert (down.word, down.slope) == (courses.FALLING, -1.0)


def test_one_high_end_does_not_make_a_rise() -> None:
    assert courses.course([5.0] * 19 + [500.0]).word == courses.STEADY
    assert courses.course([0.0] * 20).word == courses.STEADY


def test_what_is_unknown_is_no_point() -> None:
    values = [None, 0.0, None, 1.0, 2.0, 3.0, None, 4.0, 5.0, 6.0, 7.0, None]

    found = courses.course(values)

    assert found.points == 8
    assert found.word == courses.RISING


def test_noise_seldom_rises() -> None:
    chance = random.Random(7)

    wrong = sum(
        courses.course([chance.random() for _ in range(20)]).word != courses.STEADY
        for _ in range(400)
    )

    assert wrong / 400 < 0.08


def test_a_context_that_tells_nothing_weighs_nothing() -> None:
    # Pairs agree within contexts as often as across them.
    assert kinship.weight([(25.0, 100.0, 50.0, 200.0)]) == inf


def test_a_context_that_tells_all_weighs_the_least_prior() -> None:
    assert kinship.weight([(100.0, 100.0, 0.0, 200.0)]) == kinship.LIGHTEST


def test_too_few_pairs_leave_the_usual_weight() -> None:
    assert kinship.weight([]) == kinship.USUAL
    assert kinship.weight([(2.0, 2.0, 0.0, 2.0)]) == kinship.USUAL


def test_one_use_in_a_context_does_not_outweigh_hundreds() -> None:
    wide = Level("anywhere", {"a": 300, "b": 100}, 8.0)
    near = Level("anywhere after it", {"b": 1}, 8.0)

    first, second = following.predict([wide, near])

    assert (first.skill, second.skill) == ("a", "b")
    assert second.counts == {"anywhere": (100, 400), "anywhere after it": (1, 1)}
    assert first.chance + second.chance == pytest.approx(1)


def test_a_context_that_tells_nothing_leaves_the_rest_as_it_is() -> None:
    wide = Level("anywhere", {"a": 3, "b": 1}, 8.0)

    assert [one.chance for one in following.predict([wide, Level("x", {"b": 99}, inf)])] == [
        0.75,
        0.25,
    ]


def test_nothing_known_predicts_nothing() -> None:
    assert following.predict([]) == []
    assert following.predict([Level("anywhere", {}, 8.0)]) == []


def test_a_belief_moves_from_what_is_usual_to_what_is_seen() -> None:
    weights = Weights()

    none = advice.believe([(0, 0), (0, 0)], 0.8, weights)
    few = advice.believe([(0, 2), (0, 2)], 0.8, weights)
    many = advice.believe([(0, 200), (0, 200)], 0.8, weights)

    assert none.mean == pytest.approx(0.8)
    assert none.mean > few.mean > many.mean
    assert few.high - few.low > many.high - many.low
    assert many.high < 0.1


def _order(*steps: str, completed: int, failed: int) -> runs.Order:
    return runs.Order(steps, len(steps), completed + failed, completed, failed)


def test_another_order_is_suggested_only_beyond_chance() -> None:
    usual = _order("a", "b", completed=40, failed=40)
    by_chance = _order("b", "a", completed=6, failed=2)
    better = _order("b", "a", completed=38, failed=2)

    assert runs.better([usual, by_chance]) == []
    (found,) = runs.better([usual, better])
    assert (found["instead_of"]["steps"], found["order"]["steps"]) == (["a", "b"], ["b", "a"])
    assert found["difference"][0] > 0


def test_other_steps_are_no_other_order() -> None:
    usual = _order("a", "b", completed=40, failed=40)

    assert runs.better([usual, _order("a", "c", completed=80, failed=0)]) == []
    assert runs.better([usual, _order("a", completed=80, failed=0)]) == []


def test_the_more_orders_are_compared_the_more_it_takes() -> None:
    usual = _order("a", "b", "c", "d", completed=40, failed=40)
    rival = _order("b", "a", "c", "d", completed=16, failed=5)
    others = [_order("d", "c", *pair, completed=5, failed=5) for pair in (("a", "b"), ("b", "a"))]

    assert runs.better([usual, rival])
    assert runs.better([usual, rival, *others]) == []


@pytest.mark.parametrize("name", ["code-review", "pydantic:models", "Write tests", "tdd_2"])
def test_plain_names_may_be_told(name: str) -> None:
    assert sharing.is_plain(name, lambda text: text)


@pytest.mark.parametrize("name", [
    "/home/lena/secret", "../x", "src/app.py", "notes.txt", "lena@example.org", "a\nb", "a\x1b[2J", "x" * 70,
    "C:\\Users", "https://x.example", "naïve", "", " lead", "$(rm)", "~lena",
])  # fmt: skip
def test_what_could_be_a_path_or_an_address_is_not(name: str) -> None:
    assert not sharing.is_plain(name, lambda text: text)


def test_what_looks_secret_is_not() -> None:
    from gitcoord.memory import secrets

    assert not sharing.is_plain("ghp_abcdefghijklmnopqrst1234", secrets.masked)
