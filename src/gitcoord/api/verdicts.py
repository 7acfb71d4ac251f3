"""Which commands the records hold, and who trusts each of them."""

from __future__ import annotations

import os
from typing import NamedTuple

from gitcoord.api import read
from gitcoord.api.entry import COLUMNS, entries
from gitcoord.api.grounds import grounds
from gitcoord.config import settings
from gitcoord.git import reviewed
from gitcoord.model.checks import MAX_TIMEOUT, SETTINGS, TIMEOUT, Check, checks_of
from gitcoord.running import surroundings
from gitcoord.store import approvals, protected, trust
from gitcoord.store.approvals import Approval
from gitcoord.store.trust import Ground, Known, Trust

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.entry import Entry
    from gitcoord.api.workspace import Workspace
    from gitcoord.store.protected import Protected

_WITH_CHECKS = (
    "r.kind IN ('dependency', 'todo', 'plan')"
    " AND (instr(r.json, '\"command\":') OR instr(r.json, '\"check\":'))"
)


class Judged(NamedTuple):
    """A check, the ground it would run on, who trusts it, and the name an approval would have.

    `before` is what of the same field was trusted until now: on the protected branch or by
    the user, and what does not stand in the record any more.
    """

    check: Check
    ground: Ground
    trust: Trust
    digest: str
    before: tuple[Approval, ...]


class Court:
    """What trust is decided by in a hub, looked up once."""

    __slots__ = ("approvals", "ci", "configured", "planted", "protected", "workspace")

    def __init__(self, workspace: Workspace) -> None:
        here = surroundings.here()
        self.workspace = workspace
        self.ci = here.ci
        self.configured = reviewed.settings(workspace.repo)
        self.planted = protected.planted(workspace.repo, self.configured)
        builds = here.repository if here.ci else None
        self.protected: Protected = protected.find(workspace.repo, self.configured, builds)
        self.approvals = approvals.read(workspace.repo)

    def judge(self, found: Sequence[Entry], *, unreviewed: bool = False) -> list[Judged]:
        """Return the checks of records, each with who trusts it.

        `unreviewed` lets checks run in the hub's own folder although the files there are
        not those of the protected branch; on a build machine it is not heard.
        """
        held = [(entry, check) for entry in found for check in _checks(entry)]
        current = {check.sameness for _, check in held}
        names = {check.repo for _, check in held if check.repo is not None}
        places = grounds(self.workspace, names, self.protected, self.configured)
        on_branch = self._on_branch([entry for entry, _ in held])
        judged = []
        for entry, check in held:
            ground = places[check.repo] if check.repo else Ground(None, reason=_NO_REPO)
            if unreviewed and not self.ci:
                ground = ground._replace(clean=True)
            digest = approvals.digest_of(check, ground.folder or "")
            there = on_branch.get(entry.path, [])
            verdict = self._decide(check, ground, there, digest)
            before = self._before(check, there, current)
            judged.append(Judged(check, ground, verdict, digest, before))
        return judged

    def judge_pools(self) -> list[Judged]:
        """Return the commands of the pools in coord.yaml, each with who trusts it."""
        common = self.workspace.repo.common_dir
        home = os.path.realpath(os.path.dirname(common) if common.endswith("/.git") else common)
        here = checks_of(
            SETTINGS, "", settings.read(os.path.join(self.workspace.repo.root, settings.FILE))
        )
        there = checks_of(SETTINGS, "", self.protected.settings)
        current = {check.sameness for check in here}
        ground = Ground(home, reviewed=True)
        judged = []
        for check in here:
            same = [one for one in there if one.id == check.id]
            digest = approvals.digest_of(check, home)
            verdict = self._decide(check, ground, same, digest)
            judged.append(
                Judged(check, ground, verdict, digest, self._before(check, same, current))
            )
        return judged

    def _decide(self, check: Check, ground: Ground, there: list[Check], digest: str) -> Trust:
        if self.planted is not None:
            return Trust(None, f"git reads settings from {self.planted}, a file of the work tree")
        stands = None if self.protected.commit is None else {one.sameness for one in there}
        counted = None if self.ci else self.approvals
        known = Known(stands, self.protected.name, self.protected.reason, counted)
        return trust.decide(check, ground, known, digest)

    def _before(
        self, check: Check, there: list[Check], current: set[tuple[str, ...]]
    ) -> tuple[Approval, ...]:
        known = [Approval(one, "", "") for one in there]
        known += self.approvals.values()
        return tuple(
            old for old in known
            if (old.check.kind, old.check.id, old.check.slot) == (check.kind, check.id, check.slot)
            and old.check.sameness not in current
        )  # fmt: skip

    def _on_branch(self, found: list[Entry]) -> dict[str, list[Check]]:
        """Return the checks of records, by path, as the protected branch has them."""
        if self.protected.commit is None:
            return {}
        by_path = {entry.path: entry for entry in found}
        held = reviewed.files(self.workspace.repo, self.protected.commit, list(by_path))
        return {
            path: trust.checks_in(by_path[path].kind, by_path[path].id, raw)
            for path, raw in held.items()
            if path in by_path
        }

    def timeout(self, check: Check) -> int:
        """Return how many seconds a check may take, within what the protected branch allows."""
        limits = self.protected.settings.get("checks")
        most = limits.get("max_timeout") if isinstance(limits, dict) else None
        if type(most) is not int or most < 1:
            most = MAX_TIMEOUT
        return min(check.timeout or TIMEOUT, most)


_NO_REPO = "it does not say in which one repository it runs"


def _checks(entry: Entry) -> list[Check]:
    import json  # only for what is run

    return checks_of(entry.kind, entry.id, json.loads(entry.json()))


def entries_of(workspace: Workspace, ids: Sequence[str] | None, *, kind: str = "") -> list[Entry]:
    """Return the records with these ids, or all (of a kind) that hold a command."""
    if ids is not None:
        found = [read.get(workspace, id, kind or None) for id in ids]
        return list({entry.path: entry for entry in found}.values())
    where = f"{_WITH_CHECKS} AND r.archived = 0" + (" AND r.kind = ?" if kind else "")
    rows = workspace.view().execute(
        f"SELECT {COLUMNS} FROM record r WHERE {where} ORDER BY r.sort", (kind,) if kind else ()
    )
    return entries(rows)
