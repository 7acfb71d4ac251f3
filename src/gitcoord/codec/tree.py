"""The nodes of a text, each with the exact place it takes, comments and spaces left out.

Offsets count characters of the text without its byte order mark. A block collection
ends with its last value and not, as the parser has it, before the next token.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import yaml

from gitcoord.codec.events import begin, events, tokens
from gitcoord.codec.lines import line_end

SCALAR, MAPPING, SEQUENCE, ALIAS = "scalar", "mapping", "sequence", "alias"


class Node:
    """A value or a key; `starts` and `leads` are kept for each child of a collection.

    `starts` is where a child's lines begin: its dash, its question mark or its key.
    `leads` is where its value may begin: behind the dash or the colon; -1 without one.
    """

    __slots__ = (
        "anchor",
        "end",
        "flow",
        "keys",
        "kind",
        "leads",
        "start",
        "starts",
        "style",
        "text",
        "values",
    )

    def __init__(self, kind: str, start: int, end: int, anchor: str | None) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.anchor = anchor
        self.style = ""
        self.text = ""
        self.flow = False
        self.keys: list[Node] = []
        self.values: list[Node] = []
        self.starts: list[int] = []
        self.leads: list[int] = []

    @property
    def is_block(self) -> bool:
        """Whether this is a list or a mapping that is told by its lines, not by brackets."""
        return not self.flow and self.kind in (MAPPING, SEQUENCE)

    @property
    def is_absent(self) -> bool:
        """Whether nothing at all is written here, which reads as null."""
        return self.kind == SCALAR and self.start == self.end

    def find(self, name: str) -> int:
        """Return the position of a key, -1 without it."""
        for index, key in enumerate(self.keys):
            if key.text == name:
                return index
        return -1

    def walk(self) -> list[Node]:
        """Return this node and all below it, keys too."""
        found = [self]
        for node in found:
            found.extend(node.keys)
            found.extend(node.values)
        return found


class _Signs:
    """The places of the signs that the parser's events do not tell."""

    def __init__(self, text: str) -> None:
        self.dashes: list[int] = []
        self.colons: list[int] = []
        self.keys: list[int] = []
        places = {
            yaml.BlockEntryToken: self.dashes,
            yaml.ValueToken: self.colons,
            yaml.KeyToken: self.keys,
        }
        for token in tokens(text):
            place = places.get(type(token))
            if place is not None:
                place.append(token.start_mark.index)


def grow(text: str) -> Node:
    """Return the root of a text that `read.parse` accepts, without a byte order mark."""
    signs = _Signs(text)
    holder = Node(SEQUENCE, 0, 0, None)
    stack = [holder]
    for event in events(text):
        if isinstance(event, yaml.CollectionEndEvent):
            _close(stack.pop(), begin(event), text, signs)
            continue
        node = _node(event, text)
        if node is None:
            continue
        parent = stack[-1]
        is_key = parent.kind == MAPPING and len(parent.keys) == len(parent.values)
        (parent.keys if is_key else parent.values).append(node)
        if node.kind in (MAPPING, SEQUENCE):
            stack.append(node)
    return holder.values[0]


def _node(event: yaml.Event, text: str) -> Node | None:
    """Return a new node for an event that begins one."""
    assert event.start_mark is not None
    assert event.end_mark is not None
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, yaml.ScalarEvent):
        node = Node(SCALAR, start, end, event.anchor)
        node.style = event.style or ""
        node.text = event.value
        if node.style in ("|", ">"):
            node.end = _block_end(node, text)
    elif isinstance(event, yaml.AliasEvent):
        node = Node(ALIAS, start, end, event.anchor)
        node.text = str(event.anchor)
    elif isinstance(event, yaml.CollectionStartEvent):
        kind = MAPPING if isinstance(event, yaml.MappingStartEvent) else SEQUENCE
        node = Node(kind, start, end, event.anchor)
        node.flow = bool(event.flow_style)
    else:
        return None
    return node


def _block_end(node: Node, text: str) -> int:
    """Return where a block's last line of content ends; the parser adds the empty ones below."""
    if node.text.endswith("\n\n") or not node.text:
        return node.end
    lines = text[node.start : node.end]
    blanks = "\r\n" if node.text.rstrip("\n")[-1:] in (" ", "\t") else " \t\r\n"
    end = node.start + len(lines.rstrip(blanks))
    return min(line_end(text, end), node.end)


def _close(node: Node, end: int, text: str, signs: _Signs) -> None:
    """Fill in the places of a collection's children when all of them are known."""
    if node.kind == MAPPING:
        for key, value in zip(node.keys, node.values, strict=True):
            _place_entry(node, key, value, text, signs)
    else:
        for value in node.values:
            dash = -1 if node.flow else signs.dashes[bisect_left(signs.dashes, value.start) - 1]
            node.starts.append(value.start if node.flow else dash)
            node.leads.append(dash + 1 if dash >= 0 else value.start)
    if node.flow:
        # An entry without braces in a list, as in [a: 1], ends with its value.
        node.end = end + 1 if text[node.start : node.start + 1] in "[{&" else node.values[-1].end
    else:
        node.end = max(node.values[-1].end, node.leads[-1])


def _place_entry(node: Node, key: Node, value: Node, text: str, signs: _Signs) -> None:
    start = signs.keys[bisect_right(signs.keys, key.start) - 1] if signs.keys else key.start
    if start > key.start or text[start : key.start].strip() not in ("", "?"):
        start = key.start
    at = bisect_left(signs.colons, key.end)
    colon = signs.colons[at] if at < len(signs.colons) else -1
    if colon < 0 or colon > value.start or text[key.end : colon].strip(" \t"):
        colon = -1 if not _explicit(text, start, key) else colon
    if colon < 0 and value.is_absent:
        value.start = value.end = key.end
    node.starts.append(start)
    node.leads.append(colon + 1 if colon >= 0 else -1)


def _explicit(text: str, start: int, key: Node) -> bool:
    """Say whether a key is announced by a question mark."""
    return start < key.start and text[start] == "?"
