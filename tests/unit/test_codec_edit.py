"""Edits that need care: sharing, missing parents, many changes at once, and differences."""

from __future__ import annotations

from typing import Any

import pytest

from gitcoord.codec import edit
from gitcoord.codec.change import change_data
from gitcoord.codec.edit import APPEND, INSERT, REMOVE, Change, apply, diff_changes
from gitcoord.codec.read import parse
from gitcoord.errors import InvalidError

FIELDS = ("id", "title", "status", "assignee", "labels", "description")


def edited(text: str, *changes: Change) -> str:
    return apply(text.encode(), changes, FIELDS).decode()


@pytest.mark.parametrize(
    "change",
    [
        Change(("b",), 2),
        Change(("a",), 2),
        Change(("c", 0, "y"), 2),
        Change(("d", "y"), 3),
        Change(("c",), None, REMOVE),
        Change(("d",), "x", REMOVE),
    ],
)
def test_a_shared_value_is_left_to_the_person(change: Change) -> None:
    text = "a: &a 1\nb: *a\nc:\n  - &m\n    y: 1\nd: *m\nid: x\n"

    with pytest.raises(InvalidError, match="shared within the file") as caught:
        edited(text, change)

    assert "by hand" in caught.value.hint


def test_an_anchor_that_nothing_uses_is_no_obstacle() -> None:
    assert edited("a: &a 1\nb: 2\n", Change(("a",), 3)) == "a: 3\nb: 2\n"


def test_new_fields_stand_in_their_order() -> None:
    text = "# head\ntitle: x\nown: 1\nlabels: []\n"

    result = edited(
        text,
        Change(("description",), "d"),
        Change(("status",), "s"),
        Change(("assignee",), "a"),
        Change(("id",), "i"),
        Change(("zzz",), "z"),
    )

    assert result == (
        "# head\nid: i\ntitle: x\nstatus: s\nassignee: a\nown: 1\nlabels: []\n"
        "description: d\nzzz: z\n"
    )


def test_a_new_field_stands_above_the_comment_of_the_next() -> None:
    text = "id: x\nlabels:\n  - a\n  # more here\n\n# the text\ndescription: d\n"

    result = edited(text, Change(("labels",), "b", APPEND), Change(("own", "deep"), [1]))

    assert result == (
        "id: x\nlabels:\n  - a\n  - b\n  # more here\n\n# the text\ndescription: d\n"
        "own:\n  deep:\n    - 1\n"
    )


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{}\n", "id: x\n"),
        ("--- {}\n...\n", "---\nid: x\n...\n"),
        ("# head\n{} # none\n", "# head\nid: x\n"),
        ("{}", "id: x"),
    ],
)
def test_an_empty_record_can_get_fields(text: str, result: str) -> None:
    assert edited(text, Change(("id",), "x")) == result


def test_the_last_field_leaves_an_empty_record() -> None:
    assert edited("# head\nid: x # y\n", Change(("id",), None, REMOVE)) == "# head\n{}\n"


def test_removing_what_is_not_there_changes_nothing() -> None:
    text = "id: x\nlabels: [a]\n"

    assert edited(text, Change(("own",), None, REMOVE)) == text
    assert edited(text, Change(("own", "deep", 3), None, REMOVE)) == text


@pytest.mark.parametrize(
    "change",
    [
        Change(("labels", 1), "x"),
        Change(("labels", 2), "x", INSERT),
        Change(("labels", -1), None, REMOVE),
        Change(("id", "x"), 1),
        Change(("id",), "x", APPEND),
        Change(("id", 0), "x"),
        Change(("labels", "x"), 1),
        Change(("id",), "x", INSERT),
    ],
)
def test_a_place_that_cannot_be_is_refused(change: Change) -> None:
    with pytest.raises(InvalidError):
        edited("id: x\nlabels: [a]\n", change)


def test_many_changes_are_made_one_after_the_other() -> None:
    text = "id: x\nlabels:\n- a\n- b\n- c\n"

    result = edited(
        text,
        Change(("labels", 0), None, REMOVE),
        Change(("labels", 0), "B"),
        Change(("labels",), "d", APPEND),
        Change(("labels", 0), "first", INSERT),
    )

    assert result == "id: x\nlabels:\n- first\n- B\n- c\n- d\n"


def test_setting_a_list_changes_only_the_items_that_differ() -> None:
    text = "labels:\n  - a # one\n  - b # two\n  # tail\n"

    assert edited(text, Change(("labels",), ["b", "c"])) == (
        "labels:\n  - b # two\n  - c\n  # tail\n"
    )


def test_what_cannot_be_patched_is_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "id: x # one\n'title': old # two\nstatus: s # three\n"
    monkeypatch.setattr(edit, "_patched", lambda *_: "id: x\n: :")

    assert edited(text, Change(("title",), "new")) == "id: x # one\ntitle: new\nstatus: s # three\n"


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("? a\nb: 1\n", Change(("a",), 2)),
        ("a: [x: 1, y]\n", Change(("a", 0, "z"), 2)),
        ("a: {x, y}\n", Change(("a", "x"), [1])),
        ("a: {? x : 1}\n", Change(("a",), None, REMOVE)),
        ("a:\n  ? x\n  : - 1\n    - 2\n", Change(("a", "x", 0), None, REMOVE)),
        ("a: &x\n  - 1\nb: 2\n", Change(("a",), "text")),
        ('"a": "x\\\n  y"\n', Change(("a",), "z")),
        ("a: |\n\n\nb: 1\n", Change(("a",), "one\ntwo\n")),
        ("a: x\n\n# \u2028# odd\nb: 1\n", Change(("b",), None, REMOVE)),
        ("a: -x\n", Change(("a",), ["- ", ""])),
    ],
)
def test_odd_spellings_read_back_right(text: str, change: Change) -> None:
    expected = parse(text.encode())
    change_data(expected, change)

    assert parse(edited(text, change).encode()) == expected


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ({"a": 1}, {"a": True}, [Change(("a",), True)]),
        ({"a": 1, "b": 2}, {"a": 1}, [Change(("b",), None, REMOVE)]),
        ({}, {"a": {"b": 1}}, [Change(("a",), {"b": 1})]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [Change(("a", "c"), 3)]),
        ({"a": ["x", "y"]}, {"a": ["x", "y", "z"]}, [Change(("a", 2), "z", INSERT)]),
        ({"a": ["x", "y", "z"]}, {"a": ["x", "z"]}, [Change(("a", 1), None, REMOVE)]),
        ({"a": ["x", "y"]}, {"a": ["x", "w"]}, [Change(("a", 1), "w")]),
        ({"a": ["x"]}, {"a": []}, [Change(("a",), [])]),
        (
            {"a": [{"id": "1", "t": "x"}, {"id": "2", "t": "y"}]},
            {"a": [{"id": "2", "t": "z"}, {"id": "3"}]},
            [
                Change(("a", 2), {"id": "3"}, INSERT),
                Change(("a", 1, "t"), "z"),
                Change(("a", 0), None, REMOVE),
            ],
        ),
    ],
)
def test_a_difference_is_as_small_as_can_be(
    old: dict[str, Any], new: dict[str, Any], changes: list[Change]
) -> None:
    assert diff_changes(old, new) == changes


def test_a_removed_field_leaves_a_text_above_that_ends_with_empty_lines_alone() -> None:
    raw = b'title:\n "id": |+\n  x\n\n "title":\n - "a"\n\n\nstatus: a\n'

    result = apply(raw, [Change(("title", "title"), None, REMOVE)], ())

    assert result == b'title:\n "id": |+\n  x\n\nstatus: a\n'
