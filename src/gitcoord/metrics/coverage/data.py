"""Data files of coverage.py: what was executed, and the report that follows from it.

A data file is copied before it is opened, for reading an empty one would write into it.
Nothing is combined on disk: combining deletes what it has read. The report is made in a
folder of its own that holds the measured sources and settings and nothing else.
"""

from __future__ import annotations

import json
import os
from typing import NamedTuple

from gitcoord.metrics.coverage import finding, settings
from gitcoord.metrics.coverage.counts import Counts
from gitcoord.metrics.coverage.reading import Reading, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from coverage import Coverage, CoverageData

    from gitcoord.metrics.coverage.finding import Source


class Reported(NamedTuple):
    """What coverage.py reports: counts of all and of each file, and what it could not count."""

    counts: Counts
    files: Mapping[str, Counts]
    branch: bool
    dropped: bool


def read(folder: str, source: Source, scratch: str) -> Reading:
    """Return what data files say was executed; raise `Unreadable` for those that say nothing."""
    copies = tuple(_copy(folder, path, scratch, number) for number, path in enumerate(source.paths))
    found = _together(copies, source.paths)
    lines = {path: frozenset(found.lines(path) or ()) for path in found.measured_files()}
    templates = sorted(path for path in lines if found.file_tracer(path))
    if not lines:
        raise Unreadable(f"{source.paths[0]} holds no file that was measured.")
    return Reading(
        source.kind, source.paths[0], source.time, None, found.has_arcs(), None, {},
        {path: held for path, held in lines.items() if path not in templates},
        frozenset(path for path, held in lines.items() if held),
        frozenset(one for one in found.measured_contexts() if one), None, None, copies,
        len(templates),
    )  # fmt: skip


def _copy(folder: str, path: str, scratch: str, number: int) -> str:
    content = finding.read(folder, path)
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


def _together(copies: tuple[str, ...], names: tuple[str, ...]) -> CoverageData:
    from coverage import CoverageData  # an extra, and only where there are data files

    found = CoverageData(no_disk=True)
    for copy, name in zip(copies, names, strict=True):
        try:
            one = CoverageData(copy)
            one.read()
            found.update(one, map_path=_same)
        except Exception as error:  # noqa: BLE001 - a damaged file can break the tool anywhere
            if "Can't combine" in str(error):
                raise Unreadable(
                    f"{name} and those before it mix statement and branch data, which cannot be added."
                ) from None
            raise Unreadable(f"{name} cannot be read: {_short(error, copy, name)}.") from None
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
    _lay_out(where, contents)
    os.chdir(where)
    cover = settings.load(folder, where)
    dropped = bool(cover.get_option("report:ignore_errors"))
    held = cover.get_data()
    try:
        for copy in reading.data:
            one = CoverageData(copy)
            one.read()
            held.update(one, map_path=lambda path: _placed(where, path, paths))
        # Two measured paths may be one file, as when an environment has a copy of it.
        wanted = list(dict.fromkeys(_placed(where, path, paths) for path in reading.lines))
        told = _ask(cover, wanted, os.path.join(where, ".coord-report.json"))
    except Exception as error:  # noqa: BLE001 - whatever a file does to the tool, others still count
        raise Unreadable(
            f"coverage.py cannot report on {reading.path}: {_plain(error, where)}."
        ) from None
    files = {path: _counts(one["summary"]) for path, one in told["files"].items()}
    return Reported(_counts(told["totals"]), files, bool(told["meta"]["branch_coverage"]),
                    dropped and len(files) < len(reading.lines))  # fmt: skip


def _placed(where: str, path: str, paths: Mapping[str, str]) -> str:
    """Return where a measured file lies; what is gone must not be found elsewhere on the machine."""
    found = paths.get(path)
    return os.path.join(where, found) if found else os.path.join(where, "gone", path.lstrip("/"))


def _plain(error: Exception, where: str) -> str:
    return str(error).replace(where + "/", "").rstrip(".")


def _lay_out(where: str, contents: Mapping[str, bytes]) -> None:
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
