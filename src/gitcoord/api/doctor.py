"""Find what is wrong around the records, and mend what can be mended safely."""

from __future__ import annotations

import os
import sqlite3

from gitcoord.api import checking, setup
from gitcoord.errors import CoordError
from gitcoord.git import identity, process, refs
from gitcoord.index import anew
from gitcoord.model.findings import ERROR
from gitcoord.store import files, intent, layout
from gitcoord.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from gitcoord.api.workspace import Workspace

_OLDEST_GIT = (2, 34)


class Symptom:
    """One thing that was looked at: whether it is fine, what was found, and what mends it."""

    __slots__ = ("advice", "mend", "mended", "message", "name", "ok")

    def __init__(
        self,
        name: str,
        ok: bool,
        message: str,
        *,
        advice: str = "",
        mend: Callable[[], str] | None = None,
    ) -> None:
        self.name = name
        self.ok = ok
        self.message = message
        self.advice = advice
        self.mend = mend
        self.mended = False

    def as_dict(self) -> dict[str, Any]:
        """Return the symptom in its documented JSON shape."""
        return {
            "name": self.name,
            "ok": self.ok,
            "message": self.message,
            "advice": self.advice,
            "mendable": self.mend is not None,
            "mended": self.mended,
        }


def examine(workspace: Workspace, *, mend: bool = False) -> list[Symptom]:
    """Look at everything; with `mend`, mend what can be mended."""
    found = []
    for symptom in _looks(workspace):
        if mend and not symptom.ok and symptom.mend is not None:
            symptom.message = symptom.mend()
            symptom.mended = symptom.ok = True
        found.append(symptom)
    return found


def _looks(workspace: Workspace) -> Iterator[Symptom]:
    yield _git(workspace)
    yield _identity(workspace)
    transaction = _intent(workspace)
    yield transaction
    if not transaction.ok and not transaction.advice:
        return  # it is damaged: no record can be looked at before it is put aside
    yield _index(workspace)
    yield _derived(workspace)
    yield _leftovers(workspace)
    yield _schemas(workspace)
    yield _shallow(workspace)
    yield _records(workspace)
    yield _hooks(workspace)


def _git(workspace: Workspace) -> Symptom:
    words = process.call(workspace.repo.root, "--version").decode().split()
    version = words[2] if len(words) > 2 else "0"
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    ok = numbers >= _OLDEST_GIT
    return Symptom("git", ok, f"git {version}", advice="" if ok else "Install git 2.34 or newer.")


def _identity(workspace: Workspace) -> Symptom:
    try:
        who = identity.read(identity.start(workspace.repo))
    except CoordError as error:
        return Symptom("identity", False, error.message, advice=error.hint)
    return Symptom("identity", True, who.author_name)


def _intent(workspace: Workspace) -> Symptom:
    if not os.path.exists(intent.file_of(workspace.repo.git_dir)):
        return Symptom("transaction", True, "no unfinished transaction")

    def finish() -> str:
        workspace.changed()
        workspace.view()
        return "finished the transaction that a process had left"

    try:
        intent.load(workspace.repo.git_dir)
    except CoordError as error:
        return Symptom("transaction", False, error.message, mend=lambda: _put_aside(workspace))
    return Symptom("transaction", False, "a process died in a transaction", mend=finish,
                   advice="The next command finishes it.")  # fmt: skip


def _put_aside(workspace: Workspace) -> str:
    path = intent.file_of(workspace.repo.git_dir)
    aside = f"{path}.damaged-{int(workspace.now.timestamp())}"
    with Lock(workspace.repo.common_dir):
        os.rename(path, aside)
    return f"put the damaged transaction aside as {os.path.basename(aside)}; see `git status`"


def _index(workspace: Workspace) -> Symptom:
    def rebuild() -> str:
        workspace.changed()
        anew.discard(_index_of(workspace))
        (count,) = workspace.view().execute("SELECT count(*) FROM record").fetchone()
        return f"rebuilt the index of {count} records"

    try:
        view = workspace.view()
        (said,) = view.execute("PRAGMA quick_check(1)").fetchone()
        (count,) = view.execute("SELECT count(*) FROM record").fetchone()
    except sqlite3.DatabaseError as error:
        return Symptom("index", False, f"the index is damaged: {error}", mend=rebuild)
    if said != "ok":
        return Symptom("index", False, f"the index is damaged: {said}", mend=rebuild)
    return Symptom("index", True, f"{count} records indexed")


def _index_of(workspace: Workspace) -> str:
    return os.path.join(workspace.repo.git_dir, "coord", "index.db")


