"""Objects of a repository, asked of one `git cat-file --batch` that stays open."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Objects:
    """The commits, folders and files of one repository; what it lacks is None."""

    def __init__(self, git_dir: str) -> None:
        self.git_dir = git_dir
        self._trees: dict[str, dict[str, str]] = {}
        self._batch = subprocess.Popen(
            ["git", "-C", git_dir, "cat-file", "--batch"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def close(self) -> None:
        self._batch.communicate()

    def git(self, *words: str) -> str:
        """Return what git prints; nothing where it fails, as for an object that is missing."""
        done = subprocess.run(
            ["git", "-C", self.git_dir, *words], capture_output=True, check=False, text=True
        )
        return done.stdout

    def read(self, name: str) -> tuple[str, str, bytes] | None:
        """Return id, type and content of an object."""
        assert self._batch.stdin is not None
        assert self._batch.stdout is not None
        self._batch.stdin.write(f"{name}\n".encode())
        self._batch.stdin.flush()
        words = self._batch.stdout.readline().decode().split()
        if len(words) != 3 or words[-1] == "missing":
            return None
        content = self._batch.stdout.read(int(words[2]))
        self._batch.stdout.read(1)
        return words[0], words[1], content

    def tree(self, name: str) -> dict[str, str]:
        """Return the ids of all files below a folder, by their paths in it."""
        found = self.read(name)
        if found is None or found[1] != "tree":
            return {}
        id, _, content = found
        if id not in self._trees:
            self._trees[id] = dict(self._files(content))
        return self._trees[id]

    def _files(self, content: bytes) -> Iterator[tuple[str, str]]:
        at = 0
        while at < len(content):
            end = content.index(b"\0", at)
            mode, _, raw = content[at:end].partition(b" ")
            name = raw.decode("utf-8", "replace")
            id = content[end + 1 : end + 21].hex()
            at = end + 21
            if mode == b"40000":
                for path, inner in self.tree(id).items():
                    yield f"{name}/{path}", inner
            elif mode.startswith(b"100"):
                yield name, id
