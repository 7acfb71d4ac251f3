"""The criteria of a todo as a run has to prove them: judged before it, checked after it.

Trust is decided before a driver is at work, on the text that stands in the record then. The
checks run in the run's worktree. That of the hub itself counts only where the commit it
began at holds nothing but reviewed files, records and settings aside.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from gitcoord.api import validation
from gitcoord.git import process
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.runnable import Todo
    from gitcoord.api.validation import Outcome
    from gitcoord.api.verdicts import Court, Judged
    from gitcoord.api.workspace import Workspace


class Criterion(NamedTuple):
    """A condition, the check that shows it (None: there is none), and for how long it may run."""

    text: str
    judged: Judged | None
    timeout: int
    reason: str

    @property
    def runs(self) -> bool:
        """Whether a check will be run for it."""
        return self.judged is not None and not self.reason


class Proof(NamedTuple):
    """All criteria of a todo in their order."""

    workspace: Workspace
    criteria: tuple[Criterion, ...]


def prepare(court: Court, todo: Todo, base: str) -> Proof:
    """Return what has to be proved of a todo whose worktree begins at a commit."""
    judged = {one.check.field: one for one in court.judge([todo.entry], unreviewed=True)}
    own = any(one.ground.own for one in judged.values())
    doubt = _doubt(court, todo, base) if own else ""
    listed = todo.data.get("acceptance_criteria")
    found = []
    for place, item in enumerate(listed if isinstance(listed, list) else ()):
        lead = f"acceptance_criteria[{place}]."
        held = [one for field, one in judged.items() if field.startswith(lead)]
        found += [_criterion(court, item, one, doubt) for one in held] or [_without(item)]
    return Proof(court.workspace, tuple(found))


def _criterion(court: Court, item: Any, one: Judged, doubt: str) -> Criterion:
    trusted_bare = one.ground.bare and one.trust.by is not None
    reason = "" if trusted_bare else one.trust.reason
    if not reason and one.ground.own and doubt:
        reason = doubt
    return Criterion(_text(item), one, court.timeout(one.check), reason)


def _without(item: Any) -> Criterion:
    return Criterion(_text(item), None, 0, "it has no check")


def _text(item: Any) -> str:
    text = item.get("text") if isinstance(item, dict) else item
    return text if isinstance(text, str) else ""


def _doubt(court: Court, todo: Todo, base: str) -> str:
    """Return why the files of a commit of the hub may be somebody's pull request."""
    commit = court.protected.commit
    if commit is None:
        remote = any(one.key.startswith("remote.") for one in court.configured)
        return (
            f"which files of the hub are reviewed is not known: {court.protected.reason}"
            if remote
            else ""
        )
    folder = todo.folder or ""
    met = process.run(folder, "merge-base", commit, base).out.decode("ascii", "replace").split()
    if not met:
        return f"the hub's files are not those of {court.protected.name}"
    listed = process.run(folder, "diff-tree", "-r", "-z", "--raw", "--no-renames", met[0], base)
    words = listed.out.decode("utf-8", "surrogateescape").split("\0")
    for head, path in zip(words[::2], words[1::2], strict=False):
        known = layout.place(path) is not None or path in (layout.SETTINGS, layout.ROLES)
        if not known or head.split(" ")[1] not in ("100644", "000000"):
            return f"the hub's files are not those of {court.protected.name}: {path} has not been reviewed"
    return "" if not listed.code else "the hub's files cannot be compared with reviewed ones"


def prove(proof: Proof, folder: str) -> list[Outcome]:
    """Run the checks in a folder, one after the other; one that is not run says why."""
    found = []
    for one in proof.criteria:
        if one.judged is None:
            found.append(
                validation.Outcome("", "", "", None, validation.UNKNOWN, reason=one.reason)
            )
        elif one.reason:
            found.append(validation.not_run(one.judged, one.reason))
        else:
            ground = one.judged.ground._replace(folder=os.path.realpath(folder))
            there = one.judged._replace(ground=ground)
            found.append(validation.outcome(proof.workspace, there, one.timeout))
    return found
