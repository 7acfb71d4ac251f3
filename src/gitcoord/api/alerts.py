"""Alerts of all repositories, and the journal's memory of which were told already.

What is watched are the figures by which a repository is judged. An alert is derived anew
each time from the snapshots; that it came up is a fact on the journal, written once: one that
overlaps another of the same figure is the same trouble.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord import journal
from gitcoord.api import metrics
from gitcoord.api.chosen import registered, selected
from gitcoord.errors import CoordError
from gitcoord.journal import facts, timeline
from gitcoord.journal.facts import Fact
from gitcoord.metrics import alerts, ledger, silence
from gitcoord.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.metrics.alerts import Alert
    from gitcoord.metrics.series import Point
    from gitcoord.model.findings import Finding

    Row = dict[str, Any]

KIND = "alert"
WATCHED = ("coverage.percent", "quality.score", "git.conflict_rate")
LOWER_IS_BETTER = frozenset({"git.conflict_rate", "coverage.missing", "git.stale_branches",
                             "git.days_since_release", "git.conflicted_merges"})  # fmt: skip
_LOCK = "alerts.lock"
_KEPT = ("metric", "alert", "value", "usual", "why", "first", "last", "points")


class Told(NamedTuple):
    """The alerts, those of them that were noted just now, and why new ones could not be noted."""

    rows: list[Row]
    new: list[Row]
    refused: str


def check(
    workspace: Workspace,
    *,
    repos: Sequence[str] = (),
    roles: Sequence[str] = (),
    watched: Sequence[str] = (),
    since: datetime | None = None,
    note: bool = True,
) -> Told:
    """Return the alerts that showed since a moment, oldest first; new ones go to the journal."""
    names = selected(workspace, repos, roles)
    roles_of = registered(workspace)
    moved = _moved(workspace, names)
    connection = ledger.opened(workspace.repo)
    latest = ledger.latest(connection)
    rows = []
    for name in names:
        for metric in figures(watched):
            points = metrics.points_of(connection, name, metric)
            found = alerts.found(points, lower_is_better=metric in LOWER_IS_BETTER)
            found += _silent(points, metric, latest.get(name, {}), workspace, name in moved)
            rows += [_row(name, roles_of[name], metric, one) for one in found]
    connection.close()
    rows.sort(key=lambda row: row["last"]["second"])
    if since is not None:
        rows = [row for row in rows if row["last"]["second"] >= since.timestamp()
                or row["alert"] == alerts.MISSING]  # fmt: skip
    return _known(workspace, rows, note=note)


def figures(watched: Sequence[str]) -> Sequence[str]:
    """Return the full names of figures to watch, the usual ones where none is named."""
    return [metrics.metric_name(word) for word in watched] or WATCHED


def _moved(workspace: Workspace, names: Sequence[str]) -> set[str]:
    """Return the repositories that have commits which were not collected."""
    found = metrics.status(workspace, repos=names)["repos"] if names else []
    return {row["name"] for row in found if row["state"] == "stale"}


def _silent(
    points: Sequence[Point], metric: str, held: dict[str, Row], workspace: Workspace, moved: bool
) -> Iterator[Alert]:
    section, _, figure = metric.partition(".")
    if points and section in held:
        now = workspace.now.timestamp()
        one = silence.missing(points, figure, held[section], now, moved=moved)
        if one is not None:
            yield one


def _row(name: str, role: str | None, metric: str, one: Alert) -> Row:
    return {
        "repo": name, "role": role, "metric": metric, "alert": one.kind,
        "time": one.last.time, "commit": one.last.commit, "value": round(one.value, 2),
        "usual": round(one.usual, 2), "change": round(one.value - one.usual, 2), "why": one.why,
        "first": _point(one.first), "last": _point(one.last),
        "points": [_point(point) for point in one.points],
        "ended": _point(one.ended) if one.ended else None, "ended_by": one.ended_by,
    }  # fmt: skip


def _point(one: Point) -> Row:
    value = None if one.value is None else round(one.value, 2)
    return {"time": one.time, "commit": one.commit, "value": value, "second": one.second}


def _known(workspace: Workspace, rows: list[Row], *, note: bool) -> Told:
    """Say of each alert where on the journal it was noted, and note those that were not."""
    refused = ""
    if rows:
        _find(rows, _held(workspace))
    new = [row for row in rows if row["ended"] is None and row["noted"] is None]
    if new and note:
        try:
            new = _note(workspace, new)
        except (CoordError, OSError) as error:  # a read-only place still gets its answer
            refused = str(error)
    for row in rows:
        for point in (row["first"], row["last"], *row["points"], *filter(None, [row["ended"]])):
            point.pop("second", None)
    return Told(rows, new if note and not refused else [], refused)


def _held(workspace: Workspace) -> list[tuple[str, Fact]]:
    findings: list[Finding] = []
    return list(timeline.walk(workspace.repo, KIND, findings=findings))


def _find(rows: Sequence[Row], held: Sequence[tuple[str, Fact]]) -> None:
    """Give each row the path of the fact that told of it, None where there is none."""
    for row in rows:
        row["noted"] = next(
            (path for path, fact in held if is_same(row, fact.repo or "", fact.data)), None
        )


def is_same(row: Row, repo: str, data: Mapping[str, Any]) -> bool:
    """Whether what was noted of a repository is the same trouble: that figure, an overlapping time."""
    if repo != row["repo"] or data.get("metric") != row["metric"]:
        return False
    if (data.get("alert") == alerts.MISSING) != (row["alert"] == alerts.MISSING):
        return False
    first, last = second_of(data.get("first")), second_of(data.get("last"))
    began, showed = second_of(row["first"]), second_of(row["last"])
    if first is None or last is None or began is None or showed is None:
        return False
    if showed == last or row["alert"] == alerts.MISSING:
        return showed == last
    return began < last and first < showed


def second_of(point: object) -> float | None:
    """Return the second of a point `{time, …}`, if that is one."""
    time = point.get("time") if isinstance(point, dict) else None
    found = facts.moment(time) if isinstance(time, str) else None
    return found.timestamp() if found else None


def _note(workspace: Workspace, new: Sequence[Row]) -> list[Row]:
    """Write a fact for each alert that is still new, and return those; two at once write it once."""
    with Lock(workspace.repo.common_dir, _LOCK):
        _find(new, _held(workspace))
        files = {}
        fresh = [row for row in new if row["noted"] is None]
        for row in fresh:
            data = {key: _plain(row[key]) for key in _KEPT}
            commit = row["commit"] if facts.is_commit(row["commit"]) else None
            path, content = facts.write(Fact(KIND, row["repo"], workspace.now, commit, data))
            files[path] = content
        if files:
            journal.append(workspace.repo, files, text_of(fresh))
        for row, path in zip(fresh, files, strict=True):
            row["noted"] = path
    return fresh


def text_of(rows: Sequence[Row]) -> str:
    """Return alerts in one line."""
    return "; ".join(f"{row['alert']} of {row['metric']} of {row['repo']}" for row in rows)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: held for key, held in value.items() if key != "second"}
    return value
