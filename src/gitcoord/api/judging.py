"""Judge the records of a change against the state they will be part of."""

from __future__ import annotations

from gitcoord.api import between_records, checking, settings_files
from gitcoord.codec.read import MAX_BYTES
from gitcoord.git import objects
from gitcoord.index import rows as index_rows
from gitcoord.index import scan, share
from gitcoord.index.overlay import Overlay
from gitcoord.model.findings import WARNING, Finding
from gitcoord.model.links import WAITS
from gitcoord.model.suggest import nearest
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from gitcoord.git.changes import Change
    from gitcoord.git.repository import Repository
    from gitcoord.index.rows import Rows

    Judged = tuple[Finding, bool]

_FILE = "100644"
_FEW = 20
WHOLE = {layout.SETTINGS: "settings", layout.ROLES: "roles"}


class State:
    """A change, the state it leads to as far as the index does not know it, and all contents."""

    __slots__ = ("_blobs", "_contents", "_repo", "before", "proposed", "rows")

    def __init__(self, repo: Repository, proposed: list[Change]) -> None:
        self._repo = repo
        self._blobs: dict[str, tuple[str, str]] = {}
        self._contents: dict[str, bytes] = {}
        self.proposed = proposed
        self.rows: dict[str, Rows] = {}
        self.before: dict[str, Rows] = {}
        for change in proposed:
            if not change.gone:
                self.lay(change.path, change.blob, change.mode)

    def lay(self, path: str, blob: str, mode: str) -> None:
        """Say which blob a path has in this state."""
        if is_record(path):
            self._blobs[path] = (blob, mode)

    def over(self, connection: sqlite3.Connection, hidden: list[str]) -> Overlay:
        """Read the files and lay them over the index, which has other content for `hidden`."""
        older = {one.path: (one.old, one.old_mode) for one in self.proposed
                 if not one.added and is_record(one.path)}  # fmt: skip
        wholes = [one for one in self.proposed if one.path in WHOLE]
        self._read({blob for blob, _ in (*self._blobs.values(), *older.values())}
                   | {blob for one in wholes for blob in (one.old, one.blob)})  # fmt: skip
        for path, (blob, mode) in self._blobs.items():
            self.rows[path] = rows_of(path, self._contents.get(blob), mode)
        for path, (blob, mode) in older.items():
            self.before[path] = rows_of(path, self._contents.get(blob), mode)
        # A name that is not UTF-8 is told of by its own finding; no index holds it.
        return Overlay(
            connection,
            {path for path in (*hidden, *self._blobs) if scan.is_text(path)},
            {path: rows for path, rows in self.rows.items() if scan.is_text(path)},
        )

    def _read(self, blobs: set[str]) -> None:
        """Read blobs, but none that is too large for a record."""
        names = sorted(blob for blob in blobs if blob.strip("0"))
        sizes = objects.sizes(self._repo, names)
        small = [name for name, size in zip(names, sizes, strict=True) if 0 <= size <= MAX_BYTES]
        for name, content in zip(small, objects.blobs(self._repo, small), strict=True):
            self._contents[name] = content or b""

    def content(self, blob: str) -> bytes | None:
        """Return what was read of a blob."""
        return self._contents.get(blob)

    def raw(self, path: str) -> bytes | None:
        """Return the content that a record's file has in this state."""
        return self._contents.get(self._blobs[path][0])


def is_record(path: str) -> bool:
    """Whether a path lies where records lie."""
    folder, _, name = path.rpartition("/")
    return folder in layout.FOLDERS and not name.startswith(".")


def rows_of(path: str, raw: bytes | None, mode: str = _FILE) -> Rows:
    """Return what the index would hold of a file; None stands for one that is too large."""
    if not mode.startswith("100"):
        _, _, _, _, _, findings = share.odd(path)
        rows = index_rows.Rows(path, "")
        rows.findings = findings
        return rows
    return index_rows.too_large(path) if raw is None else index_rows.rows_of(path, raw)


