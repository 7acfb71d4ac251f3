"""Edit what is told by lines: the fields of a record and the items of its lists.

Each function returns patches: start, end and new text of a stretch, none overlapping.
New lines end in "\\n"; whoever applies the patches gives them the file's own line end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gitcoord.codec import emit, flow, restyle
from gitcoord.codec.flow import Patch
from gitcoord.codec.lines import (
    column,
    content_end,
    is_blank_before,
    line_end,
    line_start,
    owned_end,
)
from gitcoord.codec.slots import Slot
from gitcoord.codec.tree import MAPPING, SCALAR, Node


def replace(text: str, slot: Slot, value: Any) -> list[Patch]:
    """Put a value in another's place; comments beside and below it stay."""
    if slot.lead < 0:
        raise LookupError(slot.name)
    begin, stop, first, last = restyle.extent(text, slot, value)
    inline, lines = restyle.rendered(text, slot, value)
    if inline.startswith("|") and lines:
        # Deeper comments below would become text.
        end = owned_end(text, last, slot.indent(text)) if last > first or last < len(text) else last
        lines += _dedented(text[last:end], " " * slot.indent(text))
        last = end
    patches: list[Patch] = []
    if inline and begin > slot.lead:
        patches.append((begin, stop, inline))
    elif inline:
        blanks = text[stop : stop + len(inline) + 3]
        # A comment behind an empty field stays in its column if there is room.
        room = min(len(inline) + 1, len(blanks) - len(blanks.lstrip(" ")) - 2)
        patches.append((begin, stop + max(0, room), f" {inline}"))
    elif stop > slot.lead:
        rest = text[stop : content_end(text, stop)]
        patches.append((slot.lead, stop if rest.strip() else stop + len(rest), ""))
    if lines or last > first:
        patches.append((first, last, lines))
    return patches


def _dedented(comments: str, indent: str) -> str:
    """Return lines of comments at an indentation."""
    lines = [line.strip() for line in comments.splitlines()]
    return "".join([f"{indent}{line}\n" if line else "\n" for line in lines])


def insert_entry(
    text: str, holder: Node, name: str, value: Any, fields: Sequence[str]
) -> list[Patch]:
    """Add a field in its place among those that are there, else last."""
    indent = column(text, holder.starts[0])
    lines = emit.entry(name, value, " " * indent)
    before = -1
    if name in fields:
        present = [holder.find(field) for field in fields[: fields.index(name)]]
        before = next((index for index in reversed(present) if index >= 0), -1)
        if before < 0 and is_blank_before(text, holder.starts[0]):
            at = line_start(text, holder.starts[0])
            return [(at, at, lines)]
        before = max(before, 0)
    at = _below(text, holder, before, indent)
    return [(at, at, lines)]


def insert_item(text: str, holder: Node, index: int, value: Any) -> list[Patch]:
    """Put an item before the one at `index`, or last; it looks like its neighbour."""
    near = holder.values[max(index - 1, 0)]
    dash = holder.starts[max(index - 1, 0)]
    indent = column(text, dash)
    gap = text[dash + 1 : near.start]
    if near.is_absent or not gap or gap.strip(" "):
        gap = " "
    style = near.style if near.kind == SCALAR and near.style in ("'", '"') else ""
    if style and isinstance(value, str) and "\n" not in value:
        lines = f"{' ' * indent}-{gap}{flow.styled(value, style)}\n"
    else:
        lines = emit.item(value, " " * indent, gap)
    if index > 0:
        at = _below(text, holder, index - 1, indent)
    elif is_blank_before(text, dash):
        at = line_start(text, dash)
    else:
        return [(dash, dash, lines.lstrip(" ") + " " * indent)]
    return [(at, at, lines)]


def remove(text: str, slot: Slot) -> list[Patch]:
    """Take out a field or an item with its own lines; what is left empty says so."""
    holder = slot.holder
    indent = slot.indent(text)
    end = _below(text, holder, slot.index, indent)
    if is_blank_before(text, slot.start):
        start = line_start(text, slot.start)
        above = text[holder.starts[slot.index - 1] : start] if slot.index else ""
        if "|+" in above or ">+" in above:
            # A text above that ends with empty lines would take in those below.
            end += len(text[end:]) - len(text[end:].lstrip("\r\n"))
        lines = (start, end, "")
        if len(holder.values) > 1:
            return [lines]
        empty = "{}" if holder.kind == MAPPING else "[]"
        if slot.outer is None:
            return [(lines[0], end, f"{empty}\n")]
        return [(slot.outer.lead, slot.outer.lead, f" {empty}"), lines]
    if len(holder.values) == 1:
        empty = "{}" if holder.kind == MAPPING else "[]"
        return [(slot.start, slot.start + len(text[slot.start : end].rstrip("\r\n")), empty)]
    # The first of several begins behind a dash: the next one moves up to it.
    following = end + len(text[end:]) - len(text[end:].lstrip(" \t\r\n"))
    return [(slot.start, following, "")]


def _below(text: str, holder: Node, index: int, indent: int) -> int:
    """Return where the lines of an item or entry end."""
    end = max(holder.values[index].end, holder.leads[index])
    return owned_end(text, end, indent)


def lines_of(text: str, slot: Slot) -> tuple[int, int]:
    """Return where the lines of a field begin and end."""
    end = _below(text, slot.holder, slot.index, slot.indent(text))
    return line_start(text, slot.start), max(end, line_end(text, slot.start))
