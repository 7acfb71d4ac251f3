"""A schedule: `coord metrics collect` of this hub, run by the user's systemd or by cron.

There is one for each hub at most; another way or time takes the place of what stands
there. What was there before (other timers, other lines of the crontab) is not touched, and
to remove a schedule gives back every byte.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from typing import NamedTuple

from gitcoord.api import timetable
from gitcoord.errors import InvalidError, NoHubError, UsageError
from gitcoord.store import files
from gitcoord.store.lock import Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.workspace import Workspace

SYSTEMD, CRON = "systemd", "cron"
_PATIENCE = 20


class Place(NamedTuple):
    """Where schedules are written on this machine, and the PATH they will run with."""

    units: str
    path: str


class Schedule(NamedTuple):
    """How and when this hub is collected; `how` is None where it is not."""

    name: str
    how: str | None
    when: str | None
    state: str
    files: tuple[str, ...] = ()
    hint: str = ""


def install(workspace: Workspace, place: Place, when: str, how: str) -> Schedule:
    """Schedule the collection, by `systemd` or `cron`; what stood there is replaced."""
    name, argv = name_of(workspace), _argv(workspace)
    before = status(workspace, place)
    if how == SYSTEMD:
        if when not in timetable.NAMED:
            raise UsageError("systemd takes --daily or --hourly.", hint="Or leave --systemd out.")
        written = _write_units(name, argv, workspace.repo.root, when, place)
        if before.how == CRON:
            _without_line(name)
        hint = _reload(place, "start", name)
    else:
        line = timetable.cron_block(name, argv, when, place.path)
        lines = _crontab()
        wanted = timetable.put_in(timetable.without(lines, name), line)
        written = wanted != lines
        if written:
            _put_crontab(wanted)
        if before.how == SYSTEMD:
            _without_units(name, place)
        hint = ""
    now = status(workspace, place)
    state = "unchanged" if not written else "installed" if before.how is None else "replaced"
    return now._replace(state=state, hint=hint)


def status(workspace: Workspace, place: Place) -> Schedule:
    """Return how this hub is scheduled."""
    name = name_of(workspace)
    service, timer, wanted = _units(name, place)
    if os.path.exists(timer):
        with open(timer, encoding="utf-8") as file:
            when = re.search(r"^OnCalendar=(.*)$", file.read(), re.MULTILINE)
        state = "installed" if os.path.lexists(wanted) else "not enabled"
        return Schedule(name, SYSTEMD, when[1] if when else None, state, (service, timer))
    line = timetable.line_of(_crontab(), name) if shutil.which("crontab") else None
    if line is not None:
        return Schedule(name, CRON, timetable.when_of(line), "installed", (line,))
    return Schedule(name, None, None, "not installed")


def remove(workspace: Workspace, place: Place) -> Schedule:
    """Take the schedule of this hub away; nothing else changes."""
    before = status(workspace, place)
    if before.how == SYSTEMD:
        _reload(place, "stop", before.name)
        _without_units(before.name, place)
        _reload(place, "", before.name)
    elif before.how == CRON:
        _without_line(before.name)
    else:
        return before
    return before._replace(state="removed", files=())


def preferred(when: str) -> str:
    """Return by which way to schedule where the user named none."""
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    has_manager = os.path.isdir(os.path.join(runtime, "systemd"))
    if when in timetable.NAMED and (has_manager or not shutil.which("crontab")):
        return SYSTEMD
    return CRON


def name_of(workspace: Workspace) -> str:
    """Return the name of this hub's schedule: that of its folder, made unique by its path."""
    root = os.path.realpath(workspace.repo.root)
    plain = re.sub(r"[^A-Za-z0-9]+", "-", os.path.basename(root)).strip("-") or "hub"
    return f"coord-{plain[:40]}-{hashlib.sha256(os.fsencode(root)).hexdigest()[:8]}"


