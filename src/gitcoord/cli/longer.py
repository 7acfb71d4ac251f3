"""The longer fields of a record as lines for people: texts, comments, criteria, what is nested."""

from __future__ import annotations

from gitcoord.cli import text
from gitcoord.cli.run import Local
from gitcoord.model.moments import datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_BLANK: tuple[Any, ...] = (None, [], {}, "")
_INDENT = "  "


def lines(value: Any) -> Iterator[str]:
    """Yield the value of a field, indented, each line such that it cannot steer a terminal."""
    if isinstance(value, str):
        yield from [f"{_INDENT}{line}" for line in text.lines(value.rstrip("\n"))]
    elif isinstance(value, dict):
        yield from _mapping(value, _INDENT)
    else:
        for item in value:
            yield from _item(item)


def nested(value: Any) -> bool:
    """Whether a value does not go on one line: a mapping, or a list that holds one."""
    if isinstance(value, list):
        return any(isinstance(item, (dict, list)) for item in value)
    return isinstance(value, dict)


def local(moment: str) -> str:
    """Return a time in the user's zone; as it is where it is no time with an offset."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    if found.tzinfo is None:
        return moment
    return found.astimezone(Local()).isoformat(sep=" ", timespec="seconds")


def _item(item: Any) -> Iterator[str]:
    if not isinstance(item, dict):
        yield f"{_INDENT}- {_plain(item)}"
    elif "text" in item and "author" in item:
        yield f"{_INDENT}{_plain(item['author'])}, {text.inert(local(str(item.get('created', ''))))}"
        yield from [f"{_INDENT}{_INDENT}{line}" for line in text.lines(str(item["text"]))]
    elif "text" in item and "done" in item:
        yield f"{_INDENT}- [{'x' if item['done'] is True else ' '}] {_plain(item['text'])}"
        rest = {key: part for key, part in item.items() if key not in ("text", "done")}
        yield from _mapping(rest, _INDENT * 3)
    else:
        short = {key: part for key, part in item.items() if not isinstance(part, (list, dict))}
        told = [
            f"{_plain(key)}: {_plain(part)}" for key, part in short.items() if part not in _BLANK
        ]
        yield f"{_INDENT}- {', '.join(told)}"
        rest = {key: part for key, part in item.items() if key not in short}
        yield from _mapping(rest, _INDENT * 3)


def _mapping(value: dict[str, Any], indent: str) -> Iterator[str]:
    for key, part in value.items():
        if part in _BLANK:
            continue
        if isinstance(part, dict):
            yield f"{indent}{_plain(key)}:"
            yield from _mapping(part, indent + _INDENT)
        elif isinstance(part, str) and "\n" in part.rstrip("\n"):
            yield f"{indent}{_plain(key)}:"
            yield from [f"{indent}{_INDENT}{line}" for line in text.lines(part.rstrip("\n"))]
        else:
            yield f"{indent}{_plain(key)}: {_plain(part)}"


def _plain(value: Any) -> str:
    """Return a value in one line, written as people write it and not as Python does."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join([_plain(one) for one in value])
    if isinstance(value, dict):
        return ", ".join([f"{_plain(key)}: {_plain(part)}" for key, part in value.items()])
    return text.inert("-" if value is None else str(value).rstrip("\n"))
