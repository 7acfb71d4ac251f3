"""Reports in lcov's form, which many tools of many languages write."""

from __future__ import annotations

from gitcoord.metrics.coverage import bounds
from gitcoord.metrics.coverage.counts import Counts, total
from gitcoord.metrics.coverage.numbers import line_number, times
from gitcoord.metrics.coverage.reading import LCOV, Reading


def read(path: str, content: bytes, time: float) -> Reading:
    """Return what an lcov file says; raise `ValueError` where it says nonsense."""
    found: dict[str, _Trace] = {}
    here = _Trace()
    for line in content.decode("utf-8", "replace").splitlines():
        word, _, rest = line.strip().partition(":")
        if word == "SF":
            here = found.setdefault(rest.replace("\\", "/"), _Trace())
        elif word == "DA":
            word, _, hits = rest.partition(",")
            number = line_number(word)
            here.hits[number] = max(here.hits.get(number, 0), times(hits.partition(",")[0]))
        elif word == "BRDA":
            *place, count = rest.split(",")
            key = ",".join([str(line_number(place[0])), *place[1:]])
            taken = 0 if count == "-" else times(count)
            here.branches[key] = max(here.branches.get(key, 0), taken)
    if not found:
        raise ValueError("it names no file")
    counted = {name: one.counts() for name, one in found.items()}
    counts = total(counted.values())
    return Reading(
        LCOV, path, time, counts, counts.branches > 0, None, counted,
        {name: one.lines() for name, one in found.items()},
        frozenset(name for name, one in found.items() if any(one.hits.values())),
        notes=tuple(filter(None, [bounds.doubt(found, timed=False)])),
    )  # fmt: skip


class _Trace:
    """What an lcov file says about one source file."""

    __slots__ = ("branches", "hits")

    def __init__(self) -> None:
        self.hits: dict[int, int] = {}
        self.branches: dict[str, int] = {}

    def lines(self) -> frozenset[int]:
        """Return the lines of statements and of branches."""
        return frozenset(self.hits) | {int(key.partition(",")[0]) for key in self.branches}

    def counts(self) -> Counts:
        missing = sum(not hits for hits in self.hits.values())
        untaken = sum(not count for count in self.branches.values())
        return Counts(len(self.hits), missing, 0, len(self.branches), untaken, 0)
