"""`coord undo`."""

from __future__ import annotations

from gitcoord.api import history
from gitcoord.cli import text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _undo(run: Run) -> None:
    done = history.undo(run.workspace, run["commit"], preview=run["dry_run"])
    if run.json:
        found = {"commit": done.commit, "subject": done.subject, "paths": done.paths}
        run.out(jsontext.dumps(found))
        return
    verb = "Would undo" if run["dry_run"] else "Undone"
    run.out(
        f"{verb}: {text.inert(done.subject)} ({done.commit[:10] if done.commit else 'not committed'})"
    )
    for path in done.paths:
        run.out(f"  {text.inert(path)}")


UNDO = Command(
    _undo,
    arguments=[
        Argument("COMMIT", "A commit to take back; the last change without.", required=False)
    ],
    options=[Option("--dry-run", help="Only say what would be undone.", short="-n")],
    description=(
        "Makes a new commit with the records as they were before. Undoing again goes one change\n"
        "further back. A record that has changed since is never overwritten. A last change that is not\n"
        "committed is taken back in the work tree. What somebody committed by hand has to be named."
    ),
    example="coord undo --dry-run",
    shape="{commit, subject, paths}; commit is null for what was not committed",
)
