"""What the evaluation says of fused ranking beside the better of the two."""

from __future__ import annotations

from tests.eval import margins


def _rows(values: list[float]) -> list[list[float]]:
    return [[value] * 3 for value in values]


def test_a_deficit_that_chance_explains_is_no_deficit_but_is_counted() -> None:
    words = _rows([1.0, 0.0] * 20)
    fused = _rows([1.0, 0.0] * 19 + [0.0, 0.0])

    found = margins.of([{"lexical": words, "semantic": _rows([0.0] * 40), "fused": fused}])

    assert (found.kept, found.whole, found.behind) == ([0, 0, 0], 0, [0, 0, 0])
    assert round(found.mean[0], 4) == -0.025
    assert found.low[0] < found.mean[0] < found.high[0] == 0


def test_the_better_one_is_chosen_for_each_figure_of_each_set() -> None:
    worse, better = [[0.2, 0.9, 0.2]] * 30, [[0.8, 0.1, 0.8]] * 30
    fused = [[0.8, 0.9, 0.7]] * 30

    found = margins.of([{"lexical": worse, "semantic": better, "fused": fused}])

    assert (found.kept, found.whole) == ([1, 1, 0], 0)
    assert (found.behind, found.ahead) == ([0, 0, 1], [0, 0, 0])


def test_what_is_ahead_in_every_question_is_ahead_by_more_than_chance() -> None:
    some = {"lexical": _rows([0.1] * 20), "semantic": _rows([0.2] * 20), "fused": _rows([0.5] * 20)}

    found = margins.of([some, some])

    assert (found.kept, found.whole, found.ahead) == ([2, 2, 2], 2, [2, 2, 2])
    assert margins.told(found, 2).startswith("Fused less the better of both: +0.300 · +0.300")
