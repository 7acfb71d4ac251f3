"""Faults of what is in the store and no record: coord.yaml, roles.yaml, links."""

from __future__ import annotations

import os

from gitcoord.codec import plain
from gitcoord.model.findings import Finding
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from gitcoord.api.between_records import Read
    from gitcoord.git.repository import Repository


LINK = "120000"
"""Git's mode of a symbolic link."""

_UNLISTED = (layout.SETTINGS, layout.ROLES, layout.TEMPLATES)


def findings(read: Read, *, apart: Collection[str] = ()) -> list[Finding]:
    """Return what is wrong in coord.yaml and roles.yaml; `read` gives the text of a file.

    Those `apart` are not looked at.
    """
    found = []
    for path, kind in ((layout.SETTINGS, "settings"), (layout.ROLES, "roles")):
        if path not in apart:
            found += whole_file(path, kind, read(path) or b"")
    if layout.SETTINGS in apart:
        return found
    return found or _gates(read(layout.SETTINGS) or b"")


def unfollowed(root: str) -> list[Finding]:
    """Return the links in the store that are no records: nothing behind them counts."""
    paths = [layout.ROOT, layout.SETTINGS, layout.ROLES, layout.ARCHIVE, layout.TEMPLATES]
    found = [path for path in (*paths, *layout.FOLDERS) if os.path.islink(f"{root}/{path}")]
    if not plain.linked(root, layout.TEMPLATES) and os.path.isdir(f"{root}/{layout.TEMPLATES}"):
        with os.scandir(f"{root}/{layout.TEMPLATES}") as entries:
            found += [f"{layout.TEMPLATES}/{one.name}" for one in entries if one.is_symlink()]
    return [not_a_file(path) for path in found]


def unfollowed_at(repo: Repository, commit: str) -> list[Finding]:
    """Return the links that a commit has where settings, roles and templates lie."""
    from gitcoord.git import process  # the work tree is looked at without git

    out = process.call(repo.root, "ls-tree", "-r", "-z", commit, "--", *_UNLISTED)
    entries = [line.partition(b"\t") for line in out.split(b"\0") if line.startswith(LINK.encode())]
    return [not_a_file(os.fsdecode(path)) for _, _, path in entries]


def not_a_file(path: str) -> Finding:
    """Return the finding for a link in the store."""
    return Finding(path=os.fsencode(path).decode("utf-8", "backslashreplace"), line=1, column=1,
                   code="not-a-file", message="This is a symbolic link; what it leads to does not count.",
                   hint="Put the file or folder itself there: coord follows no links out of the store.")  # fmt: skip


def _gates(raw: bytes) -> list[Finding]:
    """Report gates that say no condition; a gate that nobody can read would never fail."""
    if b"gates" not in raw:
        return []
    from gitcoord.codec import marks  # most hubs have no gates
    from gitcoord.codec.read import parse
    from gitcoord.metrics import gates

    found = []
    for number, one in enumerate(parse(raw).get("gates") or ()):
        text = one["check"] if isinstance(one, dict) else one
        if gates.parse(text) is None:
            line, column = marks.locate(raw, ("gates", number), at_key=False)
            found.append(
                Finding(path=layout.SETTINGS, line=line, column=column, field=f"gates.{number}",
                        code="bad-gate", message=f"{text!r} is no gate.", hint=gates.HINT)
            )  # fmt: skip
    return found


def whole_file(path: str, kind: str, raw: bytes) -> list[Finding]:
    """Check a file that is no record but has a schema; an empty one is fine."""
    from gitcoord.codec import marks  # only for `coord check`
    from gitcoord.codec.read import Malformed, parse
    from gitcoord.model.validate import check as check_data

    if not raw.strip():
        return []
    try:
        data = parse(raw)
    except Malformed as fault:
        return [Finding(path=path, line=fault.line, column=fault.column, code=fault.code,
                        message=fault.message, hint=fault.hint)]  # fmt: skip
    found = []
    for one in check_data(kind, data):
        line, column = marks.locate(raw, one.where, at_key=one.at_key)
        found.append(
            Finding(path=path, line=line, column=column, code=one.code, message=one.message,
                    hint=one.hint, severity=one.severity,
                    field=".".join(map(str, one.where)) or None)
        )  # fmt: skip
    return found
