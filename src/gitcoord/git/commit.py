"""Commit exactly the paths we changed, never what else the user has staged.

The commit is built on HEAD's own tree by our own hand, or by `git fast-import` under a
private ref where the repository is unusual. Then HEAD moves to it (see `headfiles`), and the
user's index gets the same paths and nothing else.
"""

from __future__ import annotations

import os
import time

from gitcoord.errors import GitError
from gitcoord.git import loose, process
from gitcoord.git.objects import blob_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitcoord.git.identity import Identity
    from gitcoord.git.repository import Repository

_LOCK_PATIENCE = 10.0
_FEW = 50
_FAST_IMPORT = (
    "-c",
    "pack.compression=1",
    "fast-import",
    "--depth=0",
    "--quiet",
    "--done",
    "--force",
)
_STAGE = ("update-index", "--add", "--remove", "-z", "--stdin")
_SHA1 = 40
_ATTRIBUTES = (".gitattributes", "coord/.gitattributes")


class Made:
    """A commit that exists and that no branch has yet; `private` is the ref that keeps it."""

    __slots__ = ("commit", "private")

    def __init__(self, commit: str, private: str | None) -> None:
        self.commit = commit
        self.private = private


def make(
    repo: Repository,
    changes: Mapping[str, bytes | str | None],
    message: str,
    identity: Identity,
    parent: str | None,
    packed: Packing | None = None,
) -> Made:
    """Make the commit that changes some paths of its parent, without moving any branch.

    A value is the file's content, or the id of a blob that exists, or None to remove the path.
    """
    made = _by_hand(repo, changes, message, identity, parent, packed)
    private = None
    if made is None:
        private = f"refs/coord/writing/{os.getpid()}"
        made = _import(repo, changes, message, identity, parent, private)
    if identity.signs:
        made = _sign(repo, made, message, parent)
    return Made(made, private)


def _by_hand(
    repo: Repository,
    changes: Mapping[str, bytes | str | None],
    message: str,
    identity: Identity,
    parent: str | None,
    packed: Packing | None,
) -> str | None:
    """Write the commit's objects ourselves; None where git had better do it."""
    if identity.unusual or (parent and len(parent) != _SHA1):
        return None
    try:
        if packed is None and len(changes) > _FEW:
            packed = Packing(repo)
            packed.add(changes)
        if packed is not None:
            changes = packed.finish(changes)
        return loose.commit(repo, changes, message, (identity.author, identity.committer), parent)
    except (loose.MissingError, OSError):
        return None


class Packing:
    """Contents of many files on their way into packs, while something else is done.

    Only the blobs: for a folder's entries, fast-import takes the square of their number.
    """

    __slots__ = ("_contents", "_repo", "_running")

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._contents: dict[str, bytes] = {}
        self._running: list[process.Running] = []

    def add(self, contents: Mapping[str, bytes | str | None]) -> None:
        """Begin to store those contents that are not on their way yet."""
        parts = []
        for path, content in contents.items():
            if isinstance(content, bytes) and self._contents.get(path) is not content:
                self._contents[path] = content
                parts.append(b"blob\ndata %d\n%b\n" % (len(content), content))
        if parts:
            parts.append(b"done\n")
            fed = b"".join(parts)
            self._running.append(process.start(self._repo.root, *_FAST_IMPORT, stdin=fed))

    def wait(self) -> None:
        """Let the processes end, whatever they have done."""
        for running in self._running:
            running.wait()

    def finish(self, changes: Mapping[str, bytes | str | None]) -> dict[str, bytes | str | None]:
        """Wait for the packs; return the changes with the ids of the blobs that are in them."""
        for running in self._running:
            result = running.wait()
            if result.code:
                raise process.failed(("fast-import",), result)
        held = self._contents
        return {
            path: blob_id(content)
            if isinstance(content, bytes) and held.get(path) is content
            else content
            for path, content in changes.items()
        }


def packing(repo: Repository, identity: Identity) -> Packing | None:
    """Return what packs the contents of a large commit; None for an unusual repository."""
    return None if identity.unusual or filters(repo, identity) else Packing(repo)


