"""What a remote's branches hold, by full names of refs and the objects themselves.

Nothing here looks at a revision the way git does for people, where a tag or a local
branch named `origin/main` comes first; and no replacement of an object counts.
"""

from __future__ import annotations

import os

from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.git.repository import Repository

_PLAIN = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1"}
_MOST = 1 << 20
_FILE_MODES = ("100644", "100755")
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


class Setting:
    """One line of git's configuration: its value and the file it comes from."""

    __slots__ = ("key", "origin", "value")

    def __init__(self, key: str, origin: str, value: str) -> None:
        self.key = key
        self.origin = origin
        self.value = value


def settings(repo: Repository) -> list[Setting]:
    """Return git's whole configuration; a file's origin is an absolute path, "" for none."""
    out = process.call(repo.root, "config", "--list", "--show-origin", "-z")
    words = out.decode("utf-8", "surrogateescape").split("\0")
    found = []
    for origin, line in zip(words[::2], words[1::2], strict=False):
        key, _, value = line.partition("\n")
        path = origin[5:] if origin.startswith("file:") else ""
        found.append(Setting(key, os.path.join(repo.root, path) if path else "", value))
    return found


def remote_refs(repo: Repository, remote: str) -> tuple[dict[str, str], str | None]:
    """Return the commits of a remote's branches as last fetched, and its HEAD branch."""
    lead = f"refs/remotes/{remote}/"
    form = "--format=%(refname)%00%(symref)%00%(objecttype)%00%(objectname)"
    out = process.call(repo.root, "for-each-ref", form, lead, env=_PLAIN)
    branches: dict[str, str] = {}
    head = None
    for line in out.decode("utf-8", "surrogateescape").splitlines():
        ref, target, kind, name = line.split("\0")
        if target:
            if ref == f"{lead}HEAD" and target.startswith(lead):
                head = target[len(lead) :]
        elif ref.startswith(lead) and kind == "commit" and ref != f"{lead}HEAD":
            branches[ref[len(lead) :]] = name
    return branches, head


def files(repo: Repository, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
    """Return the content of regular files of a commit; links, folders and huge files are left out."""
    if not paths:
        return {}
    words = ("--literal-pathspecs", "ls-tree", "-z", "--full-tree", commit, "--", *paths)
    result = process.run(repo.root, *words, env=_PLAIN)
    found = {}
    for line in result.out.split(b"\0"):
        head, _, path = line.partition(b"\t")
        mode, _, blob = head.decode().partition(" blob ")
        if mode in _FILE_MODES and blob:
            found[path.decode("utf-8", "surrogateescape")] = blob
    contents = _blobs(repo, list(found.values()))
    return {path: contents[blob] for path, blob in found.items() if blob in contents}


def _blobs(repo: Repository, names: list[str]) -> dict[str, bytes]:
    if not names:
        return {}
    fed = "\n".join(names).encode() + b"\n"
    out = process.call(repo.root, "cat-file", "--batch", stdin=fed, env=_PLAIN)
    found = {}
    position = 0
    for name in names:
        end = out.index(b"\n", position)
        words = out[position:end].split(b" ")
        position = end + 1
        if len(words) != 3 or not words[2].isdigit():
            continue
        size = int(words[2])
        if words[1] == b"blob" and size <= _MOST:
            found[name] = out[position : position + size]
        position += size + 1
    return found


def stands_on(repo: Repository, commit: str) -> bool:
    """Whether a work tree holds only what a commit's history holds, the user's own edits aside.

    While a merge or the like is under way its files are already those of another branch.
    """
    if any(os.path.lexists(os.path.join(repo.git_dir, name)) for name in _UNDER_WAY):
        return False
    words = ("merge-base", "--is-ancestor", "HEAD", commit)
    return process.run(repo.root, *words, env=_PLAIN).code == 0
