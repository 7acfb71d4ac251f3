"""`coord fix outcome` and `coord fix effectiveness`."""

from __future__ import annotations

from gitcoord.api import fixes
from gitcoord.cli import text
from gitcoord.cli.commands import fix
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _outcome(run: Run) -> None:
    from gitcoord.api import outcomes  # reads the attempts; recording does not

    worked = fix.judged(run, "worked")
    if worked is None:
        raise UsageError("Say what came of it.", hint="--worked or --failed.")
    found = outcomes.outcome(
        run.journal, run["run"], worked=worked, strategy=run["strategy"], note=run["note"],
        repo=run["repo"],
    )  # fmt: skip
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found]))
    else:
        told = ", ".join(one["id"] for one in found)
        run.out(f"{'Worked' if worked else 'Failed'}: {told}.")


def _effectiveness(run: Run) -> None:
    by = run["by"] or "strategy"
    workspace = run.journal
    found = fixes.effectiveness(workspace, by, fix.filters(run), since=fix.since(run, workspace))
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one) for one in found]))
    elif found:
        rows = [
            (one[by] or "-", text.count(one["attempts"], "attempt"), f"{one['worked']} worked",
             f"{one['failed']} failed", fix.share(one["rate"]), fix.between(one["interval"]))
            for one in found
        ]  # fmt: skip
        run.out(text.table(rows, flexible=0))
    else:
        run.note("no attempts.")


OUTCOME = Command(
    _outcome,
    arguments=[Argument("RUN", "The run that was recommended, or the id of an attempt.")],
    options=[
        Option("--worked", help="The fix held."),
        Option("--failed", help="It did not."),
        Option("--strategy", "STRATEGY", "What was really tried."),
        Option(
            "--repo", "REPO", "Where, if the recommendation was for no repository.", complete="repo"
        ),
        Option("--note", "TEXT", "Why."),
    ],
    description=(
        "A confirmed outcome counts twice as much as a claimed one, and replaces it. After a\n"
        "recommendation for which nothing was recorded, the attempt is recorded as well."
    ),
    example="coord fix outcome run-5f0c1a2b3d --worked",
    shape=f"an array of {fix.ATTEMPT}",
)
EFFECTIVENESS = Command(
    _effectiveness,
    options=[
        Option("--by", "FIELD", "Group by this (default strategy).", choices=fixes.GROUPS),
        *fix.FILTERS,
    ],
    description="The range behind each rate is Wilson's 95 % interval.",
    example="coord fix effectiveness --by agent --type F401",
    shape=(
        "an array of {strategy (or agent, type, repo), attempts, worked, failed, unknown, confirmed,\n"
        "rate, interval: [low, high], duration, last}"
    ),
)
