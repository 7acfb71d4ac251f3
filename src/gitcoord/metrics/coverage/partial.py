"""Whether a run was only a part: decided on data alone, each time with the reason.

Files measured against files present, tests that ran against tests known, and what another
run of the same code executed. A run that is only a part says how much at least is covered,
and its percentage belongs in no average.
"""

from __future__ import annotations

import posixpath
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

FEWEST = 4
FILES = 0.5
TESTS = 0.8
SAME_CODE = 2.0
OTHER_CODE = 10.0
LIKE = 0.2
DAYS = 7
_MATERIAL = frozenset(
    {"data", "fixtures", "resources", "examples", "samples", "typing", "benchmarks"}
)
_TOPS = ("src", "lib", "python")
_ASIDE = frozenset({"setup.py", "conftest.py", "noxfile.py", "tasks.py", "fabfile.py"})


class Run(NamedTuple):
    """What another run has to be told for a comparison; `code` is a digest of what was measured."""

    percent: float
    statements: int
    missing: int
    time: float
    code: str | None
    told: str


def few_files(
    measured: Collection[str], present: Iterable[str], omitted: Collection[str] = ()
) -> str | None:
    """Return why too few files were measured, of those in the folders that any was measured in."""
    counted = [path for path in measured if not is_test(path)]
    tops = {_top(path) for path in counted}
    there = [
        path for path in present
        if path.endswith(".py") and _top(path) in tops and path not in omitted
        and not is_test(path) and posixpath.basename(path) not in _ASIDE
    ]  # fmt: skip
    met = len(set(there) & set(counted))
    if len(there) >= FEWEST and met < FILES * len(there):
        return f"only {met} of {len(there)} files of {_listed(tops)} were measured"
    return None


def few_tests(ran: Iterable[str], contexts: Iterable[str], present: Iterable[str]) -> str | None:
    """Return why too few tests ran: by the names of tests in the data, or the tests measured."""
    known = {path for path in present if _names_tests(path) and not _is_material(path)}
    named = {path for one in contexts for path in _of_context(one, known)}
    met = named or {path for path in ran if path in known}
    tops = {path.partition("/")[0] for path in met}
    known = {path for path in known if path.partition("/")[0] in tops}
    if met and len(met) < TESTS * len(known):
        return f"tests of only {len(met)} of {len(known)} files ran"
    return None


def contradicted(mine: Run, others: Sequence[Run]) -> str | None:
    """Return which other run shows that this one was only a part."""
    for other in others:
        apart = other.percent - mine.percent
        if mine.code is not None and mine.code == other.code:
            if apart >= SAME_CODE and other.missing < mine.missing:
                return f"a run of the same code executed more: {other.percent:.1f} %, {other.told}"
        elif (
            apart >= OTHER_CODE
            and _alike(mine, other)
            and abs(mine.time - other.time) <= DAYS * 86400
        ):
            return f"a run of nearly the same code had {other.percent:.1f} %, {other.told}"
    return None


def _alike(one: Run, other: Run) -> bool:
    larger = max(one.statements, other.statements)
    return larger > 0 and abs(one.statements - other.statements) <= LIKE * larger


def is_test(path: str) -> bool:
    """Whether a file belongs to the tests, by its name and folder."""
    return _names_tests(path) or any(
        part in ("tests", "test", "testing") for part in path.split("/")[:-1]
    )


def _is_material(path: str) -> bool:
    """Whether a file is what tests work on, though it may be named like one."""
    return not _MATERIAL.isdisjoint(path.split("/")[:-1])


def _names_tests(path: str) -> bool:
    name = posixpath.basename(path)
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def _of_context(context: str, known: Collection[str]) -> list[str]:
    """Return the files of tests that a context names: `tests/test_a.py::test_x|run`, `test_a.test_x`."""
    place, colons, _ = context.partition("::")
    if colons:
        return [path for path in known if path == place or path.endswith(f"/{place}")]
    words = set(context.partition("|")[0].split("."))
    return [path for path in known if posixpath.basename(path)[:-3] in words]


def _top(path: str) -> str:
    parts = path.split("/")
    depth = 2 if parts[0] in _TOPS and len(parts) > 2 else 1
    return "/".join(parts[:depth]) if len(parts) > depth else "/".join(parts[: depth - 1]) or "."


def _listed(tops: Collection[str]) -> str:
    shown = sorted(tops)[:3]
    return ", ".join(shown) + (" …" if len(tops) > len(shown) else "")
