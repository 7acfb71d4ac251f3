"""Say where in a file a value or a key stands, for findings about files that parse."""

from __future__ import annotations

from gitcoord.codec.malformed import position
from gitcoord.codec.tree import ALIAS, MAPPING, SEQUENCE, Node, grow


def locate(raw: bytes, where: tuple[str | int, ...], *, at_key: bool = False) -> tuple[int, int]:
    """Return the line and the column, from 1, of the value (or the key) at a path.

    A path that does not exist leads to its deepest part that does.
    """
    text = raw.decode()
    body = text.removeprefix("\ufeff")
    root = grow(body)
    anchors = {node.anchor: node for node in root.walk() if node.anchor and node.kind != ALIAS}
    place, node = root.start, root
    for step in where:
        inside = anchors[node.text] if node.kind == ALIAS else node
        index = _child(inside, step)
        if index < 0:
            break
        node = inside.values[index]
        is_key = inside.kind == MAPPING and (at_key or node.is_absent)
        place = inside.keys[index].start if is_key else node.start
    return position(body, place)


def _child(node: Node, step: str | int) -> int:
    """Return the position of a child, -1 without it."""
    if node.kind == MAPPING and isinstance(step, str):
        return node.find(step)
    if node.kind == SEQUENCE and isinstance(step, int) and 0 <= step < len(node.values):
        return step
    return -1
