"""A title that is taken from its line without a parser is the one that the parser would read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitcoord.api.titles import _plain_title
from gitcoord.codec.emit import dump
from gitcoord.codec.read import Malformed, parse
from gitcoord.model.kinds import ISSUE, TODO

LINES = st.text(st.sampled_from("ab :#'\"-|>[]{}&*!%@`,?~\t\r\n\\0é\u2028"), max_size=12)


@given(st.text(max_size=40))
def test_of_what_coord_writes(title: str) -> None:
    raw = dump({"id": "ISSUE-001", "title": title, "status": "pending"}, ISSUE.fields)

    assert _plain_title(raw.encode("utf-8", "surrogatepass"), ISSUE) in (None, title)


@given(LINES, LINES)
def test_of_what_anybody_writes(value: str, after: str) -> None:
    raw = f"id: TODO-001\ntask: {value}\n{after}\nstatus: pending\n".encode()

    found = _plain_title(raw, TODO)

    try:
        read = parse(raw)["task"]
    except (Malformed, KeyError):
        return
    assert found is None or found == read


@pytest.mark.parametrize("line", [
    '"quoted"', "'quoted'", "|\n  block", "text\n  that goes on", "text # told", "no", "12:30", "",
    "key: value", "*alias", "[a, b]",
])  # fmt: skip
def test_a_line_that_says_more_than_it_shows_is_left_to_the_parser(line: str) -> None:
    assert _plain_title(f"id: ISSUE-001\ntitle: {line}\nstatus: x\n".encode(), ISSUE) is None


def test_a_plain_line_needs_no_parser() -> None:
    raw = b"# a note\nid: ISSUE-001\ntitle: Sessions leak memory (again)\nstatus: pending\n"

    assert _plain_title(raw, ISSUE) == "Sessions leak memory (again)"
