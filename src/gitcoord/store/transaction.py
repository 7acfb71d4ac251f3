"""One change to the store: many records, one commit, or nothing at all.

A transaction is the only way to change a record. It holds the hub's lock from its
first read to its commit, keeps every write in memory, writes its intent down, and then
carries it out. A file that changed on disk since it was read stops the whole
transaction, so two writers never overwrite each other unseen.
"""

from __future__ import annotations

from gitcoord.codec import emit
from gitcoord.errors import ConflictError, CoordError, NotFoundError, SystemRefusedError
from gitcoord.git import identity as git_identity
from gitcoord.git import objects, refs
from gitcoord.model.kinds import KINDS, REPO
from gitcoord.model.suggest import with_article
from gitcoord.store import files, intent, layout, message
from gitcoord.store.allocate import Allocator
from gitcoord.store.intent import Intent
from gitcoord.store.lock import Lock
from gitcoord.store.recovery import recover
from gitcoord.store.refusing import refuse, refuse_id
from gitcoord.store.workset import Workset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gitcoord.codec.change import Change
    from gitcoord.config.settings import Settings
    from gitcoord.git import process
    from gitcoord.git.commit import Packing
    from gitcoord.git.repository import Repository
    from gitcoord.model.kinds import Kind
    from gitcoord.store.agent import Agent
    from gitcoord.store.workset import Stored

_MANY = 4000  # new records that go to git as one pack while more are made
_SOME = 100


class Transaction:
    """Collects writes under the lock; leaving the `with` block makes them happen."""

    __slots__ = (
        "_agent",
        "_allocator",
        "_commit",
        "_edits",
        "_fresh",
        "_gently",
        "_lock",
        "_packing",
        "_reads",
        "_repo",
        "_settings",
        "_who",
        "_work",
        "meanwhile",
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
        reads: bool = False,
    ) -> None:
        self._agent = agent
        self._gently = gently
        self._reads = reads
        self._repo = repo
        self._settings = settings
        self._commit = commit and settings.commit
        self._lock = Lock(repo.common_dir)
        self._allocator: Allocator | None = None
        self._who: process.Running | None = None
        self._work = Workset(repo)
        self._edits: dict[str, list[Any]] = {}
        self._fresh: list[str] = []
        self._packing: Packing | None = None
        self.message = message
        self.meanwhile: Callable[[], object] | None = None  # done while git is at work
        self.tip: str | None = None

    def __enter__(self) -> Transaction:
        self._take_turn()
        try:
            recover(self._repo)
            if self._commit and not self._reads:  # git answers while we are still thinking
                self._who = git_identity.start(self._repo)
                from gitcoord.store import committing  # noqa: F401 - loaded while git answers
        except BaseException:
            self._lock.__exit__()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None and self._work.writes:
                self._happen()
        finally:
            if self._packing is not None:
                self._packing.wait()
            if self._who is not None:
                self._who.wait()
            if self._allocator is not None:
                self._allocator.close()
            self._lock.__exit__()

    def _take_turn(self) -> None:
        """Wait for other writers; who only reads does without where nothing can be written."""
        try:
            self._lock.__enter__()
        except SystemRefusedError:
            if not self._reads:
                raise

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
        found = self._work.find(kind, id)
        if found is None:
            raise NotFoundError(f"There is no {kind.name} {id}.", hint=self._hint(kind, id))
        return found

    def _hint(self, kind: Kind, id: str) -> str:
        """Say where a record is that a kind has not."""
        for other in KINDS:
            if other is not kind and self._work.find(other, id) is not None:
                return f"{id} is {with_article(other.name)}."
        return f"`coord {kind.name} list` shows what there is."

    def find(self, kind: Kind, id: str) -> Stored | None:
        """Return a record as it will be after the writes so far, or None."""
        return self._work.find(kind, id)

    def read(self, path: str) -> bytes | None:
        """Return a file's content on disk."""
        return self._work.read(path)

    def paths(self) -> list[str]:
        """Return the paths that are changed so far."""
        return [write.path for write in self._work.changed()]

    def create(self, kind: Kind, data: dict[str, Any]) -> str:
        """Add a record and return its id, allocated unless the data carries one."""
        key = "name" if kind is REPO else "id"
        id = data.get(key) or self.new_id(kind)
        data = {key: id, **{name: value for name, value in data.items() if name != key}}
        refuse_id(kind, key, id)
        path, shelved = (layout.path_of(kind, id, archived=archived) for archived in (False, True))
        if self._work.now(path) is not None or self._work.now(shelved) is not None:
            raise ConflictError(f"{id} exists already.", hint=f"`coord show {id}` shows it.")
        refuse(kind, id, data)
        if self._agent is not None:
            self._agent.refuse(kind, id, data)
        text = emit.dump(data, kind.fields, header=layout.header(kind.name))
        self._work.add(path, text.encode())
        self._fresh.append(path)
        if len(self._fresh) % _MANY == 0:
            self._pack_ahead()
        return id

    def check(self, stored: Stored, data: dict[str, Any]) -> None:
        """Raise `InvalidError` if a record could not be changed to new data."""
        refuse(stored.kind, stored.id, data, before=stored.data)
        if self._agent is not None:
            self._agent.refuse(stored.kind, stored.id, stored.data, data)

    def put(self, stored: Stored, data: dict[str, Any]) -> bool:
        """Change a record to new data by the smallest edit; False when nothing differs."""
        from gitcoord.codec import change, words  # a create never edits

        if change.same(stored.data, data):
            return False
        self.check(stored, data)
        changes, raw = words.change(stored.raw, stored.data, data) or _edited(stored, data)
        self._edits.setdefault(stored.path, []).extend(changes)
        self._work.set(stored.path, raw)
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
        self._work.set(path, content)

    def _happen(self) -> None:
        from gitcoord.store import committing  # not before git is at work

        writes = self._work.changed()
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
                self.tip = committing.commit(
                    self._repo, plan, versions, who, self._packing, self.meanwhile
                )
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
            from gitcoord.git import commit as git_commit  # only for very many

            self._packing = git_commit.packing(self._repo, git_identity.read(self._who))
        if self._packing is not None:
            self._packing.add({path: self._work.writes[path].new for path in self._fresh})
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


def _edited(stored: Stored, data: dict[str, Any]) -> tuple[list[Change], bytes]:
    """Return the changes that lead to new data, and the file after them."""
    from gitcoord.codec import edit  # takes longer to load than most changes to make

    changes = edit.diff_changes(stored.data, data)
    return changes, edit.apply(stored.raw, changes, stored.kind.fields)
