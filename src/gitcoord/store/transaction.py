"""One change to the store: many records, one commit, or nothing at all.

A transaction is the only way to change a record. It holds the hub's lock from its
first read to its commit, keeps every write in memory, writes its intent down, and then
carries it out. A file that changed on disk since it was read stops the whole
transaction, so two writers never overwrite each other unseen.
"""

from __future__ import annotations

import os

from gitcoord.codec import emit
from gitcoord.errors import ConflictError, CoordError, InvalidError, NotFoundError
from gitcoord.git import commit as git_commit
from gitcoord.git import identity as git_identity
from gitcoord.git import objects, refs
from gitcoord.model.findings import ERROR
from gitcoord.model.fine import fine
from gitcoord.model.kinds import KINDS, REPO
from gitcoord.model.suggest import with_article
from gitcoord.model.validate import check, check_place
from gitcoord.store import committing, files, intent, layout, message
from gitcoord.store.allocate import Allocator
from gitcoord.store.intent import Intent, Write
from gitcoord.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.config.settings import Settings
    from gitcoord.git import process
    from gitcoord.git.commit import Packing
    from gitcoord.git.repository import Repository
    from gitcoord.model.findings import Fault
    from gitcoord.model.kinds import Kind
    from gitcoord.store.agent import Agent

MAX_BYTES = 1 << 20
_MANY = 4000  # new records that go to git as one pack while more are made
_SOME = 100


class Stored:
    """A record as it lies on disk: its data and the very bytes."""

    __slots__ = ("archived", "data", "id", "kind", "path", "raw")

    def __init__(
        self, kind: Kind, id: str, path: str, raw: bytes, data: dict[str, Any], *, archived: bool
    ) -> None:
        self.kind = kind
        self.id = id
        self.path = path
        self.raw = raw
        self.data = data
        self.archived = archived


