"""Which git commands of the user are at work in a work tree just now.

`git merge` or `git commit` first look where HEAD stands and what is staged, and come back to it
much later; before a merge writes MERGE_HEAD nothing in the repository tells of it. So the
processes themselves are looked at, where the system shows them (/proc). What runs elsewhere,
in another container or on another machine, shows only by the index's lock and what git leaves.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.git.repository import Repository

_PROCESSES = "/proc"
_TAKES_A_VALUE = ("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path")

# What neither moves HEAD nor stages anything. `pull` is not here: its merge comes any moment.
_HARMLESS = """
    annotate archive blame branch bugreport bundle cat-file check-attr check-ignore check-mailmap
    check-ref-format cherry commit-graph commit-tree config count-objects credential describe diff
    diff-files diff-index diff-tree difftool fast-export fast-import fetch fetch-pack
    for-each-ref for-each-repo format-patch fsck fsmonitor--daemon gc grep hash-object help
    index-pack interpret-trailers log ls-files ls-remote ls-tree mailinfo maintenance merge-base
    merge-file merge-tree mktag mktree multi-pack-index name-rev notes pack-objects pack-refs
    patch-id prune prune-packed push range-diff receive-pack reflog remote repack replace rev-list
    rev-parse send-pack shortlog show show-branch show-index show-ref status stripspace
    symbolic-ref tag unpack-file unpack-objects update-ref upload-archive upload-pack var
    verify-commit verify-pack verify-tag version whatchanged
""".split()  # noqa: SIM905


class Command:
    """A git command at work: its process and its name, such as `merge`."""

    __slots__ = ("name", "process")

    def __init__(self, process: int, name: str) -> None:
        self.process = process
        self.name = name

    def alive(self) -> bool:
        """Whether the process is still at work; one that only waits to be collected is not."""
        return _arguments(self.process) != []


def commands(repo: Repository) -> list[Command]:
    """Return the git commands at work in this work tree that may move HEAD or the index.

    Git goes to the top of the work tree before it does anything. Processes that we started
    do not count, nor do those that wait for us (git, in one of its hooks), nor what only reads.
    """
    top = os.path.realpath(repo.root)
    waiting = _ancestors()
    found = []
    for process in _processes():
        try:
            if os.readlink(f"{_PROCESSES}/{process}/cwd") != top:
                continue
        except OSError:  # it has ended, or belongs to somebody else
            continue
        name = _subcommand(_arguments(process))
        if not name or name in _HARMLESS or process in waiting:
            continue
        if _parent(process) != os.getpid():
            found.append(Command(process, name))
    return found


def _processes() -> Iterator[int]:
    try:
        names = os.listdir(_PROCESSES)
    except OSError:
        return
    yield from (int(name) for name in names if name.isdigit())


def _arguments(process: int) -> list[str]:
    """Return the words of a process, none for one that is gone."""
    try:
        with open(f"{_PROCESSES}/{process}/cmdline", "rb") as file:
            words = file.read().split(b"\0")
    except OSError:
        return []
    return [word.decode("utf-8", "replace") for word in words[:-1]]


def _subcommand(words: list[str]) -> str:
    """Return what a git process does, "" for a process that is not git."""
    program = os.path.basename(words[0]) if words else ""
    if program.startswith("git-"):
        return program[4:]
    if program != "git":
        return ""
    at = 1
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _TAKES_A_VALUE else 1
    return words[at] if at < len(words) else ""


def _ancestors() -> set[int]:
    found: set[int] = set()
    process = os.getppid()
    while process > 1 and process not in found:
        found.add(process)
        process = _parent(process)
    return found


def _parent(process: int) -> int:
    try:
        with open(f"{_PROCESSES}/{process}/stat", "rb") as file:
            text = file.read()
    except OSError:
        return 0
    return int(text[text.rindex(b")") + 1 :].split()[1])
