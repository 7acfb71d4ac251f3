"""Whether a command may be run: a decision about texts, made before anything is run.

A check is trusted if exactly it stands on the protected branch, or if this user approved
exactly it for exactly this folder. Everything else is not, and the reason says what is
missing. The decision looks at nothing but what it is given.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.model.checks import Check, checks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gitcoord.store.approvals import Approval

BRANCH, USER = "branch", "user"


class Trust(NamedTuple):
    """Who trusts a check (`branch`, `user` or None), and why it is not run all the same."""

    by: str | None
    reason: str = ""

    @property
    def runs(self) -> bool:
        """Whether the check may be run."""
        return self.by is not None and not self.reason


class Ground(NamedTuple):
    """The folder a check runs in, and what is known of it.

    `reviewed` says that the folder is the one that the protected branch means as well;
    `own` that it lies in the hub itself, and `clean` that the files there are reviewed;
    `reason` tells what is missing. In a `bare` one nothing can run but in worktrees of runs.
    """

    folder: str | None
    reviewed: bool = False
    own: bool = False
    clean: bool = True
    reason: str = ""
    bare: bool = False


class Known(NamedTuple):
    """What trust is decided by: the checks on the protected branch, and the approvals.

    `branch` is None when there is no protected branch, for the reason in `why`.
    `approvals` is None where they do not count, as on a build machine.
    """

    branch: Collection[tuple[str, ...]] | None
    name: str
    why: str
    approvals: Mapping[str, Approval] | None


def decide(check: Check, ground: Ground, known: Known, digest: str) -> Trust:
    """Return who trusts a check to run on its ground."""
    if check.fault or ground.folder is None:
        return Trust(None, check.fault or ground.reason)
    by = None
    if known.branch is not None and check.sameness in known.branch and ground.reviewed:
        by = BRANCH
    elif known.approvals is not None and digest in known.approvals:
        by = USER
    if by is not None and ground.own and not ground.clean:
        why = ground.reason or f"whose files here are not those of {known.name}"
        return Trust(by, f"its folder is the hub, {why}")
    if by is not None and ground.bare:
        return Trust(by, f"{ground.folder} has no work tree; `coord todo run` makes one")
    return Trust(by) if by else Trust(None, _why(check, ground, known))


def _why(check: Check, ground: Ground, known: Known) -> str:
    if known.branch is None:
        found = known.why
    elif check.sameness not in known.branch:
        found = f"it does not stand in {check.id} on {known.name}"
    else:
        found = f"{check.repo} lies elsewhere by what {known.name} says"
    if known.approvals is None:
        return f"not trusted: {found}, and approvals do not count on a build machine"
    return f"not trusted: {found}; `coord trust {check.id}` shows it"


def checks_in(kind: str, id: str, raw: bytes) -> list[Check]:
    """Return the sound checks in the text of a record; one that cannot be read has none."""
    from gitcoord.codec.read import Malformed, parse  # only for what is run

    try:
        data = parse(raw)
    except Malformed:
        return []
    return [one for one in checks_of(kind, id, data) if not one.fault]
