"""What takes an old value's place: its text in the old style, and the stretch it covers.

A value takes up two stretches: one in the line of its key or dash, where a comment may
follow, and the lines below. Either may be empty.
"""

from __future__ import annotations

import re
from typing import Any

from gitcoord.codec import emit, literal
from gitcoord.codec.flow import Patch, styled
from gitcoord.codec.lines import content_end, line_end, line_start, owned_end
from gitcoord.codec.scalar import scalar
from gitcoord.codec.slots import Slot
from gitcoord.codec.tree import SCALAR, Node

_BREAK = re.compile(r"\r\n|\r|\n")
_HEADER = re.compile(r"(?:&\S+\s+)?([|>])([0-9]?)([+-]?)([0-9]?)")


def extent(text: str, slot: Slot, value: Any) -> tuple[int, int, int, int]:
    """Return the stretch of a value in its key's line, and that of the lines below."""
    node, lead = slot.node, slot.lead
    if is_literal(node):
        below = line_end(text, node.start)
        return node.start, _header(text, node).end(), below, max(below, node.end)
    if node.is_absent:
        # Blanks at the end of the line go, those before a comment stay.
        end = content_end(text, lead)
        end = lead if text[lead:end].strip() else end
        below = line_end(text, lead)
        return lead, end, below, below
    first = node.starts[0] if node.is_block else node.start
    is_apart = "\n" in text[lead:first] or "\r" in text[lead:first]
    moves_below = bool(value) and isinstance(value, (dict, list))
    is_long = isinstance(value, str) and "\n" in value
    if is_apart and (node.is_block or moves_below or is_long):
        # Comments between the key and a value stay, unless they would become text.
        above = line_start(text, node.start) if moves_below else line_end(text, lead)
        return lead, lead, above, owned_end(text, node.end, slot.indent(text))
    if node.is_block:
        end = owned_end(text, node.end, slot.indent(text))
        return first, content_end(text, first), line_end(text, first), end
    below = line_end(text, node.end)
    return node.start, node.end, below, below


def rendered(text: str, slot: Slot, value: Any) -> tuple[str, str]:
    """Return a value's text for the line of its key, and the lines below."""
    if isinstance(value, str):
        return _text(text, slot, value)
    if not value or not isinstance(value, (dict, list)):
        return ("{}" if value == {} else "[]" if value == [] else scalar(value)), ""
    indent = " " * slot.indent(text)
    if slot.name or slot.holder.keys:
        return "", emit.inside(value, indent + emit.STEP)
    gap = text[slot.lead : slot.node.start]
    gap = gap if gap and not gap.strip(" ") and not slot.node.is_absent else " "
    first, _, lines = emit.item(value, indent, gap).partition("\n")
    return first[len(indent) + 1 + len(gap) :], lines


def kept_open(text: str, root: Node) -> list[Patch]:
    """Return what keeps the last value as it is when lines follow a file's open end.

    A block's last line without a line end stays one if its sign says so.
    """
    last = max(root.walk(), key=lambda node: (node.end, node.start))
    if not is_literal(last) or last.end < len(text) or last.text.endswith("\n") or not last.text:
        return []
    header = _header(text, last)
    return [(header.start(3), header.end(3), "-")]


def is_literal(node: Node) -> bool:
    """Say whether a text stands in lines of its own below a sign."""
    return node.kind == SCALAR and node.style in ("|", ">")


def _text(text: str, slot: Slot, value: str) -> tuple[str, str]:
    node = slot.node
    if is_literal(node) and literal.fits(value if "\n" in value else f"{value}\n"):
        return _literal_again(text, slot, value)
    keeps_quotes = node.kind == SCALAR and node.style in ("'", '"')
    if literal.fits(value) and not _escapes_lines(text, node):
        indicator = str(len(emit.STEP)) if literal.needs_indicator(value) else ""
        lines = literal.body(value, " " * slot.indent(text) + emit.STEP)
        return f"|{indicator}{literal.chomping(value)}", lines
    return styled(value, node.style if keeps_quotes else "", slot.name), ""


def _escapes_lines(text: str, node: Node) -> bool:
    """Say whether someone chose to write several lines as one, with escapes."""
    token = text[node.start : node.end]
    return node.style == '"' and "\n" in node.text and "\n" not in token and "\r" not in token


def _literal_again(text: str, slot: Slot, value: str) -> tuple[str, str]:
    """Return a text in the block of another, of which equal lines stay as they are."""
    node = slot.node
    header = _header(text, node)
    old = _BREAK.split(text[line_end(text, node.start) : node.end])
    old = old if old[-1] else old[:-1]
    outer = slot.indent(text)
    told = header[2] or header[4]
    depth = int(told) if told else _depth(old, outer)
    if not told and literal.needs_indicator(value):
        told = str(depth)
        if depth > 9:
            depth, told, old = len(emit.STEP), str(len(emit.STEP)), []
    sign = header[1] if "\n" not in value.rstrip("\n") and not value.startswith("\n") else "|"
    chomping = literal.chomping(value)
    if not chomping and header[3] == "+":
        chomping = "+"
    new = literal.body(value, " " * (outer + depth)).split("\n")[:-1]
    lines = _merged(old, new) if sign == header[1] == "|" else new
    return f"{sign}{told}{chomping}", "".join([f"{line}\n" for line in lines])


def _merged(old: list[str], new: list[str]) -> list[str]:
    """Return new lines, with blanks at the end of empty lines as they were before and after."""
    pairs = list(zip(old, new, strict=False))
    head = next((at for at, (a, b) in enumerate(pairs) if not _alike(a, b)), len(pairs))
    tail = 0
    while tail < min(len(old), len(new)) - head and _alike(old[-1 - tail], new[-1 - tail]):
        tail += 1
    return old[:head] + new[head : len(new) - tail] + old[len(old) - tail :]


def _alike(old: str, new: str) -> bool:
    """Say whether two lines of a block mean the same."""
    return old == new or (not new and not old.strip(" "))


def _depth(lines: list[str], outer: int) -> int:
    """Return how far a block's content is indented against its key."""
    for line in lines:
        if line.strip(" "):
            return max(1, len(line) - len(line.lstrip(" ")) - outer)
    return len(emit.STEP)


def _header(text: str, node: Node) -> re.Match[str]:
    found = _HEADER.match(text, node.start)
    assert found is not None
    return found
