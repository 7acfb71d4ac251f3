"""Where a fact lies on the journal: one function from kind, subject and time to a path.

The time in a path is UTC, and a reader can pass over what is too old or too new without
looking into it. States have a folder a month, because most of them are pruned later. All
else has a folder a day, and in it as many as a digest's first two letters give; so folders
stay small, and with them the trees that each append writes anew.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gitcoord.git.objects import blob_id
from gitcoord.model.ids import is_repo_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

REF = "refs/heads/coord-journal"
LOCK = "journal.lock"
POLICY = "journal.yaml"
STRAYS = "strays"


class Sort:
    """One sort of fact.

    `kind` is its name in the file, `folder` where all of its files lie. A `state` says how
    things stood at a moment: of old ones, the last of a day is enough. All others tell
    what happened, each for itself.
    """

    __slots__ = ("daily", "folder", "kind", "state")

    def __init__(self, kind: str, folder: str, *, daily: bool = True, state: bool = False) -> None:
        self.kind = kind
        self.folder = folder
        self.daily = daily
        self.state = state


SORTS = (
    Sort("snapshot", "snapshots", daily=False, state=True),
    Sort("skills", "skills", daily=False, state=True),
    Sort("branch-switch", "branch-switches"),
    Sort("commit", "commits"),
    Sort("attempt", "attempts"),
    Sort("feedback", "feedback"),
    Sort("run", "runs"),
    Sort("alert", "alerts"),
)
BY_KIND = {sort.kind: sort for sort in SORTS}
BY_FOLDER = {sort.folder: sort for sort in SORTS}

_ENDING = ".yaml"
_DIGEST = 8
_FAN = 2


class Place:
    """What the path of a fact says about it; `second` is its time since 1970."""

    __slots__ = ("second", "sort", "subject")

    def __init__(self, sort: Sort, subject: str, second: int) -> None:
        self.sort = sort
        self.subject = subject
        self.second = second


def path_of(sort: Sort, subject: str, time: datetime, content: bytes) -> str:
    """Return the path of a fact; the same fact has the same path, wherever it is written.

    `subject` is the repository that it is about. Raises ValueError where that is no name.
    """
    if not is_repo_name(subject):
        raise ValueError(f"{subject!r} is no name of a repository")
    moment = time.astimezone(UTC)
    token = blob_id(content)[:_DIGEST]
    glue = f"/{token[:_FAN]}/" if sort.daily else "T"
    day = f"{moment.year:04d}/{moment.month:02d}/{moment.day:02d}"
    clock = f"{moment.hour:02d}{moment.minute:02d}{moment.second:02d}Z"
    return f"{sort.folder}/{subject}/{day}{glue}{clock}-{token}{_ENDING}"


def place(path: str) -> Place | None:
    """Return what a path says, or None when it is not that of a fact."""
    parts = path.split("/")
    sort = BY_FOLDER.get(parts[0])
    if sort is None or len(parts) != (7 if sort.daily else 5) or not is_repo_name(parts[1]):
        return None
    # The same letters in both layouts, but for what stands between day and clock.
    name = f"{parts[4]}{parts[6]}" if sort.daily else parts[4].replace("T", "", 1)
    digits = f"{parts[2]}{parts[3]}{name[:8]}"
    shape = [len(part) for part in parts[2:4]] == [4, 2] and (
        len(parts[4]) == 2 if sort.daily else parts[4][2:3] == "T"
    )
    if not shape or not digits.isdigit() or name[8:10] != "Z-" or not path.isascii():
        return None
    if not name.endswith(_ENDING) or (sort.daily and name[10 : 10 + _FAN] != parts[5]):
        return None
    try:
        month, day, hour, minute, second = [int(digits[at : at + 2]) for at in range(4, 14, 2)]
        moment = datetime(int(digits[:4]), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return Place(sort, parts[1], int(moment.timestamp()))


def within(parts: Sequence[str], since: datetime | None, until: datetime | None) -> bool:
    """Whether a folder of the journal can hold a fact of a span of time; True when in doubt."""
    sort = BY_FOLDER.get(parts[0])
    numbers = parts[2 : 5 if sort is not None and sort.daily else 4]
    if not all(
        part.isascii() and part.isdigit() and len(part) == (2 if at else 4)
        for at, part in enumerate(numbers)
    ):
        return True
    try:
        start, end = _span([int(part) for part in numbers])
    except (ValueError, OverflowError):
        return True
    return (since is None or end > since) and (until is None or start < until)


def _span(numbers: Sequence[int]) -> tuple[datetime, datetime]:
    """Return the beginning and the end of a year, a month or a day."""
    if not numbers:
        return datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    year, month, day = (*numbers, 1, 1)[:3]
    start = datetime(year, month, day, tzinfo=UTC)
    if len(numbers) > 2:
        return start, start + timedelta(days=1)
    months = year * 12 + month - 1 + (1 if len(numbers) == 2 else 12)
    return start, datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def is_sound(path: str) -> bool:
    """Whether a path may stand in a tree at all: git would refuse it otherwise."""
    return not any(ord(letter) < 32 for letter in path) and not any(
        part in ("", ".", "..") or part.lower().rstrip(". ") in (".git", "git~1")
        for part in path.split("/")
    )
