"""What a repository's own settings say of coverage, without running anything of it.

coverage.py reads them; plugins, debugging output and everything else that would run or
write is switched off before it does anything.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from gitcoord.metrics.coverage.finding import DATA_FILE
from gitcoord.metrics.coverage.reading import DATA, JSON, LCOV, XML, Unreadable
from gitcoord.metrics.measurement import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
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
_ALSO = ("report:contexts", "report:include_namespace_packages", "run:source_pkgs", "run:source_dirs",
         "report:ignore_errors")  # fmt: skip
"""Settings that came later; a digest changes only where one of them is in use."""
_SILENT: tuple[tuple[str, Any], ...] = (
           ("run:plugins", []), ("run:debug", []), ("run:debug_file", None), ("run:concurrency", []),
           ("run:dynamic_context", None), ("run:relative_files", False), ("json:show_contexts", False))  # fmt: skip
NOT_RUN = "A plugin is code and is not run; a finished report is read: `coverage json`."


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
        _refuse_plugins(found)
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


def _refuse_plugins(found: Coverage) -> None:
    """Raise where plugins may decide what is counted."""
    plugins = found.get_option("run:plugins")
    if isinstance(plugins, list) and plugins:
        named = ", ".join(str(one) for one in plugins)
        raise Unreadable(
            f"The settings name the plugins {named}, which may change any count. {NOT_RUN}"
        )


def definition_of(read: Coverage) -> str:
    """Return a digest of the settings that decide what is counted."""
    also = [(name, held) for name in _ALSO if (held := _option(read, name))]
    return digest(*[(name, read.get_option(name)) for name in _DEFINING], *also)


def _option(read: Coverage, name: str) -> object:
    from coverage.exceptions import ConfigError

    try:
        return read.get_option(name)
    except ConfigError:  # an older coverage.py does not know all of them
        return None


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


class Settings(NamedTuple):
    """The settings that decide where to look and how paths are mapped."""

    aliases: Mapping[str, list[str]]
    outputs: Mapping[str, str]


def of_folder(folder: str) -> Settings:
    """Return the settings of a folder; it becomes the working directory."""
    read = _read(folder)
    aliases, outputs = read.get_option("paths"), {DATA: DATA_FILE}
    for kind, option in _OUTPUTS:
        place = read.get_option(option)
        if isinstance(place, str):
            outputs[kind] = os.path.relpath(place, folder) if os.path.isabs(place) else place
    named = aliases.items() if isinstance(aliases, dict) else ()
    return Settings({name: list(places) for name, places in named if places}, outputs)


def definition_at(folder: str) -> str:
    """Return the digest of a folder's settings; it becomes the working directory."""
    try:
        return definition_of(_read(folder))
    except Unreadable:  # a finished report was made, whatever became of the settings
        return ""


def _read(folder: str) -> Coverage:
    from coverage import Coverage
    from coverage.exceptions import CoverageException

    os.chdir(folder)
    try:
        return Coverage(data_file=None)
    except (CoverageException, OSError, ValueError) as error:
        raise Unreadable(f"The settings of coverage cannot be read: {error}.") from None
