"""What a repository's own settings say of coverage, without running anything of it.

coverage.py reads them; plugins, debugging output and everything else that would run or
write is switched off before it does anything.
"""

from __future__ import annotations

import os

from gitcoord.metrics.coverage.finding import DATA_FILE
from gitcoord.metrics.coverage.reading import DATA, JSON, LCOV, XML, Unreadable
from gitcoord.metrics.measurement import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from coverage import Coverage

_OUTPUTS = (
    (DATA, "run:data_file"),
    (JSON, "json:output"),
    (XML, "xml:output"),
    (LCOV, "lcov:output"),
)
_DEFINING = ("run:branch", "run:source", "run:omit", "run:include", "report:omit", "report:include",
             "report:exclude_lines", "report:exclude_also", "report:partial_branches",
             "report:partial_also")  # fmt: skip
_SILENT: tuple[tuple[str, Any], ...] = (
           ("run:plugins", []), ("run:debug", []), ("run:debug_file", None), ("run:concurrency", []),
           ("run:dynamic_context", None), ("run:relative_files", False), ("json:show_contexts", False),
           ("report:contexts", None))  # fmt: skip


def missing() -> str | None:
    """Return what to say where coverage.py is not there or too old, None where it is."""
    try:
        from coverage import version_info  # an extra
    except ImportError:
        return "coverage.py is not installed: pip install 'gitcoord[metrics]'"
    if version_info[:2] < (7, 9):
        return "coverage.py is older than 7.9: pip install --upgrade 'gitcoord[metrics]'"
    return None


def load(folder: str, where: str) -> Coverage:
    """Return a coverage.py of the working directory's settings that reads and does nothing else.

    Patterns that begin at the root are meant for `folder` and have to hold in `where`.
    """
    from coverage import Coverage
    from coverage.exceptions import CoverageException

    try:
        found = Coverage(data_file=None)
        for name, value in _SILENT:
            found.set_option(name, value)
        found.set_option("paths", {})
        for name in ("report:omit", "report:include"):
            patterns = found.get_option(name)
            if isinstance(patterns, list):
                found.set_option(name, _moved(patterns, folder, where))
    except (CoverageException, OSError, ValueError) as error:
        raise Unreadable(f"The settings of coverage cannot be read: {error}.") from None
    return found


def _moved(patterns: list[str], folder: str, where: str) -> list[str]:
    """Return patterns for another folder; those of elsewhere never meant the repository."""
    found = []
    for pattern in patterns:
        if pattern.startswith(folder + "/"):
            found.append(where + pattern[len(folder) :])
        elif pattern.startswith("/"):
            found.append(f"{where}/gone{pattern}")
        else:
            found.append(pattern)
    return found


class Settings:
    """The settings that decide where to look and how paths are mapped.

    `definition` is a digest of those that decide what is counted.
    """

    __slots__ = ("aliases", "definition", "ignore_errors", "outputs", "source")

    def __init__(self) -> None:
        self.aliases: dict[str, list[str]] = {}
        self.outputs: dict[str, str] = {}
        self.definition = ""
        self.ignore_errors = False
        self.source: list[str] = []


def of_folder(folder: str) -> Settings:
    """Return the settings of a folder; it becomes the working directory."""
    from coverage import Coverage
    from coverage.exceptions import CoverageException

    found = Settings()
    os.chdir(folder)
    try:
        read = Coverage(data_file=None)
        aliases = read.get_option("paths")
        if isinstance(aliases, dict):
            found.aliases = {name: list(places) for name, places in aliases.items() if places}
        for kind, option in _OUTPUTS:
            place = read.get_option(option)
            if isinstance(place, str):
                found.outputs[kind] = (
                    os.path.relpath(place, folder) if os.path.isabs(place) else place
                )
        found.definition = digest(*[(name, read.get_option(name)) for name in _DEFINING])
        found.ignore_errors = bool(read.get_option("report:ignore_errors"))
        source = read.get_option("run:source")
        found.source = [str(one) for one in source] if isinstance(source, list) else []
    except (CoverageException, OSError, ValueError) as error:
        raise Unreadable(f"The settings of coverage cannot be read: {error}.") from None
    found.outputs.setdefault(DATA, DATA_FILE)
    return found
