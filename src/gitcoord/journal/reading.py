"""Read from the journal, without a work tree, in a few git processes.

All of one call is read from one commit, whatever is appended meanwhile. Folders whose
dates lie outside a span of time are never opened.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.git import objects
from gitcoord.git.loose import FOLDER
from gitcoord.journal import paths
from gitcoord.journal.writing import tip

__all__ = ["File", "listing", "read", "tip", "walk", "walk_all"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from gitcoord.git.repository import Repository

_AT_ONCE = 500


class File(NamedTuple):
    """One file of the journal, and the commit of the journal that it was read from."""

    path: str
    content: bytes
    commit: str


def read(repo: Repository, path: str, commit: str | None = None) -> File | None:
    """Return a file of the journal's tip (or of a commit of it), or None when there is none."""
    commit = commit or tip(repo)
    if commit is None or "\n" in path or not paths.is_sound(path):
        return None
    (content,) = objects.blobs(repo, [f"{commit}:{path}"])
    return None if content is None else File(path, content, commit)


def walk(
    repo: Repository,
    prefix: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    commit: str | None = None,
) -> Iterator[File]:
    """Yield the files below a folder: kind by kind, subject by subject, in the order of time.

    With a span of time only facts, those from `since` on and before `until`.
    """
    yield from walk_all(repo, [prefix], since, until, commit=commit)


def walk_all(
    repo: Repository,
    folders: Sequence[str],
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    latest_first: bool = False,
    commit: str | None = None,
    largest: int | None = None,
    left_out: list[str] | None = None,
) -> Iterator[File]:
    """Yield the files below several folders as `walk` does.

    `latest_first` gives all in the order of time, the latest first, whatever their folder.
    Files of more than `largest` bytes are never loaded; their paths go to `left_out`.
    """
    commit = commit or tip(repo)
    if commit is None:
        return
    found = listing(repo, commit, folders, since, until)
    if latest_first:
        found.sort(key=lambda one: (_second(one[0]), one[0]), reverse=True)
    else:
        found.sort(key=lambda one: _rank(one[0]))
    for start in range(0, len(found), _AT_ONCE):
        part = found[start : start + _AT_ONCE]
        if largest is not None:
            part = _small(repo, part, largest, left_out if left_out is not None else [])
        contents = objects.blobs(repo, [blob for _, blob in part])
        for (path, _), content in zip(part, contents, strict=True):
            if content is not None:
                yield File(path, content, commit)


def listing(
    repo: Repository,
    commit: str,
    folders: Sequence[str] = ("",),
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[tuple[str, str]]:
    """Return path and blob of each plain file below some folders and within a span, sorted."""
    wanted = [folder.strip("/") for folder in folders if "\n" not in folder]
    pending = [(folder, f"{commit}:{folder}") for folder in wanted]
    files: list[tuple[str, str]] = []
    while pending:
        # A whole level of folders in one process, so depth counts and number does not.
        trees = list(objects.typed(repo, [name for _, name in pending]))
        below = []
        for (path, _), tree in zip(pending, trees, strict=True):
            if tree is not None and tree[1] == "blob":
                files.append((path, tree[0]))
            if tree is None or tree[1] != "tree":
                continue
            for name, mode, id in _entries(tree[2], len(tree[0]) // 2):
                inner = f"{path}/{name}" if path else name
                if mode == FOLDER:
                    if paths.within(inner.split("/"), since, until):
                        below.append((inner, id))
                elif mode[:3] == b"100" and _fits(inner, since, until):
                    files.append((inner, id))
        pending = below
    files.sort()
    return files


def _small(
    repo: Repository, files: list[tuple[str, str]], largest: int, left_out: list[str]
) -> list[tuple[str, str]]:
    sizes = objects.sizes(repo, [blob for _, blob in files])
    left_out += [one[0] for one, size in zip(files, sizes, strict=True) if size > largest]
    return [one for one, size in zip(files, sizes, strict=True) if size <= largest]


def _entries(content: bytes, width: int) -> Iterator[tuple[str, bytes, str]]:
    position, end = 0, len(content)
    while position < end:
        stop = content.index(b"\0", position)
        mode, _, name = content[position:stop].partition(b" ")
        position = stop + 1 + width
        yield name.decode("utf-8", "surrogateescape"), mode, content[stop + 1 : position].hex()


def _fits(path: str, since: datetime | None, until: datetime | None) -> bool:
    if since is None and until is None:
        return True
    second = _second(path)
    # A path knows whole seconds only; the time in the file is looked at by who reads it.
    return second >= 0 and (
        (since is None or second + 1 > since.timestamp())
        and (until is None or second < until.timestamp())
    )


def _rank(path: str) -> tuple[str, str, int, str]:
    place = paths.place(path)
    if place is None:
        return path, "", 0, ""
    return place.sort.folder, place.subject, place.second, path


def _second(path: str) -> int:
    place = paths.place(path)
    return -1 if place is None else place.second
