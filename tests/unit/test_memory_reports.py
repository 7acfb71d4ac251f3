"""What tools write is read, and what is no report is refused in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gitcoord.errors import InvalidError
from gitcoord.memory import reports

RUFF = [{"code": "F401", "message": "`os` imported but unused", "filename": "/w/a b/ü.py",
         "location": {"row": 3, "column": 8}, "fix": None, "noqa_row": 3}]  # fmt: skip
NOTE = {"file": "x.py", "line": 2, "message": "n", "code": None, "severity": "note"}
MYPY = "".join(
    json.dumps(NOTE | more) + "\n" for more in ({"code": "arg-type", "severity": "error"}, {})
)
JUNIT = """<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" tests="3">
<testcase classname="tests.test_x" name="test_a"><failure message="AssertionError: no&#10;1 == 2">
</failure></testcase><testcase classname="tests.test_x" name="test_b"/>
<testcase classname="tests.test_x" name="test_c"><error message="failed on setup">x</error></testcase>
</testsuite></testsuites>"""


def test_ruff_is_read_with_paths_made_relative() -> None:
    tool, found = reports.read(json.dumps(RUFF).encode(), "/w")

    assert tool == "ruff"
    assert found == [
        {"type": "F401", "message": "`os` imported but unused", "file": "a b/ü.py", "line": 3,
         "stage": "lint", "tool": "ruff"}
    ]  # fmt: skip


def test_mypy_is_read_without_its_notes() -> None:
    tool, found = reports.read(MYPY.replace("\n", "\r\n").encode())

    assert tool == "mypy"
    assert [(one["type"], one["line"]) for one in found] == [("arg-type", 2)]


def test_junit_is_read() -> None:
    tool, found = reports.read(JUNIT.encode())

    assert tool == "pytest"
    assert [(one["type"], one["file"]) for one in found] == [
        ("AssertionError", "tests/test_x"), ("test-error", "tests/test_x")
    ]  # fmt: skip


ISSUE = {"type": "type_error", "severity": "high", "message": "No attribute 'x'",
         "id": "issue_0af1", "file_path": "/w/a b/ü.py", "line_number": 7, "details": ["attr-defined"],
         "stage": "zuban"}  # fmt: skip
RUN = {"schema_version": "1", "success": False, "issues": [ISSUE], "summary": {"total": 1}}


def test_a_run_of_crackerjack_is_read() -> None:
    bare = ISSUE | {"file_path": None, "line_number": None, "stage": "unknown", "type": "warning"}

    tool, found = reports.read(json.dumps(RUN | {"issues": [ISSUE, bare]}).encode(), "/w")

    assert tool == "crackerjack"
    assert found == [
        {"type": "type_error", "message": "No attribute 'x'", "file": "a b/ü.py", "line": 7,
         "stage": "zuban", "tool": "crackerjack"},
        {"type": "warning", "message": "No attribute 'x'", "file": None, "line": None,
         "stage": None, "tool": "crackerjack"},
    ]  # fmt: skip


def test_what_the_models_of_crackerjack_write_is_read() -> None:
    written = Path(__file__).parent.parent / "data" / "reports" / "crackerjack-0.74.4.json"

    tool, found = reports.read(written.read_bytes())

    assert tool == "crackerjack"
    assert [(one["type"], one["file"], one["line"], one["stage"]) for one in found] == [
        ("type_error", "src/größe.py", 12, "zuban"), ("coverage_improvement", None, None, None),
    ]  # fmt: skip


def test_a_run_without_issues_has_no_troubles() -> None:
    assert reports.read(json.dumps(RUN | {"issues": []}).encode()) == ("crackerjack", [])


@pytest.mark.parametrize("change", [
    {"schema_version": "2"}, {"schema_version": None}, {"issues": {}}, {"issues": ["x"]},
    {"issues": [{"type": "refurb"}]},
])  # fmt: skip
def test_a_run_of_another_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidError, match="no report that coord reads"):
        reports.read(json.dumps(RUN | change).encode())


def test_an_empty_report_has_no_troubles() -> None:
    assert reports.read(b"")[1] == []
    assert reports.read(b"[]\n")[1] == []


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuites>&b;</testsuites>'


@pytest.mark.parametrize(
    "content",
    [b"hello", b"\xff\xfe", b"[1, 2]", b'{"a": 1}', b'[{"filename": "x", "location": 3}]', b"<a/>",
     b"<testsuites>", BOMB.encode(), b"[" * 100_000, b"<a>" * 100_000],
)  # fmt: skip
def test_what_is_no_report_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidError, match="no report"):
        reports.read(content)
