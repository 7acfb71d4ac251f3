"""Data files of coverage.py: what was executed, and the report that follows from it.

A data file is copied before it is opened, for reading an empty one would write into it.
Nothing is combined on disk: combining deletes what it has read. The report is made in a
folder of its own that holds the measured sources and settings and nothing else.
"""

from __future__ import annotations

import ast
import json
import os
import warnings
from typing import NamedTuple

from gitcoord.metrics.coverage import finding, settings
from gitcoord.metrics.coverage.counts import Counts
from gitcoord.metrics.coverage.reading import COVERAGE_PY, Reading, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coverage import Coverage, CoverageData

    from gitcoord.metrics.coverage.finding import Source


class Reported(NamedTuple):
    """What coverage.py reports: counts of all and of each file, and what it could not count.

    `gone` are measured paths without a source, `unparsed` files that are no Python; both only
    where the settings say that such errors are ignored.
    """

    counts: Counts
    files: Mapping[str, Counts]
    branch: bool
    gone: tuple[str, ...]
    unparsed: tuple[str, ...]
    definition: str


def read(folder: str, source: Source, scratch: str) -> Reading:
    """Return what data files say was executed; raise `Unreadable` for those that say nothing.

    Of several, those that are damaged are passed over and told, as coverage.py does.
    """
    copies, opened, faults = [], [], []
    for number, path in enumerate(source.paths):
        try:
            copy = _copy(folder, path, scratch, number)
            opened.append((path, _open(copy, path)))
            copies.append(copy)
        except Unreadable as fault:
            faults.append(str(fault))
    if not opened:
        raise Unreadable(faults[0])
    found = _together(opened)
    lines = {path: frozenset(found.lines(path) or ()) for path in found.measured_files()}
    if not lines:
        raise Unreadable(f"{source.paths[0]} holds no file that was measured.")
    _refuse_traced(source.paths[0], found, lines)
    return Reading(
        source.kind, source.paths[0], source.time, None, found.has_arcs(), None, {}, lines,
        frozenset(path for path, held in lines.items() if held),
        frozenset(one for one in found.measured_contexts() if one), None, None, tuple(copies),
        COVERAGE_PY, tuple(faults),
    )  # fmt: skip


def _refuse_traced(path: str, found: CoverageData, lines: Mapping[str, frozenset[int]]) -> None:
    tracers = [tracer for one in lines if (tracer := found.file_tracer(one))]
    if tracers:
        raise Unreadable(
            f"{path} holds {len(tracers)} files that only the plugin {tracers[0]} can count. "
            f"{settings.NOT_RUN}"
        )


def _copy(folder: str, path: str, scratch: str, number: int) -> str:
    content = finding.follow(folder, path)
    if content is None:
        raise Unreadable(f"{path} went away while it was read.")
    if not content:
        raise Unreadable(f"{path} is empty.")
    if not content.startswith(b"SQLite format 3\0"):
        raise Unreadable(f"{path} is no data file of coverage.py 5 or newer.")
    copy = os.path.join(scratch, f"data{number}-{os.path.basename(path)[:40]}")
    with open(copy, "wb") as file:
        file.write(content)
    return copy


def _open(copy: str, name: str) -> CoverageData:
    """Return the data of one file, after all of it was read once."""
    from coverage import CoverageData  # an extra, and only where there are data files

    try:
        one = CoverageData(copy)
        one.read()
        CoverageData(no_disk=True).update(one, map_path=_same)
    except Exception as error:  # noqa: BLE001 - a damaged file can break the tool anywhere
        raise Unreadable(f"{name} cannot be read: {_short(error, copy, name)}.") from None
    return one


def _together(opened: Sequence[tuple[str, CoverageData]]) -> CoverageData:
    from coverage import CoverageData
    from coverage.exceptions import DataError

    found = CoverageData(no_disk=True)
    for name, one in opened:
        try:
            found.update(one, map_path=_same)
        except DataError:
            raise Unreadable(
                f"{name} and those before it mix statement and branch data, which cannot be added."
            ) from None
    return found


