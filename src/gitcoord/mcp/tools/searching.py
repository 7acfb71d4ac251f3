"""Search by what is meant, over records and the commits of the repositories; what is like a record."""

from __future__ import annotations

from gitcoord.mcp import filters
from gitcoord.mcp.answer import ANY, Answer, line, short
from gitcoord.mcp.parameters import choice, count, flag, text
from gitcoord.mcp.tool import Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.searching import Answer as Found
    from gitcoord.mcp.call import Call

_KINDS = ("issue", "todo", "plan", "dependency", "repo")


def _search(call: Call) -> Answer:
    from gitcoord.api import searching  # the search's own index

    narrow = [name for name in ("kind", "repo", "status") if call[name]]
    wanted = searching.Wanted(
        call["text"],
        query=filters.narrowed(call, "archived:*", {}, *narrow) if narrow else None,
        commits=bool(call["commits"]),
        repos=[call["repo"]] if call["repo"] else [],
        limit=call["limit"],
    )

    found = searching.search(
        call.workspace,
        wanted,
        call.models,
        lambda told: call.step(0, 1, told),
        remember=call.remembers,
    )
    return _found(found)


def _similar(call: Call) -> Answer:
    from gitcoord.api import read, searching  # the search's own index

    id = read.get(call.workspace, call["id"]).id
    wanted = searching.Wanted("", limit=call["limit"])
    return _found(
        searching.similar(
            call.workspace, id, wanted, call.models, lambda told: call.step(0, 1, told)
        )
    )


def _found(found: Found) -> Answer:
    hits = [one.as_dict() for one in found.hits]
    lines = [_hit(one) for one in hits] or ["Nothing was found."]
    notes = [f"Note: {line(note)}" for note in found.notes]
    more = ["More exist; limit shows them."] if found.more else []
    return Answer(
        "\n".join([*lines, *more, *notes]),
        {"items": hits, "notes": found.notes, "more": found.more},
    )


def _hit(one: dict[str, Any]) -> str:
    name = str(one.get("id") or str(one.get("commit"))[:10])
    words = [f"{one['score']:.2f}", name, one.get("status") or "", one.get("repo") or ""]
    return short(f"{' '.join(word for word in words if word)}: {line(one.get('title') or '')}", 90)


SEARCH = Tool(
    "coord_search",
    _search,
    "Find records, and commits if asked, that are about a text; the best first.",
    [
        text("text", example="memory leak in sessions").needed(), choice("kind", _KINDS),
        filters.REPO, text("status"), flag("commits"), count("limit", 100, 10),
    ],
    shape=ANY,
    slow=True,
)  # fmt: skip
SIMILAR = Tool(
    "coord_find_similar",
    _similar,
    "Find records like one: possible duplicates first.",
    [text("id", example="ISSUE-001").needed(), count("limit", 100, 10)],
    shape=ANY,
    slow=True,
)
