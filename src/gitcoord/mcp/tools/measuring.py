"""Figures of the repositories: what was measured, gates, velocity, health, patterns."""

from __future__ import annotations

from gitcoord.mcp import filters
from gitcoord.mcp.answer import ANY, LIST, Answer, line, short, simple
from gitcoord.mcp.parameters import count, text
from gitcoord.mcp.parts import part
from gitcoord.mcp.tool import Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.mcp.call import Call

_METRICS = "gitcoord.api.metrics"
_GATES = "gitcoord.api.gates"
_VELOCITY = "gitcoord.api.velocity"
_HEALTH = "gitcoord.api.health"
_PATTERNS = "gitcoord.api.patterns"
_WIDE = 200
_RECURRING = (("fixes", "subject"), ("files", "path"), ("scopes", "scope"), ("words", "word"))


def _repos(call: Call) -> list[str]:
    return [call["repo"]] if call["repo"] else []


def _metrics(call: Call) -> Answer:
    roles = [call["role"]] if call["role"] else []
    found = part(_METRICS).report(call.workspace, repos=_repos(call), roles=roles)
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
    return short(line(f"{one['name']}: coverage {told}{quality}"), _WIDE)


def _gates(call: Call) -> Answer:
    found = part(_GATES).check(call.workspace, repos=_repos(call))
    rows = sorted(found.results, key=lambda one: bool(one["passed"]))
    lines = [
        line(f"{'passed' if one['passed'] else 'FAILED'} {one['repo']} {one['gate']}:"
             f" {one['value']} {one.get('reason') or ''}")
        for one in rows
    ]  # fmt: skip
    failed = sum(not one["passed"] for one in rows)
    return simple(call, rows, lines, f"gates, {failed} failed")


def _velocity(call: Call) -> Answer:
    velocity = part(_VELOCITY)
    call.step(0, 1, "reads the histories of the repositories")
    window = velocity.window_of(call.workspace, call["since"] or "30d", call["until"])
    rows: list[dict[str, Any]] = velocity.velocity(
        call.workspace, window, _repos(call), remerge=False
    )
    return simple(call, rows, [_moved(one) for one in rows], "repositories")


def _moved(one: dict[str, Any]) -> str:
    if one["commits"] is None:
        return line(f"{one['repo']}: unknown: {one['reason']}")
    day = one["commits_per_day"]
    pace = "" if day is None else f" ({day:.1f} a day)"
    return line(f"{one['repo']}: {one['commits']} commits{pace}, {one['active_days']} active days,"
                f" {one['authors']} authors, {one['merges']} merges")  # fmt: skip


def _health(call: Call) -> Answer:
    call.step(0, 1, "reads the histories of the repositories")
    window = part("gitcoord.metrics.git.window").last(call.workspace.now, call["days"])
    rows: list[dict[str, Any]] = part(_HEALTH).health(call.workspace, window, _repos(call))
    return simple(call, rows, [_verdict(one) for one in rows], "repositories")


def _verdict(one: dict[str, Any]) -> str:
    bad = [
        f"{name}: {item['reason']}" for name, item in one["items"].items()
        if item["verdict"] in ("watch", "poor")
    ]  # fmt: skip
    return short(
        line(
            f"{one['repo']} {one['verdict']}: {'; '.join(bad) or one['reason'] or 'nothing to watch'}"
        ),
        400,
    )


def _patterns(call: Call) -> Answer:
    call.step(0, 1, "reads the histories of the repositories")
    found: dict[str, Any] = part(_PATTERNS).cross_project_patterns(call.workspace, call["days"])
    lines = [f"{found['since']} to {found['until']}"]
    for name, key in _RECURRING:
        some = found[name][:5]
        lines += [
            short(line(f"{name}: {one[key]} in {', '.join(one['repos'])}"), _WIDE) for one in some
        ]
    lines += [
        line(f"together: {' and '.join(one['repos'])}, {one['days']} days")
        for one in found["together"][:5]
    ]
    return Answer("\n".join(lines), found)


METRICS = Tool(
    "coord_get_metrics",
    _metrics,
    "Report coverage, quality and git figures of repositories as last measured; unknown is not 0.",
    [filters.REPO, text("role"), *filters.PAGE],
    shape=LIST,
    needs=_METRICS,
)
GATES = Tool(
    "coord_check_gates",
    _gates,
    "Hold declared minimums against what was measured; the failed first.",
    [filters.REPO, *filters.PAGE],
    shape=LIST,
    needs=_GATES,
)
VELOCITY = Tool(
    "coord_get_velocity",
    _velocity,
    "Tell how much happens in repositories: commits, days, authors, merges.",
    [filters.REPO, text("since", example="30d"), text("until"), *filters.PAGE],
    shape=LIST,
    slow=True,
    needs=_VELOCITY,
)
HEALTH = Tool(
    "coord_get_health",
    _health,
    "Judge repositories by their history: stale branches, bus factor, hotspots, releases.",
    [filters.REPO, count("days", 3650, 365), *filters.PAGE],
    shape=LIST,
    slow=True,
    needs=_HEALTH,
)
PATTERNS = Tool(
    "coord_get_patterns",
    _patterns,
    "Tell what recurs across repositories: fixes, files, scopes, days.",
    [count("days", 3650, 90)],
    shape=ANY,
    slow=True,
    needs=_PATTERNS,
)
