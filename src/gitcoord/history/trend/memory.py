"""The tape of a commit, kept beside the index so that the next question needs no events.

One file under the git directory, for the commit that was asked about last. It is read
only when its first line fits and its digest is right; anything else counts as no file.
A shallow clone can be deepened without moving HEAD, so where it is cut off is a part of
the key.
"""

from __future__ import annotations

import marshal
import os
import sys
from array import array
from zlib import crc32

from gitcoord import __version__
from gitcoord.history.trend.tape import Tape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.git.repository import Repository

_FIRST = f"coord tape 2 {__version__} {sys.implementation.cache_tag} {sys.byteorder}"
_NO_HOURS = -1


def cut_off(repo: Repository) -> bytes:
    """Return the commits behind which a shallow clone has no history; empty for a whole one."""
    try:
        with open(os.path.join(repo.common_dir, "shallow"), "rb") as file:
            return file.read()
    except OSError:
        return b""


def load(repo: Repository, commit: str) -> Tape | None:
    """Return the tape that was kept for a commit, or None."""
    try:
        with open(_path(repo), "rb") as file:
            content = file.read()
    except OSError:
        return None
    head, _, body = content.partition(b"\n")
    cut = cut_off(repo)
    if head != _head(commit, cut, body):
        return None
    start, births, columns, hours, plain, words = _loads(body)
    times, lives, states, which = [_numbers(column) for column in columns]
    known = [None if value == _NO_HOURS else value for value in _numbers(hours)]
    found = Tape(start, _numbers(births), (times, lives, states, which), known,
                 [bool(one) for one in plain], lambda: _loads(words))  # fmt: skip
    found.cut = bool(cut)
    return found


def save(repo: Repository, commit: str, tape: Tape) -> None:
    """Keep the tape of a commit; one that cannot be kept is made anew next time."""
    if tape.skewed:
        return
    columns = [_raw(column) for column in (tape.times, tape.lives, tape.states, tape.which)]
    hours = _raw([_NO_HOURS if value is None else value for value in tape.hours])
    words = marshal.dumps((tape.names, tape.facts))
    body = marshal.dumps((tape.start, _raw(tape.births), columns, hours, bytes(tape.plain), words))
    path = _path(repo)
    passing = f"{path}.new"  # one name, so that no kill leaves more; two writers spoil the sum
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(passing, "wb") as file:
            file.write(_head(commit, cut_off(repo), body) + b"\n" + body)
        os.rename(passing, path)
    except OSError:
        return


def _path(repo: Repository) -> str:
    return os.path.join(repo.git_dir, "coord", "tape")


def _head(commit: str, cut: bytes, body: bytes) -> bytes:
    return f"{_FIRST} {commit} {crc32(cut):08x} {len(body)} {crc32(body):08x}".encode()


def _loads(body: bytes) -> Any:
    # Whoever can write below .git can have hooks run; the digest is against accidents.
    return marshal.loads(body)  # noqa: S302


def _raw(numbers: Sequence[int]) -> bytes:
    return array("q", numbers).tobytes()


def _numbers(raw: bytes) -> list[int]:
    found = array("q")
    found.frombytes(raw)
    return found.tolist()
