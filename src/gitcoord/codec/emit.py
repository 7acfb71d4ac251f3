"""Write a whole new record file: one field, one list item, one line of text a line.

So two branches that edit different fields or add different items merge anywhere. There
are no tags, no anchors and no folding, and what is written reads back as it was.
"""

from __future__ import annotations

from gitcoord.codec import literal
from gitcoord.codec.scalar import is_plain, quoted, scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

STEP = "  "

# A key must end within 1,024 characters, or be announced by a question mark.
_LONGEST_KEY = 1000
_MOST_KEYS = 1000


def dump(data: Mapping[str, Any], fields: Sequence[str], *, header: str = "") -> str:
    """Return a record as YAML: known fields in their order, then the others in their own."""
    out = [header if not header or header.endswith("\n") else f"{header}\n"]
    for name in fields:
        if name in data:
            _entry(out, name, data[name], "")
    known = frozenset(fields)
    for name, value in data.items():
        if name not in known:
            _entry(out, name, value, "")
    if len(out) == 1:
        out.append("{}\n")
    return "".join(out)


def entry(name: str, value: Any, indent: str = "") -> str:
    """Return one field with its value, with all its lines at an indentation."""
    out: list[str] = []
    _entry(out, name, value, indent)
    return "".join(out)


def item(value: Any, indent: str, gap: str = " ") -> str:
    """Return one list item, its dash at an indentation and its content `gap` behind."""
    out: list[str] = []
    _item(out, value, indent, gap)
    return "".join(out)


def inside(value: Any, indent: str) -> str:
    """Return the lines of what a list or a mapping holds, at an indentation."""
    out: list[str] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            _entry(out, key, inner, indent)
    else:
        for inner in value:
            _item(out, inner, indent, " ")
    return "".join(out)


def _entry(out: list[str], name: str, value: Any, indent: str) -> None:
    text = _KEYS.get(name) or _key(name)
    lead = f"{indent}{text}:"
    if len(text) > _LONGEST_KEY:
        lead = f"{indent}? {text}\n{indent}:"
    if type(value) is str and "\n" not in value:
        out.append(f"{lead} {scalar(value, key=name)}\n")
    elif isinstance(value, str) and literal.fits(value):
        _literal(out, lead, value, indent)
    elif isinstance(value, dict) and value:
        out.append(f"{lead}\n")
        for key, inner in value.items():
            _entry(out, key, inner, indent + STEP)
    elif isinstance(value, (list, tuple)) and value:
        out.append(f"{lead}\n")
        for inner in value:
            _item(out, inner, indent + STEP, " ")
    else:
        out.append(f"{lead} {_short(value, name)}\n")


_KEYS: dict[str, str] = {}
"""How the keys met so far are written; the fields of records are few and come again."""


def _key(name: str) -> str:
    text = name if is_plain(name) else quoted(name)
    if len(_KEYS) < _MOST_KEYS:
        _KEYS[name] = text
    return text


def _item(out: list[str], value: Any, indent: str, gap: str) -> None:
    lead = f"{indent}-"
    if isinstance(value, str):
        if "\n" in value and literal.fits(value):
            _literal(out, lead + gap[1:], value, indent)
        else:
            out.append(f"{lead}{gap}{scalar(value)}\n")
        return
    inner: list[str] = []
    deeper = f"{indent} {gap}"
    if isinstance(value, dict):
        for key, nested in value.items():
            _entry(inner, key, nested, deeper)
    elif isinstance(value, (list, tuple)):
        for nested in value:
            _item(inner, nested, deeper, " ")
    if inner:
        # The first line of what is nested moves up beside the dash.
        inner[0] = f"{lead}{gap}{inner[0][len(deeper) :]}"
        out.extend(inner)
    else:
        out.append(f"{lead}{gap}{_short(value, '')}\n")


def _literal(out: list[str], lead: str, text: str, indent: str) -> None:
    indicator = str(len(STEP)) if literal.needs_indicator(text) else ""
    out.append(f"{lead} |{indicator}{literal.chomping(text)}\n")
    out.append(literal.body(text, indent + STEP))


def _short(value: Any, name: str) -> str:
    """Return a value that takes one line wherever it stands."""
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, (list, tuple)):
        return "[]"
    return scalar(value, key=name)