class Transaction:
    """Collects writes under the lock; leaving the `with` block makes them happen."""

    __slots__ = (
        "_agent",
        "_allocator",
        "_commit",
        "_edits",
        "_folders",
        "_fresh",
        "_gently",
        "_lock",
        "_packing",
        "_repo",
        "_settings",
        "_who",
        "_writes",
        "message",
        "tip",
    )

    def __init__(
        self,
        repo: Repository,
        settings: Settings,
        message: str = "",
        *,
        commit: bool = True,
        agent: Agent | None = None,
        gently: bool = False,
    ) -> None:
        self._agent = agent
        self._gently = gently
        self._repo = repo
        self._settings = settings
        self._commit = commit and settings.commit
        self._lock = Lock(repo.common_dir)
        self._allocator: Allocator | None = None
        self._who: process.Running | None = None
        self._writes: dict[str, Write] = {}
        self._edits: dict[str, list[Any]] = {}
        self._folders: set[str] = set()
        self._fresh: list[str] = []
        self._packing: Packing | None = None
        self.message = message
        self.tip: str | None = None

    def __enter__(self) -> Transaction:
        self._lock.__enter__()
        try:
            recover(self._repo)
            if self._commit:  # git answers while we are still thinking
                self._who = git_identity.start(self._repo)
        except BaseException:
            self._lock.__exit__()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None and self._writes:
                self._happen()
        finally:
            if self._packing is not None:
                self._packing.wait()
            if self._who is not None:
                self._who.wait()
            if self._allocator is not None:
                self._allocator.close()
            self._lock.__exit__()

    def expect_new(self) -> None:
        """Begin to look for the highest ids, because a new one will be wanted."""
        self._allocator = Allocator(self._repo, refs.tips(self._repo))

    def new_id(self, kind: Kind, prefix: str = "") -> str:
        """Return an id for a new record, with the kind's prefix unless another is given."""
        if self._allocator is None:
            self._allocator = Allocator(self._repo)
        prefix = prefix or self._settings.prefixes.get(kind.name, kind.prefix)
        if self._settings.ids == "random":
            return self._allocator.random(kind, prefix)
        return self._allocator.next(kind, prefix, self._settings.id_width)

    def get(self, kind: Kind, id: str) -> Stored:
        """Return a record as it will be after the writes so far; raise `NotFoundError`."""
        found = self.find(kind, id)
        if found is None:
            raise NotFoundError(f"There is no {kind.name} {id}.", hint=self._hint(kind, id))
        return found

    def _hint(self, kind: Kind, id: str) -> str:
        """Say where a record is that a kind has not."""
        for other in KINDS:
            if other is not kind and self.find(other, id) is not None:
                return f"{id} is {with_article(other.name)}."
        return f"`coord {kind.name} list` shows what there is."

    def find(self, kind: Kind, id: str) -> Stored | None:
        """Return a record as it will be after the writes so far, or None."""
        from gitcoord.codec.read import Malformed, parse  # a create never reads

        if not layout.fits(kind, id):
            return None
        for archived in (False, True):
            path = layout.path_of(kind, id, archived=archived)
            raw = self._now(path)
            if raw is not None:
                try:
                    return Stored(kind, id, path, raw, parse(raw), archived=archived)
                except Malformed as fault:
                    raise InvalidError(
                        f"{path}:{fault.line}:{fault.column}: {fault.message}",
                        hint=fault.hint or f"Mend the file by hand, then `coord check {path}`.",
                    ) from None
        return None

    def create(self, kind: Kind, data: dict[str, Any]) -> str:
        """Add a record and return its id, allocated unless the data carries one."""
        key = "name" if kind is REPO else "id"
        id = data.get(key) or self.new_id(kind)
        data = {key: id, **{name: value for name, value in data.items() if name != key}}
        if not isinstance(id, str) or not layout.fits(kind, id):
            raise InvalidError(f"{id!r} cannot be the {key} of a {kind.name}.", hint=_id_hint(kind))
        path, shelved = (layout.path_of(kind, id, archived=archived) for archived in (False, True))
        if self._now(path) is not None or self._now(shelved) is not None:
            raise ConflictError(f"{id} exists already.", hint=f"`coord show {id}` shows it.")
        refuse(kind, id, data)
        if self._agent is not None:
            self._agent.refuse(kind, id, data)
        text = emit.dump(data, kind.fields, header=header(kind.name))
        self._writes.setdefault(path, Write(path, None, b""))
        self._set(path, text.encode())
        self._fresh.append(path)
        if len(self._fresh) % _MANY == 0:
            self._pack_ahead()
        return id

    def put(self, stored: Stored, data: dict[str, Any]) -> bool:
        """Change a record to new data by the smallest edit; False when nothing differs."""
        from gitcoord.codec import edit  # a create never edits

        changes = edit.diff_changes(stored.data, data)
        if not changes:
            return False
        refuse(stored.kind, stored.id, data, before=stored.data)
        if self._agent is not None:
            self._agent.refuse(stored.kind, stored.id, stored.data, data)
        self._edits.setdefault(stored.path, []).extend(changes)
        self._set(stored.path, edit.apply(stored.raw, changes, stored.kind.fields))
        return True

    def move(self, stored: Stored, *, archived: bool) -> str:
        """Move a record into the archive or back; return its new path."""
        path = layout.path_of(stored.kind, stored.id, archived=archived)
        up, down = (b"=../schemas/", b"=../../schemas/")
        raw = stored.raw.replace(up, down, 1) if archived else stored.raw.replace(down, up, 1)
        self.write(path, raw)
        self.write(stored.path, None)
        return path

    def write(self, path: str, content: bytes | None) -> None:
        """Set the content of any file of the store; None removes it."""
        if self._agent is not None:
            self._agent.refuse_file(path)
        self._set(path, content)

    def _set(self, path: str, content: bytes | None) -> None:
        if content is not None and len(content) > MAX_BYTES and path.count("/") > 1:
            raise InvalidError(
                f"{path} would have {len(content):,} bytes; a record has {MAX_BYTES:,} at most.",
                hint="Keep large texts in files of their own and name them in the record.",
            )
        if path in self._writes:
            self._writes[path].new = content
        else:
            self._writes[path] = Write(path, self.read(path), content)

    def read(self, path: str) -> bytes | None:
        """Return a file's content on disk."""
        full = os.path.join(self._repo.root, path)
        folder = os.path.dirname(full)
        if folder not in self._folders and not os.path.islink(folder):
            self._folders.add(folder)
        if folder not in self._folders or os.path.islink(full):
            raise InvalidError(
                f"{path} is, or lies in, a symbolic link; coord does not follow links in the store.",
                hint="Put the file itself there.",
            )
        return files.read(full, 1 << 24)

    def paths(self) -> list[str]:
        """Return the paths written so far."""
        return [path for path, write in self._writes.items() if write.old != write.new]

    def _now(self, path: str) -> bytes | None:
        return self._writes[path].new if path in self._writes else self.read(path)

    def _happen(self) -> None:
        writes = [write for write in self._writes.values() if write.old != write.new]
        if not writes:
            return
        if len(writes) > _SOME:
            objects.hash_quickly()
        told = self.message if self._agent is None else self._agent.signed(self.message)
        plan = Intent(writes, message.inert(told), commits=self._commit)
        who = None
        if self._who is not None:
            who = git_identity.read(self._who)
        if self._gently:
            from gitcoord.store import gently  # only for writers in the background

            self.tip = gently.carry_out(self._repo, plan, self._edits, who)
            return
        versions = committing.versions(self._repo, writes, self._edits) if self._commit else None
        if who is not None and versions is not None:
            committing.commit_found(self._repo, versions, who)
            if self._agent is not None and self._agent.author:
                who.write_as(self._agent.author)
        self._write_down(plan)
        try:
            foreign = intent.carry_out(self._repo.root, plan)
            if foreign:
                raise ConflictError(
                    f"{foreign[0]} changed while coord was working on it.",
                    hint="Nothing was written. Run the command again.",
                )
            if who is not None:
                self.tip = committing.commit(self._repo, plan, versions, who, self._packing)
        except (CoordError, OSError) as error:
            committing.take_back(self._repo, plan)
            intent.drop(self._repo.git_dir)
            if isinstance(error, OSError):
                raise files.refused(error.filename or self._repo.root, error) from None
            raise
        intent.keep_last(self._repo.git_dir, plan)
        intent.drop(self._repo.git_dir)
        if self._allocator is not None:
            self._allocator.save(self.tip)

    def _pack_ahead(self) -> None:
        """Let git store the new contents so far; no commit names them yet, so they harm nobody."""
        if self._who is None:
            return
        if self._packing is None:
            self._packing = git_commit.packing(self._repo, git_identity.read(self._who))
        if self._packing is not None:
            self._packing.add({path: self._writes[path].new for path in self._fresh})
            self._fresh.clear()

    def _write_down(self, plan: Intent) -> None:
        """Save the intent; git packs the contents of a large one meanwhile."""
        if len(plan.writes) > _SOME:
            self._fresh = [write.path for write in plan.writes]
            self._pack_ahead()
        try:
            intent.save(self._repo.git_dir, plan)
        except OSError as error:
            raise files.refused(intent.file_of(self._repo.git_dir), error) from None


