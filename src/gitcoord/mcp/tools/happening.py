"""What the histories of the repositories tell: how much happens, what is in danger, what recurs."""

from __future__ import annotations

from gitcoord.mcp import filters
from gitcoord.mcp.answer import ANY, LIST, Answer, line, short, simple
from gitcoord.mcp.parameters import count, text
from gitcoord.mcp.tool import Tool
from gitcoord.mcp.tools.measuring import repos

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.mcp.call import Call

_WIDE = 200
_RECURRING = (("fixes", "subject"), ("files", "path"), ("scopes", "scope"), ("words", "word"))


def _velocity(call: Call) -> Answer:
    from gitcoord.api import velocity  # few calls read histories

    call.step(0, 1, "reads the histories of the repositories")
    window = velocity.window_of(call.workspace, call["since"] or "30d", call["until"])
    rows = velocity.velocity(call.workspace, window, repos(call), remerge=False)
    return simple(call, rows, [_moved(one) for one in rows], "repositories")


def _moved(one: dict[str, Any]) -> str:
    if one["commits"] is None:
        return line(f"{one['repo']}: unknown: {one['reason']}")
    day = one["commits_per_day"]
    pace = "" if day is None else f" ({day:.1f} a day)"
    return line(f"{one['repo']}: {one['commits']} commits{pace}, {one['active_days']} active days,"
                f" {one['authors']} authors, {one['merges']} merges")  # fmt: skip


def _health(call: Call) -> Answer:
    from gitcoord.api import health  # few calls read histories
    from gitcoord.metrics.git.window import last

    call.step(0, 1, "reads the histories of the repositories")
    rows = health.health(call.workspace, last(call.workspace.now, call["days"]), repos(call))
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
    from gitcoord.api import patterns  # few calls read histories

    call.step(0, 1, "reads the histories of the repositories")
    found = patterns.cross_project_patterns(call.workspace, call["days"])
    lines = [f"{found['since']} to {found['until']}"]
    for name, key in _RECURRING:
        some = found[name][:5]
        lines += [
            short(line(f"{name}: {one[key]} in {', '.join(one['repos'])}"), _WIDE) for one in some
        ]
    unknown = sum(one["commits"] is None for one in found["repos"])
    if unknown:
        lines.append(f"{unknown} of {len(found['repos'])} repositories could not be asked")
    lines += [
        line(f"together: {' and '.join(one['repos'])}, {one['days']} days")
        for one in found["together"][:5]
    ]
    return Answer("\n".join(lines), found)


VELOCITY = Tool(
    "coord_get_velocity",
    _velocity,
    "Tell how much happens in repositories: commits, days, authors, merges.",
    [filters.REPO, text("since", example="30d"), text("until"), *filters.PAGE],
    shape=LIST,
    slow=True,
)
HEALTH = Tool(
    "coord_get_health",
    _health,
    "Judge repositories by their history: stale branches, bus factor, hotspots, releases.",
    [filters.REPO, count("days", 3650, 365), *filters.PAGE],
    shape=LIST,
    slow=True,
)
PATTERNS = Tool(
    "coord_get_patterns",
    _patterns,
    "Tell what recurs across repositories: fixes, files, scopes, days.",
    [count("days", 3650, 90)],
    shape=ANY,
    slow=True,
)
