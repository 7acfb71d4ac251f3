"""`coord trailers apply`."""

from __future__ import annotations

from gitcoord.api import commits, read, registry, trailers
from gitcoord.cli import text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import NotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _apply(run: Run) -> None:
    known = registry.folders(run.workspace)
    names = [read.get(run.workspace, name, "repo").id for name in run["repo"]]
    steps = []
    for name in dict.fromkeys(names or known):
        repo = known.get(name)
        if repo is None:
            if names:
                raise NotFoundError(
                    f"{name} is not on this machine.",
                    hint=f"`git config coord.repo.{name}.path PATH`, in the hub, says where it is.",
                )
            continue
        commits.remember(run.workspace, name, repo)
        steps += trailers.apply(
            run.workspace, name, repo, dry_run=run["dry_run"], again=run["again"]
        )
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(step.as_dict()) for step in steps]))
        return
    rows = [(step.id, _told(step), step.repo, step.commit[:10], step.subject) for step in steps]
    if rows:
        run.out(text.table(rows, flexible=4))
    moved = sum(step.outcome == trailers.MOVED for step in steps)
    run.note(f"{text.count(moved, 'record')} {'would be ' * run['dry_run']}moved.")


def _told(step: trailers.Step) -> str:
    return f"{step.old} → {step.new}" if step.outcome == trailers.MOVED else step.outcome


APPLY = Command(
    _apply,
    arguments=[
        Argument(
            "REPO",
            "Repositories of the registry; all that are on this machine without.",
            required=False,
            multiple=True,
            complete="repo",
        )
    ],
    options=[
        Option("--dry-run", help="Only say what would be moved.", short="-n"),
        Option("--again", help="Look at every commit, not only at those since the last time."),
    ],
    description=(
        "Moves the records that commits on the default branches close (`Closes:`, `Fixes:`), one\n"
        "commit for each repository. A record that was opened again is not moved by the same commit."
    ),
    example="coord trailers apply --dry-run",
    shape="an array of {repo, commit, subject, trailer, id, old, new, outcome}",
)
