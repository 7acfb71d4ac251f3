"""Build the index of records that lie in git: those of a commit, or the staged ones."""

from __future__ import annotations

from gitcoord.codec.read import MAX_BYTES
from gitcoord.git import objects
from gitcoord.index import share, touched, whole
from gitcoord.index.rows import rows_of, too_large
from gitcoord.index.scan import Seen
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from gitcoord.git.objects import Entry
    from gitcoord.git.repository import Repository


def build(connection: sqlite3.Connection, repo: Repository, commit: str) -> None:
    """Fill an empty index with the records of a commit and the times of their last changes."""
    running = touched.start(repo, None, commit)
    entries = objects.tree(repo, commit, layout.ROOT)
    last, again = touched.begin(connection, running)
    _fill(connection, repo, entries, last, again)


def fill(connection: sqlite3.Connection, repo: Repository, entries: list[Entry]) -> None:
    """Fill an empty index from blobs."""
    _fill(connection, repo, entries, {}, set())


def _fill(
    connection: sqlite3.Connection,
    repo: Repository,
    entries: list[Entry],
    last: dict[str, int],
    again: set[str],
) -> None:
    wanted = [entry for entry in entries if entry.path.rpartition("/")[0] in layout.FOLDERS]
    wanted = [entry for entry in wanted if not entry.path.rpartition("/")[2].startswith(".")]
    sizes = objects.sizes(repo, [entry.blob for entry in wanted])
    small = [entry.blob for entry, size in zip(wanted, sizes, strict=True) if size <= MAX_BYTES]
    contents = objects.blobs(repo, small)
    share.prepare(len(small))
    packs = []
    for entry, size in zip(wanted, sizes, strict=True):
        if size > MAX_BYTES:  # its content is never brought into memory
            packs.append(too_large(entry.path).pack())
            continue
        raw = next(contents)
        odd = entry.mode == "120000"
        packs.append(share.odd(entry.path) if odd else rows_of(entry.path, raw or b"").pack())
    seen = {entry.path: Seen(0, 0, 0, 0) for entry in wanted}
    batch = share.batch(range(1, len(packs) + 1), packs)
    whole.fill(connection, seen, [batch], {}, lambda path, _: (last.get(path), path in again))
