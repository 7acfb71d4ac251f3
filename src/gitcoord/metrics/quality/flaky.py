"""Tests that pass and fail with the same code: what is known from the reports seen so far.

A pure function of what was remembered and one report more. Outcomes of the last reports are
kept as a letter each, in order, so that the memory stays small.
"""

from __future__ import annotations

from typing import Any

from gitcoord.metrics.quality.junit import ERROR, FAILED, PASSED, SKIPPED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEPT = 30
_MOST_TESTS = 50_000
_LETTERS = {PASSED: "p", FAILED: "f", ERROR: "f", SKIPPED: "s"}
_ABSENT, _BOTH = "-", "b"


def remember(
    memory: Mapping[str, Any], report: str, state: str | None, tests: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return the memory with one report more; one that is known already changes nothing.

    `state` names the exact code that was tested, None where that is not known.
    """
    reports, known = _sound(memory)
    if any(one[0] == report for one in reports) or len(tests) > _MOST_TESTS:
        return {"reports": reports, "tests": known}
    names = {*known, *tests}
    found = {
        name: known.get(name, _ABSENT * len(reports)) + _letter(tests.get(name, ()))
        for name in names
    }
    reports = [*reports, [report, state]][-KEPT:]
    found = {name: row[-len(reports) :] for name, row in found.items()}
    return {
        "reports": reports,
        "tests": {name: row for name, row in found.items() if row.strip(_ABSENT)},
    }


def find(memory: Mapping[str, Any]) -> list[str]:
    """Return the tests that both passed and failed in one report, or with the same code."""
    reports, known = _sound(memory)
    states = [one[1] for one in reports]
    return sorted([name for name, row in known.items() if _flaky(row, states)])


def _flaky(row: str, states: Sequence[str | None]) -> bool:
    if _BOTH in row:
        return True
    if "f" not in row or "p" not in row:
        return False
    seen: dict[str, set[str]] = {}
    for letter, state in zip(row, states, strict=True):
        if state is not None and letter in "pf":
            seen.setdefault(state, set()).add(letter)
    return any(len(one) == 2 for one in seen.values())


def _letter(outcomes: Sequence[str]) -> str:
    letters = {_LETTERS[one] for one in outcomes}
    if {"p", "f"} <= letters:
        return _BOTH
    return next((one for one in "fps" if one in letters), _ABSENT)


def _sound(memory: Mapping[str, Any]) -> tuple[list[list[Any]], dict[str, str]]:
    """Return what a memory holds; nothing where it is not as we write it."""
    reports, tests = memory.get("reports"), memory.get("tests")
    if not isinstance(reports, list) or not isinstance(tests, dict):
        return [], {}
    if any(not isinstance(one, list) or len(one) != 2 for one in reports) or any(
        not isinstance(row, str) or len(row) != len(reports) for row in tests.values()
    ):
        return [], {}
    return list(reports), dict(tests)