def _argv(workspace: Workspace) -> list[str]:
    """Return the words that collect; a name that no file of settings can hold is refused."""
    root = os.path.realpath(workspace.repo.root)
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 for letter in root):
        raise InvalidError(
            f"{root!r} cannot be written into a schedule.", hint="Give the folder a plain name."
        )
    beside = os.path.join(os.path.dirname(sys.executable), "coord")
    program = beside if os.access(beside, os.X_OK) else shutil.which("coord")
    if program is None:
        raise NoHubError("coord itself is not found.", hint="Install it: pip install gitcoord")
    return [program, "--hub", root, "metrics", "collect", "--quiet"]


def _units(name: str, place: Place) -> tuple[str, str, str]:
    """Return where the service, the timer and the link that enables it lie."""
    timer = f"{name}.timer"
    above = os.path.join(place.units, "timers.target.wants")
    service = os.path.join(place.units, f"{name}.service")
    return service, os.path.join(place.units, timer), os.path.join(above, timer)


def _write_units(name: str, argv: Sequence[str], root: str, when: str, place: Place) -> bool:
    """Write service, timer and link; return whether any of them was another before."""
    service, timer, wanted = _units(name, place)
    changed = _write(service, timetable.service(root, argv, place.path))
    changed = _write(timer, timetable.timer(root, when)) or changed
    if not os.path.lexists(wanted):
        try:
            os.makedirs(os.path.dirname(wanted), exist_ok=True)
            os.symlink(timer, wanted)
        except OSError as error:
            raise _refused(error) from None
        changed = True
    return changed


def _write(path: str, text: str) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            if file.read() == text:
                return False
    except FileNotFoundError:
        pass
    try:
        with Folder(os.path.dirname(path)):
            files.replace(path, text.encode("utf-8"))
    except OSError as error:
        raise _refused(error) from None
    return True


def _refused(error: OSError) -> NoHubError:
    return NoHubError(
        f"The schedule cannot be written: {error.filename}: {error.strerror}.",
        hint="Is the disk read-only or full, or the folder another user's?",
    )


def _without_units(name: str, place: Place) -> None:
    """Delete what was written, and folders that are empty then."""
    for path in reversed(_units(name, place)):
        if os.path.lexists(path):
            os.unlink(path)
    for folder in (os.path.join(place.units, "timers.target.wants"), place.units):
        try:
            os.rmdir(folder)
        except OSError:
            return


def _reload(place: Place, verb: str, name: str) -> str:
    """Let a running systemd know; return what to do where none is."""
    systemctl = shutil.which("systemctl", path=place.path)
    steps = [["daemon-reload"], *([[verb, f"{name}.timer"]] if verb else [])]
    for words in steps:
        argv = [systemctl or "", "--user", *words]
        if systemctl is None or _run(argv).returncode:
            return f"systemd does not run for this user; when it does: systemctl --user start {name}.timer"
    return ""


def _run(argv: Sequence[str], stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(
        argv, input=stdin or b"", capture_output=True, check=False, timeout=_PATIENCE, env=env
    )


def _crontab() -> bytes:
    """Return the user's crontab, nothing where there is none."""
    if shutil.which("crontab") is None:
        raise NoHubError("This machine has no crontab.", hint="Install cron, or take `--systemd`.")
    done = _run(["crontab", "-l"])
    if done.returncode and b"no crontab for" not in done.stderr:
        told = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
        raise NoHubError(f"The crontab cannot be read: {told}.", hint="Nothing was changed.")
    return done.stdout if done.returncode == 0 else b""


def _put_crontab(lines: bytes) -> None:
    done = _run(["crontab", "-"], lines) if lines else _run(["crontab", "-r"])
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip()
        raise NoHubError(f"The crontab was refused: {told}.", hint="Nothing was changed.")


def _without_line(name: str) -> None:
    _put_crontab(timetable.without(_crontab(), name))