def header(kind: str) -> str:
    """Return the line by which an editor finds the schema of a kind, for the top of a file."""
    folder = "schemas" if kind == "roles" else "../schemas"
    return f"# yaml-language-server: $schema={folder}/{kind}.schema.json\n"


def recover(repo: Repository) -> None:
    """Finish what a dead process had begun; the lock is held."""
    if os.path.exists(os.path.join(repo.git_dir, "index.lock")):
        from gitcoord.git import standstill  # hardly ever

        standstill.forget(repo)
    left = intent.load(repo.git_dir)
    if left is None:
        return
    intent.take_turn(repo.git_dir)
    foreign = set(intent.carry_out(repo.root, left))
    left.writes = [write for write in left.writes if write.path not in foreign]
    if left.commits and left.writes:
        committing.commit(repo, left, None, committing.identity(repo))
    intent.drop(repo.git_dir)


def refuse(
    kind: Kind, id: str, data: dict[str, Any], *, before: dict[str, Any] | None = None
) -> None:
    """Raise `InvalidError` for data that breaks a rule; faults that were there before may stay."""
    if fine(kind.name, data) and not check_place(kind.name, id, data):
        return
    faults = [*check(kind.name, data), *check_place(kind.name, id, data)]
    bad = [fault for fault in faults if fault.severity == ERROR]
    if bad and before is not None:
        old = {str(fault) for fault in check(kind.name, before)}
        bad = [fault for fault in bad if str(fault) not in old]
    if bad:
        raise InvalidError(
            f"{id}: " + "; ".join(_said(fault) for fault in bad),
            hint="\n".join(fault.hint for fault in bad if fault.hint),
        )


def _said(fault: Fault) -> str:
    where = ".".join(str(step) for step in fault.where)
    return f"{where}: {fault.message}" if where else fault.message


def _id_hint(kind: Kind) -> str:
    if kind is REPO:
        return "Letters, digits, `.`, `_` and `-`, beginning with a letter or digit."
    return f"An id is a prefix, a dash and a number or word, such as {kind.prefix}-001."
