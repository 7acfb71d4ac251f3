"""What is told of coverage: the source that counts with all its counts, and the others in brief."""

from __future__ import annotations

from datetime import UTC, datetime

from gitcoord.metrics.measurement import Measurement
from gitcoord.metrics.measurement import digest as digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.metrics.coverage.choice import Said

WHOLE = ("percent", "statements", "missing", "code", "measured_at")
_LOWEST = 20


def measurement(chosen: Said, others: tuple[dict[str, Any], ...]) -> Measurement:
    """Return the measurement that a source makes, with the others beside it."""
    counts = chosen.counts
    figures: dict[str, Any] = {"percent": chosen.percent}
    for name in (
        "statements",
        "missing",
        "excluded",
        "branches",
        "missing_branches",
        "partial_branches",
    ):
        figures[name] = getattr(counts, name) if counts else None
    figures |= {"branch": chosen.branch, "format": chosen.kind, "code": chosen.code,
                "lowest": _lowest(chosen)}  # fmt: skip
    return Measurement(
        figures, chosen.path, chosen.tool, chosen.version,
        chosen.commit, _time(chosen.time), len(chosen.files) if chosen.files else None,
        chosen.partial, chosen.stale, chosen.reason,
        digest_of(chosen.kind, chosen.version, chosen.branch, chosen.definition), others,
    )  # fmt: skip


def whole(chosen: Said, before: dict[str, Any]) -> dict[str, Any] | None:
    """Return what parts of runs are held against next time: this run, or the last whole one."""
    counts = chosen.counts
    if chosen.partial or chosen.percent is None or counts is None:
        held = before.get("whole")
        return held if isinstance(held, dict) else None
    values = (chosen.percent, counts.statements, counts.missing, chosen.code, _time(chosen.time))
    return dict(zip(WHOLE, values, strict=True))


def brief(one: Said) -> dict[str, Any]:
    """Return what a source says that does not count."""
    counts = one.counts
    return {
        "source": one.path, "percent": one.percent,
        "statements": counts.statements if counts else None,
        "missing": counts.missing if counts else None, "commit": one.commit,
        "measured_at": _time(one.time), "partial": one.partial, "stale": one.stale,
        "reason": one.reason,
    }  # fmt: skip


def _lowest(one: Said) -> list[dict[str, Any]]:
    """Return the files with the most that is not executed."""
    files = sorted((one.files or {}).items(), key=lambda held: (-held[1].missing, held[0]))
    return [
        {
            "path": path,
            "statements": held.statements,
            "missing": held.missing,
            "percent": held.percent,
        }
        for path, held in files[:_LOWEST]
        if held.missing or held.missing_branches
    ]


def nothing(reason: str) -> Measurement:
    """Return that nothing is known, and why."""
    names = ("percent", "statements", "missing", "branch")
    return Measurement(dict.fromkeys(names), reason=reason)


def tool() -> str:
    """Return the version of coverage.py."""
    from coverage import __version__  # an extra

    return __version__


def _time(second: float) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat(timespec="seconds")
