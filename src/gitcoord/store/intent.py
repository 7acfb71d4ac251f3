"""What a transaction is about to do, written down before it does it.

The intent holds every new content and what it replaces. It comes into being by one
rename, which is the moment a transaction happens: killed before, nothing happened;
killed after, whoever opens the hub next finishes it.
"""

from __future__ import annotations

import os
import time

from gitcoord.errors import SystemRefusedError
from gitcoord.git.objects import blob_id
from gitcoord.store import files, layout

_MAGIC = b"coord intent 1\n"
_NONE = "-"


class Write:
    """One path with its content before and after; None where there is no file."""

    __slots__ = ("new", "old", "path")

    def __init__(self, path: str, old: bytes | None, new: bytes | None) -> None:
        self.path = path
        self.old = old
        self.new = new


class Intent:
    """All writes of one transaction, its message, and whether it is to be committed."""

    __slots__ = ("commits", "message", "olds", "writes")

    def __init__(
        self, writes: list[Write], message: str, *, commits: bool, olds: list[str] | None = None
    ) -> None:
        self.writes = writes
        self.message = message
        self.commits = commits
        self.olds = olds if olds is not None else [_digest(write.old) for write in writes]


def file_of(git_dir: str) -> str:
    """Return where the intent of a work tree lies while its transaction is under way."""
    return os.path.join(git_dir, "coord", "intent")


def last_of(git_dir: str) -> str:
    """Return where what takes back the last transaction without a commit is kept."""
    return os.path.join(git_dir, "coord", "last")


def save(git_dir: str, intent: Intent) -> None:
    """Write an intent down; from here on the transaction has happened."""
    write(file_of(git_dir), intent)
    take_turn(git_dir)


def take_turn(git_dir: str) -> None:
    """Let whoever reads the files meanwhile notice that they change; the intent is saved."""
    path, now = _turn_of(git_dir), time.time_ns()
    try:
        os.utime(path, ns=(now, now))
    except FileNotFoundError:
        with open(path, "ab"):
            os.utime(path, ns=(now, now))


def turn(git_dir: str) -> int:
    """Return what is another number as soon as an intent is being carried out.

    Who finds no intent afterwards, then reads files, and then finds the same turn and still
    no intent, has seen none of them half changed.
    """
    try:
        return os.stat(_turn_of(git_dir)).st_mtime_ns
    except OSError:
        return 0


def _turn_of(git_dir: str) -> str:
    return os.path.join(git_dir, "coord", "turn")


def write(path: str, intent: Intent) -> None:
    """Write an intent into a file, whole."""
    message = intent.message.encode()
    parts = [_MAGIC, b"%d %d %d\n" % (len(intent.writes), intent.commits, len(message)), message]
    for write, old in zip(intent.writes, intent.olds, strict=True):
        size = -1 if write.new is None else len(write.new)
        name = write.path.encode("utf-8", "surrogateescape")
        parts.append(b"\n%d %b %b\n" % (size, old.encode(), name))
        parts.append(write.new or b"")
    files.replace(path, b"".join(parts))


def load(git_dir: str) -> Intent | None:
    """Return the intent that a dead process left behind, or None."""
    return read(file_of(git_dir))


def read(path: str) -> Intent | None:
    """Return the intent in a file, or None; raise `SystemRefusedError` for a damaged one.

    The old contents are not kept in it, only their digests.
    """
    try:
        with open(path, "rb") as file:
            return _parsed(file.read())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, OSError):
        raise SystemRefusedError(
            f"{path} cannot be read: what a process was about to write is lost.",
            hint="`coord doctor --fix` puts it aside; `git status` shows what had been written.",
        ) from None


def _parsed(content: bytes) -> Intent:
    """Return what an intent's bytes say; raise `ValueError` unless they are whole."""
    if not content.startswith(_MAGIC):
        raise ValueError("it is no intent")
    head, _, rest = content[len(_MAGIC) :].partition(b"\n")
    count, commits, size = map(int, head.split())
    message, position = rest[:size].decode(), size
    writes, olds = [], []
    for _ in range(count):
        end = rest.index(b"\n", position + 1)
        length, old, name = rest[position + 1 : end].split(b" ", 2)
        position = end + 1
        new = None
        if int(length) >= 0:
            new = rest[position : position + int(length)]
            position += int(length)
        writes.append(Write(name.decode("utf-8", "surrogateescape"), None, new))
        olds.append(old.decode())
    if position != len(rest):
        raise ValueError("it is cut off")
    return Intent(writes, message, commits=bool(commits), olds=olds)


def drop(git_dir: str) -> None:
    """Forget an intent that is fulfilled or given up."""
    files.remove(file_of(git_dir))


def carry_out(root: str, intent: Intent) -> list[str]:
    """Write the files of an intent; return the paths that somebody else changed since.

    Those are left as they are. Doing it twice is the same as once.
    """
    foreign = []
    many = len(intent.writes) > 1
    for write, old in zip(intent.writes, intent.olds, strict=True):
        path = os.path.join(root, write.path)
        now = _digest(files.read(path, 1 << 24))
        if now == _digest(write.new):
            continue
        if now != old:
            foreign.append(write.path)
        elif write.new is None:
            files.remove(path)
        else:
            files.replace(path, write.new, sync=not many)
    if many and not intent.commits:
        # A commit's contents are safe in git, as with a checkout; these are nowhere else.
        os.sync()
    return foreign


def keep_last(git_dir: str, done: Intent) -> None:
    """Keep what takes back a change of records that is not committed; forget it after a commit."""
    try:
        if done.commits or not any(layout.place(one.path) for one in done.writes):
            files.remove(last_of(git_dir))
            return
        back = [Write(one.path, one.new, one.old) for one in done.writes]
        write(last_of(git_dir), Intent(back, done.message, commits=False))
    except OSError:
        return  # the change itself has happened


def is_standing(root: str, intent: Intent) -> bool:
    """Whether all files are still what an intent would replace."""
    now = (files.read(os.path.join(root, one.path), 1 << 24) for one in intent.writes)
    return all(_digest(content) == old for content, old in zip(now, intent.olds, strict=True))


def _digest(content: bytes | None) -> str:
    return _NONE if content is None else blob_id(content)
