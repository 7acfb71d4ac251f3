"""The parser's events of one text, each with its place: for positions, refusals and edits.

PyYAML's C parser hands events out one by one, so a reader may stop at any depth. It is
never asked to build nodes: doing that for deep nesting ends the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from gitcoord.codec.malformed import Malformed, position

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 128
"""Levels of nesting that are read; the YAML 1.2 parser gives up there as well."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def events(text: str) -> Iterator[yaml.Event]:
    """Yield the events of a text without its byte order mark, up to the depth that is allowed."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise too_deep(*position(text, begin(event)))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        yield event


def begin(event: yaml.Event) -> int:
    """Return the offset at which an event begins."""
    assert event.start_mark is not None
    return event.start_mark.index


def tokens(text: str) -> Iterator[yaml.Token]:
    """Yield the tokens of a text that is known to be well-formed and shallow."""
    yield from yaml.scan(text, Loader=_LOADER)


def too_deep(line: int, column: int) -> Malformed:
    """Return the refusal of a text that is nested too deeply."""
    return Malformed(
        line,
        column,
        "too-deep",
        f"The values are nested more than {MAX_DEPTH} levels deep.",
        "Write the inner values flatter, or keep them in a file of their own.",
    )
