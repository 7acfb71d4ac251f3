"""What happened: events of records, differences of two states, numbers over time."""

from __future__ import annotations

from datetime import UTC, datetime

from gitcoord.mcp import filters
from gitcoord.mcp.answer import LIST, Answer, line, short, simple
from gitcoord.mcp.parameters import choice, text
from gitcoord.mcp.tool import Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.diff import Difference
    from gitcoord.history.event import Event
    from gitcoord.mcp.call import Call

_SINCE = text("since", "A day or an age", example="2w")
_UNTIL = text("until")
_LONG = 160


def _log(call: Call) -> Answer:
    from gitcoord.api import log  # loads the history

    call.step(0, 1, "reads the commits")
    since, until = log.span(call.workspace, call["since"], call["until"])
    wanted = log.Wanted(since=since, until=until, author=call["author"], limit=0)
    found = log.events(call.workspace, [call["id"]] if call["id"] else [], wanted)[::-1]
    note = (
        " (a shallow clone: what lies before is unknown)" if log.is_shallow(call.workspace) else ""
    )
    return simple(
        call, [_event(one) for one in found], [_happened(one) for one in found],
        f"events, the newest first{note}",
    )  # fmt: skip


def _event(one: Event) -> dict[str, Any]:
    found = {
        "id": one.id, "event": one.event, "field": one.field, "old": one.old, "new": one.new,
        "author": one.author, "time": _when(one.time), "commit": one.commit,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def _when(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _happened(one: Event) -> str:
    lead = f"{_when(one.time)[:16]}Z {one.author}: {one.id} {one.event}"
    if one.field is None:
        return line(lead)
    return short(line(f"{lead} {one.field}: {one.old} → {one.new}"), _LONG)


def _diff(call: Call) -> Answer:
    from gitcoord.api import diff  # reads revisions

    a, b = diff.sides(call.workspace, f"{call['base']}..{call['head'] or 'HEAD'}")
    found = diff.between(call.workspace, a, b)
    rows = [
        {"id": one.id, "kind": one.kind, "change": one.change,
         "fields": {name: list(pair) for name, pair in one.fields.items()}}
        for one in found
    ]  # fmt: skip
    return simple(call, rows, [_differs(one) for one in found], "records differ")


def _differs(one: Difference) -> str:
    if one.change in ("added", "removed"):
        return f"{one.id} {one.change}"
    fields = "; ".join(f"{name}: {old} → {new}" for name, (old, new) in one.fields.items())
    return short(line(f"{one.id} {one.change}: {fields}"), _LONG)


def _trend(call: Call) -> Answer:
    from gitcoord.api import trends  # loads the history

    call.step(0, 1, "reads the commits")
    found = trends.trend(
        call.workspace,
        {name: [call[name]] if call[name] else [] for name in ("repo", "kind")},
        since=call["since"] or "3m", until=call["until"], every=call["every"] or "week",
    )  # fmt: skip
    rows = found[0].rows
    lines = [
        f"{row['date']}: {row['open']} open, {row['opened']} opened, {row['closed']} closed"
        for row in rows
    ]
    return simple(call, rows, lines, "periods")


LOG = Tool(
    "coord_get_log",
    _log,
    "Tell who changed what in records and when, from git; the newest first.",
    [text("id", example="ISSUE-001"), _SINCE, _UNTIL, text("author"), *filters.PAGE],
    shape=LIST,
    slow=True,
)
DIFF = Tool(
    "coord_get_diff",
    _diff,
    "Compare the records of two revisions or days.",
    [text("base", example="main").needed(), text("head"), *filters.PAGE],
    shape=LIST,
    slow=True,
)
TREND = Tool(
    "coord_get_trend",
    _trend,
    "Count open, opened and closed work over time.",
    [
        filters.REPO, choice("kind", ("issue", "todo", "plan")), _SINCE, _UNTIL,
        choice("every", ("day", "week", "month")), *filters.PAGE,
    ],
    shape=LIST,
    slow=True,
)  # fmt: skip
