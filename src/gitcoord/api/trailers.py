"""Move records as the commits on the repositories' default branches say, each time only once.

What was done is read from the hub's own history: the commit that moves a record carries
`Source: REPO@COMMIT ID TIME`. So a record that was opened again stays open, a clone of the hub
knows as much as the machine that moved the record, and nothing has to be kept besides.
"""

from __future__ import annotations

import os
import time

from gitcoord.api import write
from gitcoord.errors import ConflictError, CoordError
from gitcoord.git import commits, process, refs, standstill
from gitcoord.model import trailers
from gitcoord.model.kinds import BY_NAME
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.git.commits import Commit
    from gitcoord.git.repository import Repository
    from gitcoord.store.transaction import Transaction
    from gitcoord.store.workset import Stored

MOVED, ALREADY, UNKNOWN, OTHER_KIND, DONE, REOPENED, INVALID = (
    "moved",
    "already there",
    "unknown",
    "only referred to",
    "moved before",
    "reopened since",
    "invalid",
)
_PATIENCE = 120.0  # as long as a person may take over a commit message


class Step:
    """What one trailer of one commit came to."""

    __slots__ = ("commit", "id", "new", "old", "outcome", "repo", "subject", "trailer", "written")

    def __init__(self, repo: str, commit: Commit, trailer: str, id: str) -> None:
        self.repo = repo
        self.commit = commit.id
        self.subject = commit.subject
        self.written = commit.written
        self.trailer = trailer
        self.id = id
        self.old: str | None = None
        self.new: str | None = None
        self.outcome = UNKNOWN

    def as_dict(self) -> dict[str, str | None]:
        """Return the step in its documented JSON shape."""
        names = ("repo", "commit", "subject", "trailer", "id", "old", "new", "outcome")
        return {name: getattr(self, name) for name in names}

    @property
    def source(self) -> str:
        """The line of the hub's commit that remembers this step."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.written))
        return f"Source: {self.repo}@{self.commit} {self.id} {moment}"


def apply(
    workspace: Workspace,
    name: str,
    repo: Repository,
    *,
    dry_run: bool = False,
    again: bool = False,
    gently: bool = False,
) -> list[Step]:
    """Move what the commits of one repository close, in one commit; return each step.

    Only commits that came since the last time are looked at, all of them with `again`.
    `gently` raises `ConflictError` where git is at work in the hub.
    """
    ref = commits.default_branch(repo)
    tip = refs.resolve(repo, ref) if ref else None
    if tip is None:
        return []
    since = None if again else _looked_at(workspace, name)
    found = commits.carrying(repo, trailers.KEYS, tip, since) if since != tip else []
    if found is None:
        found = commits.carrying(repo, trailers.KEYS, tip) or []
    steps = [
        Step(name, one, key, id)
        for one in found
        for key, id in trailers.parse(one.trailers)
        if key != trailers.REFS
    ]
    if steps:
        with write.transaction(workspace, gently=gently) as tx:
            _Mover(workspace, tx, repo, tip).move(steps, dry_run=dry_run)
            tx.message = _message(name, [step for step in steps if step.outcome == MOVED])
        workspace.changed()
    if not dry_run and since != tip:
        _keep(workspace, name, tip)
    return steps


def follow(workspace: Workspace, name: str, repo: Repository) -> list[Step]:
    """Move what the commits of one repository close, unasked and so only while the hub rests.

    Waits for the user's git to end there. What it leaves half done (a merge with conflicts, a
    detached head), or what takes very long, is left alone: the next call catches up.
    """
    give_up = time.monotonic() + _PATIENCE
    pause = 0.02
    while True:
        doing = standstill.busy(workspace.repo)
        if doing is None and standing_by(workspace):
            return []
        if doing is None:
            try:
                return apply(workspace, name, repo, gently=True)
            except ConflictError:  # git has just begun
                workspace.changed()
        if time.monotonic() > give_up:
            return []
        time.sleep(pause)
        pause = min(pause * 1.2, 0.3)


def standing_by(workspace: Workspace) -> str | None:
    """Return why nothing may be moved unasked now: the hub is detached, or git is at work in it."""
    doing = commits.under_way(workspace.repo)
    if doing:
        return f"{doing} is under way in the hub"
    return None if commits.branch(workspace.repo) else "the hub's head is detached"


class _Mover:
    """Decides and carries out the steps of one repository under the hub's lock."""

    __slots__ = ("_before", "_repo", "_tip", "_tx", "_workspace")

    def __init__(self, workspace: Workspace, tx: Transaction, repo: Repository, tip: str) -> None:
        self._workspace = workspace
        self._tx = tx
        self._repo = repo
        self._tip = tip
        self._before: dict[str, list[tuple[str, str]]] | None = None

    def move(self, steps: list[Step], *, dry_run: bool) -> None:
        """Carry out the steps in their order."""
        passed: dict[str, str] = {}
        for step in steps:
            stored = self._find(step.id)
            if stored is None:
                continue
            step.id = stored.id
            status = passed.get(stored.id) or str(stored.data.get("status"))
            step.outcome = self._outcome(step, stored, status)
            if step.outcome != MOVED or step.new is None:
                continue
            step.old = status
            passed[stored.id] = step.new
            if not dry_run:
                try:
                    self._tx.put(stored, {**stored.data, "status": step.new})
                except CoordError:
                    step.outcome = INVALID

    def _find(self, id: str) -> Stored | None:
        for name in dict.fromkeys((id, id.upper())):
            for kind in BY_NAME.values():
                try:
                    found = self._tx.find(kind, name)
                except CoordError:  # a record that cannot be read is not moved
                    continue
                if found is not None:
                    return found
        return None

    def _outcome(self, step: Step, stored: Stored, status: str) -> str:
        step.new = trailers.goal(step.trailer, stored.kind.name)
        if step.new is None:
            return OTHER_KIND
        # Fixing what is closed already would open it a little again.
        if status == step.new or (status in stored.kind.done and step.trailer == trailers.FIXES):
            return ALREADY
        if stored.archived:
            return ALREADY
        if self._done_before(step):
            return DONE
        return REOPENED if self._reopened(stored) > step.written else MOVED

    def _done_before(self, step: Step) -> bool:
        """Whether this commit, or the one that it is a new edition of, moved the record."""
        if self._before is None:
            self._before = _sources(self._workspace, step.repo)
        moment = step.source.rpartition(" ")[2]
        for commit, written in self._before.get(step.id, ()):
            if commit == step.commit:
                return True
            # Rebased, amended or picked commits keep their author's time; two commits of one
            # second are told apart by the older one's being still there.
            if written == moment and not commits.contains(self._repo, self._tip, commit):
                return True
        return False

    def _reopened(self, stored: Stored) -> int:
        """Return when the record was last opened again, 0 for never."""
        paths = [layout.path_of(stored.kind, stored.id, archived=away) for away in (False, True)]
        out = process.run(
            self._workspace.repo.root, "log", "-z", "--format=%x01%ct", "-p", "-U0", "--no-color",
            "--no-ext-diff", "--no-textconv", "--no-renames", "-G^status:", "HEAD", "--", *paths,
        ).out.decode("utf-8", "replace")  # fmt: skip
        for part in out.split("\x01")[1:]:
            lines = part.replace("\0", "\n").split("\n")
            was = {_status(line) for line in lines if line.startswith("-status:")}
            now = {_status(line) for line in lines if line.startswith("+status:")}
            if was & stored.kind.done and now - stored.kind.done:
                return int(lines[0])
        return 0


