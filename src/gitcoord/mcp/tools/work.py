"""What to do: ready work, what stands in the way, how a repository stands."""

from __future__ import annotations

from gitcoord.api import graphs, overview, paging, read, work
from gitcoord.mcp import filters, writing
from gitcoord.mcp.answer import ANY, LIST, RECORD, Answer, line, listed, short
from gitcoord.mcp.parameters import choice, text, texts
from gitcoord.mcp.tool import ADDS, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.entry import Entry
    from gitcoord.mcp.call import Call

_KIND = choice("kind", ("issue", "todo"))
_SHOWN = 20
_LINE = 120
_WIDEST = 100
"""Records that wait, in one graph: a whole hub may have thousands."""


def _ready(call: Call) -> Answer:
    query = filters.narrowed(call, "is:ready sort:worth", {}, "repo", "assignee", "kind")
    return filters.found(call, query, "ready, the most worth doing first")


def _blocked(call: Call) -> Answer:
    query = filters.narrowed(call, "is:blocked sort:worth", {}, "repo", "assignee", "kind")
    return filters.found(call, query, "blocked", waits=True)


def _blocking(call: Call) -> Answer:
    found = read.blocking(call.workspace, call["repo"])
    part = paging.cut(found, limit=call["limit"], after=call.after())
    return listed(call, part, f"records stand before the open work of {call['repo']}")


def _status(call: Call) -> Answer:
    if not call["repo"]:
        return _hub(call)
    found = read.repo_status(call.workspace, call["repo"])
    parts = {
        "issues": found.issues, "todos": found.todos, "plans": found.plans,
        "needs": found.outgoing, "needed_by": found.incoming, "blocks_others": found.blocking,
        "waits_for": found.blocked_by,
    }  # fmt: skip
    work = found.issues + found.todos
    ids = {
        name: [one.id for one in entries if one.open or one.kind == "dependency"]
        for name, entries in parts.items()
    }
    ids["ready"] = [one.id for one in _first(work) if one.ready]
    done = sum(not one.open for one in work)
    lines = [found.repo, *[f"{name}: {_some(some)}" for name, some in ids.items() if some]]
    lines.append(f"{done} finished" if ids["ready"] else f"ready: nothing; {done} finished")
    data: dict[str, Any] = {name: some[:_SHOWN] for name, some in ids.items()}
    data |= {"repo": found.repo, "kind": "repo", "finished": done}
    data["totals"] = {name: len(some) for name, some in ids.items()}
    return Answer("\n".join(lines), data)


def _some(ids: list[str]) -> str:
    """Return ids in a line, and how many are not in it: the lists have them all."""
    more = len(ids) - _SHOWN
    return ", ".join(ids[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _first(found: list[Entry]) -> list[Entry]:
    return sorted(found, key=lambda one: 9 if one.priority is None else one.priority)


def _hub(call: Call) -> Answer:
    found = overview.overview(call.workspace)
    data = found.as_dict() | {"kind": "hub"}
    del data["hub"]  # a path of the server's machine is nobody's business
    open = ", ".join(f"{count} {kind}" for kind, count in found.open.items())
    lines = [f"open: {open}; {found.ready} ready, {found.blocked} blocked"]
    if found.overdue:
        lines.append(f"overdue: {', '.join(found.overdue[:20])}")
    if found.in_progress:
        lines.append(f"in progress: {', '.join(found.in_progress[:20])}")
    lines += [
        f"{row.repo}: {row.issues} issues, {row.todos} todos, {row.ready} ready, {row.blocked} blocked"
        for row in found.repos
        if row.issues or row.todos
    ]
    return Answer("\n".join(lines), data)


def _graph(call: Call) -> Answer:
    ids = [read.get(call.workspace, id).id for id in call["ids"] or []]
    found = graphs.waiting(call.workspace, ids)
    waits = dict(list(found.waits.items())[:_WIDEST])
    named = {id for src, dsts in waits.items() for id in (src, *dsts)} | set(ids)
    shown = [one for id, one in found.nodes.items() if id in named]
    edges = [{"from": src, "waits_for": dsts} for src, dsts in waits.items()]
    lines = [f"{src} waits for {', '.join(dsts)}" for src, dsts in waits.items()]
    more = len(found.waits) - len(waits)
    if more:
        lines.append(f"… and {more} more records wait; ids shows what is around some.")
    nodes = [{"id": id, "title": title, "status": status} for id, title, status, _ in shown]
    titles = [short(line(f"{id} {status}: {title}"), _LINE) for id, title, status, _ in shown]
    text = "\n".join([*(lines or ["Nothing waits."]), *titles])
    return Answer(text, {"nodes": nodes, "edges": edges, "total": len(found.waits)})


def _comment(call: Call) -> Answer:
    id = work.comment(call.workspace, call["id"], call["text"])
    return writing.changed(read.get(call.workspace, id), "has the comment")


READY = Tool(
    "coord_ready",
    _ready,
    "List what can start now, the most worth doing first. Begin here.",
    [filters.REPO, text("assignee"), _KIND, *filters.PAGE],
    shape=LIST,
)
BLOCKED = Tool(
    "coord_list_blocked",
    _blocked,
    "List what waits, and for what.",
    [filters.REPO, text("assignee"), _KIND, *filters.PAGE],
    shape=LIST,
)
BLOCKING = Tool(
    "coord_get_blocking_issues",
    _blocking,
    "List the open records, of any repository, that hold up a repository.",
    [text("repo").needed(), *filters.PAGE],
    shape=LIST,
)
STATUS = Tool(
    "coord_get_repo_status",
    _status,
    "Summarise a repository: open work, dependencies, what it waits for and holds up. Without repo: the hub.",
    [filters.REPO],
    shape=RECORD,
)
GRAPH = Tool(
    "coord_get_graph",
    _graph,
    "Tell what waits for what, around some records or in the whole hub.",
    [texts("ids", example="ISSUE-001")],
    shape=ANY,
)
COMMENT = Tool(
    "coord_comment",
    _comment,
    "Add a comment to any record.",
    [text("id", example="ISSUE-001").needed(), text("text").needed()],
    shape=RECORD,
    does=ADDS,
)
