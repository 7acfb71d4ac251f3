"""`coord merge`, `coord resolve`, `coord renumber`."""

from __future__ import annotations

from gitcoord.cli import text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.merge import Write
    from gitcoord.cli.run import Run


def _merge(run: Run) -> int:
    from gitcoord.api import merge

    write: Write = "never" if run["dry_run"] else "always"
    done = merge.merge(run.workspace, run["ref"], message=run["message"], write=write)
    for path in done.other_paths:
        run.note(f"{text.inert(path)} is in conflict as well; git left markers in it.")
    code = 1 if done.conflicts or done.other_paths else 0
    if run.json:
        run.out(jsontext.dumps(done.as_dict()))
        return code
    for old, new in done.renumbered.items():
        run.out(f"Renumbered {old} → {new}.")
    _list(run, done.conflicts)
    if code and run["dry_run"]:
        run.note("nothing was merged; `coord merge` would leave that to `coord resolve`.")
    elif code:
        run.note("decide with `coord resolve`, then `git commit`; `git merge --abort` goes back.")
    elif done.merged is None:
        run.out("Nothing would conflict." if run["dry_run"] else "Already up to date.")
    else:
        run.out(f"Merged {text.inert(run['ref'])} ({done.merged[:10]}).")
    return code


def _resolve(run: Run) -> int:
    from gitcoord.api import resolve

    side = _side(run)
    if side is None:
        found = resolve.conflicts(run.workspace, run["id"])
    elif run["id"] is None:
        raise UsageError("Name the record to decide.", hint="`coord resolve` lists them.")
    else:
        found = resolve.resolve(
            run.workspace, run["id"], side=side, field=run["field"], value=run["value"]
        )
    left = [one for conflicted in found for one in conflicted.as_dicts()]
    if side is not None and not left:
        _give_ids(run)
    if run.json:
        run.out(jsontext.dumps(left))
        return 0
    if side is not None:
        run.out(f"Resolved {run['id']}." if not left else f"Left to decide in {run['id']}:")
    elif not left:
        run.out("Nothing is in conflict.")
    _list(run, left)
    return 0


def _give_ids(run: Run) -> None:
    """After the last conflict, give ids to records that git's merge left out meanwhile."""
    from gitcoord.api import renumber, resolve

    if renumber.pending(run.workspace.repo) and not resolve.conflicts(run.workspace):
        for old, new in renumber.renumber(run.workspace).items():
            run.note(f"renumbered {old} → {new}: both branches had created a record with that id.")


def _side(run: Run) -> str | None:
    given = [name for name in ("ours", "theirs", "value") if run.values.given(name)]
    if len(given) > 1:
        raise UsageError(
            f"--{given[0]} and --{given[1]} are two answers.",
            hint="Give one of --ours, --theirs and --value.",
        )
    if run["field"] and not given:
        raise UsageError("--field says where, not what.", hint="Add --ours, --theirs or --value V.")
    return given[0] if given else None


def _list(run: Run, found: list[dict[str, Any]]) -> None:
    for one in found:
        run.out(f"{one['id']} {text.inert(one['field'] or '(all of it)')}")
        for side in ("ours", "theirs"):
            run.out(f"  {side + ':':8}{text.inert(_shown(one[side]))}")


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    shown = value if isinstance(value, str) else jsontext.dumps(value)
    first, end, _ = shown.strip().partition("\n")
    return f"{first[:100]} …" if end or len(first) > 100 else first


def _renumber(run: Run) -> int:
    from gitcoord.api import renumber

    done = renumber.renumber(
        run.workspace, run["merge"], preview=run["dry_run"], commit=not run["no_commit"]
    )
    if run.json:
        run.out(jsontext.dumps(done))
        return 0
    verb = "Would renumber" if run["dry_run"] else "Renumbered"
    for old, new in done.items():
        run.out(f"{verb} {old} → {new}.")
    if not done:
        run.out("Every record has an id of its own.")
    return 0


_DRY_RUN = Option("--dry-run", help="Only say what would happen.", short="-n")

MERGE = Command(
    _merge,
    arguments=[Argument("REF", "A branch or another revision.", complete="ref")],
    options=[Option("--message", "TEXT", "The message of the merge commit.", short="-m"), _DRY_RUN],
    description=(
        "Merges records field by field and everything else as git does, in one commit. Records of\n"
        "both branches that have one id both stay: the later one gets another id, and what names\n"
        "it follows. Conflicts are left in the files; nothing needs to be installed."
    ),
    example="coord merge --dry-run main",
    shape="{merged, conflicts: [{id, field, ours, theirs}], renumbered: {old: new}}",
)
RESOLVE = Command(
    _resolve,
    arguments=[
        Argument("ID", "The record; without, all conflicts.", required=False, complete="id")
    ],
    options=[
        Option("--field", "FIELD", "Only this field.", short="-f"),
        Option("--ours", help="Take what stands on the branch that is checked out."),
        Option("--theirs", help="Take what stands on the branch that is merged."),
        Option("--value", "VALUE", "Take a value of its own."),
    ],
    description="A file in which nothing is left to decide is staged.",
    example="coord resolve ISSUE-001 --field status --theirs",
    shape="an array of what is left: {id, field, ours, theirs}",
)
RENUMBER = Command(
    _renumber,
    arguments=[
        Argument("MERGE", "A merge commit to look at again.", required=False, complete="ref")
    ],
    options=[_DRY_RUN, Option("--no-commit", help="Write the files, leave the commit to you.")],
    description=(
        "After a merge of two branches that had created records with one id: both records stay,\n"
        "the later one gets another id, and what names it follows. Also while a merge, a rebase\n"
        "or a cherry-pick has stopped at such a record."
    ),
    example="coord renumber --dry-run",
    shape="{old: new}",
)
