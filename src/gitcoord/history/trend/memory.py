"""The tape of a commit, kept beside the index so that the next question needs no events.

One file under the git directory, for the commit that was asked about last. Behind the tape
stands what is needed to write on when commits are added. Either part is read only when the
first line fits and its digest is right; anything else counts as no file. A shallow clone
can be deepened, and commits be replaced, without moving HEAD, so that is a part of the key.
"""

from __future__ import annotations

import marshal
import os
import sys
from array import array
from zlib import crc32

from gitcoord import __version__
from gitcoord.git import altered
from gitcoord.history.trend.tape import Tape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import BufferedReader
    from typing import Any

    from gitcoord.git.repository import Repository

_FIRST = f"coord tape 3 {__version__} {sys.implementation.cache_tag} {sys.byteorder}"
_LONGEST = 1000
_NO_HOURS = -1


class Key:
    """What a tape belongs to: a commit, and how git was told to see its history."""

    __slots__ = ("commit", "cut", "state")

    def __init__(self, repo: Repository, commit: str) -> None:
        self.commit = commit
        self.cut = bool(altered.shallow(repo))
        self.state = crc32(altered.state(repo).encode("utf-8", "replace"))


class Left:
    """The tape of another commit with the same view of history, and what it takes to go on."""

    __slots__ = ("commit", "rest", "tape")

    def __init__(self, commit: str, tape: Tape, rest: Any) -> None:
        self.commit = commit
        self.tape = tape
        self.rest = rest


def load(repo: Repository, key: Key) -> Tape | None:
    """Return the tape that was kept for a commit, or None."""
    try:
        with open(_path(repo), "rb") as file:
            head = _head(file)
            if head is None or head[:2] != (key.commit, key.state):
                return None
            body = _part(file, *head[2:4])
    except OSError:
        return None
    return None if body is None else _tape(body, key)


def left(repo: Repository, key: Key) -> Left | None:
    """Return what was kept for another commit, or None where it cannot be gone on from."""
    try:
        with open(_path(repo), "rb") as file:
            head = _head(file)
            if head is None or head[1] != key.state:
                return None
            body = _part(file, *head[2:4])
            rest = _part(file, *head[4:])
    except OSError:
        return None
    if body is None or rest is None:
        return None
    return Left(head[0], _tape(body, key), _loads(rest))


def save(repo: Repository, key: Key, tape: Tape, rest: Any) -> Tape:
    """Keep the tape of a commit and return it; one that cannot be kept is made anew next time."""
    tape.cut = key.cut
    if tape.skewed or Key(repo, key.commit).state != key.state:
        return tape
    columns = [_raw(column) for column in (tape.times, tape.lives, tape.states, tape.which)]
    hours = _raw([_NO_HOURS if value is None else value for value in tape.hours])
    words = marshal.dumps((tape.names, tape.facts))
    body = marshal.dumps((tape.start, _raw(tape.births), columns, hours, bytes(tape.plain), words))
    more = marshal.dumps(rest)
    sums = " ".join([f"{len(part)} {crc32(part)}" for part in (body, more)])
    path = _path(repo)
    passing = f"{path}.new"  # one name, so that no kill leaves more; two writers spoil the sum
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(passing, "wb") as file:
            file.write(f"{_FIRST} {key.commit} {key.state} {sums}\n".encode() + body + more)
        os.rename(passing, path)
    except OSError:
        return tape
    return _tape(body, key)


def _path(repo: Repository) -> str:
    return os.path.join(repo.git_dir, "coord", "tape")


def _head(file: BufferedReader) -> tuple[str, int, int, int, int, int] | None:
    """Return the commit, the state, and length and sum of both parts."""
    line = file.readline(_LONGEST).decode("ascii", "replace")
    words = line.removeprefix(_FIRST).split()
    if not line.startswith(_FIRST) or len(words) != 6 or not all(map(str.isdigit, words[1:])):
        return None
    state, *sums = map(int, words[1:])
    return (words[0], state, sums[0], sums[1], sums[2], sums[3])


def _part(file: BufferedReader, length: int, digest: int) -> bytes | None:
    found = file.read(length)
    return found if len(found) == length and crc32(found) == digest else None


def _tape(body: bytes, key: Key) -> Tape:
    start, births, columns, hours, plain, words = _loads(body)
    times, lives, states, which = [_numbers(column) for column in columns]
    known = [None if value == _NO_HOURS else value for value in _numbers(hours)]
    found = Tape(start, _numbers(births), (times, lives, states, which), known,
                 [bool(one) for one in plain], lambda: _loads(words))  # fmt: skip
    found.cut = key.cut
    return found


def _loads(body: bytes) -> Any:
    # Whoever can write below .git can have hooks run; the digest is against accidents.
    return marshal.loads(body)  # noqa: S302


def _raw(numbers: Sequence[int]) -> bytes:
    return array("q", numbers).tobytes()


def _numbers(raw: bytes) -> list[int]:
    found = array("q")
    found.frombytes(raw)
    return found.tolist()
