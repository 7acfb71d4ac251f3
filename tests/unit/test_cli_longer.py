"""Longer fields of a record on a terminal: as people write them, and harmless."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gitcoord.cli import longer

if TYPE_CHECKING:
    import pytest


def test_what_is_nested_is_shown_as_people_write_it() -> None:
    value = {
        "points": 3,
        "done": False,
        "files": ["a.py", "b.py"],
        "audit": {"by": "les", "none": None},
    }

    shown = list(longer.lines(value))

    assert shown == ["  points: 3", "  done: no", "  files: a.py, b.py", "  audit:", "    by: les"]


def test_milestones_have_their_lists_below_them() -> None:
    shown = list(longer.lines([{"id": "M1", "name": "First", "dependencies": ["M0"], "due": None}]))

    assert shown == ["  - id: M1, name: First", "      dependencies: M0"]


def test_criteria_are_boxes_and_comments_have_local_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        comment = {"author": "Lena", "created": "2026-01-01T00:00:00+00:00", "text": "one\ntwo"}
        shown = list(longer.lines([{"text": "it holds", "done": True}, comment]))
    finally:
        monkeypatch.undo()
        time.tzset()

    assert shown == ["  - [x] it holds", "  Lena, 2026-01-01 05:30:00+05:30", "    one", "    two"]


def test_nothing_steers_the_terminal() -> None:
    trap = "\x1b[31m\n"
    value = [{trap: trap, "x": {trap: [trap, {trap: trap}]}}, trap, {"author": trap, "text": trap}]

    assert "\x1b" not in "".join(
        [*longer.lines(value), *longer.lines({trap: trap}), *longer.lines(trap)]
    )
