"""The files in which git keeps refs, read without starting git.

Loose ones first and the packed ones after them, as git reads them: a ref that is packed in
this very moment is then seen in one of the two. Who finds that refs are kept in another way
asks git.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.git.repository import Repository

_HEX = frozenset("0123456789abcdef")


def used(repo: Repository) -> bool:
    """Whether refs are plain files: nothing in the repository's settings names another storage."""
    if os.path.exists(os.path.join(repo.common_dir, "reftable")):
        return False
    try:
        with open(os.path.join(repo.common_dir, "config"), "rb") as file:
            return b"refstorage" not in file.read().lower()
    except OSError:
        return False


def every(repo: Repository) -> dict[str, str]:
    """Return what each ref points to: a commit, or the object that is an annotated tag."""
    loose: dict[str, str] = {}
    for base in dict.fromkeys((repo.common_dir, repo.git_dir)):
        for name in _below(base, "refs"):
            text = read(os.path.join(base, name))
            if text is not None and is_id(text):
                loose[name] = text
    return _all_packed(repo) | loose


def packed(repo: Repository, name: str) -> str | None:
    """Return what a packed ref points to, or None where no such ref is packed."""
    content = "\n" + _packed(repo)
    at = content.find(f" {name}\n")
    return content[content.rindex("\n", 0, at) + 1 : at] if at >= 0 else None


def read(path: str) -> str | None:
    """Return what a file of a ref says, or None where there is no such file."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(4096).strip()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def is_id(text: str) -> bool:
    """Whether a text is the whole id of an object."""
    return len(text) in (40, 64) and _HEX.issuperset(text)


def _below(base: str, folder: str) -> Iterator[str]:
    """Yield the names of the files below a folder; locks are no refs."""
    try:
        entries = list(os.scandir(os.path.join(base, folder)))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        name = f"{folder}/{entry.name}"
        if entry.is_dir():
            yield from _below(base, name)
        elif not name.endswith(".lock"):
            yield name


def _all_packed(repo: Repository) -> dict[str, str]:
    found = {}
    for line in _packed(repo).split("\n"):
        id, _, name = line.partition(" ")
        if name and is_id(id):  # neither the headline nor what a tag stands on
            found[name] = id
    return found


def _packed(repo: Repository) -> str:
    try:
        with open(
            os.path.join(repo.common_dir, "packed-refs"),
            encoding="utf-8",
            errors="surrogateescape",
            newline="\n",
        ) as file:
            return file.read()
    except FileNotFoundError:
        return ""
