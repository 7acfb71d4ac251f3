"""What went wrong, in words an agent can act on: what it was, how to mend it, what to call next.

An error may quote what it was given: no control character gets out that way, and no flood.
"""

from __future__ import annotations

from gitcoord.model.query.faults import QueryError
from gitcoord.store.message import inert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.errors import CoordError

_LONGEST = 1_000

_NEXT = {
    "not-found": "Next: if an id was wrong, list records (coord_ready, coord_list_issues, coord_list_todos).",
    "conflict": "Next: read the record again and repeat the call; nothing was written.",
    "invalid": "Next: repeat the call with the value mended; nothing was written.",
    "usage": "Next: repeat the call with the arguments mended.",
    "not-allowed": "Next: leave it, and tell the user what you would have written.",
    "no-hub": "Next: tell the user; this is not for you to mend.",
    "git": "Next: tell the user; this is not for you to mend.",
}


def text_of(error: CoordError) -> str:
    """Return an error as a text for a model."""
    parts = [f"{error.code}: {error.message}"]
    if isinstance(error, QueryError) and error.query:
        parts.append(error.explain())
    parts += [part for part in (error.hint, _NEXT.get(error.code)) if part]
    return "\n".join([_bounded(part) for part in parts])


def _bounded(text: str) -> str:
    """Return a text without control characters, and shortened where it is very long."""
    shown = inert(text[: _LONGEST + 1])
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def data_of(error: CoordError) -> dict[str, Any]:
    """Return an error in the shape that `--json` gives it."""
    body: dict[str, Any] = {
        "code": error.code,
        "message": _bounded(error.message),
        "hint": _bounded(error.hint) if error.hint else error.hint,
    }
    for name in ("position", "length"):  # where a query is wrong
        if hasattr(error, name):
            body[name] = getattr(error, name)
    return {"error": body}
