"""What a tool answers: a text to read and the same as data.

Both are small. A list shows an id, what is not usual of a record, and its title in one short
line each; blank fields are left out; nothing is said twice in one of them.
"""

from __future__ import annotations

from gitcoord.codec import jsontext
from gitcoord.mcp import cursors
from gitcoord.model.kinds import PRIORITIES
from gitcoord.store.message import inert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.entry import Entry
    from gitcoord.api.paging import Slice
    from gitcoord.mcp.call import Call

_LINE = 70
"""Bytes of one line of a list: twenty of them, with what stands above, are below 1.5 KB."""

_USUAL = ("pending", "medium", "open", "active")

RECORD: dict[str, Any] = {"type": "object", "required": ["kind"]}
LIST: dict[str, Any] = {"type": "object", "required": ["items", "total"]}
ANY: dict[str, Any] = {"type": "object"}


class Answer:
    """A text and the data it tells."""

    __slots__ = ("data", "text")

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self.text = text
        self.data = data


def listed(call: Call, found: Slice, what: str, *, waits: bool = False) -> Answer:
    """Return the answer of a tool that lists records; `waits` shows what each one waits for."""
    rows = [_row(entry, waits) for entry in found.entries]
    lines = [_line(entry, waits) for entry in found.entries]
    last = (found.start + len(found.entries), found.entries[-1].id) if found.more else None
    return paged(call, rows, lines, found.start, found.total, what, last)


def paged(
    call: Call,
    rows: list[dict[str, Any]],
    lines: list[str],
    start: int,
    total: int,
    what: str,
    last: tuple[int, str] | None,
) -> Answer:
    """Return one page of any list; `last` is the number and the name of its last row, if more follow."""
    data: dict[str, Any] = {"items": rows, "total": total}
    head = f"{total} {what}"
    if rows and len(rows) < total:
        head = f"{start + 1}-{start + len(rows)} of {total} {what}"
    if last is not None:
        data["next"] = cursors.write(call.asked, *last)
        head += f"; cursor for more: {data['next']}"
    return Answer("\n".join([head, *lines]), data)


def simple(call: Call, rows: Sequence[dict[str, Any]], lines: Sequence[str], what: str) -> Answer:
    """Return one page of a list that is known as a whole and has no ids, by its numbers."""
    after = call.after()
    start = min(after[0], len(rows)) if after else 0
    end = start + int(call["limit"])
    last = (end, "") if end < len(rows) else None
    return paged(call, list(rows[start:end]), list(lines[start:end]), start, len(rows), what, last)


def _row(entry: Entry, waits: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"id": entry.id, "title": entry.title, "status": entry.status}
    if entry.priority is not None:
        found["priority"] = PRIORITIES[entry.priority]
    if entry.repos:
        found["repos"] = entry.repos.split(", ")
    more = {"assignee": entry.assignee, "target": entry.target}
    found |= {name: value for name, value in more.items() if value}
    if entry.blocked:
        found["blocked"] = True
    if waits:
        found["waits_for"] = entry.blockers()
    return found


def _line(entry: Entry, waits: bool) -> str:
    """Return a record in one line: what is usual of most (pending, medium) is left out."""
    words = [entry.id]
    priority = "" if entry.priority is None else PRIORITIES[entry.priority]
    words += [word for word in (entry.status, priority) if word and word not in _USUAL]
    repos = entry.repos.split(", ") if entry.repos else []
    if repos:
        words.append(repos[0] if len(repos) == 1 else f"{repos[0]}+{len(repos) - 1}")
    lead = " ".join(words)
    if waits and entry.blockers():
        lead += " waits for " + ",".join(entry.blockers()[:3])
    return short(f"{lead}: {line(entry.title or '')}", _LINE)


def line(text: object) -> str:
    """Return a text of a record as one line that cannot pretend to be more."""
    return " ".join(inert(str(text)).split())


def short(text: str, room: int) -> str:
    """Return a text cut to some bytes of UTF-8."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= room:
        return text
    return raw[: room - 3].decode("utf-8", "ignore").rstrip() + "…"


def told(data: dict[str, Any], head: str = "") -> Answer:
    """Return the answer that is one object: a line for each field that is not blank."""
    kept = {name: value for name, value in data.items() if value not in (None, [], {}, "")}
    lines = [f"{name}: {_value(value)}" for name, value in kept.items()]
    return Answer("\n".join([head, *lines] if head else lines), kept)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return "\n".join(inert(part) for part in value.splitlines())
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(line(item) for item in value)
    return jsontext.dumps(value)
