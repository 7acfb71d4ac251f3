"""Which files of a repository may tell its coverage: looked up by name, plain files only.

A symbolic link, a device or a huge file is passed over, for anyone can commit one.
"""

from __future__ import annotations

import os
import posixpath
import stat
from hashlib import blake2b
from typing import NamedTuple

from gitcoord.metrics.coverage.reading import DATA, JSON, LCOV, PARALLEL, RATCHET, XML

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 1 << 28
_PLACES = (
    (JSON, "coverage.json"),
    (XML, "coverage.xml"),
    (XML, "cobertura.xml"),
    (XML, "coverage/cobertura-coverage.xml"),
    (LCOV, "coverage.lcov"),
    (LCOV, "lcov.info"),
    (LCOV, "coverage/lcov.info"),
    (RATCHET, ".coverage-ratchet.json"),
)
DATA_FILE = ".coverage"


class Source(NamedTuple):
    """Files that belong together; `time` is when the latest of them was written."""

    kind: str
    paths: tuple[str, ...]
    time: float
    digest: str


def find(folder: str, configured: Mapping[str, str]) -> list[Source]:
    """Return the sources in a work tree; `configured` has places that its settings name."""
    places = dict.fromkeys(_PLACES)
    for kind in (JSON, XML, LCOV):
        path = posixpath.normpath(configured.get(kind) or "")
        if path != "." and not path.startswith(("/", "..")):
            places[(kind, path)] = None
    found = [_source(folder, kind, (path,)) for kind, path in places]
    data = posixpath.normpath(configured.get(DATA) or DATA_FILE)
    if data.startswith(("/", "..")):
        data = DATA_FILE
    found.append(_source(folder, DATA, (data,)))
    parts = _parallel(folder, data)
    if parts:
        found.append(_source(folder, PARALLEL, parts))
    return [one for one in found if one is not None]


def _parallel(folder: str, data: str) -> tuple[str, ...]:
    """Return the data files of processes that were measured side by side."""
    below, name = posixpath.split(data)
    try:
        names = os.listdir(os.path.join(folder, below))
    except OSError:
        return ()
    beginning = f"{name}."
    found = [
        one for one in names if one.startswith(beginning) and not one.endswith(("-journal", ".py"))
    ]
    return tuple(sorted(posixpath.join(below, one) for one in found))


def _source(folder: str, kind: str, paths: tuple[str, ...]) -> Source | None:
    seen, latest = [], 0.0
    digest = blake2b(digest_size=8)
    for path in paths:
        try:
            held = os.lstat(os.path.join(folder, path))
        except OSError:
            continue
        inside = os.path.realpath(os.path.join(folder, posixpath.dirname(path)))
        if (
            not stat.S_ISREG(held.st_mode)
            or held.st_size > MAX_BYTES
            or not _within(inside, folder)
        ):
            continue
        content = read(folder, path)
        if content is not None:
            seen.append(path)
            latest = max(latest, held.st_mtime_ns / 1e9)
            digest.update(blake2b(content, digest_size=8).digest())
    return Source(kind, tuple(seen), latest, digest.hexdigest()) if seen else None


def _within(place: str, folder: str) -> bool:
    root = os.path.realpath(folder)
    return place == root or place.startswith(root.rstrip("/") + "/")


def read(folder: str, path: str) -> bytes | None:
    """Return the content of a plain file, None where it is gone or another sort of file."""
    try:
        descriptor = os.open(
            os.path.join(folder, path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        )
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return file.read(MAX_BYTES + 1)
