"""`coord journal status` and `coord journal compact`: how much there is, and how to have less."""

from __future__ import annotations

import time

from gitcoord.api import journal
from gitcoord.cli import text
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext
from gitcoord.journal.paths import BY_KIND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _status(run: Run) -> None:
    found = journal.status(run.journal)
    for of in found["kinds"].values():
        of["first"], of["last"] = _utc(of["first"]), _utc(of["last"])
    if run.json:
        run.out(jsontext.dumps(found))
        return
    if found["commit"] is None:
        run.out("The journal is empty.")
        return
    run.out(
        f"{found['branch']} {found['commit'][:10]}: {text.count(found['commits'], 'commit')}, "
        f"{text.count(found['files'], 'file')}, {_bytes(found['bytes'])}; "
        f"{_bytes(found['disk'])} on disk with all history"
    )
    if found["compacted_before"]:
        run.out(f"compacted before {found['compacted_before']}")
    rows = [
        (kind, text.count(of["files"], "file"), _bytes(of["bytes"]), of["first"] or "", of["last"] or "")
        for kind, of in sorted(found["kinds"].items())
    ]  # fmt: skip
    if rows:
        run.out(text.table(rows, flexible=0))


def _utc(second: int | None) -> str | None:
    if second is None:
        return None
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(second))


def _bytes(number: int) -> str:
    for unit in ("bytes", "KiB", "MiB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number //= 1024
    return f"{number} GiB"


def _compact(run: Run) -> None:
    done = journal.compact(
        run.journal, run["keep"] or "90d", drop=run["drop"], rewrite=run["rewrite"],
        dry_run=run["dry_run"],
    )  # fmt: skip
    if run.json:
        body = {"removed": done.removed, "before": done.before._asdict(),
                "after": done.after._asdict(), "commit": done.commit, "was": done.was,
                "applied": done.commit != done.was}  # fmt: skip
        run.out(jsontext.dumps(body))
        return
    verb = "would be pruned" if run["dry_run"] else "pruned"
    run.out(
        f"{text.count(len(done.removed), 'file')} {verb}: {done.before.files} → {done.after.files}"
        f" files, {_bytes(done.before.bytes)} → {_bytes(done.after.bytes)}; on disk with all history "
        f"{_bytes(done.before.disk)} → {_bytes(done.after.disk)}"
    )
    if run["rewrite"] and done.was and done.commit != done.was:
        run.note(f"the past is at {done.was} until git collects garbage (`git gc`).")


STATUS = Command(
    _status,
    example="coord journal status",
    shape="{branch, commit, commits, files, bytes, disk, compacted_before, anew,"
    " kinds: {kind: {files, bytes, first, last}}}",
)
COMPACT = Command(
    _compact,
    options=[
        Option("--keep", "AGE", "How much to keep whole: 90d (the default), 1y, or a date."),
        Option("--drop", "KIND", "Keep no older facts of this kind at all.", multiple=True,
               choices=tuple(BY_KIND)),
        Option("--rewrite", help="Begin anew, without the history before."),
        Option("--dry-run", help="Only tell what would be pruned."),
    ],
    description=(
        "Of older snapshots and roll-ups the last of each day stays, for each repository. Facts\n"
        "that tell what happened stay, unless --drop names their kind. The pruned files stay in\n"
        "the branch's history; --rewrite leaves that behind."
    ),
    example="coord journal compact --keep 90d --dry-run",
    shape="{removed: [paths], before: {files, bytes, disk}, after: {files, bytes, disk},"
    " commit, was, applied}",
)  # fmt: skip
