"""`coord quality`."""

from __future__ import annotations

import sys

from gitcoord.api import quality
from gitcoord.cli import options, scores, text, which
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.quality import Row
    from gitcoord.cli.run import Run


def _quality(run: Run) -> int:
    if run.json and run["markdown"]:
        raise UsageError("--json and --markdown are two formats.", hint="Choose one of them.")
    if run["last"] and run["again"]:
        raise UsageError("--last measures nothing.", hint="Leave out --last or --again.")
    rows = quality.measure(
        run.workspace, run["repo"], run["role"], options=_options(run), before=_teller(run)
    )
    if run.json:
        repos = [{"name": one.name, "role": one.role, "quality": one.quality, "reason": one.reason,
                  "note": one.note} for one in rows]  # fmt: skip
        run.out(jsontext.dumps({"repos": repos, "summary": quality.summary(rows)}))
    elif run["markdown"]:
        run.out(scores.markdown(rows, quality.summary(rows)))
    elif len(rows) == 1:
        run.out(scores.one(rows[0]))
    elif rows:
        run.out(scores.many(rows, quality.summary(rows)))
    _notes(run, rows)
    return _verdict(run, rows)


def _options(run: Run) -> quality.Options:
    return quality.Options(
        last=run["last"], again=run["again"], static=run["static"], advisories=run["advisories"],
        only=tuple(dict.fromkeys([one for given in run["only"] for one in given.split(",")])),
        jobs=run["jobs"] or 0,
    )  # fmt: skip


def _teller(run: Run) -> quality.Told | None:
    if run.json or not sys.stderr.isatty():
        return None
    return lambda name: run.note(f"{text.inert(name)}: measuring")


def _notes(run: Run, rows: list[Row]) -> None:
    for one in rows:
        if one.note:
            run.note(text.inert(f"{one.name}: {one.note}."))
    if not rows:
        run.note("there is no such repository in the registry.")
    if any(not one.here for one in rows):
        which.tell_place(run)


def _verdict(run: Run, rows: list[Row]) -> int:
    """Return 1 where a repository that is here has less than is asked for, or nobody knows what."""
    limit = run["fail_below"]
    if limit is None:
        return 0
    failed = [one for one in rows if one.here and (one.score is None or one.score < limit)]
    for one in failed:
        has = "has no score" if one.score is None else f"has {one.score:g}"
        run.note(text.inert(f"{one.name} {has}; {limit:g} is asked for."))
    return 1 if failed else 0


def _points(word: str) -> float:
    try:
        found = float(word)
    except ValueError:
        raise ValueError("it takes a number from 0 to 100") from None
    if not 0 <= found <= 100:
        raise ValueError("it takes a number from 0 to 100")
    return found


def _jobs(word: str) -> int:
    if not word.isascii() or not word.isdigit() or not 1 <= int(word) <= 256:
        raise ValueError("it takes a number from 1 to 256")
    return int(word)


QUALITY = Command(
    _quality,
    arguments=[
        Argument("REPO", "Repositories of the registry; all of them without.", required=False,
                 multiple=True, complete="repo"),
    ],
    options=[
        options.ROLE_FILTER,
        Option("--only", "MEASURE", "Only this measure, or several with commas.", multiple=True),
        Option("--advisories", "FOLDER", "Advisories in OSV's JSON form, to find known vulnerabilities.",
               complete="dir"),
        Option("--last", help="Show what was measured last; run nothing."),
        Option("--again", help="Measure also what has not changed."),
        Option("--static", help="Run nothing that lies in the repositories."),
        Option("--fail-below", "N", "Exit with 1 where a score is lower, or there is none.", convert=_points),
        Option("--jobs", "N", "How many repositories at once.", short="-j", convert=_jobs),
        Option("--markdown", help="Print Markdown."),
    ],
    description=(
        "Measures each repository where it lies: ruff, mypy, security, complexity, documentation,\n"
        "test reports, dependencies and vulnerabilities, by its own configuration and with the\n"
        "tools of its own environment. Nothing is installed, downloaded or changed. What cannot be\n"
        "measured is named and leaves the score. `docs/quality.md` has the formula and what is run."
    ),
    example="coord quality fastblocks --fail-below 80",
    shape=(
        "{repos: [{name, role, quality: {score, share, made_of, parts, weights, formula, left_out: [{measure, state,\n"
        "reason, hint}], commit, dirty, measured_at, source, static, measures: {ruff, mypy, …}, digest} or\n"
        "null, reason, note}], summary: {repos, measured, average, median, lowest, highest}}"
    ),
)  # fmt: skip
