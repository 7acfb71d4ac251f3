"""Parse many files with all cores, and hand the rows over as they are ready.

Forked workers parse while the caller stores what is done.
"""

from __future__ import annotations

import os
from stat import S_IFMT

from gitcoord.git import objects
from gitcoord.index import rows
from gitcoord.index.rows import rows_of
from gitcoord.index.scan import weight
from gitcoord.model.findings import Finding
from gitcoord.store import files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    Job = tuple[int, str, bool]
    Pack = tuple[Any, ...]
    Batch = tuple[list[Any], ...]

_FEW = 400
_CHUNK, _MOST = 250, 2000
_LIMIT = 1 << 20


def share(root: str, jobs: Sequence[Job]) -> Iterator[Batch]:
    """Start to read and parse files; yield their rows, some at a time, ready to be stored.

    A job is the row number, the path, and whether it is a plain file.
    """
    if len(jobs) < _FEW:
        return iter([work(root, jobs)])
    from gitcoord.git import forked  # only for many files

    prepare(len(jobs))
    size = max(_CHUNK, len(jobs) // _MOST)
    chunks = [jobs[at : at + size] for at in range(0, len(jobs), size)]
    return forked.Asked(len(chunks), lambda number: work(root, chunks[number])).in_order()


def prepare(count: int) -> None:
    """Load what makes reading so many files quicker, where they are many enough."""
    if count >= _FEW:
        objects.hash_quickly()
        rows.read_quickly()


def work(root: str, jobs: Sequence[Job]) -> Batch:
    """Return the rows of files, and what was seen of each when it was read; None for one that went.

    That is its time, size and inode, its type, and its weight in the checksum of its folder.
    """
    packs, stats = [], []
    for _, path, regular in jobs:
        raw, seen = _look(f"{root}/{path}")
        packs.append(rows_of(path, raw).pack() if regular else odd(path))
        stats.append(
            seen
            and (seen.st_mtime_ns, seen.st_size, seen.st_ino, S_IFMT(seen.st_mode), weight(seen))
        )
    return (*batch([job[0] for job in jobs], packs), stats)


def _look(path: str) -> tuple[bytes, os.stat_result | None]:
    """Return what a file holds, nothing where it cannot be read, and what was seen of it."""
    try:
        return files.look(path, _LIMIT)
    except OSError:
        try:
            return b"", os.lstat(path)
        except OSError:
            return b"", None


def batch(numbers: Iterable[int], packs: Sequence[Pack]) -> Batch:
    """Sort packed rows by their table: files, core, content, values, links, findings.

    Values and links are very many small rows, so they come as one list each, cell after cell.
    """
    listed, core, content, findings = [], [], [], []
    values: list[Any] = []
    links: list[Any] = []
    for n, (path, digest, record, its_values, its_links, its_findings) in zip(
        numbers, packs, strict=True
    ):
        listed.append((n, path, digest))
        if record is not None:
            core.append((n, *record[:-1]))
            content.append((n, record[-1]))
        for field, value in its_values:
            values += (n, field, value)
        for src, dst, type, field in its_links:
            links += (n, src, dst, type, field)
        if its_findings:
            findings += [(n, *finding) for finding in its_findings]
    return listed, core, content, values, links, findings


def ends(batch: Batch) -> Iterator[tuple[str, str, str]]:
    """Yield the two ends and the type of each link."""
    links = batch[4]
    return zip(links[1::5], links[2::5], links[3::5], strict=True)


def odd(path: str) -> Pack:
    """Return the packed rows for a path that is no plain file."""
    place = layout.place(path)
    found = Finding(
        path=path,
        line=1,
        column=1,
        id=place.id if place else None,
        code="not-a-file",
        message="This is a symbolic link or a folder, not a file.",
        hint="A record is a plain file; coord follows no links out of the store.",
    )
    return (path, "", None, [], [], [tuple(found.as_dict().values())])
