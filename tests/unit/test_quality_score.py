"""The score is what its formula says, and nothing that is not known is in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitcoord.metrics.quality.score import LEAST_SHARE, LOSSES, WEIGHTS, formula_of, score

FULL: dict[str, dict[str, Any]] = {
    "ruff": {"findings": 10, "lines": 2000},
    "mypy": {"errors": 2, "files": 20},
    "security": {"by_severity": {"high": 0, "medium": 1, "low": 1}, "lines": 2000},
    "complexity": {"functions": 40, "above": 1},
    "documentation": {"names": 50, "documented": 40},
    "tests": {"passed": 9, "failed": 1, "errors": 0, "skipped": 5},
    "dependencies": {"faults": 1, "outdated_locks": 1},
    "vulnerabilities": {"vulnerabilities": 1},
}


def measured(**more: Any) -> dict[str, Any]:
    return {
        "measured": True,
        "partial": False,
        "stale": False,
        "reason": None,
        "hint": None,
        **more,
    }


ALL = {name: measured(**figures) for name, figures in FULL.items()}
PARTS = {"ruff": 90.0, "mypy": 97.5, "security": 90.0, "complexity": 97.5, "documentation": 80.0,
         "tests": 90.0, "dependencies": 85.0, "vulnerabilities": 80.0}  # fmt: skip


def test_parts_and_score_are_what_the_rules_say() -> None:
    found = score(ALL, formula_of({}))

    assert found["parts"] == PARTS
    assert found["score"] == round(
        sum(WEIGHTS[n] * PARTS[n] for n in WEIGHTS) / sum(WEIGHTS.values()), 1
    )
    assert found["left_out"] == []


@pytest.mark.parametrize("name", WEIGHTS)
@pytest.mark.parametrize("state", ["not measured", "partial", "stale"])
def test_what_is_not_known_leaves_the_formula_and_is_named(name: str, state: str) -> None:
    gone = {"measured": False, "reason": "gone", "hint": "get it"}
    one = (
        gone
        if state == "not measured"
        else {**ALL[name], state: True, "reason": "gone", "hint": "get it"}
    )

    found = score({**ALL, name: one}, formula_of({}))

    others = {each: PARTS[each] for each in WEIGHTS if each != name}
    total = sum(WEIGHTS[each] for each in others)
    assert found["score"] == round(
        sum(WEIGHTS[each] * part for each, part in others.items()) / total, 1
    )
    assert found["parts"][name] is None
    assert not re.search(rf"\* {name}\b|\b{name} =", found["formula"])
    assert found["left_out"] == [
        {"measure": name, "state": state, "reason": "gone", "hint": "get it"}
    ]


def test_nothing_measured_is_no_score() -> None:
    found = score({}, formula_of({}))

    assert (found["score"], found["formula"]) == (None, "")


def test_weights_and_losses_are_set_in_coord_yaml_and_shown() -> None:
    formula = formula_of({"weights": {"ruff": 3, "mypy": 1}, "losses": {"ruff": 4.5}})

    found = score({"ruff": ALL["ruff"], "mypy": ALL["mypy"]}, formula)

    assert found["score"] == round((3 * 77.5 + 97.5) / 4, 1)
    assert found["formula"].startswith(
        "score = (3 * ruff + 1 * mypy) / 4; ruff = 100 - 4.5 * findings"
    )


def test_a_weight_of_zero_leaves_a_part_shown_and_out_of_the_score() -> None:
    found = score(ALL, formula_of({"weights": {"tests": 0}}))

    assert found["parts"]["tests"] == 90.0
    assert "tests" not in found["formula"]
    assert score({"tests": ALL["tests"]}, formula_of({"weights": {"tests": 0}}))["score"] is None


@pytest.mark.parametrize(
    "bad", [None, "x", True, -1, float("nan"), float("inf"), 1001, [], {}, "5"]
)
def test_what_is_no_sound_number_keeps_its_default(bad: Any) -> None:
    plain = (WEIGHTS, LOSSES, LEAST_SHARE)
    one = {"weights": {"ruff": bad}, "losses": {"ruff": bad}}
    for told in (one, {"weights": bad, "losses": bad}, {"least_share": bad}):
        assert formula_of(told) == plain


def test_nothing_to_count_is_no_hundred() -> None:
    empty = {"ruff": measured(findings=0, lines=0), "mypy": measured(errors=0, files=0),
             "tests": measured(passed=0, failed=0, errors=0, skipped=3)}  # fmt: skip

    found = score(empty, formula_of({}))

    assert found["score"] is None
    assert set(found["parts"].values()) == {None}


GONE = {"measured": False, "reason": "gone", "hint": None}


def test_a_score_of_too_few_parts_is_none_and_says_why() -> None:
    names = ("ruff", "mypy", "security", "tests", "dependencies")
    found = score({name: ALL[name] if name == "tests" else GONE for name in names}, formula_of({}))

    assert (found["score"], found["formula"], found["made_of"]) == (None, "", ["tests"])
    assert found["parts"]["tests"] == 90.0
    assert found["share"] == 18.8
    assert found["reason"] == (
        "not measured: only 1 of 5 parts, 18.8 % of the weight (tests), can be counted; 50 % are needed"
    )
    assert len(found["left_out"]) == 4


def test_the_least_share_is_set_in_coord_yaml() -> None:
    held = {"ruff": ALL["ruff"], "mypy": GONE, "tests": GONE}

    assert score(held, formula_of({}))["score"] is None
    found = score(held, formula_of({"least_share": 30}))

    assert (found["score"], found["made_of"], found["reason"]) == (90.0, ["ruff"], None)
    assert score(held, formula_of({"least_share": 0}))["score"] == 90.0
    assert score(ALL, formula_of({"least_share": 100}))["share"] == 100.0


def test_what_was_not_asked_for_or_weighs_nothing_takes_no_share() -> None:
    weights = {"weights": {"mypy": 0}}

    assert score({"ruff": ALL["ruff"]}, formula_of({}))["share"] == 100.0
    assert score({"ruff": ALL["ruff"], "mypy": GONE}, formula_of(weights))["share"] == 100.0


numbers = st.integers(0, 10**6)


@given(findings=numbers, lines=numbers, errors=numbers, files=numbers, weights=st.dictionaries(
    st.sampled_from(sorted(WEIGHTS)), st.floats(0, 1000)))  # fmt: skip
def test_a_score_lies_between_its_parts_and_more_faults_never_raise_it(
    findings: int, lines: int, errors: int, files: int, weights: dict[str, float]
) -> None:
    formula = formula_of({"weights": weights})
    one = {
        "ruff": measured(findings=findings, lines=lines),
        "mypy": measured(errors=errors, files=files),
    }
    worse = {**one, "ruff": measured(findings=findings + 1, lines=lines)}

    found, then = score(one, formula), score(worse, formula)

    if found["score"] is not None:
        parts = [
            part
            for name, part in found["parts"].items()
            if part is not None and formula.weights[name]
        ]
        assert min(parts) - 0.06 <= found["score"] <= max(parts) + 0.06
        assert then["score"] <= found["score"]
