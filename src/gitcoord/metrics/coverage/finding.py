"""Which files of a repository may tell its coverage: looked up by name, plain files only.

A link is followed as long as it stays in the repository. One that leads out of it, a device or a
huge file is not read, for anyone can commit one; that is told.
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
    from collections.abc import Mapping, Sequence

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
    """Files that belong together; `time` is when the latest of them was written.

    `fault` says why none of them may be read.
    """

    kind: str
    paths: tuple[str, ...]
    time: float
    digest: str
    fault: str | None = None


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
    single, parts = _source(folder, DATA, (data,)), _parallel(folder, data)
    found.append(single)
    if parts:
        found.append(_source(folder, PARALLEL, parts))
    return [one for one in found if one is not None]


def together(found: Sequence[Source]) -> Source | None:
    """Return the data file and the parallel ones as one source: `coverage report` adds them."""
    data = [one for one in found if one.kind in (DATA, PARALLEL) and not one.fault]
    if len(data) < 2:
        return None
    return Source(DATA, tuple(path for one in data for path in one.paths),
                  max(one.time for one in data), "")  # fmt: skip


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
    seen, latest, faults = [], 0.0, []
    digest = blake2b(digest_size=8)
    for path in paths:
        try:
            held = os.stat(os.path.join(folder, path))
        except OSError:
            continue
        content = follow(folder, path)
        if content is not None and len(content) <= MAX_BYTES:
            seen.append(path)
            latest = max(latest, held.st_mtime_ns / 1e9)
            digest.update(blake2b(content, digest_size=8).digest())
        elif not stat.S_ISDIR(held.st_mode):
            faults.append((path, _fault(folder, path, held)))
    if seen:
        return Source(kind, tuple(seen), latest, digest.hexdigest())
    if faults:
        path, fault = faults[0]
        return Source(kind, (path,), 0.0, fault, fault)
    return None


def _fault(folder: str, path: str, held: os.stat_result) -> str:
    if not _within(os.path.realpath(os.path.join(folder, path)), folder):
        return f"{path} is a link that leads out of the repository, so it is not followed."
    if not stat.S_ISREG(held.st_mode):
        return f"{path} is no plain file."
    return f"{path} is larger than {MAX_BYTES >> 20} MiB or must not be read."


def _within(place: str, folder: str) -> bool:
    root = os.path.realpath(folder)
    return place == root or place.startswith(root.rstrip("/") + "/")


def follow(folder: str, path: str) -> bytes | None:
    """Return the content of a file, also behind links that stay in the folder."""
    root = os.path.realpath(folder)
    place = os.path.realpath(os.path.join(root, path))
    inside = os.path.relpath(place, root)
    return read(root, inside) if _within(place, root) else None


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