def _status(line: str) -> str:
    return line.partition(":")[2].partition(" #")[0].strip().strip("\"'")


def _sources(workspace: Workspace, name: str) -> dict[str, list[tuple[str, str]]]:
    """Return, by record, the commits of a repository that moved it and when they were written."""
    wanted = name.replace(".", r"\.")
    out = process.run(
        workspace.repo.root, "log", "-z", "--no-show-signature", "-E", f"--grep=^Source: {wanted}@",
        "--format=%(trailers:key=Source,valueonly=true,unfold=true)", "HEAD", "--",
    ).out.decode("utf-8", "replace")  # fmt: skip
    found: dict[str, list[tuple[str, str]]] = {}
    for line in out.replace("\0", "\n").split("\n"):
        words = line.split()
        if len(words) == 3 and words[0].startswith(f"{name}@"):
            found.setdefault(words[1], []).append((words[0].rpartition("@")[2], words[2]))
    return found


def _message(name: str, moved: list[Step]) -> str:
    """Return the message of the hub's commit: what moved, and for which commits."""
    ids = list(dict.fromkeys(step.id for step in moved))
    if not ids:
        return ""
    told = ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
    lines = [f"{step.id}: status {step.old} → {step.new} ({step.subject})" for step in moved]
    sources = [step.source for step in moved]
    return (
        f"{told}: moved by commits of {name}\n\n" + "\n".join(lines) + "\n\n" + "\n".join(sources)
    )


def _path(workspace: Workspace, name: str) -> str:
    return os.path.join(workspace.repo.common_dir, "coord", "applied", name)


def _looked_at(workspace: Workspace, name: str) -> str | None:
    """Return the tip up to which commits have been looked at; a memory, no more."""
    try:
        with open(_path(workspace, name), encoding="ascii") as file:
            return file.read().strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def _keep(workspace: Workspace, name: str, tip: str) -> None:
    path = _path(workspace, name)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        passing = f"{path}.{os.getpid()}"
        with open(passing, "w", encoding="ascii") as file:
            file.write(tip)
        os.replace(passing, path)
    except OSError:
        return  # everything is looked at again next time, and found to be done
