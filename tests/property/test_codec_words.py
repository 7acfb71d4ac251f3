"""A word that is changed without the editor is changed as the editor would, or not at all."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.property.test_codec_quick import LINES, USUAL

from gitcoord.codec import edit, words
from gitcoord.codec.change import Change
from gitcoord.codec.read import Malformed, parse

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("tests/corpus/**/*.yaml"), *ROOT.glob("coord/*/*.yaml")])
VALUES = [
    "closed", "in_progress", "on-hold", "lena", "null", "true", "no", "yes", "inf", "e5", "a b", "", "5", "-x", "é",
    "x" * 201, "y", "n", "a: b", "a #b", "two words (and more)", "1.2", "2026-01-01", "~", "a:", None, 3, ["a"],
]  # fmt: skip


def agrees(raw: bytes, changed: dict[str, Any]) -> bool:
    """Check one change; return whether it was made without the editor."""
    try:
        old = parse(raw)
    except Malformed:
        return False
    new = {**old, **{key: value for key, value in changed.items() if key in old}}
    found = words.change(raw, old, new)
    if found is None:
        return False
    changes, made = found
    assert changes == edit.diff_changes(old, new)
    assert made == edit.apply(raw, changes, ())
    return True


def test_words_are_changed_without_the_editor() -> None:
    old = parse(USUAL)
    new = {**old, "status": "closed", "id": "ISSUE-002"}

    found = words.change(USUAL, old, new)

    assert found is not None
    assert found[0] == [Change(("id",), "ISSUE-002"), Change(("status",), "closed")]
    assert found[1] == USUAL.replace(b"ISSUE-001", b"ISSUE-002").replace(b"in_progress", b"closed")
    assert words.change(USUAL, old, dict(old)) == ([], USUAL)


@pytest.mark.parametrize(
    "line",
    [b"status: open # why", b"status: 'open'", b"status:  open", b'"status": open', b"status: &a open",
     b"status: open ", b"status:\n  open", b"? status\n: open"],
)  # fmt: skip
def test_what_is_not_a_plain_line_is_left_to_the_editor(line: bytes) -> None:
    raw = b"id: A-1\n" + line + b"\ntitle: t\n"
    old = parse(raw)

    assert words.change(raw, old, {**old, "status": "closed"}) is None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_at_hand_is_changed_alike(path: Path) -> None:
    raw = path.read_bytes()
    try:
        old = parse(raw)
    except Malformed:
        return
    for key in old:
        for value in VALUES:
            agrees(raw, {key: value})


@given(
    st.lists(st.sampled_from([*LINES, "status: open", "status: open", "  status: open"]), max_size=6),
    st.sampled_from(VALUES), st.sampled_from(["\n", "\r\n"]), st.integers(0, 2**32),
)  # fmt: skip
@example(["k: |", "  status: open", "status: open"], "closed", "\n", 0)
@example(['k: "a', "status: open", '  b"'], "closed", "\n", 0)
def test_any_lines_are_changed_alike(lines: list[str], value: object, end: str, seed: int) -> None:
    lines.insert(random.Random(seed).randint(0, len(lines)), "status: open")
    raw = end.join(lines).encode("utf-8", "surrogatepass") + end.encode()
    agrees(raw, {"status": value})
