"""Every fault in the store: those of single files, between records, and of its settings."""

from __future__ import annotations

import os

from gitcoord.api import between_records, settings_files
from gitcoord.errors import NotFoundError
from gitcoord.index import scan, view
from gitcoord.model.findings import Finding
from gitcoord.store import collisions, files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from gitcoord.api.between_records import Read
    from gitcoord.api.workspace import Workspace

_SHAPE = 'path, line, "column", id, field, code, severity, message, hint'


def check(
    workspace: Workspace, paths: list[str] | None = None, *, staged: bool = False
) -> list[Finding]:
    """Return all findings, of some files if named, as staged if asked; by place.

    A workspace that answers as of a commit is checked as that commit has it.

    Raises `NotFoundError` for a path that is no file of the store.
    """
    if staged:
        connection = workspace.held(view.staged(workspace.repo))
        read: Read = _staged_reader(workspace)
    else:
        connection = workspace.view()
        read = _disk_reader(workspace) if workspace.at is None else _past_reader(workspace)
    found = [finding_of(row) for row in connection.execute(f"SELECT {_SHAPE} FROM finding")]
    found += between_records.findings(connection, read)
    if workspace.at is None:
        found += _collisions(workspace)
    if not staged:
        links = _unfollowed(workspace)
        found += settings_files.findings(read, apart={one.path for one in links}) + links
    if not staged and workspace.at is None:
        found += _unnamable(workspace)
    if paths:
        found = within(found, places(workspace, paths))
    found.sort(key=lambda one: (one.path, one.line or 0, one.column or 0, one.code))
    return found


def places(workspace: Workspace, paths: Iterable[str]) -> set[str]:
    """Return named files and folders as paths of the hub; raise `NotFoundError` for others."""
    return {_inside(workspace, path) for path in paths}


def within(found: Iterable[Finding], wanted: set[str]) -> list[Finding]:
    """Return the findings that lie at or below some paths of the hub."""
    return [one for one in found if is_within(one.path, wanted)]


def _inside(workspace: Workspace, path: str) -> str:
    full = os.path.realpath(path)
    if not os.path.exists(full):
        full = os.path.join(workspace.repo.root, path)
        if not os.path.exists(full):
            raise NotFoundError(f"There is no file {path!r}.", hint="Name files below coord/.")
    return os.path.relpath(full, os.path.realpath(workspace.repo.root))


def is_within(path: str, wanted: set[str]) -> bool:
    """Whether a path lies at or below some others."""
    return (
        path in wanted
        or any(path.startswith(one.rstrip("/") + "/") for one in wanted)
        or "." in wanted
    )


def finding_of(row: tuple[Any, ...]) -> Finding:
    """Return the finding of a row of the index."""
    path, line, column, id, field, code, severity, message, hint = row
    return Finding(path=path, line=line, column=column, id=id, field=field, code=code,
                   severity=severity, message=message, hint=hint)  # fmt: skip


def _disk_reader(workspace: Workspace) -> Read:
    def read(path: str) -> bytes | None:
        return files.read(os.path.join(workspace.repo.root, path), 1 << 22)

    return read


def _staged_reader(workspace: Workspace) -> Read:
    return _git_reader(workspace, "")


def _past_reader(workspace: Workspace) -> Read:
    return _git_reader(workspace, workspace.at or "")


def _git_reader(workspace: Workspace, state: str) -> Read:
    from gitcoord.git import objects  # the work tree is read without git

    def read(path: str) -> bytes | None:
        return next(objects.blobs(workspace.repo, [f"{state}:{path}"]), None)

    return read


def _unfollowed(workspace: Workspace) -> list[Finding]:
    if workspace.at is None:
        return settings_files.unfollowed(workspace.repo.root)
    return settings_files.unfollowed_at(workspace.repo, workspace.at)


def _collisions(workspace: Workspace) -> list[Finding]:
    """Report records of which a merge kept one and has to bring back the other."""
    if not os.path.exists(collisions.file_of(workspace.repo)):
        return []
    from gitcoord.api import meetings  # only after a merge that met one id twice

    return [
        Finding(path=layout.ROOT if note.path == collisions.REBASED else note.path,
                line=1, column=1, code="two-records",
                message="Two branches had created a record with one id; not all is mended yet.",
                hint="`coord renumber` gives each an id of its own, and its links.")
        for note in meetings.waiting(workspace.repo)
    ]  # fmt: skip


def _unnamable(workspace: Workspace) -> list[Finding]:
    """Report files that no index can hold, because their name is not UTF-8."""
    found = []
    for folder in layout.FOLDERS:
        full = os.path.join(workspace.repo.root, folder)
        for name in sorted(os.listdir(full)) if os.path.isdir(full) else ():
            if not scan.is_text(name):
                shown = os.fsencode(name).decode("utf-8", "backslashreplace")
                found.append(
                    Finding(path=f"{folder}/{shown}", line=1, column=1, code="bad-file-name",
                            message="The name of this file is not UTF-8.",
                            hint="Rename it to the record's id with the ending .yaml.")
                )  # fmt: skip
    return found
