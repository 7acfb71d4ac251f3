"""All collectors, by hand: a name and the module that measures.

A collector is one module (or a package) with two functions:

- `digest(subject) -> str`: what its result depends on, quickly told. As long as that
  stays the same, nothing is measured anew.
- `collect(subject) -> Measurement`: measures one repository. It runs in a process of its
  own and may change that process's working directory; what it raises is told as the
  reason why there are no figures.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from gitcoord.metrics.measurement import Measurement, Subject

    class Collector(Protocol):
        """What the module of a collector offers."""

        def digest(self, subject: Subject, /) -> str:
            """Return what the result depends on."""

        def collect(self, subject: Subject, /) -> Measurement:
            """Measure one repository."""


COLLECTORS = {
    # name of the section in a snapshot: (module below gitcoord.metrics, its headline figure)
    "coverage": ("coverage.collector", "percent"),
    "git": ("git.collector", "commits"),
    "quality": ("quality.collector", "score"),
}


def load(name: str) -> Collector:
    """Load a collector."""
    from importlib import import_module  # only in the process that measures

    found: Collector = import_module(f"gitcoord.metrics.{COLLECTORS[name][0]}")
    return found


def headline(section: str) -> str:
    """Return the figure that a section is known by: `coverage` means `coverage.percent`."""
    return COLLECTORS[section][1] if section in COLLECTORS else HEADLINES.get(section, "value")


HEADLINES = {"git": "commits"}
"""Those of sections that programs other than our collectors may write."""
