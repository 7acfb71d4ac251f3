"""What was measured, as the journal has it: report, status, history, trends and explanations.

Nothing is measured here. What is not known is None with the reason beside it.
"""

from __future__ import annotations

from gitcoord.api.chosen import registered, selected, tags_of
from gitcoord.errors import NotFoundError, UsageError
from gitcoord.metrics import ledger, series, summary
from gitcoord.metrics.collectors import headline
from gitcoord.metrics.series import Point
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from gitcoord.api.workspace import Workspace

    Sections = dict[str, dict[str, Any]]

_FIGURES: dict[str, Any] = {
    "percent": (int, float), "statements": int, "missing": int, "files": int, "branch": bool,
    "source": str, "commit": str, "measured_at": str, "partial": bool, "reason": str,
}  # fmt: skip
SECTIONS = ("coverage", "quality", "git")
_ABSENT = "not on this machine, and never collected"
_UNKNOWN = "nothing was collected yet: coord metrics collect --repo {name}"


def report(
    workspace: Workspace, *, repos: Sequence[str] = (), roles: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the latest figures of each repository, and all of them in a few numbers."""
    names = selected(workspace, repos, roles)
    known = registered(workspace)
    connection = ledger.opened(workspace.repo)
    latest = ledger.latest(connection)
    connection.close()
    here = _here(workspace, [name for name in names if "coverage" not in latest.get(name, {})])
    tags = tags_of(workspace)
    rows = [
        _row(
            name,
            known[name],
            sorted(tags.get(name, ())),
            latest.get(name, {}),
            here.get(name, True),
        )
        for name in names
    ]
    return {"repos": rows, "summary": summary.summarise(rows)}


def _here(workspace: Workspace, names: Sequence[str]) -> dict[str, bool]:
    """Return which of the repositories that nothing is known of are on this machine."""
    if not names:
        return {}
    from gitcoord.api import whereabouts  # where all was collected nobody has to look

    return {name: bool(place) for name, place in whereabouts.folders_of(workspace, names).items()}


def _row(
    name: str, role: str | None, tags: list[str], held: Sections, here: bool
) -> dict[str, Any]:
    reason = _UNKNOWN.format(name=name) if here else _ABSENT
    row: dict[str, Any] = {"name": name, "role": role, "tags": tags}
    row["coverage"] = _coverage(reason, held.get("coverage"))
    for section in dict.fromkeys([*SECTIONS[1:], *sorted(held)]):
        if section != "coverage":
            row[section] = held.get(section) or {"reason": reason}
    return row


def _coverage(reason: str, held: dict[str, Any] | None) -> dict[str, Any]:
    """Return coverage in its documented shape, whoever wrote the snapshot."""
    if held is None:
        nothing = dict.fromkeys(_FIGURES)
        return {**nothing, "partial": False, "reason": reason, "stale": False, "others": []}
    found = {key: _of_sort(held.get(key), sort) for key, sort in _FIGURES.items()}
    others = held.get("others")
    return found | {
        "partial": bool(held.get("partial")),
        "stale": bool(held.get("stale")),
        "others": [one for one in others if isinstance(one, dict)]
        if isinstance(others, list)
        else [],
    }


def _of_sort(value: Any, sort: Any) -> Any:
    """Return a value of the sort that it has to be, None for another: anyone can write a snapshot."""
    if isinstance(value, bool) and sort is not bool:
        return None
    return value if isinstance(value, sort) else None


def status(
    workspace: Workspace, *, repos: Sequence[str] = (), roles: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the report with, for each repository, when it was collected, where, and what lacks."""
    from gitcoord.api import whereabouts
    from gitcoord.git import peek

    found = report(workspace, repos=repos, roles=roles)
    names = [row["name"] for row in found["repos"]]
    places = whereabouts.folders_of(workspace, names)
    running = {name: peek.start_commit(place, "HEAD") for name, place in places.items() if place}
    connection = ledger.opened(workspace.repo)
    latest = ledger.latest(connection)
    connection.close()
    for row in found["repos"]:
        name = row["name"]
        head = peek.read_commit(running[name]) if name in running else None
        taken = max(latest.get(name, {}).values(), key=lambda one: one["taken_at"], default=None)
        row["collected_at"] = taken["taken_at"] if taken else None
        row["collected_commit"] = taken["head"] if taken else None
        row["head"] = head
        row["state"] = _state(name in running, taken, head)
    return found


def _state(here: bool, taken: dict[str, Any] | None, head: str | None) -> str:
    """Return in a word where a repository stands: absent, missing, stale or current."""
    if taken is None:
        return "missing" if here else "absent"
    if not here:
        return "absent"
    return "current" if taken["head"] == head else "stale"


def metric_name(word: str) -> str:
    """Return the full name of a figure: `coverage` is `coverage.percent`."""
    return word if "." in word else f"{word}.{headline(word)}"


def points(
    workspace: Workspace,
    name: str,
    word: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Point]:
    """Return a figure of a repository, or the mean of a role's repositories, over time."""
    known = registered(workspace)
    metric = metric_name(word)
    in_role = [] if name in known else [one for one, role in known.items() if role == name]
    members = in_role or selected(workspace, [name], [])
    connection = ledger.opened(workspace.repo)
    try:
        found = [one for member in members for one in points_of(connection, member, metric)]
        if not found:
            _refuse_unknown(ledger.metrics(connection), metric, word)
    finally:
        connection.close()
    if in_role:
        found = series.together(found, len(members))
    first = since.timestamp() if since else float("-inf")
    last = until.timestamp() if until else float("inf")
    return [one for one in found if first <= one.second < last]


def points_of(connection: sqlite3.Connection, repo: str, metric: str) -> list[Point]:
    """Return a figure of one repository over time, by its full name."""
    rows = connection.execute(
        "SELECT time, second, oid, value, partial, definition FROM point"
        " WHERE repo = ? AND metric = ? ORDER BY second, taken",
        (repo, metric),
    )
    return [
        Point(time, second, oid or None, value, bool(partial), definition, repo)
        for time, second, oid, value, partial, definition in rows
    ]


def _refuse_unknown(known: Sequence[str], metric: str, word: str) -> None:
    """Raise for a figure that nobody has; one that this repository only lacks is no fault."""
    section = metric.partition(".")[0]
    if metric in known or section in SECTIONS:
        return
    close = nearest(metric, list(known)) or nearest(word, [*known, *SECTIONS])
    if not close and not known:
        return
    raise UsageError(
        f"There is no figure {word!r}" + (f"; did you mean {close}?" if close else "."),
        hint=f"Known are {', '.join(known[:20] or SECTIONS)}.",
    )


def compare(workspace: Workspace, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return every figure of some repositories side by side: `{metric, values: {repo: value}}`."""
    wanted = [one for name in names for one in selected(workspace, [name], [])]
    connection = ledger.opened(workspace.repo)
    found: dict[str, dict[str, Any]] = {}
    for name in wanted:
        rows = connection.execute(
            "SELECT metric, value, max(second) FROM point WHERE repo = ? GROUP BY metric", (name,)
        )
        for metric, value, _ in rows:
            found.setdefault(metric, dict.fromkeys(wanted))[name] = value
    connection.close()
    return [{"metric": metric, "values": values} for metric, values in sorted(found.items())]


def explain(workspace: Workspace, name: str, word: str) -> dict[str, Any]:
    """Return where a figure comes from: source, tool, commit, files, other sources, breaks."""
    (repo,) = selected(workspace, [name], [])
    metric = metric_name(word)
    section, _, figure = metric.partition(".")
    connection = ledger.opened(workspace.repo)
    held = ledger.latest(connection).get(repo, {}).get(section)
    all_points = points_of(connection, repo, metric)
    connection.close()
    if held is None:
        close = None if section in SECTIONS else nearest(section, SECTIONS)
        raise NotFoundError(
            f"Nothing is known about {section} of {repo}"
            + (f"; did you mean {close}?" if close else "."),
            hint=_UNKNOWN.format(name=repo),
        )
    value: Any = held
    for part in figure.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return {
        "repo": repo, "metric": metric, "value": value, "section": held,
        "anomalies": [_fall(one) for one in series.anomalies(all_points)],
        "definition_changes": [
            {"time": one.time, "commit": one.commit} for one in series.changes(all_points)
        ],
    }  # fmt: skip


def _fall(one: series.Anomaly) -> dict[str, Any]:
    point = one.point
    return {"time": point.time, "commit": point.commit, "value": point.value, "usual": one.usual,
            "fall": one.fall, "why": one.why, "lasted": one.lasted}  # fmt: skip


def history(workspace: Workspace, name: str, word: str = "coverage") -> list[dict[str, Any]]:
    """Return a figure of a repository over time, oldest first, with falls and new definitions."""
    (repo,) = selected(workspace, [name], [])
    found = points(workspace, repo, word)
    falls = {
        one.point: one.why + ("" if one.lasted else ", and came back")
        for one in series.anomalies(found)
    }
    anew = set(series.changes(found))
    return [
        {"time": one.time, "commit": one.commit, "value": one.value, "partial": one.partial,
         "anomaly": falls.get(one), "definition_changed": one in anew}
        for one in found
    ]  # fmt: skip
