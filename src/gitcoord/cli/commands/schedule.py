"""`coord schedule install`, `status` and `remove`."""

from __future__ import annotations

import os

from gitcoord.api import schedule, timetable
from gitcoord.cli import text
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.schedule import Place, Schedule
    from gitcoord.cli.run import Run


def _place() -> Place:
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    path = os.environ.get("PATH") or os.defpath
    return schedule.Place(os.path.join(config, "systemd", "user"), path)


def _install(run: Run) -> None:
    named = [name for name in timetable.NAMED if run[name]]
    if len(named) + bool(run["cron"]) != 1:
        raise UsageError("Say when, once.", hint="--daily, --hourly or --cron '30 6 * * 1-5'.")
    if run["systemd"] and (run["cron_line"] or run["cron"]):
        raise UsageError("systemd or cron, not both.", hint="--cron takes no --systemd.")
    when = named[0] if named else timetable.expression(run["cron"])
    how = schedule.SYSTEMD if run["systemd"] else schedule.CRON if run["cron_line"] else ""
    _show(run, schedule.install(run.workspace, _place(), when, how or schedule.preferred(when)))


def _status(run: Run) -> None:
    _show(run, schedule.status(run.workspace, _place()))


def _remove(run: Run) -> None:
    _show(run, schedule.remove(run.workspace, _place()))


def _show(run: Run, one: Schedule) -> None:
    if run.json:
        found = {**one._asdict(), "files": list(one.files)}
        run.out(jsontext.dumps({key: value for key, value in found.items() if key != "hint"}))
    else:
        when = f"  {one.how}  {one.when}" if one.how and one.state != "removed" else ""
        run.out("\n".join([f"{one.name}  {one.state}{when}", *map(text.inert, one.files)]))
    if one.hint:
        run.note(one.hint)


_SHAPE = (
    "{name, how: systemd or cron or null, when, state: installed or replaced or unchanged or\n"
    "not enabled or removed or not installed, files}"
)
INSTALL = Command(
    _install,
    options=[
        Option("--daily", help="Once a day."),
        Option("--hourly", help="Once an hour."),
        Option("--cron", "EXPR", "At the times of a crontab, as '30 6 * * 1-5'."),
        Option("--systemd", help="By a timer of systemd, for this user."),
        Option("--cron-line", help="By a line in the user's crontab."),
    ],
    description=(
        "Runs `coord metrics collect` for this hub. Where systemd runs for the user it is a timer, else\n"
        "a line in the crontab. A hub has one schedule: another takes the place of what stands there."
    ),
    example="coord schedule install --daily",
    shape=_SHAPE,
)
STATUS = Command(
    _status,
    description="Shows by which way, when, and in which files (or which line of the crontab).",
    example="coord schedule status",
    shape=_SHAPE,
)
REMOVE = Command(
    _remove,
    description="What was there before is left as it was, byte for byte.",
    example="coord schedule remove",
    shape=_SHAPE,
)
