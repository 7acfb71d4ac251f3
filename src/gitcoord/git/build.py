"""Make blobs, trees and commits away from any work tree and any index.

By our own hand where the repository is an ordinary one, else by git with an index of its
own. Nothing refers to what is made here until a branch is moved to it.
"""

from __future__ import annotations

import os
import time

from gitcoord.git import commit, loose, process
from gitcoord.git.folders import Folders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitcoord.git.identity import Identity
    from gitcoord.git.repository import Repository

_MANY = 50
_SHA1 = 40
_TREE = len("tree ")
_FILE = "100644"


class Builder:
    """Makes the objects of one repository, in the name of one person."""

    __slots__ = ("_folders", "_repo", "_trees", "_who", "plain")

    def __init__(self, repo: Repository, who: Identity) -> None:
        self._repo = repo
        self._who = who
        self._folders = Folders(repo)
        self._trees: dict[str, str] = {}
        self.plain = not who.unusual

    def tree_of(self, made: str) -> str:
        """Return the tree of a commit."""
        tree = self._trees.get(made)
        if tree is not None:
            return tree
        try:
            head = loose.read(self._repo, made, b"commit")
        except loose.MissingError:
            out = process.call(self._repo.root, "rev-parse", "--verify", f"{made}^{{tree}}")
            return out.decode().strip()
        return head[_TREE : head.index(b"\n")].decode()

    def tree(self, base: str | None, changes: Mapping[str, bytes | str | None]) -> str:
        """Make the tree that a base becomes by some changes.

        A value is a file's content, or the id of a blob that exists, or None to remove the path.
        """
        if not self.plain or (base and len(base) != _SHA1):
            return self._tree_by_git(base, changes)
        if sum(isinstance(one, bytes) for one in changes.values()) > _MANY:
            packing = commit.Packing(self._repo)
            packing.add(changes)
            changes = packing.finish(changes)
        entries: dict[str, loose.Entry | None] = {}
        for path, content in changes.items():
            if content is None:
                entries[path] = None
            else:
                entries[path] = (loose.FILE, bytes.fromhex(self._blob(content)))
        made = self._folders.changed(base, entries)
        return made or loose.write(self._repo, b"tree", b"")

    def obstructed(self, base: str, paths: Sequence[str]) -> list[str]:
        """Return the paths that a tree has no room for: a folder is there, or a file is in the way."""
        return self._folders.obstructed(base, paths)

    def commit(self, tree: str, parents: Sequence[str], message: str) -> str:
        """Make a commit, never signed: nobody looked at what a program measured."""
        author, committer = self.people()
        if not self.plain or len(tree) != _SHA1:
            return self._commit_by_git(tree, parents, message)
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author}", f"committer {committer}", "", message]
        text = "\n".join(lines) + ("" if message.endswith("\n") else "\n")
        made = loose.write(self._repo, b"commit", text.encode("utf-8", "surrogateescape"))
        self._trees = {made: tree}
        return made

    def people(self) -> tuple[str, str]:
        """Return the lines of author and committer, at this moment."""
        now = int(time.time())
        away = time.localtime(now).tm_gmtoff // 60
        hours, minutes = divmod(abs(away), 60)
        moment = f"{now} {'-' if away < 0 else '+'}{hours:02d}{minutes:02d}"
        return f"{self._who.author_name} {moment}", f"{self._who.committer_name} {moment}"

    def _blob(self, content: bytes | str) -> str:
        return content if isinstance(content, str) else loose.write(self._repo, b"blob", content)

    def empty(self) -> str:
        """Return the id of the tree that holds nothing, which need not exist."""
        return (
            process.call(self._repo.root, "hash-object", "-t", "tree", "--stdin").decode().strip()
        )

    def _tree_by_git(self, base: str | None, changes: Mapping[str, bytes | str | None]) -> str:
        root = self._repo.root
        index = os.path.join(self._repo.common_dir, "coord", f"index.{os.getpid()}")
        env = {"GIT_INDEX_FILE": index}
        try:
            process.call(root, "read-tree", base or "--empty", env=env)
            parts = []
            for path, content in changes.items():
                if isinstance(content, bytes):
                    content = commit.store_blob(self._repo, content)
                head = f"0 {'0' * len(self.empty())}" if content is None else f"{_FILE} {content}"
                parts.append(f"{head}\t{path}\0".encode("utf-8", "surrogateescape"))
            fed = b"".join(parts)
            process.call(root, "update-index", "-z", "--index-info", stdin=fed, env=env)
            return process.call(root, "write-tree", env=env).decode().strip()
        finally:
            if os.path.exists(index):
                os.unlink(index)

    def _commit_by_git(self, tree: str, parents: Sequence[str], message: str) -> str:
        env: dict[str, str] = {}
        for role, line in zip(("AUTHOR", "COMMITTER"), self.people(), strict=True):
            name, _, rest = line.partition(" <")
            mail, _, moment = rest.partition("> ")
            env |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": mail, f"GIT_{role}_DATE": moment}
        words = [word for parent in parents for word in ("-p", parent)]
        out = process.call(
            self._repo.root, "-c", "i18n.commitEncoding=UTF-8", "commit-tree", tree, *words,
            "-F", "-", stdin=message.encode(), env=env,
        )  # fmt: skip
        return out.decode().strip()


def sizes(repo: Repository, tree: str) -> dict[str, int]:
    """Return the size of each file of a tree by its path."""
    out = process.call(repo.root, "ls-tree", "-r", "-l", "-z", "--full-tree", tree)
    found = {}
    for line in out.split(b"\0"):
        head, tab, path = line.partition(b"\t")
        words = head.split()
        if tab and words[1] == b"blob":
            found[path.decode("utf-8", "surrogateescape")] = int(words[3])
    return found


def differences(repo: Repository, old: str, new: str) -> dict[str, tuple[str | None, str | None]]:
    """Return the files in which two trees differ, with their blobs on both sides.

    Only plain files count: a link or a submodule is as good as nothing here.
    """
    words = ("diff-tree", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", old, new)
    parts = process.call(repo.root, *words).split(b"\0")
    found = {}
    for head, path in zip(parts[::2], parts[1::2], strict=False):
        before, after, was, now, _ = head[1:].decode().split(" ")
        sides = (was if before[:3] == "100" else None, now if after[:3] == "100" else None)
        if sides[0] != sides[1]:
            found[path.decode("utf-8", "surrogateescape")] = sides
    return found
