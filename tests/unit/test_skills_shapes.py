"""What files of skill metrics say, in every shape, and what is wrong with those that say it badly."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests import skill_files
from tests.skill_files import START, invocation

from gitcoord.skills import shapes

NOW = START + timedelta(days=30)


def _read(content: Any) -> shapes.Read:
    return shapes.read(json.dumps(content).encode(), NOW)


def test_the_shape_that_is_written_says_completion_and_errors_and_no_success() -> None:
    rows = [
        invocation("a", START, follow_up_actions=["git", "test"]),
        invocation("b", START, completed=False, error_type="TimeoutError", workflow_path="full"),
    ]

    found = _read(skill_files.listed(rows))

    first, second = found.rows
    assert (first.skill, first.completed, first.success, first.errored) == ("a", True, None, False)
    assert (first.duration, first.follow_ups, first.session) == (12.5, 2, None)
    assert (second.completed, second.errored, second.workflow) == (False, True, "full")
    assert (found.faults, found.faulty) == ([], 0)


def test_the_variant_has_sessions_that_are_told_apart_and_not_named() -> None:
    rows = [invocation("a", START, session_id=name) for name in ("s-1", "s-1", "s-2")]

    found = _read(skill_files.with_sessions(rows))

    sessions = [row.session for row in found.rows]
    assert sessions[0] == sessions[1] != sessions[2]
    assert "mend it" not in repr(found)
    assert "s-1" not in repr(found)


def test_the_documented_shape_says_success_and_no_workflow() -> None:
    one = {"invoked_at": "2026-01-05T09:00:00", "completed_at": "2026-01-05T09:00:02", "duration_ms": 1500,
           "success": True, "followup_actions": ["x"], "session_id": "s", "metadata": {"k": [1]}}  # fmt: skip
    two = {"invoked_at": "2026-01-05T10:00:00", "completed_at": None, "success": False}

    found = _read(skill_files.documented({"a": [one, two]}))

    first, second = found.rows
    assert (first.skill, first.completed, first.success, first.duration) == ("a", True, True, 1.5)
    assert (first.follow_ups, first.errored, first.workflow) == (1, None, None)
    assert (second.completed, second.success, second.duration) == (False, False, None)
    assert second.follow_ups is None


def test_what_is_not_said_is_unknown_and_never_nought() -> None:
    found = _read({"invocations": [{"skill_name": "a", "invoked_at": "2026-01-05T09:00:00"}]})

    (row,) = found.rows
    assert row[2:] == (None,) * 7
    assert found.faulty == 0


@pytest.mark.parametrize(("changes", "place", "kept"), [
    ({"invoked_at": "yesterday"}, ".invoked_at", False),
    ({"invoked_at": 1767603600}, ".invoked_at", False),
    ({"invoked_at": None}, ".invoked_at", False),
    ({"invoked_at": "1987-01-05T09:00:00"}, ".invoked_at", False),
    ({"invoked_at": "2126-01-05T09:00:00"}, ".invoked_at", False),
    ({"invoked_at": "2026-02-30T09:00:00"}, ".invoked_at", False),
    ({"skill_name": ""}, ".skill_name", False),
    ({"skill_name": ["a"]}, ".skill_name", False),
    ({"skill_name": "x" * 300}, ".skill_name", False),
    ({"duration_seconds": float("nan")}, ".duration_seconds", True),
    ({"duration_seconds": float("inf")}, ".duration_seconds", True),
    ({"duration_seconds": -3}, ".duration_seconds", True),
    ({"duration_seconds": True}, ".duration_seconds", True),
    ({"duration_seconds": "12"}, ".duration_seconds", True),
    ({"duration_seconds": 10**400}, ".duration_seconds", True),
    ({"completed": "yes"}, ".completed", True),
    ({"success": 1}, ".success", True),
    ({"follow_up_actions": "x"}, ".follow_up_actions", True),
    ({"follow_up_actions": -1}, ".follow_up_actions", True),
])  # fmt: skip
def test_a_bad_value_is_a_fault_with_its_place_and_hides_nothing_else(
    changes: dict[str, Any], place: str, kept: bool
) -> None:
    good = invocation("good", START)

    found = _read({"invocations": [good, invocation("a", START) | changes, good]})

    assert [fault.place for fault in found.faults] == [f"invocations[1]{place}"]
    assert found.faulty == 1
    assert len(found.rows) == (3 if kept else 2)


@pytest.mark.parametrize(("content", "place", "reason"), [
    (b"", "line 1", "empty"),
    (b'{"invocations": [\n{"skill_name": "a"', "line 2, column 19", "no JSON"),
    (b"[" * 100_000, "line 1", "nested"),
    (b'{"skills": ' + b'{"a":' * 50_000, "line 1", "nested"),
    (b'{"invocations": [' + b"9" * 5000 + b"]}", "line 1", "digits"),
    (b'{\n"a": "\xff"}', "line 2", "UTF-8"),
    (b'{"invocations": [' + b"{}," * 1_500_001 + b"{}]}", "line 1", "more than"),
    (b"[1, 2]", "line 1", "neither"),
    (b'{"sessions": []}', "line 1", "neither"),
    (b"null", "line 1", "neither"),
])  # fmt: skip
def test_a_file_that_is_none_says_where_and_why(content: bytes, place: str, reason: str) -> None:
    with pytest.raises(shapes.Malformed, match=reason) as told:
        shapes.read(content, NOW)

    assert told.value.place == place


def test_entries_that_are_no_invocations_are_faults() -> None:
    found = _read({"invocations": [7, None, [], "x", {"skill_name": "a"}, invocation("a", START)]})

    assert len(found.rows) == 1
    assert [fault.place for fault in found.faults] == [f"invocations[{at}]" for at in range(5)]


def test_of_many_faults_some_are_shown_and_all_are_counted() -> None:
    found = _read({"invocations": [7] * 500})

    assert len(found.faults) == shapes.SHOWN
    assert found.faulty == 500


def test_sums_without_invocations_are_no_invocations() -> None:
    assert _read({"skills": {"a": {"total_invocations": 9, "completion_rate": 88.0}}}).rows == []


def test_both_lists_in_one_file_count() -> None:
    rows = {"b": [{"invoked_at": "2026-01-05T09:00:00"}]}

    found = _read({"invocations": [invocation("a", START)], "skills": rows})

    assert [row.skill for row in found.rows] == ["a", "b"]


def test_a_time_is_what_the_clock_of_its_writer_showed() -> None:
    texts = ("2026-01-05T09:00:00", "2026-01-05T09:00:00Z", "2026-01-05 09:00:00+13:45")

    found = _read({"invocations": [{"skill_name": "a", "invoked_at": text} for text in texts]})

    assert len({row.time for row in found.rows}) == 1


def test_a_name_with_half_a_character_can_be_written() -> None:
    found = shapes.read(
        b'{"invocations": [{"skill_name": "a\\ud800\\u0000b", "invoked_at": "2026-01-05T09:00:00"}]}',
        datetime(2026, 2, 1),
    )

    assert found.rows[0].skill == "a?\ufffdb"
