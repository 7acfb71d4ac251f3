"""Which skills are used and which to use next: counts, and names that are plain names.

Nothing else is told: an answer may leave the machine, so no row, path, session, workflow or time is
in it, and what could be more than the name of a skill is counted as withheld.
"""

from __future__ import annotations

from gitcoord.mcp import filters
from gitcoord.mcp.answer import ANY, LIST, Answer, line, short, simple
from gitcoord.mcp.parameters import text, texts
from gitcoord.mcp.tool import Tool
from gitcoord.mcp.tools.measuring import repos

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.mcp.call import Call

_WIDE = 200
_KEPT = ("skill", "uses", "repos", "completion", "success", "worked", "follow_ups", "duration")


def _skills(call: Call) -> Answer:
    from gitcoord.api import skill_figures, skill_sharing, skill_shelf  # few calls ask for skills

    span = skill_shelf.span_of(call.workspace, call["since"], None)
    found = skill_figures.report(call.workspace, span, repos(call))
    plain = [one for one in found["skills"] if skill_sharing.is_plain(one["skill"])]
    rows = [{name: one[name] for name in _KEPT} for one in plain]
    answer = simple(call, rows, [_used(one) for one in plain], "skills, the most used first")
    answer.data["withheld"] = len(found["skills"]) - len(plain)
    answer.data["unread"] = [one["repo"] for one in found["unread"]]
    if answer.data["unread"]:
        answer.text += f"\nnothing is known of: {short(', '.join(answer.data['unread']), _WIDE)}"
    return answer


def _used(one: dict[str, Any]) -> str:
    told = ", ".join(
        f"{name} {_share(one[name])}" for name in ("worked", "completion", "success") if one[name]
    )
    return short(line(f"{one['skill']}: {one['uses']} uses, {told or 'outcomes unknown'}"), _WIDE)


def _share(found: dict[str, Any]) -> str:
    return f"{100 * found['rate']:.0f} % of {found['known']}"


def _recommend(call: Call) -> Answer:
    from gitcoord.api import skill_advice, skill_sharing, skill_shelf  # few calls ask for skills

    span = skill_shelf.span_of(call.workspace, None, None)
    after = call["after"] or []
    found = skill_advice.recommend(call.workspace, span, repo=call["repo"], after=after)
    data: dict[str, Any] = {name: found[name] for name in ("repo", "languages", "similar")}
    lines = []
    for kind in ("use", "try", "drop"):
        data[kind] = [one | {"reasons": _untimed(one)} for one in found[kind]
                      if skill_sharing.is_plain(one["skill"])]  # fmt: skip
        lines += [
            short(line(f"{kind} {one['skill']}: {'; '.join(one['reasons'][:3])}"), _WIDE)
            for one in data[kind]
        ]
    return Answer("\n".join(lines) or "No use of a skill is known.", data)


def _untimed(one: dict[str, Any]) -> list[str]:
    if one.get("why") == "idle":
        return ["not used for 90 days"]
    return [str(reason) for reason in one["reasons"]]


SKILLS = Tool(
    "coord_get_skills",
    _skills,
    "Tell how often skills are used and what comes of it; unknown is null, not 0.",
    [filters.REPO, text("since", example="90d"), *filters.PAGE],
    shape=LIST,
)
RECOMMEND = Tool(
    "coord_recommend_skill",
    _recommend,
    "Recommend skills to use next, to try and to drop, with the evidence.",
    [filters.REPO, texts("after", "Skills used before, the last one last")],
    shape=ANY,
)
