"""What the figures of a repository rest on, as one digest that is quickly told.

The commit and every change beside it, the environment, the programs that would measure, the
settings, the reports and the advisories. Content is not read: size and time of change tell.
"""

from __future__ import annotations

import glob
import os
import sys

from gitcoord import __version__
from gitcoord.metrics.quality import advisories, reports, surveying
from gitcoord.metrics.quality.measure import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gitcoord.metrics.quality.place import Place

VERSION = 2
"""Raised when the same inputs give other figures."""

_PROGRAMS = ("ruff", "mypy", "python")


def digest_of(
    place: Place, settings: Mapping[str, Any], patterns: Sequence[str], folder: str | None,
    static: bool, wanted: Sequence[str],
) -> str:  # fmt: skip
    """Return the digest of everything that a measurement looks at."""
    changed = [(path, place.files.get(path)) for path in place.changed]
    return digest(
        VERSION, __version__, surveying.VERSION, place.commit, changed, place.environment, place.doubt,
        _environment(place), _programs(), sorted(settings.items(), key=str),
        reports.find(place.folder, patterns), folder and advisories.digest_of(folder), static, list(wanted),
    )  # fmt: skip


def _environment(place: Place) -> list[tuple[str, int]]:
    """Return when something was last installed in or removed from the environment."""
    if place.environment is None:
        return []
    where = os.path.join(glob.escape(place.folder), place.environment)
    paths = [
        *glob.glob(f"{where}/lib/python3*/site-packages"),
        f"{where}/pyvenv.cfg",
        f"{where}/bin",
    ]
    return [(path, _changed(path)) for path in sorted(paths)]


def _programs() -> list[tuple[str, int]]:
    beside = os.path.dirname(sys.executable)
    folders = [beside, *os.environ.get("PATH", "").split(":")]
    paths = [os.path.join(folder, name) for name in _PROGRAMS for folder in folders]
    return [(path, _changed(path)) for path in dict.fromkeys(paths) if os.path.isfile(path)]


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
