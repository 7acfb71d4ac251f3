"""An edit of a file in any hand's style changes the data as asked and no other line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gitcoord.codec.change import change_data, copy, same
from gitcoord.codec.edit import Change, apply, diff_changes
from gitcoord.codec.read import parse
from gitcoord.codec.scalar import quoted, scalar, single_quoted

FIELDS = ("id", "title", "status", "priority", "repos", "labels", "description", "metadata")
WORDS = st.sampled_from(
    ["a", "b c", "no", "it's", 'say "x"', "x: y", "12:30", "# no", "é😀", "-", ""]
)
LONG = st.sampled_from(
    ["one\ntwo", "one\n\ntwo\n", " lead\nx\n", "x\n\n", "tab\n\ty\n", "a\n# b\n", "\nx"]
)
SINGLE = WORDS | LONG | st.integers(-5, 5) | st.booleans() | st.none()
NAMES = st.sampled_from([*FIELDS, "k", "other key", "no", "due"])
VALUES = st.recursive(
    SINGLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=6)


Path = tuple[str | int, ...]


class Hand:
    """A person who writes YAML in many ways, by the draws of Hypothesis.

    Each line is kept with the path of the value that begins on it or goes on there; a
    remark has one that no value has.
    """

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.lines: list[tuple[Path, str]] = []

    def any_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def write(self, data: dict[str, Any]) -> None:
        for name, value in data.items():
            self.remark((), 0)
            self.entry((name,), value, 0, "")
        self.remark((), 0)

    def remark(self, path: Path, indent: int) -> None:
        for _ in range(self.any_of(0, 0, 0, 1, 2)):
            text = self.any_of("", " " * indent + f"# remark {len(self.lines)}: [x] - y")
            self.lines.append(((*path, "#"), text))

    def line(self, path: Path, text: str) -> None:
        self.lines.append((path, text))

    def entry(self, path: Path, value: Any, indent: int, lead: str) -> None:
        start = f"{lead or ' ' * indent}{self.single(path[-1], key=True)}:"
        if isinstance(value, dict) and value and self.any_of(True, True, False):
            self.line(path, start + self.note())
            self.mapping(path, value, indent + self.any_of(1, 2, 4))
        elif isinstance(value, list) and value and self.any_of(True, True, False):
            self.line(path, start + self.note())
            self.items(path, value, indent + self.any_of(0, 2, 3))
        else:
            self.scalar(path, start, value, indent)

    def mapping(self, path: Path, value: dict[str, Any], indent: int) -> None:
        for key, inner in value.items():
            self.remark(path, indent)
            self.entry((*path, key), inner, indent, "")

    def items(self, path: Path, value: list[Any], indent: int) -> None:
        for index, inner in enumerate(value):
            self.remark(path, indent)
            gap = self.any_of(" ", " ", "   ")
            start = f"{' ' * indent}-"
            deeper = indent + 1 + len(gap)
            if isinstance(inner, dict) and inner and self.any_of(True, False):
                for key, nested in inner.items():
                    self.entry((*path, index, key), nested, deeper, start + gap)
                    start, gap = " " * deeper, ""
            else:
                self.scalar((*path, index), start, inner, indent)

    def scalar(self, path: Path, start: str, value: Any, indent: int) -> None:
        gap = self.any_of(" ", " ", "    ")
        if value is None and self.any_of(True, False):
            self.line(path, start + self.note())
        elif isinstance(value, str) and self.is_literal(value):
            deeper = self.any_of(1, 2, 4)
            told = str(deeper) if value.lstrip("\n")[:1] in (" ", "\t") else ""
            chomping = {0: "-", 1: ""}.get(len(value) - len(value.rstrip("\n")), "+")
            self.line(path, f"{start}{gap}|{told}{chomping}{self.note()}")
            for line in value.removesuffix("\n").split("\n"):
                self.line(path, " " * (indent + deeper) + line if line else "")
        else:
            self.line(path, f"{start}{gap}{self.single(value)}{self.note()}")

    def is_literal(self, value: str) -> bool:
        return "\n" in value and bool(value.strip("\n")) and bool(self.any_of(True, True, False))

    def note(self) -> str:
        return str(self.any_of("", "", "  # note", " # - x: y"))

    def single(self, value: Any, *, key: bool = False) -> str:
        if isinstance(value, dict):
            inner = [f"{self.single(k, key=True)}: {self.single(v)}" for k, v in value.items()]
            return "{" + ", ".join(inner) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.single(item) for item in value) + "]"
        if isinstance(value, str):
            styles = [quoted, lambda text: scalar(text, flow=True)]
            if "\n" not in value:
                styles.append(single_quoted)
            return str(self.any_of(*styles)(value))
        return scalar(value)


@st.composite
def files(draw: Any) -> tuple[dict[str, Any], list[tuple[Path, str]], str, str, str]:
    data = draw(RECORDS)
    hand = Hand(draw)
    hand.write(data)
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    bom = draw(st.sampled_from(["", "", "\ufeff"]))
    head = draw(st.sampled_from(["", "", "# head", "---"]))
    lines = ([(("#",), head)] if head else []) + hand.lines
    closing = draw(st.sampled_from([end, end, ""]))
    return data, lines, end, bom, closing


def paths(value: Any, where: Path = ()) -> list[Path]:
    found = [where] if where else []
    pairs: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    for step, inner in pairs:
        found += paths(inner, (*where, step))
    return found


@st.composite
def changes(draw: Any, data: dict[str, Any]) -> Change:
    where = draw(st.sampled_from(paths(data)))
    op = draw(st.sampled_from(["set", "set", "add", "remove", "append", "insert"]))
    value = draw(VALUES)
    if op == "add":
        return Change((draw(NAMES),), value)
    holder: Any = data
    for step in where:
        holder = holder[step]
    if op == "append" and (holder is None or isinstance(holder, list)):
        return Change(where, value, "append")
    if op == "insert" and isinstance(holder, list):
        return Change((*where, draw(st.integers(0, len(holder)))), value, "insert")
    return Change(where, value, "remove" if op == "remove" else "set")


def is_untouched(path: Path, change: Change) -> bool:
    """Say whether a line must stay. Empty ones need not: a text can end with some."""
    where = change.where[:-1] if change.op == "insert" else change.where
    if where[: len(path)] == path:
        return False  # a list or a mapping in brackets, or one that is empty before or after
    if change.op in ("insert", "append"):
        return True
    if change.op == "remove" and where[:-1] == path[:-1] and len(where) > 2:
        return False  # the next key may move up beside the dash
    return path[: len(where)] != where


@settings(max_examples=500, deadline=None)
@given(drawn=st.data())
def test_an_edit_changes_the_data_as_asked_and_no_other_line(drawn: st.DataObject) -> None:
    data, lines, end, bom, closing = drawn.draw(files())
    raw = (bom + end.join(line for _, line in lines) + closing).encode()
    data = parse(raw)
    change = drawn.draw(changes(data))
    expected = copy(data)
    change_data(expected, change)

    result = apply(raw, [change], FIELDS)

    assert same(parse(result), expected)
    kept = [line for path, line in lines if line and is_untouched(path, change)]
    if not closing:
        # What follows a block that the file's end cut short makes its sign tell so.
        kept = [line for line in kept if "|" not in line]
    after = iter(result.decode().removeprefix(bom).replace("\r", "").split("\n"))
    assert all(line in after for line in kept), result.decode()
    assert "\r" not in result.decode().replace("\r\n", "")
    assert result.decode().startswith(bom)


@settings(max_examples=200, deadline=None)
@given(drawn=st.data(), new=RECORDS)
def test_the_difference_of_two_records_leads_from_one_to_the_other(
    drawn: st.DataObject, new: dict[str, Any]
) -> None:
    _, lines, end, bom, closing = drawn.draw(files())
    raw = (bom + end.join(line for _, line in lines) + closing).encode()

    result = apply(raw, diff_changes(parse(raw), new), FIELDS)

    assert same(parse(result), new)


@given(old=RECORDS)
@example(old={"a": [1, True, 1.0]})
def test_equal_records_have_no_difference(old: dict[str, Any]) -> None:
    assert diff_changes(old, copy(old)) == []
