"""One call of a hook: where git called it, with which words, and what it answers."""

from __future__ import annotations

import os

from gitcoord.git.repository import Repository, discover
from gitcoord.store.message import inert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gitcoord.api.workspace import Workspace


class Call:
    """A hook that git has called.

    `words` are git's own, `stdin` what git feeds it, `env` the variables of git that say where;
    `open_hub` opens the hub of a folder.
    """

    __slots__ = ("env", "lines", "name", "open_hub", "refused", "repo", "stdin", "words")

    def __init__(
        self,
        name: str,
        words: Sequence[str],
        env: Mapping[str, str],
        stdin: Callable[[], str],
        open_hub: Callable[[str], Workspace],
        cwd: str,
    ) -> None:
        self.name = name
        self.words = words
        self.env = env
        self.stdin = stdin
        self.open_hub = open_hub
        self.repo = here(cwd, env)
        self.lines: list[str] = []
        self.refused = False

    def say(self, text: str) -> None:
        """Tell the person something; what steers a terminal is made visible."""
        self.lines.append(inert(text))

    def git_env(self) -> dict[str, str]:
        """Return what points a git process at the repository that git meant."""
        if "GIT_DIR" not in self.env:
            return {}
        return {"GIT_DIR": self.repo.git_dir, "GIT_WORK_TREE": self.repo.root}


def here(cwd: str, env: Mapping[str, str]) -> Repository:
    """Return the repository that a hook is about: git's GIT_DIR goes before the folder's own."""
    told = env.get("GIT_DIR")
    if told is None:
        found = discover(cwd)
        return found if found is not None else Repository(cwd, os.path.join(cwd, ".git"), "")
    git_dir = os.path.realpath(os.path.join(cwd, told))
    found = discover(cwd) if os.path.lexists(os.path.join(cwd, ".git")) else None
    if found is not None and os.path.realpath(found.git_dir) == git_dir:
        return found
    common = git_dir
    pointer = os.path.join(git_dir, "commondir")
    if os.path.exists(pointer):
        with open(pointer, encoding="utf-8", errors="surrogateescape") as file:
            common = os.path.normpath(os.path.join(git_dir, file.read().strip()))
    tree = env.get("GIT_WORK_TREE")
    return Repository(os.path.realpath(os.path.join(cwd, tree or "")), git_dir, common)
