"""How a new record file looks."""

from __future__ import annotations

from typing import Any

import pytest

from gitcoord.codec.emit import dump
from gitcoord.codec.read import parse
from gitcoord.errors import InvalidError
from gitcoord.model.kinds import ISSUE


def test_a_record_is_written_one_fact_a_line() -> None:
    data: dict[str, Any] = {
        "metadata": {},
        "own": None,
        "comments": [{"id": "c1", "text": "Two\nlines", "tags": ["a"]}, "bare"],
        "description": "First.\n\n  Second\n",
        "labels": ["a", "no", "- x"],
        "dependencies": [],
        "created": "2026-01-31T09:00:00+01:00",
        "title": "Say: it's",
        "id": "ISSUE-001",
    }

    text = dump(data, ISSUE.fields, header="# a head")

    assert text == (
        "# a head\n"
        "id: ISSUE-001\n"
        'title: "Say: it\'s"\n'
        "created: 2026-01-31T09:00:00+01:00\n"
        "labels:\n"
        "  - a\n"
        '  - "no"\n'
        '  - "- x"\n'
        "dependencies: []\n"
        "description: |\n"
        "  First.\n"
        "\n"
        "    Second\n"
        "comments:\n"
        "  - id: c1\n"
        "    text: |-\n"
        "      Two\n"
        "      lines\n"
        "    tags:\n"
        "      - a\n"
        "  - bare\n"
        "metadata: {}\n"
        "own: null\n"
    )


@pytest.mark.parametrize(
    "text",
    ["plain", "two words", "it's", "a-b_c", "mahavishnu", "3 items", "naïve", "日本", "🚀 go", "a:b",
     "C#", "x=1", "(maybe)", "/usr/bin", "foo, bar", "a [b] {c}", "Nope", "true story", "👩‍💻"],
)  # fmt: skip
def test_ordinary_text_needs_no_quotes(text: str) -> None:
    assert dump({"k": text}, []) == f"k: {text}\n"


@pytest.mark.parametrize(
    "text",
    ["", " x", "x ", "no", "On", "YES", "y", "null", "~", "12:30", "1_000", "010", "1e3", "0x1F",
     "2026-01-31", "=", "<<", "- a", "? a", "a: b", "a #b", "a:", "#a", "!a", "&a", "*a", "@a", "%a",
     "`a", "[a", "{a", '"a', "'a", "|", ">", ".5", "+1", "-1", "1.2.3", ">=1.0"],
)  # fmt: skip
def test_text_that_might_be_taken_for_something_else_gets_quotes(text: str) -> None:
    assert dump({"k": text}, []).startswith('k: "')


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\tb", '"a\\tb"'),
        ("a\x1bb", '"a\\eb"'),
        ("a\0", '"a\\0"'),
        ("a\u202eb", '"a\\u202eb"'),
        ("a\x85b", '"a\\x85b"'),
        ('say "x" \\', None),
        ("a\n  \nb", '"a\\n  \\nb"'),
        ("a\r\nb", '"a\\r\\nb"'),
        ("\n", '"\\n"'),
        (" lead\nx", "|2-\n   lead\n  x"),
        ("\tlead\nx", "|2-\n  \tlead\n  x"),
        ("x\n\n", "|+\n  x\n"),
    ],
)
def test_unusual_text_is_told_exactly(text: str, written: str | None) -> None:
    file = dump({"k": text}, [])

    assert written is None or file == f"k: {written}\n"
    assert parse(file.encode()) == {"k": text}


@pytest.mark.parametrize(
    ("value", "written"),
    [(1e16, "1.0e+16"), (1e-07, "1.0e-07"), (0.1, "0.1"), (-0.0, "-0.0"), (True, "true")],
)
def test_numbers_are_numbers_in_both_versions_of_yaml(value: float, written: str) -> None:
    assert dump({"k": value}, []) == f"k: {written}\n"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**63, "\ud83d", [1e300]])
def test_what_no_file_can_hold_is_refused(value: object) -> None:
    with pytest.raises(InvalidError):
        dump({"k": value}, [])


def test_other_types_are_a_bug_of_the_caller() -> None:
    with pytest.raises(TypeError, match="object"):
        dump({"k": object()}, [])


def test_a_record_without_fields_is_still_a_record() -> None:
    assert parse(dump({}, []).encode()) == {}
