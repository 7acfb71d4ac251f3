"""Read trees and blobs of any commit, many in one git process."""

from __future__ import annotations

from gitcoord.errors import GitError
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from hashlib import sha1

    from gitcoord.git.repository import Repository
else:
    try:
        from _sha1 import sha1  # `hashlib` loads OpenSSL first, for the same digest
    except ImportError:
        from hashlib import sha1


class Entry:
    """One file of a tree: its path, mode and blob id."""

    __slots__ = ("blob", "mode", "path")

    def __init__(self, path: str, mode: str, blob: str) -> None:
        self.path = path
        self.mode = mode
        self.blob = blob


def blob_id(content: bytes) -> str:
    """Return the id git gives a blob in a SHA-1 repository; also our digest of a file."""
    return _digest[0](b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()


_FEW = 8

_digest = [sha1]


def hash_quickly() -> None:
    """Use OpenSSL for digests from now on: four times as quick, once it is loaded."""
    from hashlib import sha1 as quick  # only for many files

    _digest[0] = quick


def tree(repo: Repository, commit: str, folder: str) -> list[Entry]:
    """List the files below a folder of a commit, in git's order."""
    out = process.call(repo.root, "ls-tree", "-r", "-z", "--full-tree", commit, "--", folder + "/")
    found = []
    for line in out.split(b"\0"):
        if line:
            head, _, path = line.partition(b"\t")
            mode, kind, blob = head.decode().split(" ")
            if kind == "blob":
                found.append(Entry(path.decode("utf-8", "surrogateescape"), mode, blob))
    return found


def at(repo: Repository, commit: str, folder: str, paths: Sequence[str]) -> Iterator[bytes | None]:
    """Yield the content of files below a folder of a commit, None where there is none."""
    if len(paths) <= _FEW:
        yield from blobs(repo, [f"{commit}:{path}" for path in paths])
        return
    # git would read the whole folder once more for each path: one listing is much quicker.
    try:
        ids = {one.path: one.blob for one in tree(repo, commit, folder)}
    except GitError:
        ids = {}  # there is no such commit, as before the first one
    known = [ids[path] for path in paths if path in ids]
    found = blobs(repo, known)
    for path in paths:
        yield next(found) if path in ids else None


def staged(repo: Repository, folder: str, *, keep_index: bool = True) -> list[Entry]:
    """List the files below a folder as they are staged; unmerged ones once per stage."""
    result = process.run(repo.root, "ls-files", "-s", "-z", "--", folder, keep_index=keep_index)
    if result.code:
        raise process.failed(("ls-files",), result)
    found = []
    for line in result.out.split(b"\0"):
        if line:
            head, _, path = line.partition(b"\t")
            mode, blob, _stage = head.decode().split(" ")
            found.append(Entry(path.decode("utf-8", "surrogateescape"), mode, blob))
    return found


def sizes(repo: Repository, names: Sequence[str]) -> list[int]:
    """Return the size of each object in bytes; -1 where there is none."""
    if not names:
        return []
    fed = "\n".join(names).encode("utf-8", "surrogateescape") + b"\n"
    out = process.call(repo.root, "cat-file", "--batch-check=%(objectsize)", stdin=fed)
    return [int(line) if line.isdigit() else -1 for line in out.split(b"\n")[: len(names)]]


def blobs(
    repo: Repository, names: Sequence[str], *, env: Mapping[str, str] | None = None
) -> Iterator[bytes | None]:
    """Yield the content behind each object name, None where there is no such blob."""
    for found in typed(repo, names, env=env):
        yield found[2] if found is not None and found[1] == "blob" else None


def typed(
    repo: Repository, names: Sequence[str], *, env: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str, bytes] | None]:
    """Yield id, type and content behind each object name, None where there is no such object."""
    if not names:
        return
    fed = "\n".join(names).encode("utf-8", "surrogateescape") + b"\n"
    out = process.call(repo.root, "cat-file", "--batch", stdin=fed, env=env)
    position = 0
    for _ in names:
        end = out.index(b"\n", position)
        words = out[position:end].split(b" ")
        position = end + 1
        if len(words) != 3 or not words[2].isdigit():
            yield None
            continue
        size = int(words[2])
        yield words[0].decode(), words[1].decode(), out[position : position + size]
        position += size + 1


def contents(repo: Repository, names: Sequence[str], most: int) -> Iterator[bytes | None]:
    """Yield the content behind each blob's name while git reads on.

    None stands for what is missing, is no blob, or has more than `most` bytes: that is
    passed over without being held in memory.
    """
    if not names:
        return
    fed = "\n".join(names).encode() + b"\n"
    out = process.stream(repo.root, "cat-file", "--batch", stdin=fed)
    read = out.reader.read
    try:
        for name in names:
            words = out.reader.readline().split(b" ")
            if not words[0].startswith(name.encode()):
                raise process.failed(("cat-file",), out.close())
            if len(words) != 3:
                yield None
                continue
            size = int(words[2])
            if words[1] == b"blob" and size <= most:
                yield read(size + 1)[:-1]
                continue
            while size >= 0:
                size -= len(read(min(size + 1, 1 << 20))) or size + 1
            yield None
    finally:
        out.close()
