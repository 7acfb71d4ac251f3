"""A merged file taken apart: its two readings, and which fields stand between markers.

Read by its markers and by PyYAML's positions, not by the program's own reader of conflicts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from gitcoord.codec.read import Malformed, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.replay.oracle import Path_


_HUNK = re.compile(rb"^<{7} [^\n]*\n(.*?)^={7}\n(.*?)^>{7} ", re.MULTILINE | re.DOTALL)


class Reading:
    """The lines of one side of a file, and for each whether it stood between markers."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.between: list[bool] = []

    def add(self, line: str, between: bool) -> None:
        self.lines.append(line)
        self.between.append(between)

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def data(self) -> dict[str, Any] | None:
        """Return what the side says; None when that cannot be read."""
        try:
            return parse(self.text.encode("utf-8", "surrogateescape"))
        except Malformed:
            return None

    def marked(self) -> set[Path_]:
        """Return the fields of which a line stands between markers."""
        if not any(self.between):
            return set()
        return {
            path
            for path, begin, end in leaves(yaml.compose(self.text, Loader=yaml.CSafeLoader), (), 0)
            if any(self.between[begin:end])
        }


def is_tight(raw: bytes) -> bool:
    """Whether no conflict begins or ends with a line that both sides have."""
    for hunk in _HUNK.finditer(raw):
        ours, theirs = hunk[1].splitlines(), hunk[2].splitlines()
        if ours and theirs and (ours[0] == theirs[0] or ours[-1] == theirs[-1]):
            return False
    return True


def readings(raw: bytes) -> tuple[Reading, Reading] | None:
    """Return a file with our and with their side of each conflict; None if markers do not pair."""
    ours, theirs = Reading(), Reading()
    state = ""
    for line in re.findall(r"[^\n]*\n|[^\n]+", raw.decode("utf-8", "surrogateescape")):
        sign = line[:7]
        if sign in ("<<<<<<<", ">>>>>>>") or line.rstrip("\r\n") == "=======":
            wanted = {"<": "", "=": "<", ">": "="}[line[0]]
            if state != wanted:
                return None
            state = "" if line[0] == ">" else line[0]
            continue
        if state != "=":
            ours.add(line, bool(state))
        if state != "<":
            theirs.add(line, bool(state))
    return (ours, theirs) if not state else None


def leaves(node: yaml.Node | None, path: Path_, begin: int) -> Iterator[tuple[Path_, int, int]]:
    """Yield the single values of a document with their first line and the one after the last."""
    if isinstance(node, yaml.MappingNode) and node.value:
        for key, value in node.value:
            yield from leaves(value, (*path, key.value), key.start_mark.line)
    elif isinstance(node, yaml.SequenceNode) and node.value:
        counts: dict[str, int] = {}
        for item in node.value:
            name = _name(item)
            counts[name] = counts.get(name, 0) + 1
            yield from leaves(item, (*path, f"@{name}/{counts[name]}"), item.start_mark.line)
    elif node is not None:
        end = node.end_mark
        yield path, begin, max(begin + 1, end.line + (1 if end.column else 0))


def _name(item: yaml.Node) -> str:
    if not isinstance(item, yaml.MappingNode):
        return str(item.value)
    held = {key.value: value for key, value in item.value}
    keys = ("id", "name") if "created" in held else ("id", "name", "text")
    for key in keys:
        value = held.get(key)
        if isinstance(value, yaml.ScalarNode) and value.tag == "tag:yaml.org,2002:str":
            return str(value.value)
    return str({key: value.value for key, value in held.items()})
