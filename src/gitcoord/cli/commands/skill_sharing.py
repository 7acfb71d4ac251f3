"""`coord skill share`: roll-ups on the journal."""

from __future__ import annotations

from gitcoord.api import skill_sharing
from gitcoord.cli import text, which
from gitcoord.cli.commands.skill_sources import DRY
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _share(run: Run) -> None:
    found = skill_sharing.share(
        run.workspace, run["since"], run["every"] or "week", which.repos(run), run["role"],
        dry_run=run["dry_run"],
    )  # fmt: skip
    if run.json:
        run.out(jsontext.dumps(found))
        return
    for one in found["repos"]:
        held = (
            f"; {one['withheld']:,} uses of skills whose names are not plain"
            if one["withheld"]
            else ""
        )
        verb = (
            "would be shared" if run["dry_run"] and one["outcome"] == "shared" else one["outcome"]
        )
        run.out(
            f"{one['repo']}: {verb}, {text.count(len(one['data']['counts']), found['every'])}{held}"
        )
        if run["dry_run"]:
            run.out(jsontext.dumps(one["data"]))
    for one in found["unread"]:
        run.note(f"{one['repo']}: not in it: {text.inert(one['reason'])}.")


SHARE = Command(
    _share,
    options=[
        which.REPO, which.ROLE,
        Option("--since", "DATE", "From this day or so long ago on (default 1y)."),
        Option("--every", "PERIOD", "Counts of each week, or of each day.", choices=("day", "week")),
        DRY,
    ],
    description=(
        "Writes roll-ups to the journal, which `coord sync` exchanges: how often each skill was used in each\n"
        "whole week, how many uses completed and succeeded. Nothing else leaves this machine: no row, path,\n"
        "session or time. Names of skills that are not plain names are counted as (withheld)."
    ),
    example="coord skill share --every week --dry-run",
    shape=(
        "{every, commit, dry_run, repos: [{repo, outcome, withheld, data: {every, origin, counts: {date: {skill:\n"
        "{uses, completed_known, completed, success_known, success}}}}}], unread: [{repo, reason}]}"
    ),
)  # fmt: skip
