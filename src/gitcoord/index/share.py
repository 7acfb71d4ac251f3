"""Parse many files with all cores, and hand the rows over as they are ready.

Forked workers parse while the caller stores what is done. A process that runs threads
does the work alone, because forking it could copy a held lock.
"""

from __future__ import annotations

import gc
import marshal
import os
import sys

from gitcoord.git import objects
from gitcoord.git.process import scratch
from gitcoord.index import rows
from gitcoord.index.rows import rows_of
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
_CHUNK = 250
_LIMIT = 1 << 20


def share(root: str, jobs: Sequence[Job]) -> Iterator[Batch]:
    """Start to read and parse files; yield their rows, some at a time, ready to be stored.

    A job is the row number, the path, and whether it is a plain file.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    threads = sys.modules.get("threading")
    if len(jobs) < _FEW or cores < 2 or (threads and threads.active_count() > 1):
        return iter([work(root, jobs)])
    prepare(len(jobs))
    chunks = [jobs[at : at + _CHUNK] for at in range(0, len(jobs), _CHUNK)]
    cores = min(cores, 8)
    return _collect([_Worker(root, chunks[number::cores]) for number in range(cores)], len(chunks))


def prepare(count: int) -> None:
    """Load what makes reading so many files quicker, where they are many enough."""
    if count >= _FEW:
        objects.hash_quickly()
        rows.read_quickly()


def _collect(workers: list[_Worker], count: int) -> Iterator[Batch]:
    for number in range(count):
        yield workers[number % len(workers)].take()
    for worker in workers:
        worker.end()


def work(root: str, jobs: Sequence[Job]) -> Batch:
    """Return the rows of files."""
    packs = []
    for _, path, regular in jobs:
        raw = files.read(f"{root}/{path}", _LIMIT) if regular else None
        packs.append(rows_of(path, raw or b"").pack() if regular else odd(path))
    return batch([job[0] for job in jobs], packs)


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


class _Worker:
    """A forked process that parses its chunks, one after the other, ahead of us."""

    __slots__ = ("_chunks", "_done", "_offset", "_pid", "_root", "_space", "_wire")

    def __init__(self, root: str, chunks: Sequence[Sequence[Job]]) -> None:
        self._root = root
        self._chunks = chunks
        self._done = 0
        self._offset = 0
        # Rows go through a file, so that the worker never waits for us; the pipe only
        # says how much of it is ready.
        self._space = scratch()
        self._wire, writing = os.pipe()
        self._pid = os.fork()
        if self._pid:
            os.close(writing)
            return
        code = 1
        gc.disable()  # plain data has no cycles, and looking for them takes a third of the time
        try:  # the child: neither exceptions nor cleanup may escape into the parent's stack
            offset = 0
            for chunk in chunks:
                content = marshal.dumps(work(root, chunk))
                offset += _write(self._space, content, offset)
                os.write(writing, len(content).to_bytes(8, "big"))
            code = 0
        finally:
            os._exit(code)

    def take(self) -> Batch:
        """Return the next chunk; one that a dead worker left undone is done here."""
        chunk = self._chunks[self._done]
        self._done += 1
        size = int.from_bytes(os.read(self._wire, 8), "big")
        if not size:
            return work(self._root, chunk)
        content = os.pread(self._space, size, self._offset)
        self._offset += size
        found: Batch = marshal.loads(content)  # noqa: S302 - written by our own child
        return found

    def end(self) -> None:
        """Release the process and its files."""
        os.close(self._wire)
        os.close(self._space)
        os.waitpid(self._pid, 0)


def _write(descriptor: int, content: bytes, offset: int) -> int:
    view = memoryview(content)
    while view:
        done = os.pwrite(descriptor, view, offset)
        view, offset = view[done:], offset + done
    return len(content)
