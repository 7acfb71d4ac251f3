"""Judge the records of a change against the state they will be part of."""

from __future__ import annotations

from gitcoord.api import checking
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
_WHOLE = {layout.SETTINGS: "settings", layout.ROLES: "roles"}


class State:
    """The files in which a state differs from the work tree, and their contents."""

    __slots__ = ("_blobs", "_repo", "raw", "rows")

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._blobs: dict[str, tuple[str, str]] = {}
        self.raw: dict[str, bytes] = {}
        self.rows: dict[str, Rows] = {}

    def lay(self, path: str, blob: str, mode: str = _FILE) -> None:
        """Say which blob a path has in this state; '' for none."""
        if is_record(path):
            self._blobs[path] = (blob, mode)

    def over(self, connection: sqlite3.Connection) -> Overlay:
        """Read the files and lay them over the index."""
        there = {path: held for path, held in self._blobs.items() if held[0]}
        for path, content in self.contents({path: blob for path, (blob, _) in there.items()}):
            self.raw[path] = content or b""
            self.rows[path] = rows_of(path, content, there[path][1])
        # A name that is not UTF-8 is told of by its own finding; no index holds it.
        return Overlay(
            connection,
            [path for path in self._blobs if scan.is_text(path)],
            {path: rows for path, rows in self.rows.items() if scan.is_text(path)},
        )

    def contents(self, wanted: dict[str, str]) -> list[tuple[str, bytes | None]]:
        """Return the content of each path's blob; None for one that is too large to read."""
        sizes = objects.sizes(self._repo, list(wanted.values()))
        small = {path: blob for (path, blob), size in zip(wanted.items(), sizes, strict=True)
                 if size <= MAX_BYTES}  # fmt: skip
        read = dict(zip(small, objects.blobs(self._repo, list(small.values())), strict=True))
        return [(path, (read[path] or b"") if path in read else None) for path in wanted]


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

    __slots__ = ("_before", "_over", "_removed", "_state")

    def __init__(self, over: Overlay, state: State) -> None:
        self._over = over
        self._state = state
        self._before: dict[str, Rows] = {}
        self._removed: set[str] = set()

    def judge(self, proposed: list[Change]) -> list[Judged]:
        """Return all findings of the proposed changes, in the order of their places."""
        records = [change for change in proposed if is_record(change.path)]
        older = {one.path: one.old for one in records if not one.added}
        for path, raw in self._state.contents(older):
            self._before[path] = rows_of(path, raw)
        gone = [self._before[one.path] for one in records if one.gone and not one.added]
        self._removed = {
            rows.record[0] for rows in gone if rows.record and not self._over.has(rows.record[0])
        }
        found: list[Judged] = []
        for change in records:
            if not change.gone:
                found += self._own(change.path) + self._links(change.path)
                found += self._strangers(change.path)
        found += self._twins({one.path for one in records if not one.gone})
        found += self._orphans({one.path for one in records})
        found += self._circles([one.path for one in records if not one.gone])
        found += self._settings([one for one in proposed if one.path in _WHOLE and not one.gone])
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
            close = nearest(other, self._over.ids())
            line, column = self._place(path, field, other)
            finding = Finding(path=path, line=line, column=column, id=id, field=field,
                code="unknown-id", message=f"There is no record {other}.",
                hint=f"Did you mean {close}?" if close else "Remove the link, or create the record.",
            )  # fmt: skip
            found.append((finding, had and other not in self._removed))
        return found

    def _place(self, path: str, field: str, value: str) -> tuple[int | None, int | None]:
        return checking.place_of(self._state.raw.get(path), field, value)

    def _strangers(self, path: str) -> list[Judged]:
        """Warn of repositories that the registry does not have, where there is a registry."""
        rows = self._state.rows[path]
        if rows.record is None or rows.record[1] == "repo":
            return []
        names = [value for field, value in rows.values if field == "repo"]
        missing = [name for name in names if not self._over.has(name)]
        known = self._over.ids(kind="repo") if missing else []
        if not known:
            return []
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
        return [
            (
                Finding(path=path, line=1, column=1, id=id, field="id", code="duplicate-id",
                        message=f"{id} is also the id of {other}.",
                        hint="Give one of them another id, and rename its file to match."),
                path in self._before and (other in self._before or other not in paths),
            )
            for path, id, other in self._over.twins()
            if path in paths or other in paths
        ]  # fmt: skip

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
        found: list[Judged] = []
        told: set[frozenset[str]] = set()
        for path in paths:
            rows, before = self._state.rows[path], self._before.get(path)
            had = {link[:2] for link in before.links} if before else set()
            for src, dst, type, field in rows.links:
                if type != WAITS or (src, dst) in had or not self._over.reaches(dst, src):
                    continue
                loop = self._over.loop(src)
                if frozenset(loop) in told:
                    continue
                told.add(frozenset(loop))
                id = rows.record[0] if rows.record else ""
                line, column = self._place(path, field, dst if src == id else src)
                finding = Finding(path=path, line=line, column=column, id=id, field=field,
                    code="cycle", message=f"These wait for each other: {' → '.join(loop)}.",
                    hint="Remove one of the links.")  # fmt: skip
                found.append((finding, False))
        return found

    def _settings(self, proposed: list[Change]) -> list[Judged]:
        """Judge coord.yaml and roles.yaml."""
        found: list[Judged] = []
        now = self._state.contents({one.path: one.blob for one in proposed})
        then = dict(self._state.contents({one.path: one.old for one in proposed if not one.added}))
        for path, raw in now:
            before = {
                _sort(one) for one in checking.whole_file(path, _WHOLE[path], then.get(path) or b"")
            }
            found += [(one, _sort(one) in before)
                      for one in checking.whole_file(path, _WHOLE[path], raw or b"")]  # fmt: skip
        return found


def _compared(rows: Rows, before: Rows | None) -> list[Judged]:
    old = [_sort(checking.finding_of(row)) for row in before.findings] if before else []
    return [(one, _sort(one) in old) for one in map(checking.finding_of, rows.findings)]


def _sort(finding: Finding) -> tuple[str | None, str, str]:
    return finding.field, finding.code, finding.message
