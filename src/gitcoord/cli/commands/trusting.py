"""`coord trust`: who trusts the commands that records carry."""

from __future__ import annotations

import sys

from gitcoord.api import trusting
from gitcoord.cli import text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.trusting import Standing
    from gitcoord.cli.run import Run
    from gitcoord.model.checks import Check

_ID = Argument("ID", "The record, or pools.NAME.", required=False, complete="id")
_FIELD = Option(
    "--field", "FIELD", "Only the command in this field, such as acceptance_criteria[0]."
)
_SHAPE = (
    "an array of {id, kind, field, command, expected_pattern, timeout, repo, folder, state,"
    " trusted, source, since, reason, before, environment}"
)
_STYLES = {"trusted": "green", "pending": "yellow", "unused": "dim"}


def _trust(run: Run) -> int:
    trusting.refuse_on_build_machine(run.workspace)
    if not run["id"] and not run["all"]:
        raise UsageError("Name a record, or --all.", hint="`coord trust list` shows what there is.")
    if run["id"] and run["all"]:
        raise UsageError("A record and --all exclude each other.", hint="Leave one out.")
    found = trusting.standings(run.workspace, [run["id"]] if run["id"] else None, run["field"])
    pending = [one for one in found if one.state == trusting.PENDING]
    if run["all"]:
        pending = [one for one in pending if one.folder is not None and not one.check.fault]
    if not run["yes"] and pending and (run.json or not sys.stdin.isatty()):
        raise UsageError("There is no terminal to ask on.",
                         hint="Look with `coord trust show`, then approve with --yes.")  # fmt: skip
    chosen = [one for one in pending if _agreed(run, one)]
    trusting.approve(run.workspace, chosen)
    if run.json:
        kept = {one.digest for one in chosen}
        again = trusting.standings(run.workspace, None)
        run.out(_json([one for one in again if one.digest in kept]))
    elif chosen:
        run.note(f"{text.count(len(chosen), 'command')} approved.")
    else:
        run.note("nothing was approved." if pending else "there is nothing to approve.")
    return 0 if chosen or not pending else 1


def _agreed(run: Run, one: Standing) -> bool:
    if not run.json:
        run.out(_shown(one))
        sys.stdout.flush()  # the question goes elsewhere and must not overtake it
    return bool(run["yes"]) or run.ask("Approve it, to be run in that folder?")


def _list(run: Run) -> None:
    found = trusting.standings(run.workspace, None)
    if run.json:
        run.out(_json(found))
        return
    rows = [(one.check.id, one.state, one.by or "-", one.check.field, one.check.command)
            for one in found]  # fmt: skip
    styles = [["bold", _STYLES[one.state], "", "dim", ""] for one in found]
    if rows:
        run.out(text.table(rows, styles=styles, flexible=4))
    else:
        run.note("no record holds a command.")


def _show(run: Run) -> None:
    found = trusting.standings(run.workspace, [run["id"]], run["field"])
    run.out(_json(found) if run.json else "\n\n".join(_shown(one) for one in found))


def _revoke(run: Run) -> None:
    if bool(run["id"]) == bool(run["all"]):
        raise UsageError("Name a record, or --all.", hint="coord trust revoke DEP-001")
    taken = trusting.revoke(run.workspace, [run["id"]] if run["id"] else None, run["field"])
    if run.json:
        run.out(jsontext.lines([
            jsontext.dumps(_fields(old.check) | {"folder": old.folder, "since": old.since})
            for old in taken
        ]))  # fmt: skip
    else:
        run.out(f"Took back {text.count(len(taken), 'approval')}.")


def _fields(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "kind": check.kind,
        "field": check.field,
        "command": check.command,
        "expected_pattern": check.pattern,
        "timeout": check.timeout,
        "repo": check.repo,
        "environment": check.passes.split(),
    }


def _json(found: Sequence[Standing]) -> str:
    return jsontext.lines([
        jsontext.dumps(_fields(one.check) | {
            "folder": one.folder,
            "state": one.state,
            "trusted": one.by,
            "source": one.source,
            "since": one.since,
            "reason": one.reason,
            "before": [_fields(old.check) | {"folder": old.folder or None} for old in one.before],
        })
        for one in found
    ])  # fmt: skip


def _shown(one: Standing) -> str:
    """Return a check as lines, with every difference to what was trusted before."""
    state = one.state if one.by is None else f"{one.state} by {_by(one)}"
    name, state = text.style(one.check.id, "bold"), text.style(state, _STYLES[one.state])
    lines = [f"{name}  {text.inert(one.check.field)}  {state}"]
    now = _described(one.check, one.folder)
    lines += [f"  {name + ':':<9} {text.inert(value)}" for name, value in now.items()]
    for old in one.before:
        then = _described(old.check, old.folder or one.folder)
        lines.append(text.style("  trusted before:", "dim"))
        for name in dict.fromkeys([*then, *now]):
            if then.get(name) != now.get(name):
                lines += [text.style(f"  - {name}: {text.inert(then.get(name, 'none'))}", "red"),
                          text.style(f"  + {name}: {text.inert(now.get(name, 'none'))}", "green")]  # fmt: skip
    if one.reason:
        lines.append(f"  {text.style(text.inert(one.reason), 'dim')}")
    return "\n".join(lines)


def _by(one: Standing) -> str:
    return f"{one.source}" if one.by == "branch" else f"you since {one.since}"


def _described(check: Check, folder: str | None) -> dict[str, str]:
    found = {"command": check.command, "repo": check.repo or "none", "folder": folder or "none"}
    if check.pattern is not None:
        found["expects"] = check.pattern
    if check.timeout is not None:
        found["timeout"] = f"{check.timeout} s"
    if check.passes:
        found["is given"] = check.passes
    return found


TRUST = Command(
    _trust,
    arguments=[_ID],
    options=[
        _FIELD,
        Option("--all", help="All commands of all records that are not trusted yet."),
        Option("--yes", help="Do not ask.", short="-y"),
    ],
    description=(
        "A record can come from anybody, so its commands are run only if exactly they stand on the\n"
        "protected branch at the remote, or if you approved them here. This shows each command with\n"
        "its folder and what was trusted before, and asks. Nothing is run, and nothing is approved\n"
        "on a build machine."
    ),
    example="coord trust DEP-001",
    shape=_SHAPE,
)
LIST = Command(
    _list,
    description="`pending` is not run, `trusted` is, `unused` is an approval that fits no record.",
    example="coord trust list",
    shape=_SHAPE,
)
SHOW = Command(
    _show,
    arguments=[Argument("ID", "The record.", complete="id")],
    options=[_FIELD],
    example="coord trust show DEP-001",
    shape=_SHAPE,
)
REVOKE = Command(
    _revoke,
    arguments=[_ID],
    options=[_FIELD, Option("--all", help="Everything that you approved.")],
    description="Takes back what you approved here. What the protected branch holds is changed there.",
    example="coord trust revoke DEP-001",
    shape="an array of {id, kind, field, command, expected_pattern, timeout, repo, folder, since}",
)
