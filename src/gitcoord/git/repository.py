"""Where a git repository is: found by looking at folders, without starting git."""

from __future__ import annotations

import os

from gitcoord.errors import NoHubError


class Repository:
    """The folders of one work tree.

    `root` is the top of the work tree, `git_dir` its own git directory and `common_dir`
    the one shared by all linked work trees (the same as `git_dir` in a plain clone).
    """

    __slots__ = ("common_dir", "git_dir", "root")

    def __init__(self, root: str, git_dir: str, common_dir: str) -> None:
        self.root = root
        self.git_dir = git_dir
        self.common_dir = common_dir


def discover(start: str) -> Repository | None:
    """Return the repository around a folder, or None; raise `NoHubError` for a bare one."""
    folder = os.path.realpath(start)
    while True:
        dot_git = os.path.join(folder, ".git")
        if os.path.isdir(dot_git) and os.path.exists(os.path.join(dot_git, "HEAD")):
            return Repository(folder, dot_git, _common(dot_git))
        if os.path.isfile(dot_git):
            git_dir = named(folder)
            return Repository(folder, git_dir, _common(git_dir))
        if _looks_bare(folder):
            raise NoHubError(
                f"{folder} is a bare repository; a hub needs a work tree.",
                hint="Clone it, and run coord in the clone.",
            )
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def bare(folder: str) -> Repository | None:
    """Return the bare repository in a folder, its three folders being one; None for any other."""
    folder = os.path.realpath(folder)
    if not _looks_bare(folder) or os.path.basename(folder) == ".git":
        return None
    return Repository(folder, folder, folder)


def named(folder: str) -> str:
    """Return the git directory that the file `.git` in a folder names.

    Raises `OSError` where there is no such file, and `NoHubError` where it names none.
    """
    pointer = os.path.join(folder, ".git")
    with open(pointer, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read(4096).strip()
    if not text.startswith("gitdir:"):
        raise NoHubError(f"{pointer} does not name a git directory.", hint="Run `git status`.")
    return os.path.normpath(os.path.join(folder, text[7:].strip()))


def _common(git_dir: str) -> str:
    try:
        with open(os.path.join(git_dir, "commondir"), encoding="utf-8") as file:
            return os.path.normpath(os.path.join(git_dir, file.read().strip()))
    except FileNotFoundError:
        return git_dir


def _looks_bare(folder: str) -> bool:
    return (
        os.path.isfile(os.path.join(folder, "HEAD"))
        and os.path.isdir(os.path.join(folder, "objects"))
        and os.path.isdir(os.path.join(folder, "refs"))
    )
