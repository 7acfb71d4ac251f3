"""Many repositories in a few numbers: averages, each named, by role and tag, and who leads.

The average is that of the percentages of whole runs; the weighted one pools their
statements. What is not known and what was measured in part is counted, and in no average.
"""

from __future__ import annotations

from gitcoord.metrics.series import median

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    Row = dict[str, Any]

LEADING = 90.0
LAGGING = 70.0
ENDS = 5


def summarise(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the summary of rows `{name, role, tags, coverage: {...}}`."""
    counted = ranked(rows)
    tags = sorted({tag for row in rows for tag in row.get("tags") or ()})
    roles = sorted({row["role"] for row in rows if row["role"]})
    named = {role: averages([row for row in rows if row["role"] == role]) for role in roles}
    if any(not row["role"] for row in rows):
        named["none"] = averages([row for row in rows if not row["role"]])
    return {
        **averages(rows),
        "by_role": named,
        "by_tag": {
            tag: averages([row for row in rows if tag in (row.get("tags") or ())]) for tag in tags
        },
        "leaders": [_brief(row) for row in counted if _percent(row) > LEADING],
        "attention": [_brief(row) for row in reversed(counted) if _percent(row) < LAGGING],
        "top": [_brief(row) for row in counted[:ENDS]],
        "bottom": [_brief(row) for row in counted[::-1][:ENDS]],
        "partial": [row["name"] for row in rows if row["coverage"]["partial"]],
        "without": [row["name"] for row in rows if row["coverage"]["percent"] is None],
    }


def averages(rows: Sequence[Row]) -> dict[str, Any]:
    """Return how many repositories there are, how many have coverage, and their averages."""
    counted = ranked(rows)
    percents = [_percent(row) for row in counted]
    return {
        "repos": len(rows),
        "with_coverage": sum(row["coverage"]["percent"] is not None for row in rows),
        "average": sum(percents) / len(percents) if percents else None,
        "weighted_average": pooled(counted),
        "median": median(percents) if percents else None,
        "files": sum(row["coverage"]["files"] or 0 for row in counted) if counted else None,
    }


def pooled(rows: Iterable[Row]) -> float | None:
    """Return the share of executed statements of all repositories that have counts."""
    whole = missing = 0
    for row in rows:
        statements, lacking = row["coverage"]["statements"], row["coverage"]["missing"]
        if statements is not None and lacking is not None:
            whole += statements
            missing += lacking
    return 100.0 * (whole - missing) / whole if whole else None


def ranked(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that count, the highest coverage first."""
    counted = [
        row for row in rows
        if row["coverage"]["percent"] is not None and not row["coverage"]["partial"]
    ]  # fmt: skip
    return sorted(counted, key=lambda row: (-_percent(row), row["name"]))


def _percent(row: Row) -> float:
    return float(row["coverage"]["percent"])


def _brief(row: Row) -> dict[str, Any]:
    return {"name": row["name"], "percent": row["coverage"]["percent"]}
