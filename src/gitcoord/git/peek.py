"""Questions to many repositories: each is started, and read when all are under way.

Nothing here touches a work tree or an index, so no filter, hook or monitor that a
repository configures is run.
"""

from __future__ import annotations

from gitcoord.git import process
from gitcoord.git.objects import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.git.process import Running


_HERE = {"GIT_NO_LAZY_FETCH": "1"}
"""A partial clone answers from what it has; nothing is fetched."""


def start_tree(folder: str, commit: str, paths: Sequence[str] = ()) -> Running:
    """Start to list the files of a commit, all of them unless some are named."""
    words = ["--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths]
    return process.start(folder, *words, env=_HERE)


def read_tree(running: Running) -> list[Entry] | None:
    """Return the files that `start_tree` found; None when there is no such commit."""
    result = running.wait()
    if result.code:
        return None
    found = []
    for line in result.out.split(b"\0"):
        head, _, path = line.partition(b"\t")
        words = head.decode().split(" ")
        if len(words) == 3 and words[1] == "blob" and words[0] != "120000":
            found.append(Entry(path.decode("utf-8", "surrogateescape"), words[0], words[2]))
    return found


def start_commit(folder: str, name: str) -> Running:
    """Start to look up the commit that a revision names."""
    return process.start(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")


def read_commit(running: Running) -> str | None:
    """Return the commit that `start_commit` found."""
    return running.wait().out.decode().strip() or None


def start_tags(folder: str) -> Running:
    """Start to list the names of all tags."""
    return process.start(folder, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/tags")


def read_tags(running: Running) -> list[str]:
    """Return the tags that `start_tags` found."""
    return running.wait().out.decode("utf-8", "replace").split()


def start_nearest(folder: str, commit: str) -> Running:
    """Start to look for the last tag with a number before a commit."""
    return process.start(
        folder, "describe", "--tags", "--long", "--abbrev=12", "--match", "*[0-9]*", commit
    )


def read_nearest(running: Running) -> tuple[str, int] | None:
    """Return the tag that `start_nearest` found, and how many commits lie after it."""
    tag, _, rest = running.wait().out.decode("utf-8", "replace").strip().rpartition("-g")
    tag, _, count = tag.rpartition("-")
    return (tag, int(count)) if rest and count.isdigit() else None


def contents(folder: str, names: Sequence[str]) -> list[bytes | None]:
    """Return the content of each object, None where there is no such blob."""
    from gitcoord.git import objects
    from gitcoord.git.repository import Repository

    return list(objects.blobs(Repository(folder, folder, folder), names, env=_HERE))
