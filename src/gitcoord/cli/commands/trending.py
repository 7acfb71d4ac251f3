"""`coord trend` and `coord burndown`."""

from __future__ import annotations

from gitcoord.api import burndown, trends
from gitcoord.cli import depth, options, trending
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError
from gitcoord.history.trend.calendar import SIZES
from gitcoord.history.trend.selection import GROUPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.trends import Series
    from gitcoord.cli.run import Run
    from gitcoord.model.query.nodes import Query

_COLUMNS = (
    ("date",), ("open",), ("opened",), ("closed",), ("reopened",), ("entered",), ("left",), ("age",),
    ("cycle_time", "median"), ("cycle_time", "p85"), ("lead_time", "median"), ("lead_time", "p85"),
    ("throughput",), ("burndown", "remaining"), ("burndown", "hours"), ("burnup", "done"),
    ("burnup", "scope"), ("burnup", "done_hours"), ("burnup", "scope_hours"), ("partial",),
)  # fmt: skip
_PLAN_COLUMNS = ("date", "remaining", "done", "scope", "remaining_hours", "done_hours",
                 "scope_hours", "estimated", "opened", "closed", "partial")  # fmt: skip


def _trend(run: Run) -> None:
    _one_format(run)
    query, by = _query(run)
    found = trends.trend(
        run.workspace, {field: run[field] for field in GROUPS}, query=query, since=run["since"],
        until=run["until"], every=run["every"] or "week", by=by,
    )  # fmt: skip
    rows = [_labelled(series, row, by) for series in found for row in series.rows]
    if run["plot"]:
        _plot(run, [(series.group, "open", series.rows) for series in found], by or "open")
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(row) for row in rows]))
    elif run["csv"]:
        from gitcoord.cli.csvtext import csv  # the other formats do without

        run.out(csv(rows, ((("group",),) if by else ()) + _COLUMNS))
    else:
        run.out(trending.many(found, by) if by else trending.one(found[0]))
    depth.tell_shallow(run, "what was open before it begins is unknown, and so are the counts")


def _query(run: Run) -> tuple[Query | None, str | None]:
    """Return the query, and what to group by, which it may say as well."""
    if not run["query"]:
        return None, run["by"]
    from gitcoord.model.query import parse  # most trends have no query

    query = parse(" ".join(run["query"]), saved=run.workspace.settings.queries)
    by = run["by"] or query.group
    if by is not None and by not in GROUPS:
        raise UsageError(
            f"A trend cannot be grouped by {by}.", hint=f"It takes {', '.join(GROUPS)}."
        )
    return query, by


def _labelled(series: Series, row: dict[str, Any], by: str | None) -> dict[str, Any]:
    return {"group": series.group, **row} if by else row


def _burndown(run: Run) -> None:
    _one_format(run)
    found = burndown.burndown(
        run.workspace,
        run["id"],
        since=run["since"],
        until=run["until"],
        every=run["every"] or "week",
    )
    if run["plot"]:
        lines = [(name, name, found.rows) for name in ("remaining", "done", "scope")]
        _plot(run, lines, f"{found.plan}  {found.title}")
    if run.json:
        run.out(jsontext.dumps(found.as_dict()))
    elif run["csv"]:
        from gitcoord.cli.csvtext import csv  # the other formats do without

        run.out(csv(found.rows, [(name,) for name in _PLAN_COLUMNS]))
    else:
        run.out(trending.plan(found))
    depth.tell_shallow(run, "what was open before it begins is unknown, and so are the counts")


def _one_format(run: Run) -> None:
    if run.json and run["csv"]:
        raise UsageError("--json and --csv are two formats.", hint="Choose one of them.")


def _plot(run: Run, lines: list[tuple[str, str, list[dict[str, Any]]]], title: str) -> None:
    from gitcoord.cli import picture  # loads matplotlib

    picture.draw(run["plot"], lines, title=title)
    run.note(f"wrote {run['plot']}")


def _only(field: str, what: str, complete: str = "", short: str = "") -> Option:
    return Option(
        f"--{field}", field.upper(), f"Only {what}; several mean any of them.", short=short,
        multiple=True, complete=complete,
    )  # fmt: skip


_WINDOW = (
    Option("--since", "DATE", "From the bucket of this day; from the first commit without."),
    Option("--until", "DATE", "To the end of the bucket of this day; to now without."),
    Option("--every", "SIZE", "How long a bucket is (default week).", choices=SIZES),
    Option("--csv", help="Print CSV."),
    Option(
        "--plot", "FILE", "Draw it into a .svg or .png (needs the plot extra).", complete="file"
    ),
)

TREND = Command(
    _trend,
    arguments=[options.QUERY],
    options=[
        _only("repo", "records of this repository", "repo", "-r"),
        _only("role", "records of repositories of this role", "role"),
        options.LABEL_FILTER,
        _only("plan", "records of this plan", "id"),
        Option("--kind", "KIND", "Only this kind (default: issues, todos and plans).", multiple=True,
               choices=("issue", "todo", "plan", "dependency", "repo")),
        _only("assignee", "what this person has; me for yours", short="-a"),
        _only("severity", "records of this severity"),
        Option("--by", "FIELD", "One series for each value of a field.", choices=GROUPS),
        *_WINDOW,
    ],
    description=(
        "Counts come from commits, and a record counts where it belonged at that time. Times are in\n"
        "days: age is the median of what is open, cycle time runs from the first in_progress to the\n"
        "end, lead time from the creation. `docs/trends.md` defines each measure."
    ),
    example="coord trend --repo oneiric --since 3m --every week",
    shape=(
        "an array of {date, open, opened, closed, reopened, entered, left, age, cycle_time: {median,\n"
        "p85, count}, lead_time, throughput, burndown: {remaining, hours, estimated}, burnup: {done,\n"
        "scope, done_hours, scope_hours, done_estimated, scope_estimated}, partial}; with --by also group"
    ),
)  # fmt: skip
BURNDOWN = Command(
    _burndown,
    arguments=[Argument("ID", "The plan.", complete="id")],
    options=_WINDOW,
    description=(
        "Counts the plan's issues and todos. The forecast is a range, and only given when the last\n"
        "weeks allow one; `docs/trends.md` says how."
    ),
    example="coord burndown PLAN-001",
    shape=(
        "{plan, title, target, series: [{date, remaining, done, scope, remaining_hours, done_hours,\n"
        "scope_hours, estimated, opened, closed, partial}], forecast: {earliest, likely, latest, weeks,\n"
        "closed} or null, reason}"
    ),
)
