"""What lies in a work tree that the commit checked out there does not hold.

A file of a pull request need not come with its commit: it can be staged, unpacked over the work
tree, or left behind by a branch. Rules that ignore files hide nothing here unless they
are tracked themselves or the user's own, nor do the marks by which git is told not to look.
"""

from __future__ import annotations

import os

from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.git.repository import Repository

_ENV = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0"}
_MANY = 500
_PLAIN = ("-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false")


def paths(repo: Repository) -> Iterator[str]:
    """Yield the paths, relative to the work tree, of what differs, is untracked, or is hidden."""
    status = process.start(
        repo.root, *_PLAIN, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all",
        "--ignore-submodules=none", env=_ENV,
    )  # fmt: skip
    listed = process.start(repo.root, *_PLAIN, "ls-files", "-v", "-z", env=_ENV)
    ignored = process.start(
        repo.root, "ls-files", "-o", "-i", "--exclude-standard", "--directory", "-z", env=_ENV
    )
    for word in _words(status):
        yield word[3:]
    tracked = set()
    for word in _words(listed):
        mark, path = word[0], word[2:]
        tracked.add(path)
        hidden = mark.islower() or (mark == "S" and os.path.lexists(os.path.join(repo.root, path)))
        if hidden:
            yield path
    out = ignored.wait().out
    yield from _hidden(repo, out, tracked)
    yield from _forced(repo, [os.fsdecode(one) for one in out.split(b"\0") if one])


def _hidden(repo: Repository, ignored: bytes, tracked: set[str]) -> Iterator[str]:
    """Yield what is ignored only by a rule that came the same way."""
    if not ignored:
        return
    asked = ("check-ignore", "-v", "-n", "-z", "--stdin")
    words = _words(process.start(repo.root, *asked, stdin=ignored, env=_ENV))
    own = os.path.realpath(repo.root) + "/"
    git = tuple(os.path.realpath(folder) + "/" for folder in (repo.git_dir, repo.common_dir))
    for source, path in zip(words[::4], words[3::4], strict=False):
        if not source:  # a folder that is listed for what lies in it, which is listed as well
            continue
        place = os.path.realpath(os.path.join(repo.root, source))
        inside = place.startswith(own) and not place.startswith(git)
        if inside and place.removeprefix(own) not in tracked:
            yield path


def _forced(repo: Repository, ignored: list[str]) -> Iterator[str]:
    """Yield what is ignored although a commit that HEAD does not have holds it.

    Such a file was added by force, and stays where the branch that brought it was left.
    """
    for at in range(0, len(ignored), _MANY):
        words = _words(process.start(
            repo.root, "--literal-pathspecs", "log", "--format=", "--name-only", "--no-renames", "-m", "-z",
            "--all", "--reflog", "--not", "HEAD", "--", *ignored[at : at + _MANY], env=_ENV,
        ))  # fmt: skip
        for path in dict.fromkeys(words):
            if path and os.path.lexists(os.path.join(repo.root, path)):
                yield path


def _words(running: process.Running) -> list[str]:
    result = running.wait()
    if result.code > 1:  # check-ignore ends with 1 where nothing is ignored
        raise process.failed(("status",), result)
    return result.out.decode("utf-8", "surrogateescape").split("\0")[:-1]
