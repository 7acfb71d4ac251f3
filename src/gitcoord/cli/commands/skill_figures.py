"""`coord skill report`, `trend` and `compare`."""

from __future__ import annotations

from gitcoord.api import skill_figures, skill_shelf
from gitcoord.cli import options, skill_text, text, which
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run
    from gitcoord.skills.asking import Span


def span(run: Run) -> Span:
    """Return the span that was asked for."""
    return skill_shelf.span_of(run.workspace, run["since"], run["until"])


def limit(run: Run, usual: int) -> int:
    """Return how many rows to show; 0 for all."""
    return usual if run["limit"] is None else int(run["limit"])


def show(run: Run, found: dict[str, Any], shown: list[str], blank: str) -> None:
    """Print an answer, and tell what it says nothing of."""
    if run.json:
        run.out(jsontext.dumps(found))
        return
    if shown:
        run.out("\n".join(shown))
    else:
        run.note(blank)
    skill_text.unread(run, found)


NOTHING = "no use of a skill is known for that; `coord skill collect` reads what is new."


def _report(run: Run) -> None:
    found = skill_figures.report(
        run.workspace, span(run), which.repos(run), run["role"], skill=run["skill"],
        every=run["every"], limit=limit(run, 20),
    )  # fmt: skip
    shown = [] if run.json or not found["total"] else _reported(run, found)
    show(run, found, shown, NOTHING)


def _reported(run: Run, found: dict[str, Any]) -> list[str]:
    total = found["total"]
    head = text.wrapped(
        f"{skill_text.many(total['uses'], 'use')} of {text.count(total['skills'], 'skill')} in"
        f" {text.count(total['repos'], 'repository')}, {total['first']} to {total['last']};"
        f" worked {skill_text.percent(total['worked'])}"
    )
    if found["periods"] is not None:
        return [head, "", skill_text.periods(found["periods"])]
    if found["more"]:
        run.note(f"these are the {len(found['skills'])} most used skills; --limit 0 shows all.")
    repositories = skill_text.figures(found["repos"], "repo")
    return [head, "", repositories, "", skill_text.figures(found["skills"], "skill")]


def _trend(run: Run) -> None:
    if bool(run["skill"]) == bool(run["all"]):
        raise UsageError(
            "`coord skill trend` takes either a SKILL or --all.", hint="coord skill trend --all"
        )
    found = skill_figures.trend(
        run.workspace, span(run), run["every"] or "week", which.repos(run), run["role"],
        skill=run["skill"], limit=limit(run, 20),
    )  # fmt: skip
    shown = [line for row in found["skills"] for line in skill_text.trend(row)]
    show(run, found, shown, NOTHING)


def _compare(run: Run) -> None:
    found = skill_figures.compare(
        run.workspace, span(run), which.repos(run), run["role"], skill=run["skill"]
    )
    shown = [skill_text.comparison(found["repos"])] if found["repos"] and not run.json else []
    show(run, found, shown, NOTHING)


SINCE = Option("--since", "DATE", "From this day or so long ago on (30d).")
UNTIL = Option("--until", "DATE", "Up to the end of this day, or so long ago.")
WINDOW = (SINCE, UNTIL)
WHICH = (which.REPO, which.ROLE, *WINDOW)
SKILL = Option("--skill", "SKILL", "Only this skill.")
RATE = "{rate, interval, known} or null"
_FIGURES = (
    "uses, completion, success, worked, errors, follow_ups: {mean, with_any, known} or null,\n"
    "duration: {median, p90, known} or null, first, last"
)
UNREAD = "unread: [{repo, reason}]"


def limited(usual: int) -> Option:
    """Return the option of how many to show."""
    return Option("--limit", "N", f"How many at most; 0 for all (default {usual}).", short="-n",
                  convert=options.count)  # fmt: skip


REPORT = Command(
    _report,
    options=[
        *WHICH, SKILL,
        Option("--every", "PERIOD", "Figures of each day, week or month.", choices=("day", "week", "month")),
        limited(20),
    ],
    description=(
        "A use worked where it said success or, where it did not say, where it completed without an error.\n"
        "What a file does not tell is `?` here and null in JSON, never 0; each rate says how many uses it rests on."
    ),
    example="coord skill report --repo oneiric --since 30d",
    shape=(
        f"{{since, until, total, repos: [{{repo, skills, {_FIGURES}}}],\n"
        f"skills: [{{skill, repos, …}}], more, periods: [{{date, …}}] or null, {UNREAD}}};\n"
        f"each rate is {RATE}"
    ),
)  # fmt: skip
TREND = Command(
    _trend,
    arguments=[Argument("SKILL", "A skill.", required=False)],
    options=[
        Option("--all", help="The most used skills."),
        Option("--every", "PERIOD", "By day, week (the default) or month.", choices=("day", "week", "month")),
        *WHICH, limited(20),
    ],
    description=(
        "Rising and falling go by the slope of Theil and Sen: where its interval has no zero in it, at 95 % shared\n"
        "among all skills shown. The bucket that is still running is shown, not judged."
    ),
    example="coord skill trend --all --every week --since 6m",
    shape=(
        "{since, until, every, skills: [{skill, every, level, uses: {course, slope, interval, points},\n"
        f"adoption: {{…}}, series: [{{date, uses, repos, repos_known, running}}]}}], {UNREAD}}}"
    ),
)  # fmt: skip
COMPARE = Command(
    _compare,
    options=[*WHICH, SKILL],
    description=(
        "Better and worse mean: the share of uses that worked differs from that of all others together, beyond\n"
        "chance (Newcombe's interval, at 95 % shared among the repositories)."
    ),
    example="coord skill compare --since 90d --skill code-review",
    shape=(
        f"{{since, until, skill, repos: [{{repo, skills, {_FIGURES},\n"
        f"uses_per_day, top: [{{skill, uses}}], against_others: {{verdict, difference, interval}}}}], {UNREAD}}}"
    ),
)
