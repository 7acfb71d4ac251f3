"""Every fault is named, with its place and its mending."""

from __future__ import annotations

from typing import Any

import pytest

from gitcoord.model.findings import ERROR, WARNING
from gitcoord.model.validate import check, check_place

ISSUE: dict[str, Any] = {"id": "ISSUE-001", "title": "Sessions leak", "status": "pending"}
TODO: dict[str, Any] = {"id": "TODO-001", "task": "Pin it", "repo": "oneiric", "status": "pending"}


def codes(kind: str, data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(".".join(map(str, fault.where)), fault.code) for fault in check(kind, data)]


def test_plain_records_have_no_faults() -> None:
    assert check("issue", ISSUE) == []
    assert check("todo", {**TODO, "acceptance_criteria": ["a", {"text": "b", "done": True}]}) == []
    assert check("repo", {"name": "jinja2-async.env"}) == []


def test_null_counts_as_absent_where_a_field_is_optional() -> None:
    assert check("issue", {**ISSUE, "assignee": None, "target": None, "labels": None}) == []
    assert codes("issue", {**ISSUE, "title": None}) == [("title", "bad-type")]


def test_all_faults_are_returned_at_once() -> None:
    found = codes("issue", {"id": "x", "status": "fixed", "labels": "bug", "repos": ["a b"]})

    assert found == [
        ("id", "bad-id"),
        ("status", "bad-status"),
        ("labels", "bad-type"),
        ("repos.0", "bad-name"),
        ("title", "missing-field"),
    ]


@pytest.mark.parametrize(
    ("word", "meant"),
    [("fixed", "resolved"), ("done", "resolved"), ("wip", "in_progress"), ("pendign", "pending")],
)
def test_a_word_of_another_tracker_gets_a_hint_and_is_never_mapped(word: str, meant: str) -> None:
    (fault,) = check("issue", {**ISSUE, "status": word})

    assert fault.severity == ERROR
    assert f"Did you mean {meant}?" in fault.hint


def test_an_unknown_key_is_kept_with_a_warning() -> None:
    (fault,) = check("issue", {**ISSUE, "asignee": "les"})

    assert (fault.severity, fault.code, fault.at_key) == (WARNING, "unknown-field", True)
    assert "assignee" in fault.hint


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "tomorrow", "20260101", "2026-W05"])
def test_a_day_that_no_calendar_has_is_an_error(day: str) -> None:
    assert codes("issue", {**ISSUE, "target": day}) == [("target", "bad-date")]


def test_a_time_without_offset_is_a_warning() -> None:
    (fault,) = check("issue", {**ISSUE, "created": "2026-02-01T10:00:00"})

    assert (fault.severity, fault.code) == (WARNING, "no-offset")


def test_a_number_where_a_text_belongs_asks_for_quotes() -> None:
    (fault,) = check("issue", {**ISSUE, "title": 2026})

    assert fault.hint == 'Put it in quotes: "2026".'


def test_the_id_has_to_be_the_name_of_the_file() -> None:
    (fault,) = check_place("issue", "ISSUE-002", ISSUE)

    assert fault.code == "id-mismatch"
    assert check_place("issue", "ISSUE-001", ISSUE) == []


@pytest.mark.parametrize(
    "id", ["../../x", "ISSUE-001/../x", "issue 1", "ISSUE", "-1", "A-" + "1" * 90]
)
def test_an_id_is_never_a_path(id: str) -> None:
    (fault, *_) = check("issue", {**ISSUE, "id": id})

    assert fault.code in ("bad-id", "too-long")


def test_faults_inside_milestones_are_located() -> None:
    plan = {
        "id": "PLAN-001",
        "title": "x",
        "status": "draft",
        "milestones": [{"id": "M1", "name": "a", "status": "done", "due": "2026-02-30"}],
    }

    assert codes("plan", plan) == [
        ("milestones.0.status", "bad-status"),
        ("milestones.0.due", "bad-date"),
    ]