def _derived(workspace: Workspace) -> Symptom:
    """Look at what else is derived and kept: of commits, history, metrics and search."""
    repo = workspace.repo
    tops = dict.fromkeys(os.path.join(top, "coord") for top in (repo.common_dir, repo.git_dir))
    found = sorted(
        {
            os.path.join(folder, name)
            for top in tops
            for folder, _, names in os.walk(top)
            for name in names
            if name.endswith(".db") and os.path.join(folder, name) != _index_of(workspace)
        }
    )
    sound = {path: _sound(path) for path in found}
    damaged = [path for path in found if sound[path] is False]

    def empty() -> str:
        workspace.changed()
        for path in damaged:
            anew.discard(path)
        return f"emptied {_counted(len(damaged), 'derived file')}; what needs them fills them"

    if damaged:
        names = ", ".join(os.path.relpath(path, repo.common_dir) for path in damaged)
        return Symptom("derived", False, f"derived files are damaged: {names}", mend=empty)
    looked = sum(one is True for one in sound.values())
    return Symptom("derived", True, f"{_counted(looked, 'other derived file')} without damage")


def _sound(path: str) -> bool | None:
    """Tell whether a derived file is undamaged; None where it cannot be opened."""
    try:
        return anew.undamaged(path)
    except sqlite3.OperationalError:
        return None


def _leftovers(workspace: Workspace) -> Symptom:
    found = []
    for folder in (layout.ROOT, *layout.FOLDERS):
        full = os.path.join(workspace.repo.root, folder)
        if os.path.isdir(full):
            found += [os.path.join(full, name) for name in sorted(os.listdir(full))
                      if name.startswith(".") and name.endswith(".tmp")]  # fmt: skip

    def sweep() -> str:
        for path in found:
            files.remove(path)
        return f"removed {_counted(len(found), 'temporary file')}"

    if not found:
        return Symptom("leftovers", True, "no temporary files")
    return Symptom(
        "leftovers",
        False,
        f"{_counted(len(found), 'temporary file')} of a dead process",
        mend=sweep,
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _schemas(workspace: Workspace) -> Symptom:
    stale = [
        name
        for name, text in setup.schemas().items()
        if files.read(os.path.join(workspace.repo.root, setup.SCHEMAS, name), 1 << 22) != text
    ]

    def renew() -> str:
        return f"renewed {len(setup.renew_schemas(workspace.repo))} schemas"

    if not stale:
        return Symptom("schemas", True, "the hub's schemas are those of this version")
    return Symptom(
        "schemas", False, f"{len(stale)} schemas are missing or of another version", mend=renew
    )


def _shallow(workspace: Workspace) -> Symptom:
    if refs.head(workspace.repo) is None:
        return Symptom("history", True, "no commit yet")
    said = process.call(workspace.repo.root, "rev-parse", "--is-shallow-repository").strip()
    if said == b"true":
        return Symptom("history", False, "the clone is shallow: ids and times of older commits are unknown",
                       advice="git fetch --unshallow")  # fmt: skip
    return Symptom("history", True, "the whole history is here")


def _records(workspace: Workspace) -> Symptom:
    errors = sum(one.severity == ERROR for one in checking.check(workspace))
    if errors:
        return Symptom(
            "records", False, f"{errors} errors in the records", advice="`coord check` lists them."
        )
    return Symptom("records", True, "no errors in the records")


def _hooks(workspace: Workspace) -> Symptom:
    from gitcoord.api import hook_targets, hooks, shims  # only for `coord doctor`

    found = hook_targets.targets(workspace, [], workspace.repo.root, every=True)
    rows = [row for row in hooks.status(workspace, found) if row.state != hooks.ABSENT]
    wrong = [row for row in rows if row.state not in (shims.INSTALLED, shims.CHAINED)]
    if all(row.state in (shims.MISSING, shims.FOREIGN) for row in rows):
        return Symptom("hooks", True, "no hooks; `coord hooks install --all` installs them")
    if not wrong:
        return Symptom("hooks", True, f"hooks in {len({row.repo for row in rows})} repositories")
    repos = list(dict.fromkeys(f"{row.repo} ({row.hook} is {row.state})" for row in wrong))
    told = ", ".join(repos[:5]) + (f" and {len(repos) - 5} more" if len(repos) > 5 else "")

    def renew() -> str:
        return f"installed {len(hooks.install(workspace, found))} hooks"

    return Symptom("hooks", False, f"hooks are missing or outdated: {told}", mend=renew)
