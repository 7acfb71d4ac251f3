"""Move a branch that nobody stands on, by compare-and-swap and without starting git.

This is what git itself does: create `REF.lock` (see `holding`), look whether the ref still
is what was expected, rename. Whoever moves a branch holds a lock that keeps other writers of
coord away. Anything unusual (a ref that is no plain file) is left to `git update-ref`.
"""

from __future__ import annotations

import os

from gitcoord.git import process, reffiles
from gitcoord.git.holding import hold, let_go

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository


def tip(repo: Repository, ref: str) -> str | None:
    """Return the commit that a branch stands on, or None where there is no such branch."""
    text = reffiles.read(os.path.join(repo.common_dir, ref))
    if text is not None and reffiles.is_id(text):
        return text
    if text is None and reffiles.used(repo):
        return reffiles.packed(repo, ref)
    result = process.run(repo.root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    return result.out.decode().strip() or None


def stands_on(repo: Repository, ref: str) -> str | None:
    """Return the git directory of a work tree that has a branch checked out, or None."""
    trees = os.path.join(repo.common_dir, "worktrees")
    folders = [] if repo.root == repo.common_dir else [repo.common_dir]
    if os.path.isdir(trees):
        folders += [os.path.join(trees, name) for name in sorted(os.listdir(trees))]
    for folder in folders:
        if reffiles.read(os.path.join(folder, "HEAD")) == f"ref: {ref}":
            return folder
    return None


def move(
    repo: Repository, ref: str, new: str, old: str | None, told: tuple[str, str], *, plain: bool
) -> bool:
    """Let a branch stand on `new` if it stands on `old` (None: if there is none).

    False when it does not, or when git is moving it just now. `told` is who and why, for
    a reflog that exists; none is begun. `plain` says that files may be made by our own hand.
    """
    if not plain or not reffiles.used(repo):
        return _by_git(repo, ref, new, old, told[1])
    passing = os.path.join(repo.common_dir, "coord", f"{ref.rpartition('/')[2]}.moving")
    path = os.path.join(repo.common_dir, ref)
    try:
        hold(passing, path + ".lock", new)
    except FileExistsError:
        return False
    except OSError:
        return _by_git(repo, ref, new, old, told[1])
    try:
        if tip(repo, ref) != old:
            return False
        os.rename(path + ".lock", path)
    except IsADirectoryError:
        os.unlink(path + ".lock")
        return _by_git(repo, ref, new, old, told[1])
    finally:
        let_go(passing, path + ".lock")
    _log(repo, ref, new, old, told)
    return True


def _by_git(repo: Repository, ref: str, new: str, old: str | None, why: str) -> bool:
    line = f"update {ref} {new} {old}\n" if old else f"create {ref} {new}\n"
    words = ("-c", "core.logAllRefUpdates=false", "update-ref", "--stdin", "-m", why)
    result = process.run(repo.root, *words, stdin=line.encode())
    if result.code and not any(
        sign in result.err
        for sign in (b"but expected", b"already exists", b".lock': File exists", b"is at")
    ):
        raise process.failed(("update-ref",), result)
    return not result.code


def _log(repo: Repository, ref: str, new: str, old: str | None, told: tuple[str, str]) -> None:
    path = os.path.join(repo.common_dir, "logs", ref)
    if not os.path.exists(path):
        return
    line = f"{old or '0' * len(new)} {new} {told[0]}\t{told[1]}\n"
    with open(path, "ab") as file:
        file.write(line.encode("utf-8", "surrogateescape"))
