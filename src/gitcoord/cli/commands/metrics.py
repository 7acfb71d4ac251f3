"""`coord metrics collect`, `report` and `status`."""

from __future__ import annotations

from gitcoord.api import metrics
from gitcoord.cli import metrics_text, options, text, which
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.measuring import Collected
    from gitcoord.cli.run import Run

_FORMATS = ("json", "markdown", "html", "csv")


def _collect(run: Run) -> int:
    from gitcoord.api import measuring
    from gitcoord.api.journal import moment  # the other commands measure nothing

    if run["create_issues"] and run["min_coverage"] is None:
        raise UsageError(
            "--create-issues needs --min-coverage N.", hint="For example --min-coverage 80."
        )

    def told(one: Collected, number: int, whole: int) -> None:
        reason = f": {one.reason}" if one.reason and one.outcome != "absent" else ""
        run.note(f"[{number}/{whole}] {one.repo} {_SAID[one.outcome]}{text.inert(reason)}")

    done = measuring.collect(
        run.workspace, repos=which.repos(run), roles=run["role"], only=run["only"],
        since=moment(run["since"], run.workspace) if run["since"] else None,
        at_once=run["jobs"] or 0, told=None if run["quiet"] else told,
    )  # fmt: skip
    found = metrics.report(run.workspace, repos=which.repos(run), roles=run["role"])
    _show(run, found, metrics_text.report(found))
    if run["create_issues"]:
        from gitcoord.api import coverage_issues  # only when asked

        kept = coverage_issues.follow_up(
            run.workspace, found["repos"], run["min_coverage"], commit=not run["no_commit"]
        )
        run.note(kept.summary())
    if not run["quiet"] and any(one.outcome == "absent" for one in done):
        which.tell_place(run)
    _tell_alerts(run)
    return _below(run, found)


def _tell_alerts(run: Run) -> None:
    """Tell of alerts that nobody was told of before; they are noted on the journal."""
    from gitcoord.api import alerts, journal  # only after measuring

    since = journal.moment("90d", run.workspace)
    told = alerts.check(run.workspace, repos=which.repos(run), roles=run["role"], since=since)
    for row in told.new:
        run.note(
            f"alert: {row['repo']}: {row['alert']} of {row['metric']}: {text.inert(row['why'])}"
        )


_SAID = {"written": "measured", "unchanged": "unchanged",
         "recent": "was collected already", "refused": "was not looked at", "absent": "is not on this machine",
         "failed": "failed"}  # fmt: skip


def _below(run: Run, found: dict[str, Any]) -> int:
    """Return 1 when a repository is known to be below `--fail-below`, and say which."""
    least = run["fail_below"]
    if least is None:
        return 0
    low = [
        row for row in found["repos"]
        if row["coverage"]["percent"] is not None and not row["coverage"]["partial"]
        and row["coverage"]["percent"] < least
    ]  # fmt: skip
    unknown = [
        row["name"] for row in found["repos"]
        if row["coverage"]["percent"] is None or row["coverage"]["partial"]
    ]  # fmt: skip
    for row in low:
        value = row["coverage"]["percent"]
        run.note(
            f"{row['name']}: {metrics_text.percent(value)} is {least - value:.1f} below {least:g}"
        )
    if unknown:
        run.note(f"not known, so not judged: {', '.join(unknown)}")
    return 1 if low else 0


def _report(run: Run) -> int:
    if sum(bool(run[name]) for name in _FORMATS) > 1:
        raise UsageError("Only one format at a time.", hint=f"--{', --'.join(_FORMATS)}")
    found = metrics.report(run.workspace, repos=which.repos(run), roles=run["role"])
    if run["markdown"] or run["html"]:
        from gitcoord.cli import metrics_pages  # the other formats do without

        run.out(metrics_pages.markdown(found) if run["markdown"] else metrics_pages.html(found))
    elif run["csv"]:
        from gitcoord.cli.csvtext import csv
        from gitcoord.cli.metrics_pages import COLUMNS

        run.out(csv(found["repos"], COLUMNS))
    else:
        _show(run, found, metrics_text.report(found))
    return _below(run, found)


def _status(run: Run) -> None:
    found = metrics.status(run.workspace, repos=which.repos(run), roles=run["role"])
    _show(run, found, metrics_text.status(found))
    if any(row["state"] == "absent" for row in found["repos"]):
        which.tell_place(run)


def _show(run: Run, found: dict[str, Any], shown: str) -> None:
    if not run.json:
        run.out(shown)
        return
    rows = jsontext.lines([jsontext.dumps(row) for row in found["repos"]])
    run.out(f'{{"repos": {rows},\n "summary": {jsontext.dumps(found["summary"])}}}')


def percentage(word: str) -> float:
    """Read a percentage."""
    try:
        found = float(word.removesuffix("%"))
    except ValueError:
        raise ValueError("it takes a percentage") from None
    if not 0 <= found <= 100:
        raise ValueError("it takes a percentage from 0 to 100")
    return found


_WHICH = (which.REPO, which.ROLE)
_FAIL = Option(
    "--fail-below",
    "N",
    "Exit with 1 when a repository's coverage is known and below N.",
    convert=percentage,
)
_SHAPE = (
    "{repos: [{name, role, tags, coverage: {percent, statements, missing, files, branch, source, commit,\n"
    "measured_at, partial, reason, stale, others}, quality, git}], summary: {repos, with_coverage,\n"
    "average, weighted_average, median, files, by_role, by_tag, leaders,\nattention, top, bottom, partial, without}}"
)

COLLECT = Command(
    _collect,
    options=[
        *_WHICH,
        Option("--only", "NAMES", "Only these collectors, separated by commas.", multiple=True),
        Option("--since", "DATE", "Leave alone what was collected from this day or so long ago on."),
        Option("--jobs", "N", "How many repositories at once (default: one a processor).", short="-j",
               convert=options.count),
        _FAIL,
        Option("--create-issues", help="Keep one issue for each repository that is too low."),
        Option("--min-coverage", "N", "What counts as too low for --create-issues.", convert=percentage),
        Option("--quiet", help="No progress.", short="-q"),
        options.NO_COMMIT,
    ],
    description=(
        "Measures the repositories of the registry that are on this machine, and writes a snapshot of\n"
        "each that changed to the journal. Nothing of a repository is run or written to. Where nothing\n"
        "is known, it says why; `docs/metrics.md` tells how the numbers come about."
    ),
    example="coord metrics collect --repo oneiric --fail-below 80",
    shape=_SHAPE,
)  # fmt: skip
REPORT = Command(
    _report,
    options=[
        *_WHICH, _FAIL,
        Option("--markdown", help="Print Markdown."),
        Option("--html", help="Print one HTML page."),
        Option("--csv", help="Print CSV."),
    ],
    description="Shows what was collected last; nothing is measured.",
    example="coord metrics report --role resolver --markdown",
    shape=_SHAPE,
)  # fmt: skip
STATUS = Command(
    _status,
    options=_WHICH,
    description=(
        "A repository is current, stale (HEAD moved since), missing (here, never collected) or absent\n"
        "(not on this machine)."
    ),
    example="coord metrics status",
    shape=_SHAPE.replace(
        "quality, git}]", "quality, git,\nstate, collected_at, collected_commit, head}]"
    ),
)
