"""`coord metrics alerts`."""

from __future__ import annotations

from gitcoord.api import alerts
from gitcoord.api.journal import moment
from gitcoord.cli import options, text, which
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run

_STYLES = {"drop": "red", "level": "red", "drift": "yellow", "missing": "yellow"}


def _alerts(run: Run) -> int:
    told = alerts.check(
        run.workspace, repos=which.repos(run), roles=run["role"], watched=run["metric"],
        since=moment(run["since"] or "90d", run.workspace), note=not run["no_note"],
    )  # fmt: skip
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(row) for row in told.rows]))
    elif told.rows:
        run.out(shown(told.rows))
    else:
        run.note("no alert")
    if told.refused:
        run.note(f"not noted on the journal: {told.refused}")
    if run["create_issues"]:
        from gitcoord.api import alert_issues  # only when asked

        done = alert_issues.follow_up(
            run.workspace, told.rows, repos=which.repos(run), roles=run["role"],
            watched=run["metric"], commit=not run["no_commit"],
        )  # fmt: skip
        run.note(done.summary())
    return 1 if run["fail"] and any(row["ended"] is None for row in told.rows) else 0


def shown(rows: list[dict[str, Any]]) -> str:
    """Return alerts as a table: what, where, since when, and why."""
    cells, styles = [], []
    for row in rows:
        over = row["ended"]
        ended = f" ({row['ended_by']} on {over['time'][:10]})" if over else ""
        came = f"{row['usual']:g} → {row['value']:g}" if row["alert"] != "missing" else "?"
        cells.append((row["repo"], row["alert"], row["metric"], row["time"][:10],
                      (row["commit"] or "-")[:9], came, row["why"] + ended))  # fmt: skip
        styles.append(["bold", "dim" if over else _STYLES[row["alert"]], "", "", "dim", "", ""])
    return text.table(cells, styles=styles, flexible=6)


ALERTS = Command(
    _alerts,
    options=[
        which.REPO, which.ROLE,
        Option("--metric", "METRIC", "Another figure than coverage, quality and git.conflict_rate.",
               multiple=True),
        Option("--since", "DATE", "What showed from this day or so long ago on (default: 90d)."),
        Option("--fail", help="Exit with 1 when there is an alert that has not ended."),
        Option("--no-note", help="Write nothing to the journal."),
        Option("--create-issues", help="Keep an issue for each alert, closed when that has ended."),
        options.NO_COMMIT,
    ],
    description=(
        "A drop is sudden, a level lies lower than that before, a drift goes down slowly, and missing\n"
        "is what was known once. Another definition or a part of a run is no fall. An alert that is new\n"
        "becomes a fact on the journal, once."
    ),
    example="coord metrics alerts --repo oneiric --since 30d --fail",
    shape=(
        "an array of {repo, role, metric, alert, time, commit, value, usual, change, why, first, last,\n"
        "points: [{time, commit, value}], ended, ended_by, noted}, oldest first"
    ),
)  # fmt: skip
