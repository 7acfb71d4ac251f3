"""`coord review`."""

from __future__ import annotations

from gitcoord.api import review
from gitcoord.cli import faults, reviews
from gitcoord.cli.spec import Command, Option
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _review(run: Run) -> int:
    if not run["base"]:
        raise UsageError("--base names what the change is to be merged into.",
                         hint="coord review --base origin/main")  # fmt: skip
    found = review.review(run.workspace, run["base"], run["head"] or "HEAD")
    if run["markdown"]:
        _write(run["markdown"], reviews.markdown(found))
    if run["sarif"]:
        _write(run["sarif"], faults.sarif(found.findings))
    if run["codequality"]:
        _write(run["codequality"], faults.gitlab(found.findings))
    if run.json:
        run.out(reviews.json(found))
    elif run["annotate"] == "github":
        if found.findings:
            run.out(faults.github(found.findings))
    else:
        shown = reviews.plain(found)
        if shown:
            run.out(shown)
    if not run.json:
        run.note(reviews.summary(found))
    return 1 if found.failed else 0


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


REVIEW = Command(
    _review,
    options=[
        Option("--base", "REF", "What the change is to be merged into.", complete="ref"),
        Option("--head", "REF", "The change; HEAD without it.", complete="ref"),
        Option("--markdown", "FILE", "Write a comment for the pull request.", complete="file"),
        Option("--sarif", "FILE", "Write the faults as SARIF.", complete="file"),
        Option("--codequality", "FILE", "Write the faults as GitLab's report.", complete="file"),
        Option("--annotate", "FORGE", "Print the faults as annotations.", choices=("github",)),
    ],
    description=(
        "Judges what merging HEAD into the base would give, without merging: the faults it brings\n"
        "in, what differs record by record, and what that means: newly blocked, unblocked, late.\n"
        "Nothing that a record contains is run. Exits with 1 when the change brings in an error."
    ),
    example="coord review --base origin/main --markdown comment.md",
    shape="{base, head, merged, findings: […], known_findings, changes: […] as in diff,"
    " effects: [{id, kind, effect, by}]}",
)
