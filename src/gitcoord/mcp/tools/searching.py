"""Search by what is meant, over records and the commits of the repositories."""

from __future__ import annotations

from gitcoord.mcp import filters
from gitcoord.mcp.answer import ANY, Answer, line, short
from gitcoord.mcp.parameters import choice, count, flag, text
from gitcoord.mcp.parts import part
from gitcoord.mcp.tool import Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.mcp.call import Call

_API = "gitcoord.api.searching"
_KINDS = ("issue", "todo", "plan", "dependency", "repo")


def _search(call: Call) -> Answer:
    searching = part(_API)
    narrow = [name for name in ("kind", "repo", "status") if call[name]]
    wanted = searching.Wanted(
        call["text"],
        query=filters.narrowed(call, "archived:*", {}, *narrow) if narrow else None,
        commits=bool(call["commits"]),
        repos=[call["repo"]] if call["repo"] else [],
        limit=call["limit"],
    )

    def tell(told: str) -> None:
        call.step(0, 1, told)

    found = searching.search(call.workspace, wanted, call.models, tell)
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
    needs=_API,
)  # fmt: skip
