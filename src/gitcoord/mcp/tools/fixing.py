"""What worked before: a strategy for a trouble, attempts like it, and what came of one.

What is recommended is remembered beside the index, so that its outcome can be told by the name
of its run; a server that only reads remembers nothing.
"""

from __future__ import annotations

import os

from gitcoord.mcp.answer import ANY, Answer, line, short
from gitcoord.mcp.parameters import count, flag, text
from gitcoord.mcp.tool import ADDS, SETS, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.mcp.call import Call
    from gitcoord.memory.asking import Meaning

_MESSAGE = text("message", "The trouble, as the tool put it").needed()
_TYPE = text("type", example="E501")
_STRATEGY = text("strategy", example="autofix")


def _recommend(call: Call) -> Answer:
    from gitcoord.api import recommending  # the memory: few calls ask it

    found = recommending.recommend(
        call.workspace, call["message"], type=call["type"], repo=call["repo"],
        meaning=_meaning(call), remember=call.remembers,
    )  # fmt: skip
    sure, run = found["confidence"], found["run"]
    lines = [
        line(f"{found['strategy']}: {found['reason']}"),
        f"confidence {'unknown' if sure is None else f'{sure:.2f}'}" + (f"; run {run}" if run else ""),
        *[line(f"else {one['strategy']} ({one['confidence']:.2f})")
          for one in found["alternatives"][:5]],
    ]  # fmt: skip
    return Answer("\n".join(lines), found)


def _meaning(call: Call) -> Meaning | None:
    """Return the similarity by meaning where a model is installed."""
    if not os.path.isdir(call.models):
        return None
    from gitcoord.api import attempt_shelf  # search: only where a model is installed

    return attempt_shelf.meaning_of(call.workspace, call.models)


def _similar(call: Call) -> Answer:
    from gitcoord.api import recommending  # the memory: few calls ask it

    found = recommending.similar(
        call.workspace, call["message"], type=call["type"], limit=call["limit"],
        meaning=_meaning(call),
    )  # fmt: skip
    lines = [_attempt(one) for one in found] or ["No attempt is like it."]
    return Answer("\n".join(lines), {"items": found})


def _attempt(one: dict[str, Any]) -> str:
    told = f"{one['score']:.2f} {one.get('strategy')}: {', '.join(one['reasons'])}; {one['title']}"
    return short(line(told), 160)


def _record(call: Call) -> Answer:
    from gitcoord.api import fixes  # the memory: few calls write to it

    names = ("message", "repo", "strategy", "type", "file", "stage", "run", "success")
    given = call.given(*names)
    agent = call.workspace.agent
    if agent is not None and agent.name:
        given["agent"] = agent.name
    (made,) = fixes.record(call.workspace, [given])
    return Answer(f"Recorded {made['id']}.", {"kind": "attempt", **made})


def _outcome(call: Call) -> Answer:
    from gitcoord.api import outcomes  # the memory: few calls write to it

    found = outcomes.outcome(
        call.workspace, call["run"], worked=call["worked"], strategy=call["strategy"],
        note=call["note"], repo=call["repo"],
    )  # fmt: skip
    told = ", ".join(one["id"] for one in found)
    return Answer(f"{'Worked' if call['worked'] else 'Failed'}: {told}.", {"items": found})


RECOMMEND = Tool(
    "coord_recommend_fix",
    _recommend,
    "Recommend how to fix a trouble, from all attempts at troubles like it.",
    [_MESSAGE, _TYPE, text("repo")],
    shape=ANY,
)
SIMILAR = Tool(
    "coord_find_fixes",
    _similar,
    "Find attempts at troubles like one, and what came of them.",
    [_MESSAGE, _TYPE, count("limit", 100, 10)],
    shape=ANY,
)
RECORD = Tool(
    "coord_record_fix",
    _record,
    "Record an attempt at a fix, so that others learn from it; failures count as much.",
    [
        _MESSAGE, text("repo").needed(), _STRATEGY.needed(), flag("success"), _TYPE, text("file"),
        text("stage"), text("run", "Of the recommendation that was followed"),
    ],
    shape=ANY,
    does=ADDS,
)  # fmt: skip
OUTCOME = Tool(
    "coord_record_outcome",
    _outcome,
    "Confirm whether a fix held.",
    [
        text("run", "A recommendation's run, or an attempt's id").needed(),
        flag("worked").needed(), _STRATEGY, text("repo"), text("note"),
    ],
    shape=ANY,
    does=SETS,
)  # fmt: skip
