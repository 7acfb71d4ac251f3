"""`coord sync`."""

from __future__ import annotations

import os

from gitcoord.api import sync
from gitcoord.cli import text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.sync import Branch
    from gitcoord.cli.run import Run
    from gitcoord.journal.syncing import Synced


def _sync(run: Run) -> int:
    workspace = run.journal
    done = sync.sync(
        workspace, _named(run["remote"]), branch=run["branch"], push=not run["no_push"]
    )
    if run.json:
        branch = None if done.branch is None else done.branch._asdict()
        run.out(jsontext.dumps({"journal": done.journal._asdict(), "branch": branch}))
    else:
        run.out(f"journal: {_told(done.journal)}")
        if done.branch is not None:
            run.out(f"{text.inert(done.branch.name)}: {_told(done.branch)}")
            for old, new in done.branch.renumbered.items():
                run.out(f"Renumbered {old} → {new}.")
    conflicts = done.branch.conflicts if done.branch is not None else []
    if conflicts:
        run.note(f"the branch is as it was; both sides changed {text.inert(', '.join(conflicts))}.")
    return 1 if conflicts else 0


def _named(word: str | None) -> str | None:
    """Return a folder as seen from here: git would look from the top of the hub."""
    if word is not None and os.sep in word and ":" not in word and os.path.isdir(word):
        return os.path.abspath(word)
    return word


def _told(found: Synced | Branch) -> str:
    parts = [f"{text.count(found.fetched, 'commit')} fetched"] if found.fetched else []
    parts += [f"{text.count(found.merged, 'merge')}"] if found.merged else []
    parts += [f"{text.count(found.pushed, 'commit')} pushed"] if found.pushed else []
    return ", ".join(parts) or "nothing new"


SYNC = Command(
    _sync,
    arguments=[Argument("REMOTE", "The name or the address of a git remote.", required=False)],
    options=[
        Option("--branch", help="Exchange the working branch as well."),
        Option("--no-push", help="Only fetch and join."),
    ],
    description=(
        "Without REMOTE: git config `coord.remote`, else the remote that the working branch\n"
        "follows. Nothing is ever sent to any other."
    ),
    example="coord sync origin --branch",
    shape="{journal: {fetched, merged, pushed, commit},"
    " branch: {name, fetched, merged, pushed, commit, conflicts,\n"
    " renumbered} or null}",
)
