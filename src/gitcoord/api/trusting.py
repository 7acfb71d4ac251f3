"""Approve commands of records, list who trusts which, and take approvals back."""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.api import verdicts
from gitcoord.api.verdicts import Judged
from gitcoord.errors import InvalidError, NotFoundError
from gitcoord.running import surroundings, words
from gitcoord.store import approvals
from gitcoord.store.approvals import Approval
from gitcoord.store.trust import BRANCH, USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.workspace import Workspace
    from gitcoord.model.checks import Check

_POOLS = "pools."
PENDING, TRUSTED, UNUSED = "pending", "trusted", "unused"


class Standing(NamedTuple):
    """How a check stands: pending, trusted, or an approval that fits no check (unused).

    `source` is where the trust comes from, `since` when an approval was given, `before`
    what of the same field was trusted and is no more. `reason` says why it is not run.
    """

    check: Check
    state: str
    folder: str | None
    by: str | None
    source: str | None
    since: str | None
    reason: str | None
    before: tuple[Approval, ...]
    digest: str


def standings(
    workspace: Workspace, ids: Sequence[str] | None = None, field: str | None = None
) -> list[Standing]:
    """Return how the checks of some records stand, or of all, with approvals that fit none.

    `field` picks one, by its full name or by its beginning.
    """
    court = verdicts.Court(workspace)
    judged = _judged(court, ids)
    if ids is not None and not judged:
        raise NotFoundError(
            f"{' and '.join(ids)} holds no command.",
            hint="`coord trust list` shows all that there are.",
        )
    if field is not None:
        judged = [one for one in judged if one.check.field.startswith(field)]
        if not judged:
            raise NotFoundError(f"No command stands in {field}.", hint="`coord trust show ID`")
    listed = [_standing(court, one) for one in judged]
    if ids is None:
        listed += _unused(court, {one.digest for one in judged})
    return listed


def _judged(court: verdicts.Court, ids: Sequence[str] | None) -> list[Judged]:
    """Return the commands of records and pools; a pool is named as in coord.yaml: `pools.NAME`."""
    wanted = None if ids is None else [id for id in ids if not id.startswith(_POOLS)]
    found = verdicts.entries_of(court.workspace, wanted)
    pools = [one for one in court.judge_pools() if ids is None or one.check.id in ids]
    return court.judge(found) + pools


def _standing(court: verdicts.Court, one: Judged) -> Standing:
    by = one.trust.by
    approval = court.approvals.get(one.digest) if by == USER else None
    source = {BRANCH: court.protected.name, USER: approvals.home_of(court.workspace.repo)}
    return Standing(
        one.check, TRUSTED if by else PENDING, one.ground.folder, by, source.get(by or ""),
        approval.since if approval else None, one.trust.reason or None, one.before, one.digest,
    )  # fmt: skip


def _unused(court: verdicts.Court, used: set[str]) -> list[Standing]:
    where = approvals.home_of(court.workspace.repo)
    return [
        Standing(old.check, UNUSED, old.folder, None, where, old.since,
                 "no record holds exactly this now", (), digest)
        for digest, old in court.approvals.items() if digest not in used
    ]  # fmt: skip


def refuse_on_build_machine(workspace: Workspace) -> None:
    """Raise `InvalidError` where nobody is there to approve anything."""
    if surroundings.here().ci:
        raise InvalidError(
            "Nothing is approved on a build machine: what it would approve may be anybody's.",
            hint="Let the record be reviewed into the protected branch; then it is trusted.",
        )


def approve(workspace: Workspace, chosen: Sequence[Standing]) -> list[str]:
    """Approve exactly what was shown, for this user on this machine; return the digests.

    Raises `InvalidError`, before anything is kept, for what could not be run anyway.
    Approvals of the same records that fit none of their commands any more are dropped.
    """
    refuse_on_build_machine(workspace)
    for one in chosen:
        words.split(one.check.command)
        if one.folder is None or one.check.fault:
            raise InvalidError(
                f"{one.check.id} {one.check.field}: {one.reason}.",
                hint="`coord check` explains what is malformed; a folder that is missing is"
                " named with git config.",
            )
    if not chosen:
        return []
    since = workspace.now.isoformat(timespec="seconds")
    made = [
        approvals.write(workspace.repo, Approval(one.check, str(one.folder), since))
        for one in chosen
    ]
    _drop_outdated(workspace, {one.check.id for one in chosen})
    return made


def _drop_outdated(workspace: Workspace, ids: set[str]) -> None:
    """Forget what was approved of these records and is not in them now: it shall not come back."""
    current = {one.digest for one in standings(workspace, sorted(ids))}
    held = approvals.read(workspace.repo)
    outdated = [name for name, old in held.items() if old.check.id in ids and name not in current]
    approvals.remove(workspace.repo, outdated)


def revoke(
    workspace: Workspace, ids: Sequence[str] | None, field: str | None = None
) -> list[Approval]:
    """Take back the approvals of some records, or all; return them.

    The records need not exist any more. Raises `NotFoundError` where there is nothing to
    take back.
    """
    held = approvals.read(workspace.repo)
    wanted = None if ids is None else {id.casefold() for id in ids}
    chosen = {
        name: old for name, old in held.items()
        if (wanted is None or old.check.id.casefold() in wanted)
        and (field is None or old.check.field.startswith(field))
    }  # fmt: skip
    if not chosen and wanted is not None:
        raise NotFoundError(
            f"You approved nothing of {', '.join(ids or ())}.",
            hint="`coord trust list` tells what is trusted, and by whom; what the protected"
            " branch holds is changed there.",
        )
    approvals.remove(workspace.repo, list(chosen))
    return list(chosen.values())
