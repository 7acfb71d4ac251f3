"""Carry out one change in a text: find the place, ask how to write it, put it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gitcoord.codec import block, emit, flow, restyle
from gitcoord.codec.change import INSERT, REMOVE, SET, Change, Path
from gitcoord.codec.flow import Patch
from gitcoord.codec.lines import ends_line, is_blank_before, line_break, line_end
from gitcoord.codec.native import loads
from gitcoord.codec.slots import find
from gitcoord.codec.tree import MAPPING, SEQUENCE, Node, grow


def patch(text: str, step: Change, fields: Sequence[str]) -> str:
    """Return the text after one change that sets, inserts or removes a value."""
    root = grow(text)
    if step.op == REMOVE:
        patches = _remove(text, root, step.where)
    elif step.op == INSERT:
        patches = _insert(text, root, step.where, step.value)
    else:
        patches = _set(text, root, step, fields)
    if any(start == len(text) for start, _, _ in patches):
        patches += restyle.kept_open(text, root)
    return _applied(text, patches, keeps_end=step.op != REMOVE)


def field_anew(text: str, name: str, value: Any, fields: Sequence[str]) -> str:
    """Return the text with one field of the record written as if for a new file."""
    root = grow(text)
    index = root.find(name)
    if root.flow or index < 0:
        return patch(text, Change((name,), value, SET), fields)
    slot = find(root, (name,))
    assert slot is not None
    start, end = block.lines_of(text, slot)
    lines = emit.entry(name, value, " " * slot.indent(text))
    return _applied(text, [(start, end, lines)], keeps_end=True)


def _set(text: str, root: Node, step: Change, fields: Sequence[str]) -> list[Patch]:
    *path, last = step.where
    holder = _holder(root, tuple(path))
    if isinstance(last, str) and holder.find(last) < 0:
        return _add(text, root, holder, last, step.value, fields)
    slot = find(root, step.where)
    assert slot is not None
    if holder.flow:
        return flow.replace(slot, step.value)
    return block.replace(text, slot, step.value)


def _add(
    text: str, root: Node, holder: Node, name: str, value: Any, fields: Sequence[str]
) -> list[Patch]:
    """Add a field that is not there yet."""
    if holder.kind != MAPPING:
        raise LookupError(name)
    if not holder.flow:
        return block.insert_entry(text, holder, name, value, fields if holder is root else ())
    if holder is root and not holder.values:
        start = holder.start
        before = ""
        if not is_blank_before(text, start):
            start, before = len(text[:start].rstrip(" \t")), "\n"
        return [(start, line_end(text, holder.end), before + emit.entry(name, value))]
    return flow.insert(text, holder, len(holder.values), name, value)


def _insert(text: str, root: Node, where: Path, value: Any) -> list[Patch]:
    holder, index = _holder(root, where[:-1]), where[-1]
    if holder.kind != SEQUENCE or not isinstance(index, int):
        raise LookupError(index)
    if holder.flow:
        return flow.insert(text, holder, index, "", value)
    return block.insert_item(text, holder, index, value)


def _remove(text: str, root: Node, where: Path) -> list[Patch]:
    slot = find(root, where)
    assert slot is not None
    return flow.remove(text, slot) if slot.holder.flow else block.remove(text, slot)


def _holder(root: Node, where: Path) -> Node:
    slot = find(root, where, whole=False)
    return root if slot is None else slot.node


def _applied(text: str, patches: list[Patch], *, keeps_end: bool) -> str:
    """Return the text with patches in it, with the line ends of their neighbours."""
    result = text
    for _, (start, stop, new) in sorted(enumerate(patches), key=_place, reverse=True):
        if new.endswith("\n") and start == len(text) and not ends_line(text, start):
            new = "\n" + new
        if new.endswith("\n\n"):
            # Empty lines below a text that ends with some would become part of it.
            stop += len(text[stop:]) - len(text[stop:].lstrip("\r\n"))
        new = new.replace("\r\n", "\n").replace("\n", line_break(text, start))
        result = result[:start] + new + result[stop:]
    if keeps_end and ends_line(result, len(result)) and not ends_line(text, len(text)):
        shorter = result[: -2 if result.endswith("\r\n") else -1]
        if _reads_alike(shorter, result):
            return shorter
    return result


def _reads_alike(one: str, other: str) -> bool:
    try:
        return bool(loads(one) == loads(other))
    except ValueError:
        return False


def _place(numbered: tuple[int, Patch]) -> tuple[int, int]:
    return numbered[1][0], numbered[0]
