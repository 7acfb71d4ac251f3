"""A merged record held against what the oracle expects: which mistakes were made, if any."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.bench.replay.marked import is_tight, readings
from tests.bench.replay.oracle import NONE, Expected, blank, by_name, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.replay.oracle import Path_

LOST = "lost: a change that one side made is not there"
INVENTED = "invented: a value that no side has"
MARKER = "marker around what is no conflict"
MISSING = "text missing: a side of a conflict is not in the file"
UNREADABLE = "unreadable: markers do not pair, or a side of the file is no YAML"
ORDER = "order: a list that neither side had in that order"
MISTAKES = (LOST, INVENTED, MARKER, MISSING, UNREADABLE, ORDER)


class Fault:
    """One mistake, at a place of a record."""

    def __init__(self, what: str, path: Path_, got: Any = None, wanted: Any = None) -> None:
        self.what = what
        self.path = path
        self.got = got
        self.wanted = wanted

    def __repr__(self) -> str:
        return f"{self.what} at {'.'.join(self.path)}: {self.got!r:.300} for {self.wanted!r:.300}"


def judge(raw: bytes, wanted: Expected) -> tuple[list[Fault], Counter[str]]:
    """Return the mistakes of a merged file, and what is worth counting beside."""
    notes: Counter[str] = Counter()
    sides = readings(raw)
    data = [held for side in sides or () if (held := side.data()) is not None]
    if sides is None or len(data) < 2:
        return [Fault(UNREADABLE, ())], notes
    faults = []
    for side, (got, right) in enumerate(zip(data, (wanted.ours, wanted.theirs), strict=True)):
        for path, one, other in differing(got, right):
            if path in wanted.texts and isinstance(one, str):
                faults += _text(path, one, wanted, side, notes)
            elif _near(path, wanted.conflicts):
                faults.append(Fault(MISSING, path, one, other))
            else:
                faults.append(Fault(INVENTED if blank(other) else LOST, path, one, other))
        faults += _order(got, wanted)
    clashing = wanted.conflicts | {
        path for path, _, _ in differing(data[0], data[1]) if path in wanted.texts
    }
    for reading in sides:
        faults += [Fault(MARKER, path) for path in reading.marked() if not _near(path, clashing)]
    if () not in wanted.conflicts and not is_tight(raw):
        notes["files in which a line that both sides have stands at the edge of a conflict"] += 1
    return faults, notes


def _near(path: Path_, conflicts: set[Path_]) -> bool:
    """Whether a path lies in a conflict, or holds one."""
    return any(path[: len(one)] == one or one[: len(path)] == path for one in conflicts)


def differing(got: Any, wanted: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any, Any]]:
    """Yield where two records say something else; the order of lists aside."""
    if same(got, wanted):
        return
    if isinstance(got, list) and isinstance(wanted, list):
        got = {f"@{name}": item for name, item in by_name(got).items()}
        wanted = {f"@{name}": item for name, item in by_name(wanted).items()}
    if isinstance(got, dict) and isinstance(wanted, dict):
        for key in {*got, *wanted}:
            yield from differing(got.get(key, NONE), wanted.get(key, NONE), (*path, key))
        return
    yield path, got, wanted


def _text(path: Path_, got: str, expected: Expected, side: int, notes: Counter[str]) -> list[Fault]:
    """Judge a text that is not what git makes of it: is every line there that a side wrote?

    Programs that compare lines may pair them differently where lines repeat, and git
    stops at changes that only touch. Either way no line may be lost, and none made up.
    """
    base, *sides = [text.split("\n") for text in expected.texts[path]]
    held = Counter(got.split("\n"))
    faults = []
    if held.keys() - {line for text in (base, *sides) for line in text}:
        faults.append(Fault(INVENTED, path, got))
    for number in (side,) if path in expected.conflicts else (0, 1):
        written = Counter(sides[number]) - Counter(base)
        if written - held:
            faults.append(Fault(LOST, path, got, written - held))
    notes["texts whose lines are paired otherwise than by git"] += 1
    return faults


def _order(got: Any, wanted: Expected) -> list[Fault]:
    """Where both changed a list, our items stand in our order."""
    faults = []
    for path, before in wanted.lists.items():
        value = got
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        names = by_name(value if isinstance(value, list) else [])
        one, other = [n for n in names if n in before], [n for n in before if n in names]
        if one != other:
            faults.append(Fault(ORDER, path, one, other))
    return faults
