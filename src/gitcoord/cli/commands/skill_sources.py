"""`coord skill register`, `unregister`, `collect`, `check` and `clean`."""

from __future__ import annotations

from gitcoord.api import skill_registry
from gitcoord.cli import skill_text, text, which
from gitcoord.cli.progress import Progress
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.run import Run


def rows(run: Run, found: list[dict[str, Any]]) -> None:
    """Print rows as JSON."""
    run.out(jsontext.lines([jsontext.dumps(one) for one in found]))


def _meant(run: Run) -> list[str]:
    if bool(run["repo"]) == bool(run["all"]):
        raise UsageError(
            f"`coord {run.name}` takes either names or --all.", hint=f"coord {run.name} --help"
        )
    return list(run["repo"])


def _register(run: Run) -> None:
    found = skill_registry.register(run.workspace, _meant(run), all=run["all"])
    if run.json:
        rows(run, found)
        return
    for one in found:
        place = f" in {text.inert(one['folder'])}" if one["folder"] else ", not on this machine"
        run.out(f"{one['repo']}: {one['state']}{place}")


def _unregister(run: Run) -> None:
    found = skill_registry.unregister(
        run.workspace, _meant(run), all=run["all"], forget=run["forget"]
    )
    if run.json:
        rows(run, found)
        return
    for one in found:
        gone = "; what was collected is deleted" if one["forgotten"] else ""
        run.out(f"{text.inert(one['repo'])}: {one['state']}{gone}")


def _collect(run: Run) -> int:
    from gitcoord.api import skill_collecting  # who registers collects nothing

    with Progress() as told:
        found = skill_collecting.collect(run.workspace, which.repos(run), run["role"], told)
    if run.json:
        rows(run, found)
    else:
        for one in found:
            run.out(text.wrapped(_collected(one)))
            _tell_faults(run, one)
    return 1 if any(one["outcome"] in ("unread", "failed") for one in found) else 0


def _collected(one: dict[str, Any]) -> str:
    mended = "; what was kept was damaged and is made anew" if one["mended"] else ""
    if one["outcome"] == "collected":
        known = skill_text.many(one["rows"], "invocation")
        return f"{one['repo']}: {one['new']:,} new, {known} known{mended}"
    if one["outcome"] == "unchanged":
        return f"{one['repo']}: unchanged, {skill_text.many(one['rows'], 'invocation')} known"
    held = (
        f"; {skill_text.many(one['rows'], 'invocation')} known" if one["rows"] is not None else ""
    )
    return f"{one['repo']}: {_WORDS[one['outcome']]}: {text.inert(one['reason'])}{held}"


_WORDS = {"none": "nothing to read", "unread": "not read", "absent": "left out", "failed": "failed"}


def _tell_faults(run: Run, one: dict[str, Any]) -> None:
    for place, reason in one["faults"]:
        run.note(f"{one['repo']}: {text.inert(place)} {text.inert(reason)}.")
    more = one["faulty"] - len(one["faults"])
    if more > 0:
        run.note(f"{one['repo']}: and {more:,} more like that.")


def _check(run: Run) -> int:
    from gitcoord.api import skill_health  # who registers checks nothing

    found = skill_health.check(run.workspace)
    if run.json:
        rows(run, found)
    elif not found:
        run.note("no repository is registered; `coord skill register REPO` allows one.")
    else:
        for one in found:
            known = "" if one["rows"] is None else f", {skill_text.many(one['rows'], 'invocation')}"
            why = f": {text.inert(one['reason'])}" if one["reason"] else ""
            mend = f" (`{one['mend']}`)" if one["mend"] else ""
            run.out(text.wrapped(f"{text.inert(one['repo'])}: {one['state']}{known}{why}{mend}"))
    return 1 if any(one["state"] == "error" for one in found) else 0


def _clean(run: Run) -> None:
    from gitcoord.api import journal, skill_collecting  # who registers deletes nothing

    moment = journal.moment(run["older_than"] or "", run.workspace) if run["older_than"] else None
    if moment is None:
        raise UsageError(
            "`coord skill clean` needs --older-than.", hint="For example --older-than 90d."
        )
    found = skill_collecting.clean(run.workspace, moment, dry_run=run["dry_run"])
    if run.json:
        run.out(jsontext.dumps(found))
        return
    verb = "would be deleted" if run["dry_run"] else "deleted"
    for name, count in found["removed"].items():
        run.out(f"{name}: {skill_text.many(count, 'invocation')} {verb}")
    run.note(
        f"nothing from before {found['before']} {'would be' if run['dry_run'] else 'is'} kept."
    )


_NAMES = Argument(
    "REPO", "Repositories of the registry.", required=False, multiple=True, complete="repo"
)
DRY = Option("--dry-run", help="Only tell what would be done.")
REGISTER = Command(
    _register,
    arguments=[_NAMES],
    options=[Option("--all", help="Every repository that is on this machine.")],
    description=(
        "Nothing is read of a repository that is not registered. Kept in the hub's git configuration\n"
        "(coord.repo.NAME.skills), on this machine alone."
    ),
    example="coord skill register oneiric fastblocks",
    shape="an array of {repo, state, folder}",
)
UNREGISTER = Command(
    _unregister,
    arguments=[_NAMES],
    options=[
        Option("--all", help="Every one that is registered."),
        Option("--forget", help="Also delete what was collected of it."),
    ],
    description="What was collected stays, and is in no answer, unless --forget deletes it.",
    example="coord skill unregister oneiric --forget",
    shape="an array of {repo, state, forgotten}",
)
COLLECT = Command(
    _collect,
    options=[which.REPO, which.ROLE],
    description=(
        "Reads .session-buddy/skill_metrics.json of the registered repositories and writes nothing there.\n"
        "The same invocations count once, however often it runs; what the file no longer has stays\n"
        "known until `coord skill clean`. Exits with 1 where a file could not be read."
    ),
    example="coord skill collect --repo oneiric",
    shape="an array of {repo, outcome, reason, rows, new, faults: [[place, reason]], faulty, mended}",
)
CHECK = Command(
    _check,
    description="Exits with 1 where something is damaged, cannot be read, or is no longer in the registry.",
    example="coord skill check",
    shape="an array of {repo, state: ok or warning or error, reason, mend, rows, collected_at}",
)
CLEAN = Command(
    _clean,
    options=[
        Option(
            "--older-than", "DATE", "Delete what is from before this day, or so long ago (90d)."
        ),
        DRY,
    ],
    description="Deleted invocations do not come back, though a source may still have them.",
    example="coord skill clean --older-than 90d",
    shape="{before, removed: {repo: count}, dry_run}",
)
