"""Change a few values in a file and leave every other character as a person wrote it.

Comments, the order of keys, quotes, block styles, alignment, line ends and a byte order
mark stay; only lines of touched values change. The text is patched where the parser says
that a value stands, and what comes out is read again: it must be exactly the changed
data, else the whole field is written anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from gitcoord.codec.change import APPEND, INSERT, REMOVE, SET, Change, change_data, copy, same
from gitcoord.codec.difference import diff_changes
from gitcoord.codec.patching import field_anew, patch
from gitcoord.codec.read import Malformed, parse
from gitcoord.codec.steps import steps

__all__ = ["APPEND", "INSERT", "REMOVE", "SET", "Change", "apply", "diff_changes"]

_BOM = "\ufeff"


def apply(raw: bytes, changes: Sequence[Change], fields: Sequence[str]) -> bytes:
    """Return a file with some of its values changed; new fields stand in the order of `fields`."""
    text = raw.decode()
    data = parse(raw)
    expected = copy(data)
    for change in changes:
        change_data(expected, change)
    if same(data, expected):
        return raw
    bom = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    edited = _patched(body, data, changes, fields)
    for _ in range(3):
        found = _read(edited)
        if found is not None and same(found, expected):
            return (bom + edited).encode()
        if found is None:
            edited, found = body, data
        edited = _anew(edited, found, expected, fields)
    raise AssertionError(f"after {list(changes)} the file does not read back as it should")


def _patched(
    text: str, data: dict[str, Any], changes: Sequence[Change], fields: Sequence[str]
) -> str:
    """Return the text after all changes, one after the other; possibly wrong in odd places."""
    data = copy(data)
    try:
        for change in changes:
            for step in steps(data, change):
                text = patch(text, step, fields)
            change_data(data, change)
    except (LookupError, yaml.YAMLError):
        # What stands there is too odd to patch; the caller sees that and writes it anew.
        return text
    return text


def _anew(text: str, found: dict[str, Any], expected: dict[str, Any], fields: Sequence[str]) -> str:
    """Return the text with every field that does not hold what it should written anew."""
    for name in [*expected, *(key for key in found if key not in expected)]:
        if name not in expected:
            text = patch(text, Change((name,), None, REMOVE), fields)
        elif name not in found or not same(found[name], expected[name]):
            text = field_anew(text, name, expected[name], fields)
    return text


def _read(text: str) -> dict[str, Any] | None:
    try:
        return parse(text.encode())
    except Malformed:
        return None
