"""Every event of a hub, by a plain walk: each version of each record along first parents."""

from __future__ import annotations

from gitcoord.codec.read import Malformed, parse
from gitcoord.git import process, refs
from gitcoord.history.event import Event
from gitcoord.model.kinds import BY_NAME
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.git.repository import Repository


def events(repo: Repository, commit: str | None = None) -> list[Event]:
    """Return all events up to a commit (HEAD without one), oldest first."""
    tip = commit or refs.head(repo)
    if tip is None:
        return []
    log = process.call(
        repo.root, "log", "--reverse", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames",
        "-z", "--format=%x01%H %ct %an", tip, "--", "coord",
    )  # fmt: skip
    changes = [_commit(part) for part in log.decode("utf-8", "replace").split("\x01")[1:]]
    blobs = _blobs(repo, {blob for _, rows in changes for _, blob in rows if blob})
    known: dict[str, dict[str, Any]] = {}
    found: list[Event] = []
    for (oid, time, author), rows in changes:
        found += _changes(known, blobs, rows, (author, time, oid))
    return found


def _commit(part: str) -> tuple[tuple[str, int, str], list[tuple[str, str | None]]]:
    head, _, rest = part.partition("\0")
    oid, time, author = head.split(" ", 2)
    words = rest.lstrip("\n").split("\0")
    rows: list[tuple[str, str | None]] = []
    for said, path in zip(words[::2], words[1::2], strict=False):
        blob = said.split(" ")[3]
        rows.append((path, blob if set(blob) != {"0"} else None))
    return (oid, int(time), author), rows


def _blobs(repo: Repository, ids: set[str]) -> dict[str, dict[str, Any] | None]:
    found: dict[str, dict[str, Any] | None] = {}
    fed = "".join(f"{id}\n" for id in sorted(ids)).encode()
    out = process.call(repo.root, "cat-file", "--batch", stdin=fed)
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        oid, _, size = out[at:end].decode().split(" ")
        raw = out[end + 1 : end + 1 + int(size)]
        at = end + 2 + int(size)
        try:
            found[oid] = parse(raw)
        except Malformed:
            found[oid] = None
    return found


def _changes(
    known: dict[str, dict[str, Any]],
    blobs: dict[str, dict[str, Any] | None],
    rows: list[tuple[str, str | None]],
    by: tuple[str, int, str],
) -> list[Event]:
    gone = {place.id: path for path, blob in rows if blob is None and (place := layout.place(path))}
    found: list[Event] = []
    for path, blob in rows:
        place = layout.place(path)
        data = blobs.get(blob) if blob else None
        if place is None or (blob and data is None):
            continue
        kind, id = place.kind.name, place.id
        if data is None:
            if path in known and not any(
                other != path and blob and (at := layout.place(other)) and at.id == id
                for other, blob in rows
            ):
                found.append(Event(id, kind, "removed", None, known.pop(path), None, *by))
            continue
        was = known.get(path)
        if was is None and id in gone and gone[id] in known:
            was = known.pop(gone[id])
            found.append(Event(id, kind, "moved", None, gone[id], path, *by))
        known[path] = data
        if was is None:
            found.append(Event(id, kind, "created", None, None, data, *by))
            continue
        for field in sorted(was.keys() | data.keys()):
            if was.get(field) != data.get(field):
                verb = _verb(kind, field, was.get(field), data.get(field))
                found.append(Event(id, kind, verb, field, was.get(field), data.get(field), *by))
    return found


def _verb(kind: str, field: str, old: Any, new: Any) -> str:
    if field != "status":
        return "changed"
    done = BY_NAME[kind].done
    if kind == "dependency":
        return "validated"
    if new in done and old not in done:
        return "closed" if kind == "issue" else "completed"
    return "reopened" if old in done and new not in done else "changed"
