"""`coord git velocity`: how much happens in the repositories, by their commits."""

from __future__ import annotations

from gitcoord.api import velocity
from gitcoord.api.here import MISSING
from gitcoord.cli import options, text, which
from gitcoord.cli.progress import Progress
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run

SINCE = Option("--since", "DATE", "From this day or so long ago on (30d).")
UNTIL = Option("--until", "DATE", "Up to the end of this day, or so long ago.")
ZONE = Option("--zone", "ZONE", "Where days begin: Europe/Berlin, local (default UTC).")
AUTHORED = Option("--author-date", help="Count on the author's date, not the committer's.")
WINDOW = (SINCE, UNTIL, ZONE, AUTHORED)
_HEAD = ("repo", "commits", "a week", "days", "authors", "conv.", "breaking", "merges", "conflicts",
         "branches", "switches")  # fmt: skip


def _velocity(run: Run) -> None:
    if run.json and run["csv"]:
        raise UsageError("--json and --csv are two formats.", hint="Choose one of them.")
    window = velocity.window_of(
        run.workspace, run["since"], run["until"], zone=run["zone"], authored=run["author_date"]
    )
    with Progress() as told:
        rows = velocity.velocity(
            run.workspace,
            window,
            run["repo"],
            run["role"],
            remerge=not run["no_remerge"],
            told=told,
        )
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(row) for row in rows]))
    elif run["csv"]:
        from gitcoord.cli.csvtext import csv  # the other formats do without

        run.out(csv(rows, [(name,) for name in ("repo", *velocity.FIGURES) if name != "rewritten"]))
    elif rows:
        _show(run, rows)


def _show(run: Run, rows: list[dict[str, Any]]) -> None:
    styles = [["dim"] * len(_HEAD), *[["bold", *[""] * (len(_HEAD) - 1)] for _ in rows]]
    run.out(text.table([_HEAD, *map(_cells, rows)], styles=styles, flexible=0))
    for row in rows:
        if row["reason"]:
            run.note(f"{row['repo']}: {text.inert(row['reason'])}.")
        if row["rewritten"]:
            gone = text.count(row["rewritten"]["commits"], "commit")
            run.note(
                f"{row['repo']}: its branch was rewritten; {gone} of before can no longer be reached."
            )
    if any(row["reason"] == MISSING for row in rows):
        which.tell_place(run)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    share, rate = row["conventional_share"], row["conflict_rate"]
    created, deleted = row["branches_created"], row["branches_deleted"]
    branches = (
        None if created is None and deleted is None else f"+{known(created)} -{known(deleted)}"
    )
    conflicts = f"{row['conflicted_merges']} ({rate:g} %)" if rate is not None else None
    return tuple(
        known(value)
        for value in (
            row["repo"], row["commits"], row["commits_per_week"], row["active_days"], row["authors"],
            None if share is None else f"{100 * share:.0f} %", row["breaking"], row["merges"], conflicts,
            branches, row["branch_switches"],
        )
    )  # fmt: skip


def known(value: object) -> str:
    """Return a figure as text, `?` where it is not known."""
    if value is None:
        return "?"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


VELOCITY = Command(
    _velocity,
    options=[
        options.REPO_FILTER,
        options.ROLE_FILTER,
        *WINDOW,
        Option("--no-remerge", help="Leave out conflicts: no merge is made again."),
        Option("--csv", help="Print CSV."),
    ],
    description=(
        "Counts the commits that HEAD reaches, by the committer's date, from --since up to but not\n"
        "including the end of --until; without dates, all. Conflicts are those that making each merge\n"
        "again with `git merge-tree` gives now. What git cannot tell is `?` here and null in JSON.\n"
        "`docs/git-figures.md` defines each figure and names the git command that tells the same."
    ),
    example="coord git velocity --repo oneiric --since 30d",
    shape=(
        "an array of {repo, since, until, days, commits, commits_per_hour, commits_per_day,\n"
        "commits_per_week, active_days, authors, bots, bot_commits, conventional, conventional_share,\n"
        "breaking, merges, remerged, conflicted_merges, conflict_rate, branches_created,\n"
        "branches_deleted, branch_switches, branches_listed_since, switches_known_since, commit, branch,\n"
        "partial, reason, rewritten}"
    ),
)
