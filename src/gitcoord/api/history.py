"""Take back changes, from what git keeps of them."""

from __future__ import annotations

import os

from gitcoord.api import write
from gitcoord.codec.read import parse
from gitcoord.errors import ConflictError, NotFoundError, SystemRefusedError, UsageError
from gitcoord.git import objects, process, refs
from gitcoord.store import files, intent, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.store.intent import Intent
    from gitcoord.store.transaction import Transaction

_MARK = "Undoes: "
_OURS = ("Undo: ", "Change ", "Archive ", "Bring back ", "Follow ", "Scan dependencies: ", "Save query ",
         "Delete query ", "Import ", "Renumber ", "Make template ")  # fmt: skip
"""How the subjects of commits begin that name no record."""
_FOR_EACH = ", one for each repository"
"""How the subject of the one commit ends that begins with a record it does not change."""


class Undone:
    """A change that was taken back: its commit (None without one), its subject, its paths."""

    __slots__ = ("commit", "paths", "subject")

    def __init__(self, commit: str | None, subject: str, paths: list[str]) -> None:
        self.commit = commit
        self.subject = subject
        self.paths = paths


def undo(workspace: Workspace, name: str | None = None, *, preview: bool = False) -> Undone:
    """Take back coord's last change, or a named commit, by a new commit.

    A last change that is not committed yet is taken back in the work tree. Earlier undos and
    what they took back are passed over, so undoing again goes further back. What else has
    changed in a record since stays. Raises `ConflictError` when the same field has changed
    again, `UsageError` where the last change is not coord's.
    """
    repo = workspace.repo
    last = _uncommitted(workspace) if name is None else None
    if last is not None:
        return _take_back_uncommitted(workspace, last, preview=preview)
    if refs.head(repo) is None:
        raise NotFoundError("The hub has no commit yet.", hint="There is nothing to undo.")
    commit = _last(workspace) if name is None else refs.resolve(repo, name)
    if commit is None:
        raise NotFoundError(f"There is no commit {name!r}.", hint="`git log -- coord` shows them.")
    subject, paths = _what(workspace, commit)
    if not paths:
        raise NotFoundError(
            f"{commit[:10]} changed no record.", hint="`git log -- coord` shows those that did."
        )
    if name is None:
        _refuse_foreign(workspace, commit, subject, paths)
    found = Undone(commit, subject, paths)
    if preview:
        return found
    with write.transaction(workspace) as tx:
        before = objects.at(repo, f"{commit}^", layout.ROOT, paths)
        after = objects.at(repo, commit, layout.ROOT, paths)
        for path, old, new in zip(paths, before, after, strict=True):
            if _plain(tx.read(path)) == _plain(new):
                tx.write(path, old)
            elif not _take_back_fields(tx, path, old, new):
                raise ConflictError(
                    f"{path} has changed since {commit[:10]} ({subject}).",
                    hint="Nothing was written. Mend it by hand: "
                    f"`git diff {commit[:10]} -- {path}` shows what came later.",
                )
        tx.message = f"Undo: {subject}\n\n{_MARK}{commit}"
    workspace.changed()
    return found


def _uncommitted(workspace: Workspace) -> Intent | None:
    """Return what takes back the last change, where that is not committed yet."""
    repo = workspace.repo
    try:
        last = intent.read(intent.last_of(repo.git_dir))
    except SystemRefusedError:
        raise ConflictError(
            "What would take back the last change that is not committed is damaged.",
            hint="Nothing was written. Mend it by hand: `git diff` shows what is not committed;"
            f" then delete {intent.last_of(repo.git_dir)}.",
        ) from None
    if last is None:
        return None
    heads = objects.at(repo, "HEAD", layout.ROOT, [write.path for write in last.writes])
    now = [files.read(os.path.join(repo.root, write.path), 1 << 24) for write in last.writes]
    if all(_plain(one) == _plain(head) for one, head in zip(now, heads, strict=True)):
        return None  # somebody has committed it, or taken it back
    if not intent.is_standing(repo.root, last):
        raise ConflictError(
            f"The last change ({_subject(last)}) is not committed, and its files have changed since.",
            hint="Nothing was written. Mend it by hand: `git diff` shows what is not committed.",
        )
    return last


def _take_back_uncommitted(workspace: Workspace, last: Intent, *, preview: bool) -> Undone:
    found = Undone(None, _subject(last), [write.path for write in last.writes])
    if not preview:
        with write.transaction(workspace, commit=False) as tx:
            for one in last.writes:
                tx.write(one.path, one.new)
            tx.message = f"Undo: {found.subject}"
        files.remove(intent.last_of(workspace.repo.git_dir))
        workspace.changed()
    return found


def _subject(last: Intent) -> str:
    return last.message.partition("\n")[0]


def _refuse_foreign(workspace: Workspace, commit: str, subject: str, paths: list[str]) -> None:
    """Raise `UsageError` where the last change of the store is not known to be coord's."""
    hint = f"`coord undo {commit[:10]}` takes that back; `git log -- coord` shows all of them."
    if not workspace.settings.commit:
        raise UsageError(
            f"coord has no change to undo that is not committed; the last commit is {subject!r}.",
            hint=hint,
        )
    first = subject.partition(":")[0].partition(",")[0]
    ids = {place.id for place in map(layout.place, paths) if place is not None}
    if first not in ids and not subject.startswith(_OURS) and not subject.endswith(_FOR_EACH):
        raise UsageError(f"The last change is not coord's: {subject!r}.", hint=hint)


def _take_back_fields(tx: Transaction, path: str, old: bytes | None, new: bytes | None) -> bool:
    """Set only the fields that a change had set; False when one has changed again since."""
    place = layout.place(path)
    if old is None or new is None or place is None or tx.read(path) is None:
        return False
    stored = tx.get(place.kind, place.id)
    before, after, data = parse(old), parse(new), dict(stored.data)
    for field in dict.fromkeys([*before, *after]):
        if before.get(field) == after.get(field):
            continue
        if data.get(field) != after.get(field):
            return False
        if field in before:
            data[field] = before[field]
        else:
            data.pop(field, None)
    tx.put(stored, data)
    return True


def _plain(content: bytes | None) -> bytes | None:
    return None if content is None else content.replace(b"\r\n", b"\n")


def _last(workspace: Workspace) -> str:
    """Return the newest commit on HEAD's line that changed records and is not undone yet."""
    out = process.call(
        workspace.repo.root, "log", "--first-parent", "-n", "500", "--no-merges",
        "--format=%H%x00%B%x01", "HEAD", "--", layout.ROOT,
    ).decode("utf-8", "replace")  # fmt: skip
    undone: set[str] = set()
    for part in out.split("\x01"):
        commit, nul, body = part.strip().partition("\0")
        if not nul or commit in undone:
            continue
        marks = [line[len(_MARK) :] for line in body.split("\n") if line.startswith(_MARK)]
        if not marks:
            return commit
        undone.update(marks)
    raise NotFoundError(
        "There is no change left to undo.", hint="`git log -- coord` shows all of them."
    )


def _what(workspace: Workspace, commit: str) -> tuple[str, list[str]]:
    out = process.call(
        workspace.repo.root, "log", "-1", "-z", "--format=%s", "--name-only", "--no-renames",
        "--root", commit, "--", layout.ROOT,
    ).decode("utf-8", "surrogateescape")  # fmt: skip
    subject, _, rest = out.partition("\0")
    return subject, [path for path in rest.lstrip("\n").split("\0") if path]
