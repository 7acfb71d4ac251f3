"""`coord dep check`: whether dependencies hold, by what is declared and what is shipped."""

from __future__ import annotations

from gitcoord.api import dependencies
from gitcoord.cli import blocks, options, text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.verdict import Verdict
    from gitcoord.cli.run import Run

VERDICTS = ("unsatisfied", "unknown", "satisfied")
STYLE = {"satisfied": "green", "unsatisfied": "red", "unknown": "yellow"}


def _check(run: Run) -> int:
    failing = _failing(run)
    _refuse_half(run)
    run.travel()
    found, unread = dependencies.look(
        run.workspace, consumer=run["consumer"], provider=run["provider"], ids=run["id"],
        head=run["head"],
    )  # fmt: skip
    if run["validate"]:
        from gitcoord.api import dependency_validation  # a check alone runs nothing
        from gitcoord.cli import outcomes

        dependency_validation.join(run.workspace, found, before=outcomes.teller(run))
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one.as_dict()) for one in found]))
    elif found:
        _show(run, found)
    if unread:
        run.note(text.inert(f"{', '.join(unread)} cannot be read in full; what is lost there is not"
                            " checked. `coord dep scan --findings` says why."))  # fmt: skip
    if run["create_todos"]:
        from gitcoord.api import dependency_todos  # a check alone writes nothing

        done = dependency_todos.follow_up(
            run.workspace, found, consumer=run["consumer"], commit=not run["no_commit"]
        )
        run.note(done.summary())
    return 1 if any(one.verdict in failing for one in found) else 0


def _refuse_half(run: Run) -> None:
    """Refuse to make todos of a check that does not see all that a consumer needs now."""
    if run["validate"] and run.values.given("at"):
        raise UsageError("--validate is about now.", hint="Leave out --at.")
    if run["create_todos"] and run["id"]:
        raise UsageError(
            "--create-todos goes with a whole check, not with some records.",
            hint="Leave out the ids; --consumer narrows it.",
        )
    for option in ("provider", "at", "head"):
        if run["create_todos"] and run.values.given(option):
            raise UsageError(
                f"--create-todos goes with a whole check, not with --{option}.",
                hint=f"Leave out --{option}; --consumer narrows it.",
            )


def _failing(run: Run) -> set[str]:
    failing = {word for given in run["fail_on"] for word in given.split(",")}
    strange = failing - set(VERDICTS)
    if strange:
        raise UsageError(
            f"--fail-on does not take {min(strange)!r}.", hint=f"It takes {', '.join(VERDICTS)}."
        )
    return failing


def _show(run: Run, found: list[Verdict]) -> None:
    rows = [
        (one.id or "-", one.verdict, f"{one.consumer} → {one.provider}", one.constraint or "any", one.reason)
        for one in found
    ]  # fmt: skip
    styles = [["bold", STYLE[one.verdict], "", "", "dim"] for one in found]
    run.out(blocks.table(rows, styles=styles, flexible=4))


CHECK = Command(
    _check,
    arguments=[
        Argument("ID", "Only these records.", required=False, multiple=True, complete="id"),
    ],
    options=[
        Option(
            "--consumer", "REPO", "Only what this repository needs.", multiple=True, complete="repo"
        ),
        Option(
            "--provider", "REPO", "Only what needs this repository.", multiple=True, complete="repo"
        ),
        Option(
            "--fail-on",
            "VERDICT",
            "Exit with 1 when a dependency is unsatisfied or unknown.",
            multiple=True,
        ),
        Option("--validate", help="Run the trusted validations of the records as well."),
        Option("--head", help="Hold constraints against what is not released yet."),
        Option(
            "--create-todos",
            help="Make a todo for each consumer with an unsatisfied one; complete it when all hold.",
        ),
        options.AT,
        options.NO_COMMIT,
    ],
    description=(
        "What the consumers' manifests declare is held against the newest release of the provider,\n"
        "by its tags, or against its head where there is none; so is the version_constraint of a\n"
        "record. Where a repository is not on this machine the recorded status is told, and that it\n"
        "is only recorded. Nothing is installed, and nothing\n"
        "is run but what --validate asks for and is trusted (`coord trust list`). With --at, what was recorded then."
    ),
    example="coord dep check --consumer fastblocks --fail-on unsatisfied",
    shape="an array of {id, consumer, provider, constraint, provider_version, verdict, reason, file, line}",
)