def _same(path: str) -> str:
    return path


def _short(error: Exception, copy: str, name: str) -> str:
    return str(error).replace(copy, name).rstrip(".")


def report(
    reading: Reading,
    paths: Mapping[str, str],
    contents: Mapping[str, bytes],
    where: str,
    folder: str,
) -> Reported:
    """Return what coverage.py reports of data, with the sources that it is given.

    `paths` has the repository's file of each measured path, `contents` those files and the
    repository's settings; `folder` is where it lies. The working directory is changed.
    """
    from coverage import CoverageData

    where = os.path.realpath(where)
    lay_out(where, contents)
    os.chdir(where)
    cover = settings.load(folder, where)
    definition = settings.definition_of(cover)
    held = cover.get_data()
    try:
        for copy in reading.data:
            one = CoverageData(copy)
            one.read()
            held.update(one, map_path=lambda path: _placed(where, path, paths))
        # Two measured paths may be one file, as when an environment has a copy of it.
        wanted = {_placed(where, path, paths): path for path in reading.lines}
        told = _ask(cover, list(wanted), os.path.join(where, ".coord-report.json"))
        left = [path for path in wanted if os.path.relpath(path, where) not in told["files"]]
        gone = _gone(cover, [path for path in left if not os.path.exists(path)], where)
    except Exception as error:  # noqa: BLE001 - whatever a file does to the tool, others still count
        raise Unreadable(
            f"coverage.py cannot report on {reading.path}: {_plain(error, where)}."
        ) from None
    files = {path: _counts(one["summary"]) for path, one in told["files"].items()}
    return Reported(
        _counts(told["totals"]), files, bool(told["meta"]["branch_coverage"]),
        tuple(sorted(wanted[path] for path in gone)),
        tuple(sorted(os.path.relpath(path, where) for path in left if _unparsed(path))), definition,
    )  # fmt: skip


def _gone(cover: Coverage, lacking: Sequence[str], where: str) -> list[str]:
    """Return those of the files without a source that the settings do not leave out anyway."""
    from coverage.exceptions import NoDataError, NoSource

    cover.set_option("report:ignore_errors", False)
    found = []
    for path in lacking:
        try:
            _ask(cover, [path], os.path.join(where, ".coord-gone.json"))
        except NoSource:
            found.append(path)
        except NoDataError:  # left out by `omit` or `include`
            continue
    return found


def _unparsed(path: str) -> bool:
    """Whether a file is there and is no Python, so that coverage.py passes over it."""
    try:
        with open(path, "rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(file.read())
    except OSError:
        return False
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return path.endswith(".py")
    return False


def unparsed(told: Reported) -> str:
    """Return in words what was passed over because it is no Python."""
    first, *others = told.unparsed
    files = f"{first} and {len(others)} others are" if others else f"{first} is"
    return f"{files} no Python that can be parsed, and not counted, as ignore_errors says"


def _placed(where: str, path: str, paths: Mapping[str, str]) -> str:
    """Return where a measured file lies; what is gone must not be found elsewhere on the machine."""
    found = paths.get(path)
    return os.path.join(where, found) if found else os.path.join(where, "gone", path.lstrip("/"))


def _plain(error: Exception, where: str) -> str:
    return str(error).replace(where + "/", "").rstrip(".")


def lay_out(where: str, contents: Mapping[str, bytes]) -> None:
    """Write files below a folder."""
    for path, content in contents.items():
        full = os.path.join(where, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content)


def _ask(
    cover: Coverage, wanted: list[str], out: str
) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    cover.json_report(wanted, outfile=out, pretty_print=False, show_contexts=False)
    with open(out, encoding="utf-8") as file:
        found: dict[str, dict[str, dict[str, dict[str, int]]]] = json.load(file)
    return found


def _counts(told: Mapping[str, object]) -> Counts:
    names = ("num_statements", "missing_lines", "excluded_lines", "num_branches",
             "missing_branches", "num_partial_branches")  # fmt: skip
    return Counts(*[int(str(told.get(name, 0))) for name in names])
