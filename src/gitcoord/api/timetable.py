"""What a schedule is written as: a line of a crontab, or a service and a timer of systemd.

Both read their own signs in a command: cron ends it at a `%`, systemd puts in what follows
`%` and `$`. All of that is quoted here, and nothing is run.
"""

from __future__ import annotations

import re
import shlex
from itertools import pairwise

from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NAMED = {"daily": "17 4 * * *", "hourly": "17 * * * *"}
_FIELD = r"[0-9A-Za-z*,/-]+"
_EXPRESSION = re.compile(rf"{_FIELD}( {_FIELD}){{4}}|@(hourly|daily|midnight|weekly|monthly)")


def expression(text: str) -> str:
    """Return five fields of cron; raise for what is none."""
    found = " ".join(text.split())
    if not _EXPRESSION.fullmatch(found):
        raise UsageError(
            f"{text!r} is no time of cron.",
            hint="Five fields, as in '30 6 * * 1-5', or @daily, @hourly, @weekly.",
        )
    return found


def cron_block(name: str, argv: Sequence[str], when: str, path: str) -> bytes:
    """Return the two lines of a crontab: who wrote them, and what runs when."""
    # Quotes around it, because cron takes a backslash before `\%` for one that hides the other.
    command = f"PATH={shlex.quote(_once(path))} {shlex.join(argv)}".replace("%", "'\\%'")
    return f"{_mark(name)}\n{NAMED.get(when, when)} {command}\n".encode("utf-8", "surrogateescape")


def _once(path: str) -> str:
    """Return a PATH without what it has twice: a line of a crontab may have 998 letters."""
    return ":".join(dict.fromkeys(path.split(":")))


def put_in(crontab: bytes, block: bytes) -> bytes:
    """Return a crontab with the block of a schedule.

    It stands before all else where the last line has no end, or where another shell is set
    for the lines that follow.
    """
    if re.search(rb"^[ \t]*[\"']?SHELL[\"']?[ \t]*=", crontab, re.MULTILINE) or (
        crontab and not crontab.endswith(b"\n")
    ):
        return block + crontab
    return crontab + block


def _mark(name: str) -> str:
    return f"# {name}: `coord schedule remove` takes this line and the next away"


def without(crontab: bytes, name: str) -> bytes:
    """Return a crontab without the block of a schedule; every other byte stays."""
    kept, skip = [], 0
    for line in crontab.splitlines(keepends=True):
        if line.rstrip(b"\n") == _mark(name).encode():
            skip = 2
        if skip:
            skip -= 1
        else:
            kept.append(line)
    return b"".join(kept)


def line_of(crontab: bytes, name: str) -> str | None:
    """Return the line of a schedule in a crontab."""
    lines = crontab.decode("utf-8", "surrogateescape").split("\n")
    for mark, line in pairwise(lines):
        if mark == _mark(name):
            return line
    return None


def when_of(line: str) -> str:
    """Return when a line of a crontab runs."""
    words = line.split(" ")
    return words[0] if words[0].startswith("@") else " ".join(words[:5])


def service(root: str, argv: Sequence[str], path: str) -> str:
    """Return the service that collects."""
    if "$" in argv[0]:  # systemd takes the name of the program as it stands
        argv = ["/usr/bin/env", *argv]
    command = " ".join(_quoted(word) for word in argv)
    return (
        f"[Unit]\nDescription=coord: collect the metrics of {_plain(root)}\n\n"
        f"[Service]\nType=oneshot\nNice=10\nEnvironment={_quoted('PATH=' + path, dollar='$')}\n"
        f"ExecStart={command}\n"
    )


def timer(root: str, when: str) -> str:
    """Return the timer that starts the service; what was missed while off is made up for."""
    return (
        f"[Unit]\nDescription=coord: collect the metrics of {_plain(root)}, {when}\n\n"
        f"[Timer]\nOnCalendar={when}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(word: str, dollar: str = "$$") -> str:
    """Return a word as systemd reads it back."""
    kept = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", dollar)
    return f'"{kept}"'
