"""One try at a fix: what was wrong, how it was tried, and what came of it.

On the journal an attempt is the data of a fact of kind `attempt`. Programs write it in
many dialects, so usual other names of a field are understood when one is recorded. Anyone
may push to the journal: what is read from there is taken only where it has the right type.
"""

from __future__ import annotations

from gitcoord.errors import InvalidError
from gitcoord.memory import secrets
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TEXTS = ("type", "message", "file", "stage", "agent", "strategy", "session", "run",
         "recommended", "variant", "tool")  # fmt: skip
FIELDS = ("type", "message", "file", "line", "stage", "agent", "strategy", "success", "duration",
          "session", "run", "recommended", "variant", "tool")  # fmt: skip
AROUND = ("repo", "time", "commit")
"""What the fact itself says; the other fields are its data."""

_ALSO = {
    "issue_type": "type", "code": "type", "category": "type",
    "issue_message": "message", "error": "message", "error_message": "message",
    "file_path": "file", "path": "file", "filename": "file",
    "line_number": "line", "lineno": "line",
    "hook": "stage", "phase": "stage",
    "agent_used": "agent", "agent_name": "agent",
    "fix_strategy": "strategy", "strategy_used": "strategy",
    "succeeded": "success", "worked": "success", "fixed": "success",
    "duration_seconds": "duration", "execution_time": "duration", "seconds": "duration",
    "session_id": "session", "run_id": "run",
    "repository": "repo", "project": "repo", "timestamp": "time", "created_at": "time",
}  # fmt: skip
_LONGEST = {"message": 8_000, "file": 1_000}
_MOST = 300
_LOOKED_AT = 64_000
_LAST_LINE = 10_000_000
_LONGEST_RUN = 1e9  # seconds


def of(given: dict[str, Any], *, strategy: bool = True) -> dict[str, Any]:
    """Return the data of an attempt in our words, secrets masked; raise `InvalidError`.

    What surrounds it (`AROUND`) is passed on as it is given.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        ours = _ALSO.get(name, name)
        if name == "duration_ms" and isinstance(value, (int, float)):
            ours, value = "duration", value / 1000
        if ours not in FIELDS and ours not in AROUND:
            close = nearest(name, [*FIELDS, *AROUND])
            raise InvalidError(
                f"An attempt has no field {name!r}"
                + (f"; did you mean {close}?" if close else "."),
                hint=f"Its fields are {', '.join([*FIELDS, *AROUND])}.",
            )
        if ours in found:
            raise InvalidError(f"{ours} is given twice.", hint="Leave one of them out.")
        if value is not None and value != "":
            found[ours] = value
    for name in ("message", "strategy") if strategy else ("message",):
        if not isinstance(found.get(name), str) or not found[name].strip():
            raise InvalidError(f"An attempt needs a {name}.", hint=_HINTS[name])
    return {name: _checked(name, found[name]) for name in [*FIELDS, *AROUND] if name in found}


_HINTS = {
    "message": "Say what was wrong, as the tool put it.",
    "strategy": "Say how it was tried, as in autofix, rewrite or pin-version.",
}


def _checked(name: str, value: Any) -> Any:
    if name in TEXTS:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise _wrong(name, "a text")
        return clean(name, secrets.masked(value[:_LOOKED_AT]))
    if name == "success" and not isinstance(value, bool):
        raise _wrong(name, "true or false")
    if name == "line" and not _is_line(value):
        raise _wrong(name, "the number of a line")
    if name == "duration" and not _is_duration(value):
        raise _wrong(name, "a number of seconds")
    return value


def _wrong(name: str, what: str) -> InvalidError:
    return InvalidError(f"The {name} of an attempt is {what}.", hint="Nothing was written.")


def _is_line(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LAST_LINE


def _is_duration(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= _LONGEST_RUN


def clean(name: str, text: str) -> str:
    """Return a text without what no file and no terminal should see, and not too long."""
    most = _LONGEST.get(name, _MOST)
    kept = "".join(ch if ch.isprintable() or ch == "\n" else " " for ch in text[: most * 2])
    kept = kept.strip() if name == "message" else " ".join(kept.split())
    return kept if len(kept) <= most else f"{kept[: most - 1]}…"


def read(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return all fields of an attempt that a fact holds, or None where it is no attempt."""
    message = data.get("message")
    if not isinstance(message, str) or not message.strip():
        return None
    found: dict[str, Any] = {}
    for name in FIELDS:
        value = data.get(name)
        sound = (
            isinstance(value, str) and 0 < len(value) <= _LONGEST.get(name, _MOST)
            if name in TEXTS
            else (name == "success" and isinstance(value, bool))
            or (name == "line" and _is_line(value))
            or (name == "duration" and _is_duration(value))
        )
        found[name] = value if sound else None
    return found if found["message"] is not None else None


def id_of(path: str) -> str:
    """Return the id of an attempt: its day and the digest in its path, as 20261121-461ad11c."""
    parts = path.split("/")
    return f"{''.join(parts[2:5])}-{parts[6][8:16]}"
