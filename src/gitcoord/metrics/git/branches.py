"""The branches of a repository, here and as its remotes had them last."""

from __future__ import annotations

from gitcoord.git import process
from gitcoord.git.refs import JOURNAL
from gitcoord.metrics.git import pulls
from gitcoord.metrics.git.log import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitcoord.git.process import Running
    from gitcoord.git.repository import Repository


class Ref:
    """One ref: its whole name, its commit, when that was committed, and by whom."""

    __slots__ = ("commit", "name", "symbolic", "time")

    def __init__(self, name: str, commit: str, time: int, symbolic: str) -> None:
        self.name = name
        self.commit = commit
        self.time = time
        self.symbolic = symbolic

    @property
    def short(self) -> str:
        """The name as people say it: `main`, `origin/main`."""
        return self.name.split("/", 2)[2]

    @property
    def remote(self) -> str:
        """The remote that has it, "" for this clone."""
        return self.short.partition("/")[0] if self.name.startswith("refs/remotes/") else ""

    @property
    def branch(self) -> str:
        """The branch's name, without that of the remote."""
        return self.short.partition("/")[2] if self.name.startswith("refs/remotes/") else self.short


def start(repo: Repository) -> Running:
    """Start to list the branches of a repository, here and as remotes had them last."""
    return process.start(
        repo.root, "for-each-ref",
        "--format=%(refname)%00%(objectname)%00%(committerdate:unix)%00%(symref)",
        "refs/heads", "refs/remotes",
    )  # fmt: skip


def read(running: Running) -> list[Ref]:
    """Return what `start` listed, but for the journal and pull requests."""
    result = running.wait()
    if result.code:
        raise process.failed(("for-each-ref",), result)
    found = []
    for line in result.out.decode("utf-8", "surrogateescape").split("\n"):
        name, _, rest = line.partition("\0")
        commit, _, rest = rest.partition("\0")
        time, _, symbolic = rest.partition("\0")
        if commit and name.rpartition("/")[2] != JOURNAL and not pulls.is_one(name):
            found.append(Ref(shown(name), commit, int(time or 0), symbolic))
    return found


def remotes(refs: Iterable[Ref]) -> dict[str, str]:
    """Return for each branch the remotes that have it, a line each, "" being this clone."""
    found: dict[str, set[str]] = {}
    for ref in refs:
        if not ref.symbolic:
            found.setdefault(ref.branch, set()).add(ref.remote)
    return {name: "\n".join(sorted(some)) for name, some in found.items()}


def default(refs: Iterable[Ref], current: str | None) -> str | None:
    """Return the default branch: what a remote's HEAD names, main or master, else HEAD's own."""
    refs = list(refs)
    for ref in refs:
        if ref.symbolic.startswith("refs/remotes/") and ref.short.endswith("/HEAD"):
            return ref.symbolic.split("/", 3)[3]
    names = {ref.short for ref in refs}
    return next((name for name in ("main", "master") if name in names), current)


def newest(refs: Iterable[Ref], branch: str | None) -> Ref | None:
    """Return that one of a branch's refs, here and at remotes, which was committed last."""
    return max(
        (ref for ref in refs if ref.branch == branch), key=lambda ref: ref.time, default=None
    )
