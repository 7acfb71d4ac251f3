"""What the history says of how much one outcome tells of the next."""

from __future__ import annotations

import pytest

from gitcoord.memory import priors

Groups = dict[tuple[str | None, str], tuple[int, int]]


def _groups(*outcomes: tuple[int, int]) -> Groups:
    return {(f"T{number}", "fix"): one for number, one in enumerate(outcomes)}


def test_outcomes_that_are_all_alike_for_a_type_make_one_of_them_tell_much() -> None:
    assert priors.learnt(_groups(*[(6, 0), (0, 6)] * 10)) == priors.GRID[0]


def test_outcomes_that_differ_within_a_type_make_one_of_them_tell_little() -> None:
    assert priors.learnt(_groups(*[(10, 10), (11, 9)] * 10)) == priors.GRID[-1]


@pytest.mark.parametrize("groups", [{}, _groups((1, 0), (0, 1), (1, 0)), {(None, "fix"): (1, 1)}])
def test_a_short_history_leaves_what_is_usual(groups: Groups) -> None:
    assert priors.learnt(groups) == priors.USUAL


def test_the_order_of_what_is_known_does_not_matter() -> None:
    groups = _groups((3, 1), (0, 4), (5, 5), (2, 0))

    assert priors.learnt(groups) == priors.learnt(dict(reversed(groups.items())))
