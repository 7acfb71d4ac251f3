"""What worked before: a strategy for a trouble, attempts like it, and what came of one."""

from __future__ import annotations

from gitcoord.errors import NotAllowedError
from gitcoord.mcp.answer import ANY, Answer, line, short
from gitcoord.mcp.parameters import count, flag, text
from gitcoord.mcp.parts import part
from gitcoord.mcp.tool import ADDS, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.mcp.call import Call

_RECOMMENDING = "gitcoord.api.recommending"
_FIXES = "gitcoord.api.fixes"
_MESSAGE = text("message", "The trouble, as the tool put it").needed()
_TYPE = text("type", example="E501")


def _recommend(call: Call) -> Answer:
    found: dict[str, Any] = part(_RECOMMENDING).recommend(
        call.workspace, call["message"], type=call["type"], repo=call["repo"]
    )
    sure = found["confidence"]
    lines = [
        line(f"{found['strategy']}: {found.get('reason')}"),
        f"confidence {'unknown' if sure is None else f'{sure:.2f}'}; run {found.get('run')}",
        *[line(f"else {one['strategy']} ({one['confidence']:.2f})")
          for one in found["alternatives"][:5]],
    ]  # fmt: skip
    return Answer("\n".join(lines), found)


def _similar(call: Call) -> Answer:
    found: list[dict[str, Any]] = part(_RECOMMENDING).similar(
        call.workspace, call["message"], type=call["type"], limit=call["limit"]
    )
    lines = [_attempt(one) for one in found] or ["No attempt is like it."]
    return Answer("\n".join(lines), {"items": found})


def _attempt(one: dict[str, Any]) -> str:
    told = f"{one['score']:.2f} {one.get('strategy')}: {', '.join(one['reasons'])}; {one['title']}"
    return short(line(told), 160)


def _record(call: Call) -> Answer:
    agent = call.workspace.agent
    if agent is not None and (agent.kinds or (agent.repos and call["repo"] not in agent.repos)):
        raise NotAllowedError(
            "Attempts of that repository may not be recorded here.",
            hint="The server was started with --allow-kinds or --allow-repos.",
        )
    names = ("message", "repo", "strategy", "type", "file", "stage", "run", "success")
    given = call.given(*names)
    if agent is not None and agent.name:
        given["agent"] = agent.name
    (made,) = part(_FIXES).record(call.workspace, [given])
    return Answer(f"Recorded {made['id']}.", {"kind": "attempt", **made})


RECOMMEND = Tool(
    "coord_recommend_fix",
    _recommend,
    "Recommend how to fix a trouble, from all attempts at troubles like it.",
    [_MESSAGE, _TYPE, text("repo")],
    shape=ANY,
    needs=_RECOMMENDING,
)
SIMILAR = Tool(
    "coord_find_fixes",
    _similar,
    "Find attempts at troubles like one, and what came of them.",
    [_MESSAGE, _TYPE, count("limit", 100, 10)],
    shape=ANY,
    needs=_RECOMMENDING,
)
RECORD = Tool(
    "coord_record_fix",
    _record,
    "Record an attempt at a fix, so that others learn from it; failures count as much.",
    [
        _MESSAGE, text("repo").needed(), text("strategy", example="autofix").needed(),
        flag("success"), _TYPE, text("file"), text("stage"),
        text("run", "Of the recommendation that was followed"),
    ],
    shape=ANY,
    does=ADDS,
    needs=_FIXES,
)  # fmt: skip
