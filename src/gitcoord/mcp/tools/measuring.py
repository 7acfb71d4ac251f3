"""Figures of the repositories as they were measured last, and what gates demand of them.

Nothing is measured here: that would run a repository's own code, or take minutes.
"""

from __future__ import annotations

from gitcoord.mcp import filters
from gitcoord.mcp.answer import LIST, Answer, line, short, simple
from gitcoord.mcp.parameters import text
from gitcoord.mcp.tool import Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.quality import Row
    from gitcoord.mcp.call import Call
    from gitcoord.metrics.series import Point

_WIDE = 200
_SHOWN = (
    "score",
    "share",
    "made_of",
    "reason",
    "parts",
    "weights",
    "left_out",
    "formula",
    "commit",
    "dirty",
    "measured_at",
)


def repos(call: Call) -> list[str]:
    """Return the repository that is asked for, as a list; all of them are none."""
    return [call["repo"]] if call["repo"] else []


def _metrics(call: Call) -> Answer:
    from gitcoord.api import metrics  # few calls ask for figures

    roles = [call["role"]] if call["role"] else []
    found = metrics.status(call.workspace, repos=repos(call), roles=roles)
    lines = [_measured(one) for one in found["repos"]]
    answer = simple(call, found["repos"], lines, "repositories")
    answer.data["summary"] = found["summary"]
    average = found["summary"].get("average")
    if average is not None:
        answer.text += f"\naverage coverage {average:.1f} %"
    return answer


def _measured(one: dict[str, Any]) -> str:
    percent = one["coverage"]["percent"]
    told = f"{percent:.1f} %" if percent is not None else f"unknown: {one['coverage']['reason']}"
    score = (one.get("quality") or {}).get("score")
    quality = f", quality {score}" if score is not None else ""
    return short(line(f"{one['name']} {one['state']}: coverage {told}{quality}"), _WIDE)


def _metric(call: Call) -> Answer:
    from gitcoord.api import metrics  # few calls ask for figures

    word = call["metric"] or "coverage"
    explained = metrics.explain(call.workspace, call["repo"], word)
    since, until = _window(call)
    points = metrics.points(call.workspace, explained["repo"], word, since=since, until=until)
    rows = [_point(one) for one in reversed(points)]
    answer = simple(call, rows, [_at(one) for one in reversed(points)], "points, the newest first")
    section = explained.pop("section")
    origin = {name: value for name, value in section.items()
              if isinstance(value, str | int | float) and value != ""}  # fmt: skip
    answer.data |= {**explained, "origin": origin, "others": section.get("others") or []}
    answer.text = "\n".join([*_explained(explained, origin), answer.text])
    return answer


def _window(call: Call) -> tuple[Any, Any]:
    from gitcoord.api.journal import moment  # knows days and ages

    since, until = call["since"], call["until"]
    return (
        moment(since, call.workspace) if since else None,
        moment(until, call.workspace, end=True) if until else None,
    )


def _point(one: Point) -> dict[str, Any]:
    return {"time": one.time, "commit": one.commit, "value": one.value, "partial": one.partial}


def _at(one: Point) -> str:
    known = "unknown" if one.value is None else f"{one.value:g}"
    return f"{one.time[:16]} {known}{' (a part of a run)' if one.partial else ''}"


def _explained(found: dict[str, Any], origin: dict[str, Any]) -> list[str]:
    value = "unknown" if found["value"] is None else found["value"]
    names = ("source", "tool", "version", "commit", "measured_at", "partial", "stale", "reason")
    told = [f"{name} {origin[name]}" for name in names if origin.get(name) not in (None, False)]
    lines = [line(f"{found['repo']} {found['metric']}: {value}; {', '.join(told)}")]
    falls = found["anomalies"][-5:]
    return lines + [
        line(f"fell on {one['time'][:10]} to {one['value']}: {one['why']}") for one in falls
    ]


def _quality(call: Call) -> Answer:
    from gitcoord.api import quality  # few calls ask for figures

    found = quality.measure(call.workspace, repos(call), options=quality.Options(last=True))
    rows = [{"name": one.name, "role": one.role, "reason": one.reason, **_kept(one)}
            for one in found]  # fmt: skip
    answer = simple(call, rows, [_scored(one) for one in found], "repositories")
    answer.data["summary"] = quality.summary(found)
    return answer


def _kept(one: Row) -> dict[str, Any]:
    return {name: one.quality.get(name) for name in _SHOWN} if one.quality is not None else {}


def _scored(one: Row) -> str:
    if one.quality is None:
        return line(f"{one.name}: unknown: {one.reason}")
    score = "no score" if one.score is None else f"{one.score:g}"
    parts = [
        f"{name} {value:g}" for name, value in one.quality["parts"].items() if value is not None
    ]
    left = [f"{name['measure']} {name['state']}" for name in one.quality["left_out"]]
    more = f"; left out: {', '.join(left)}" if left else ""
    return short(line(f"{one.name}: {score} ({', '.join(parts)}){more}"), _WIDE)


def _gates(call: Call) -> Answer:
    from gitcoord.api import gates  # few calls ask for figures

    found = gates.check(call.workspace, repos=repos(call))
    rows = sorted(found.results, key=lambda one: bool(one["passed"]))
    lines = [
        line(f"{'passed' if one['passed'] else 'FAILED'} {one['repo']} {one['gate']}:"
             f" {'unknown' if one['value'] is None else one['value']} {one.get('reason') or ''}")
        for one in rows
    ]  # fmt: skip
    failed = sum(not one["passed"] for one in rows)
    return simple(call, rows, lines, f"gates, {failed} failed")


METRICS = Tool(
    "coord_get_metrics",
    _metrics,
    "Report coverage, quality and git figures of repositories as last measured; unknown is not 0.",
    [filters.REPO, text("role"), *filters.PAGE],
    shape=LIST,
)
METRIC = Tool(
    "coord_get_metric",
    _metric,
    "Explain one figure of a repository: where it comes from, its course, its falls.",
    [
        text("repo").needed(), text("metric", example="coverage.missing"), text("since"),
        text("until"), *filters.PAGE,
    ],
    shape=LIST,
)  # fmt: skip
QUALITY = Tool(
    "coord_get_quality",
    _quality,
    "Tell the quality scores last measured here, with parts and gaps.",
    [filters.REPO, *filters.PAGE],
    shape=LIST,
)
GATES = Tool(
    "coord_check_gates",
    _gates,
    "Hold declared minimums against what was measured; the failed first.",
    [filters.REPO, *filters.PAGE],
    shape=LIST,
)
