"""Write a small commit's objects ourselves, and read those that lie loose.

For a handful of files this takes a third of the time that `git fast-import` does, most
of all where a folder has thousands of files. Anything unusual (another hash, a shared
repository, packed objects) is left to git.
"""

from __future__ import annotations

import os
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bisect import bisect_left
    from collections.abc import Mapping
    from hashlib import sha1

    from gitcoord.git.repository import Repository
else:
    try:
        from _sha1 import sha1  # as in `objects`
    except ImportError:
        from hashlib import sha1
    try:
        from _bisect import bisect_left  # without the other half of `bisect`, in Python
    except ImportError:
        from bisect import bisect_left

_FEW = 16
_REST = 39  # a slash and the letters of an id behind its first two
FILE, FOLDER = b"100644", b"40000"

Entry = tuple[bytes, bytes]
"""The mode of a tree's entry and the binary id of its object."""


class MissingError(LookupError):
    """An object is not loose: git has to be asked."""


def read(repo: Repository, name: str, kind: bytes) -> bytes:
    """Return the content of a loose object of a kind; raise `MissingError` for any other."""
    path = _path(repo, name)
    try:
        with open(path, "rb") as file:
            content = zlib.decompress(file.read())
    except (FileNotFoundError, zlib.error):
        raise MissingError(name) from None
    head, _, body = content.partition(b"\0")
    if not head.startswith(kind + b" "):
        raise MissingError(name)
    return body


def blob(repo: Repository, name: str, most: int) -> bytes | None:
    """Return the content of a loose blob; None for one of more than `most` bytes.

    Never holds more than that in memory. Raises `MissingError` for a blob that is not loose.
    """
    try:
        with open(_path(repo, name), "rb") as file:
            content = zlib.decompressobj().decompress(file.read(most), most + 64)
    except (FileNotFoundError, zlib.error):
        raise MissingError(name) from None
    head, nul, body = content.partition(b"\0")
    if not nul or not head.startswith(b"blob "):
        raise MissingError(name)
    size = int(head[5:])
    if size > most:
        return None
    if size != len(body):
        raise MissingError(name)
    return body


def write(repo: Repository, kind: bytes, body: bytes) -> str:
    """Write an object and return its id; one that is there already is left alone."""
    whole = kind + b" %d\0" % len(body) + body
    name = sha1(whole).hexdigest()  # noqa: S324 - git's own name for an object
    path = _path(repo, name)
    try:
        os.utime(path)  # as git does, so that no `git prune` takes it just now
        return name
    except OSError:
        folder = path[:-_REST]
    # Made in the one folder that all share: a new file in any of the 256 below it takes the
    # file system three times as long. `git prune` sweeps up what a kill leaves in either.
    # Neither a thread nor a dead process of the same number has this name.
    token = f"{os.getpid()}_{os.urandom(4).hex()}"
    passing = os.path.join(os.path.dirname(folder), f"tmp_obj_{token}")
    descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444)
    try:
        packed = zlib.compressobj(1, memLevel=9)  # more memory: less time and less space
        view = memoryview(packed.compress(whole) + packed.flush())
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)
    try:
        os.rename(passing, path)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        os.rename(passing, path)
    return name


def _path(repo: Repository, name: str) -> str:
    return f"{repo.common_dir}/objects/{name[:2]}/{name[2:]}"


def changed_tree(
    repo: Repository, base: str | None, changes: Mapping[str, bytes | str | None]
) -> str | None:
    """Write the tree that a base tree becomes by some changes; None when nothing is left.

    The paths of the changes are relative to the tree; values are as in `commit.commit`.
    """
    tree = Tree(read(repo, base, b"tree") if base else b"")
    below: dict[bytes, dict[str, bytes | str | None]] = {}
    files: dict[bytes, Entry | None] = {}
    for path, content in changes.items():
        first, slash, rest = path.partition("/")
        name = first.encode("utf-8", "surrogateescape")
        if slash:
            below.setdefault(name, {})[rest] = content
        elif content is None:
            files[name] = None
        else:
            blob = content if isinstance(content, str) else write(repo, b"blob", content)
            files[name] = (FILE, bytes.fromhex(blob))
    tree.put_all(files)
    for name, inner in below.items():
        mode, id = tree.get(name) or (b"", b"")
        made = changed_tree(repo, id.hex() if mode == FOLDER else None, inner)
        tree.put(name, (FOLDER, bytes.fromhex(made)) if made else None)
    return write(repo, b"tree", tree.content) if tree.content else None