class Judge:
    """Finds the faults of a change, each with whether it was there before."""

    __slots__ = ("_before", "_guesses", "_over", "_removed", "_repos", "_state")

    def __init__(self, over: Overlay, state: State) -> None:
        self._over = over
        self._state = state
        self._before = state.before
        self._removed: set[str] = set()
        self._repos: list[str] | None = None
        self._guesses = 0

    def judge(self) -> list[Judged]:
        """Return all findings of the proposed changes, in the order of their places."""
        proposed = self._state.proposed
        records = [change for change in proposed if is_record(change.path)]
        gone = [self._before[one.path] for one in records if one.gone and not one.added]
        self._removed = {
            rows.record[0] for rows in gone if rows.record and not self._over.has(rows.record[0])
        }
        found: list[Judged] = []
        for change in records:
            if not change.gone:
                found += self._own(change.path) + self._links(change.path)
                found += self._strangers(change.path)
        if any(one.added for one in records):
            found += self._twins({one.path for one in records if not one.gone})
        found += self._orphans({one.path for one in records})
        found += self._circles([one.path for one in records if not one.gone])
        found += self._settings([one for one in proposed if one.path in WHOLE and not one.gone])
        found += _linked([one for one in proposed if not one.gone])
        found.sort(key=lambda one: (one[0].path, one[0].line or 0, one[0].column or 0, one[0].code))
        return found

    def _own(self, path: str) -> list[Judged]:
        """Judge a file by itself."""
        return _compared(self._state.rows[path], self._before.get(path))

    def _links(self, path: str) -> list[Judged]:
        """Find the links of a record that lead nowhere."""
        rows, before = self._state.rows[path], self._before.get(path)
        found: list[Judged] = []
        for src, dst, type, field in rows.links:
            id = rows.record[0] if rows.record else ""
            other = dst if src == id else src
            if self._over.has(other):
                continue
            had = before is not None and (src, dst, type, field) in before.links
            self._guesses += 1
            # A guess looks at every id there is: the first few are worth it.
            close = nearest(other, self._over.ids()) if self._guesses <= _FEW else None
            line, column = self._place(path, field, other)
            finding = Finding(path=path, line=line, column=column, id=id, field=field,
                code="unknown-id", message=f"There is no record {other}.",
                hint=f"Did you mean {close}?" if close else "Remove the link, or create the record.",
            )  # fmt: skip
            found.append((finding, had and other not in self._removed))
        return found

    def _place(self, path: str, field: str, value: str) -> tuple[int | None, int | None]:
        return between_records.place_of(self._state.raw(path), field, value)

    def _strangers(self, path: str) -> list[Judged]:
        """Warn of repositories that the registry does not have, where there is a registry."""
        rows = self._state.rows[path]
        if rows.record is None or rows.record[1] == "repo":
            return []
        if self._repos is None:
            self._repos = self._over.repos()
        known = self._repos
        names = [value for field, value in rows.values if field == "repo"]
        missing = [name for name in names if name not in known] if known else []
        before = self._before.get(path)
        return [
            (
                Finding(path=path, id=rows.record[0], field="repo", code="unknown-repo",
                        severity=WARNING, message=f"{name} is not in the registry.", line=1, column=1,
                        hint=f"Did you mean {nearest(name, known)}?" if nearest(name, known)
                        else f"`coord repo create {name}` adds it."),
                before is not None and ("repo", name) in before.values,
            )
            for name in missing
        ]  # fmt: skip

    def _twins(self, paths: set[str]) -> list[Judged]:
        """Find records whose id another one has."""
        places: dict[str, list[tuple[str, str]]] = {}
        for id, path in self._over.twins():
            places.setdefault(id.lower(), []).append((id, path))
        found: list[Judged] = []
        for (_, first), *others in places.values():
            for id, path in others:
                if path not in paths and first not in paths:
                    continue
                finding = Finding(path=path, line=1, column=1, id=id, field="id",
                    code="duplicate-id", message=f"{id} is also the id of {first}.",
                    hint="Give one of them another id, and rename its file to match.")  # fmt: skip
                fresh = {path, first} & paths - self._before.keys()
                found.append((finding, not fresh))
        return found

    def _orphans(self, paths: set[str]) -> list[Judged]:
        """Find records, themselves unchanged, that name one which the change takes away."""
        return [
            (
                Finding(path=path, line=1, column=1, id=id, field=field, code="unknown-id",
                        message=f"{id} names {removed}, which is no longer there.",
                        hint="Drop the link, or keep the record."),
                False,
            )
            for removed in sorted(self._removed)
            for path, id, field in self._over.naming(removed)
            if path not in paths
        ]  # fmt: skip

    def _circles(self, paths: list[str]) -> list[Judged]:
        """Find new links that close a circle of waiting."""
        new: list[tuple[str, tuple[str, str, str, str]]] = []
        for path in paths:
            before = self._before.get(path)
            had = {link[:2] for link in before.links} if before else set()
            links = self._state.rows[path].links
            new += [(path, link) for link in links if link[2] == WAITS and link[:2] not in had]
        closing = self._closing([link[:2] for _, link in new])
        found: list[Judged] = []
        told: set[frozenset[str]] = set()
        for path, (src, dst, _, field) in new:
            if (src, dst) not in closing:
                continue
            loop = self._over.loop(src)
            if frozenset(loop) in told:
                continue
            told.add(frozenset(loop))
            record = self._state.rows[path].record
            id = record[0] if record else ""
            line, column = self._place(path, field, dst if src == id else src)
            finding = Finding(path=path, line=line, column=column, id=id, field=field,
                code="cycle", message=f"These wait for each other: {' → '.join(loop)}.",
                hint="Remove one of the links.")  # fmt: skip
            found.append((finding, False))
        return found

    def _closing(self, links: list[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return the links that are part of a circle."""
        if len(links) <= _FEW:
            return {(src, dst) for src, dst in links if self._over.reaches(dst, src)}
        from gitcoord.model import graph  # for many links it is quicker to look at all at once

        group = {
            id: number
            for number, members in enumerate(graph.components(self._over.waits()))
            for id in members
        }
        return {(src, dst) for src, dst in links if src in group and group[src] == group.get(dst)}

    def _settings(self, proposed: list[Change]) -> list[Judged]:
        """Judge coord.yaml and roles.yaml."""
        found: list[Judged] = []
        for one in proposed:
            if one.mode == settings_files.LINK:
                continue
            kind = WHOLE[one.path]
            then = settings_files.whole_file(one.path, kind, self._state.content(one.old) or b"")
            before = {_sort(finding) for finding in then}
            now = settings_files.whole_file(one.path, kind, self._state.content(one.blob) or b"")
            found += [(finding, _sort(finding) in before) for finding in now]
        return found


def _linked(proposed: list[Change]) -> list[Judged]:
    """Report links where settings, roles and templates lie: nothing behind them would count."""
    return [
        (settings_files.not_a_file(one.path), one.old_mode == settings_files.LINK)
        for one in proposed
        if one.mode == settings_files.LINK
        and (one.path in WHOLE or one.path.startswith(f"{layout.TEMPLATES}/"))
    ]


def _compared(rows: Rows, before: Rows | None) -> list[Judged]:
    old = [_sort(checking.finding_of(row)) for row in before.findings] if before else []
    return [(one, _sort(one) in old) for one in map(checking.finding_of, rows.findings)]


def _sort(finding: Finding) -> tuple[str | None, str, str]:
    return finding.field, finding.code, finding.message
