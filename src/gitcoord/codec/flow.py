"""Edit what stands in brackets: `[a, b]` stays in brackets, `{a: 1}` in braces.

Each function returns patches: start, end and new text of a stretch, none overlapping.
"""

from __future__ import annotations

from typing import Any

from gitcoord.codec.lines import content_end, is_blank_before, line_break, line_end, line_start
from gitcoord.codec.scalar import quoted, scalar, single_quoted
from gitcoord.codec.slots import Slot
from gitcoord.codec.tree import MAPPING, SCALAR, SEQUENCE, Node

Patch = tuple[int, int, str]


def flow_text(value: Any, style: str = "", key: str = "") -> str:
    """Return a value on one line inside brackets, its texts quoted as `style` has it."""
    if isinstance(value, dict):
        inner = [f"{flow_text(k, style)}: {flow_text(v, style, k)}" for k, v in value.items()]
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join([flow_text(item, style) for item in value]) + "]"
    return styled(value, style, key, flow=True)


def styled(value: Any, style: str, key: str = "", *, flow: bool = False) -> str:
    """Return a single value in the quotes that `style` names, if they can hold it."""
    if isinstance(value, str) and style == '"':
        return quoted(value)
    if isinstance(value, str) and style == "'":
        return single_quoted(value)
    return scalar(value, key=key, flow=flow)


def replace(slot: Slot, value: Any) -> list[Patch]:
    """Put a value in another's place."""
    node = slot.node
    style = node.style if node.kind == SCALAR and node.style else _style(slot.holder)
    text = flow_text(value, style if node.style or not _is_bare(node) else "", slot.name)
    if slot.lead < 0:
        end = slot.holder.keys[slot.index].end
        return [(end, end, f": {text}")]
    if node.is_absent:
        return [(slot.lead, slot.lead, f" {text}")]
    return [(node.start, node.end, text)]


def insert(text: str, holder: Node, index: int, name: str, value: Any) -> list[Patch]:
    """Put a new item or entry before the one at `index`, or last."""
    new = flow_text(value, _style(holder), name)
    if holder.kind == MAPPING:
        quotes = holder.keys[-1].style if holder.keys else ""
        new = f"{styled(name, quotes, flow=True)}: {new}"
    if not holder.values:
        return [(holder.end - 1, holder.end - 1, new)]
    if index < len(holder.values):
        start = holder.starts[index]
        return [(start, start, new + _between(text, holder))]
    return _append(text, holder, new)


def _append(text: str, holder: Node, new: str) -> list[Patch]:
    end = _end(holder, -1)
    last = holder.starts[-1]
    comma = _trailing_comma(text, holder)
    if not is_blank_before(text, last) or text[content_end(text, end) :].strip() == "":
        return [(comma, comma, f" {new},") if comma > 0 else (end, end, f", {new}")]
    if line_end(text, end) > holder.end:
        # The bracket closes on the line of the last item.
        return [(end, end, _between(text, holder) + new)]
    below = line_end(text, end)
    indent = text[line_start(text, last) : last]
    line = f"{indent}{new}{',' if comma > 0 else ''}{line_break(text, end)}"
    return [(below, below, line)] if comma > 0 else [(end, end, ","), (below, below, line)]


def remove(text: str, slot: Slot) -> list[Patch]:
    """Take out an item or an entry with the comma that belongs to it."""
    holder, index = slot.holder, slot.index
    if len(holder.values) == 1:
        empty = "{}" if holder.kind == MAPPING else "[]"
        return [(holder.start, holder.end, empty)]
    if index + 1 < len(holder.values):
        return [(slot.start, holder.starts[index + 1], "")]
    before, end = _end(holder, index - 1), _end(holder, index)
    comma = _trailing_comma(text, holder)
    rest = text[max(end, comma) : content_end(text, end)].strip()
    if not is_blank_before(text, slot.start) or (rest and rest[0] != "#"):
        return [(before, end, "")]
    lines = (line_start(text, slot.start), line_end(text, end), "")
    if comma > 0:
        return [lines]
    at = text.index(",", before)
    return [(at, at + 1, ""), lines]


def _end(holder: Node, index: int) -> int:
    """Return where an item or entry ends."""
    value = holder.values[index]
    if holder.kind == MAPPING:
        return max(value.end, holder.keys[index].end, holder.leads[index])
    return value.end


def _between(text: str, holder: Node) -> str:
    """Return what separates items here: a comma and a space, or a comma and a new line."""
    first = holder.starts[0]
    if not is_blank_before(text, first):
        return ", "
    return f",{line_break(text, first)}{text[line_start(text, first) : first]}"


def _trailing_comma(text: str, holder: Node) -> int:
    """Return the offset behind a comma that follows the last item, 0 without one."""
    at = _end(holder, -1)
    while at < holder.end:
        if text[at] == ",":
            return at + 1
        if text[at] == "#":
            at = content_end(text, at)
        elif not text[at].isspace():
            break
        else:
            at += 1
    return 0


def _style(holder: Node) -> str:
    """Return the quotes that the single values of a collection agree on."""
    styles = {value.style for value in holder.values if value.kind == SCALAR and value.style}
    bare = any(_is_bare(value) for value in holder.values)
    if holder.values and holder.values[-1].kind in (MAPPING, SEQUENCE) and not styles and not bare:
        return _style(holder.values[-1])
    if holder.kind == MAPPING and not styles:
        styles = {key.style for key in holder.keys}
        bare = False
    return styles.pop() if len(styles) == 1 and not bare else ""


def _is_bare(node: Node) -> bool:
    """Say whether a text stands without quotes, as opposed to a number or nothing."""
    return node.kind == SCALAR and not node.style and node.text[:1].isalpha()