class Tree:
    """The content of a tree object, changed in place: most of it is copied, not parsed."""

    __slots__ = ("_keys", "_starts", "content")

    def __init__(self, content: bytes) -> None:
        self._take(content)

    def _take(self, content: bytes) -> None:
        self.content = content
        self._keys: list[bytes] = []
        self._starts: list[int] = []  # and where the last one ends
        position, end = 0, len(content)
        while position < end:
            stop = content.index(b"\0", position)
            mode, _, name = content[position:stop].partition(b" ")
            # Git sorts a folder as if its name ended in a slash.
            self._keys.append(name + b"/" if mode == FOLDER else name)
            self._starts.append(position)
            position = stop + 21
        self._starts.append(end)

    def get(self, name: bytes) -> Entry | None:
        """Return an entry, or None."""
        for key in (name, name + b"/"):
            at = bisect_left(self._keys, key)
            if at < len(self._keys) and self._keys[at] == key:
                entry = self.content[self._starts[at] : self._starts[at + 1]]
                return entry.partition(b" ")[0], entry[-20:]
        return None

    def put(self, name: bytes, entry: Entry | None) -> None:
        """Set or remove an entry."""
        for key in (name, name + b"/"):
            at = bisect_left(self._keys, key)
            if at < len(self._keys) and self._keys[at] == key:
                self._splice(at, at + 1, None, b"")
        if entry is not None:
            key = name + b"/" if entry[0] == FOLDER else name
            at = bisect_left(self._keys, key)
            self._splice(at, at, key, b"%b %b\0%b" % (entry[0], name, entry[1]))

    def put_all(self, changes: Mapping[bytes, Entry | None]) -> None:
        """Set or remove several entries; many of them by writing the whole anew."""
        if len(changes) <= _FEW:
            for name, entry in changes.items():
                self.put(name, entry)
            return
        ends = zip(self._keys, self._starts, self._starts[1:], strict=False)
        held = {key: self.content[start:end] for key, start, end in ends}
        for name, entry in changes.items():
            held.pop(name, None)
            held.pop(name + b"/", None)
            if entry is not None:
                key = name + b"/" if entry[0] == FOLDER else name
                held[key] = b"%b %b\0%b" % (entry[0], name, entry[1])
        self._take(b"".join([held[key] for key in sorted(held)]))

    def _splice(self, at: int, to: int, key: bytes | None, text: bytes) -> None:
        start, end = self._starts[at], self._starts[to]
        self.content = self.content[:start] + text + self.content[end:]
        moved = len(text) - (end - start)
        self._keys[at:to] = [] if key is None else [key]
        self._starts[at:to] = [] if key is None else [start]
        first = at if key is None else at + 1
        self._starts[first:] = [position + moved for position in self._starts[first:]]


def commit(
    repo: Repository,
    changes: Mapping[str, bytes | str | None],
    message: str,
    people: tuple[str, str],
    parent: str | None,
) -> str:
    """Write a commit and return its id; raise `MissingError` where git has to do it.

    `people` are the author's and the committer's lines.
    """
    base = None
    if parent:
        head = read(repo, parent, b"commit")
        base = head[5 : head.index(b"\n")].decode()
    tree = changed_tree(repo, base, changes)
    if tree is None:
        raise MissingError("an empty tree")
    lines = [f"tree {tree}"]
    if parent:
        lines.append(f"parent {parent}")
    lines += [f"author {people[0]}", f"committer {people[1]}", "", message]
    text = "\n".join(lines) + ("" if message.endswith("\n") else "\n")
    return write(repo, b"commit", text.encode("utf-8", "surrogateescape"))