def _import(
    repo: Repository,
    changes: Mapping[str, bytes | str | None],
    message: str,
    identity: Identity,
    parent: str | None,
    private: str,
) -> str:
    body = message.encode()
    parts = [
        f"commit {private}\nmark :1\nauthor {identity.author}\n"
        f"committer {identity.committer}\ndata {len(body)}\n".encode("utf-8", "surrogateescape"),
        body,
        f"\nfrom {parent}\n".encode() if parent else b"\n",
    ]
    for path, content in changes.items():
        name = path.encode("utf-8", "surrogateescape")
        if content is None:
            parts.append(b"D %b\n" % name)
        elif isinstance(content, str):
            parts.append(b"M 100644 %b %b\n" % (content.encode(), name))
        else:
            parts.append(b"M 100644 inline %b\ndata %d\n%b\n" % (name, len(content), content))
    parts.append(b"\nget-mark :1\ndone\n")
    out = process.call(repo.root, *_FAST_IMPORT, stdin=b"".join(parts))
    return out.decode().strip()


def _sign(repo: Repository, made: str, message: str, parent: str | None) -> str:
    """Make the same commit anew through `git commit-tree`, which knows how to sign."""
    words = ["commit-tree", "-S", f"{made}^{{tree}}"]
    if parent:
        words += ["-p", parent]
    result = process.run(repo.root, *words, "-F", "-", stdin=message.encode())
    if result.code:
        process.run(repo.root, "update-ref", "-d", f"refs/coord/writing/{os.getpid()}")
        raise GitError(
            "git could not sign the commit: " + result.err.decode("utf-8", "replace").strip(),
            hint="Mend the signing key, or set `git config commit.gpgsign false`.",
        )
    return result.out.decode().strip()


class Staging:
    """Files on their way into git's index, while something else is done."""

    __slots__ = ("_fed", "_repo", "_running")

    def __init__(self, repo: Repository, paths: Sequence[str]) -> None:
        self._repo = repo
        self._fed = "\0".join(paths).encode("utf-8", "surrogateescape")
        self._running = process.start(repo.root, *_STAGE, stdin=self._fed) if paths else None

    def finish(self) -> None:
        """Wait until they are staged, also for a git that holds the index's lock."""
        if self._running is not None and self._running.wait().code:
            _patiently(self._repo, _STAGE, self._fed)


def stage_files(repo: Repository, paths: Sequence[str]) -> None:
    """Bring the index up to the work tree for these paths, gone ones included."""
    Staging(repo, paths).finish()


def stage_blobs(repo: Repository, blobs: Mapping[str, str]) -> None:
    """Put blobs that exist into the index, whatever the work tree holds."""
    fed = "".join(f"100644 {blob}\t{path}\0" for path, blob in blobs.items())
    _patiently(repo, ("update-index", "-z", "--index-info"), fed.encode("utf-8", "surrogateescape"))


def store_blob(repo: Repository, content: bytes, path: str = "") -> str:
    """Write a blob, of what git makes of a file of this path if one is given; return its id."""
    words = ["hash-object", "-w", "--stdin", *([f"--path={path}"] if path else [])]
    return process.call(repo.root, *words, stdin=content).decode().strip()


def filters(repo: Repository, identity: Identity) -> bool:
    """Whether git may store something other than the bytes of the file."""
    return (
        identity.converts
        or "core.attributesfile" in identity.settings
        or _may_convert(os.path.join(repo.common_dir, "info", "attributes"))
        or any(_may_convert(os.path.join(repo.root, name)) for name in _ATTRIBUTES)
    )


def _may_convert(path: str) -> bool:
    """Whether a file of attributes says more than how to merge."""
    try:
        with open(path, "rb") as file:
            lines = file.read().split(b"\n")
    except OSError:
        return os.path.lexists(path)
    told = [line.split()[1:] for line in lines if line.strip() and not line.startswith(b"#")]
    return any(not word.startswith(b"merge=") for words in told for word in words)


def _patiently(repo: Repository, words: tuple[str, ...], fed: bytes) -> None:
    """Run a command that needs the index lock, waiting for a git that holds it."""
    give_up = time.monotonic() + _LOCK_PATIENCE
    pause = 0.01
    while True:
        result = process.run(repo.root, *words, stdin=fed)
        if not result.code:
            return
        if b"index.lock" not in result.err or time.monotonic() > give_up:
            raise process.failed(words, result)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)
