"""`coord git health`: what the history of a repository says about its health."""

from __future__ import annotations

from gitcoord.api import health, velocity
from gitcoord.cli import options, text
from gitcoord.cli.commands.git_figures import WINDOW, known
from gitcoord.cli.progress import Progress
from gitcoord.cli.spec import Argument, Command
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run

_STYLE = {"good": "green", "watch": "yellow", "poor": "red", "unknown": "dim"}
_NARROW = 60
"""With fewer columns a reason stands below its verdict."""


def _health(run: Run) -> None:
    since = run["since"] or f"{health.DAYS}d"
    window = velocity.window_of(
        run.workspace, since, run["until"], zone=run["zone"], authored=run["author_date"]
    )
    with Progress() as told:
        rows = health.health(run.workspace, window, run["repo"], run["role"], told)
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(row) for row in rows]))
        return
    for row in rows:
        _show(run, row)


def _show(run: Run, row: dict[str, Any]) -> None:
    run.out(
        f"{text.style(row['repo'], 'bold')}  {text.style(row['verdict'], _STYLE[row['verdict']])}"
    )
    lines = [
        (f"  {name.replace('_', ' ')}", known(item["value"]), item["verdict"], item["reason"])
        for name, item in row["items"].items()
    ]
    if lines and text.columns() < _NARROW:
        for name, value, verdict, reason in lines:
            run.out(text.wrapped(f"{name}  {value}  {verdict}", "    "))
            run.out(text.wrapped(f"    {text.inert(reason)}", "    "))
    elif lines:
        styles = [["", "bold", _STYLE[line[2]], "dim"] for line in lines]
        run.out(text.table(lines, styles=styles, flexible=3))
    for pair in (row["coupled"] or ())[:3]:
        one, other = (text.inert(path) for path in pair["paths"])
        told = f"  {one} and {other} change together ({pair['together']} commits)"
        run.out(text.wrapped(told, "    "))
    if row["conflicting_files"]:
        files = [
            f"{text.inert(one['path'])} ({one['conflicts']})" for one in row["conflicting_files"]
        ]
        run.out(text.wrapped(f"  conflicted most often: {', '.join(files[:3])}", "    "))
    if row["reason"]:
        run.note(f"{row['repo']}: {text.inert(row['reason'])}.")


HEALTH = Command(
    _health,
    arguments=[
        Argument("REPO", "Repositories; without, all of them.", required=False, multiple=True,
                 complete="repo")
    ],
    options=[options.ROLE_FILTER, *WINDOW],
    description=(
        "Stale branches, branches that would conflict today, bus factor, hotspots, conflicts and the\n"
        "last release, each with a verdict (good, watch, poor, unknown) and its reason. Looks at the\n"
        "last 365 days unless --since says otherwise. `docs/git-figures.md` has the limits."
    ),
    example="coord git health oneiric",
    shape=(
        "an array of {repo, verdict, items: {name: {value, verdict, reason}}, since, until, commits,\n"
        "authors, default_branch, branches, stale: [{name, commit, days, merged}], conflicting_branches,\n"
        "hotspots: [{path, changes, authors}], coupled: [{paths, together, share}], conflicting_files:\n"
        "[{path, conflicts}], release, commits_since_release, pull_requests, unmerged_pull_requests,\n"
        "active_pull_requests, commit, branch, partial, reason, rewritten}"
    ),
)  # fmt: skip
