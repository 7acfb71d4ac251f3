"""`coord git patterns`: what holds across the repositories."""

from __future__ import annotations

from gitcoord.api import patterns, velocity
from gitcoord.cli import options, text
from gitcoord.cli.commands.git_figures import WINDOW
from gitcoord.cli.progress import Progress
from gitcoord.cli.spec import Command
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run

_SHOWN = 5
_LISTS = (("files", "path"), ("scopes", "scope"), ("words", "word"), ("fixes", "subject"))
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _patterns(run: Run) -> None:
    window = velocity.window_of(
        run.workspace, run["since"] or f"{patterns.DAYS}d", run["until"], zone=run["zone"],
        authored=run["author_date"],
    )  # fmt: skip
    with Progress() as told:
        found = patterns.find(run.workspace, window, run["repo"], run["role"], told)
    if run.json:
        run.out(jsontext.dumps(found))
        return
    _show(run, found)
    for one in found["repos"]:
        if one["reason"]:
            run.note(f"{one['repo']}: {text.inert(one['reason'])}.")


def _show(run: Run, found: dict[str, Any]) -> None:
    asked = [one for one in found["repos"] if one["commits"] is not None]
    commits = sum(one["commits"] for one in asked)
    run.out(
        f"{text.count(commits, 'commit')} in {text.count(len(asked), 'repository')}, {found['days']} days"
    )
    if commits:
        run.out(
            f"  busiest hours  {_busiest(found['hours'], [f'{hour:02}' for hour in range(24)])}"
        )
        run.out(f"  busiest days   {_busiest(found['weekdays'], _DAYS)}")
    for name, key in _LISTS:
        if found[name]:
            run.out(text.style(name, "bold"))
            rows = [
                (f"  {one[key]}", str(one["commits"]), _where(one)) for one in found[name][:_SHOWN]
            ]
            run.out(text.table(rows, flexible=2))
    for one in found["together"][:_SHOWN]:
        run.out(
            f"{' and '.join(one['repos'])}: active on the same {one['days']} days ({one['expected_days']:g} by chance)"
        )
    for one in found["releases"][:_SHOWN]:
        run.out(f"{' and '.join(one['repos'])}: {one['releases_near']} releases within two days")


def _busiest(counts: list[int], names: Any) -> str:
    ranked = sorted(range(len(counts)), key=lambda place: (-counts[place], place))
    return ", ".join(f"{names[place]} ({counts[place]})" for place in ranked[:3] if counts[place])


def _where(one: dict[str, Any]) -> str:
    return ", ".join(f"{name} {number}" for name, number in one["repos"].items())


PATTERNS = Command(
    _patterns,
    options=[options.REPO_FILTER, options.ROLE_FILTER, *WINDOW],
    description=(
        "Paths, scopes and words that several repositories changed or wrote, subjects of fixes that\n"
        "recur, repositories that are active on the same days more often than by chance, releases\n"
        "within two days of each other, and the hours and weekdays of commits by their authors'\n"
        "clocks. Commits of programs and merges are left out. Looks at the last 90 days unless --since\n"
        "says otherwise."
    ),
    example="coord git patterns --since 90d",
    shape=(
        "{since, until, days, repos: [{repo, commits, partial, reason}], hours: 24 counts, weekdays: 7\n"
        "counts from Monday, files: [{path, commits, repos: {name: commits}, same_days}], scopes, words,\n"
        "fixes: [{subject, commits, repos, examples: [{repo, commit}]}], together: [{repos, days,\n"
        "active_days, expected_days}], releases: [{repos, releases_near, releases}]}"
    ),
)
