"""Two ways of recommending side by side: who gets which, and which of them did better.

A session always gets the same variant, on any machine, because a hash of its name decides.
Each variant may set the recommender's numbers in its own way. What was recommended is
written into the attempt that followed, so results are counted from the journal alone.
"""

from __future__ import annotations

from hashlib import sha1
from itertools import combinations

from gitcoord.model import intervals

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from typing import Any


def assigned(session: str, names: Iterable[str]) -> str | None:
    """Return the variant of a session: each is as likely, and always the same one."""
    ordered = sorted(names)
    if not ordered:
        return None
    digest = sha1("\0".join([session, *ordered]).encode(), usedforsecurity=False).digest()
    return ordered[int.from_bytes(digest[:8], "big") % len(ordered)]


def results(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return for each variant how often it was followed and what came of that."""
    return [
        {
            "variant": variant, "attempts": attempts, "followed": followed, "worked": worked,
            "rate": worked / judged if judged else None,
            "interval": list(intervals.wilson(worked, judged)), "judged": judged,
        }
        for variant, attempts, followed, judged, worked in connection.execute(
            "SELECT variant, count(*), sum(strategy = recommended),"
            " sum(coalesce(confirmed, claimed) IS NOT NULL), sum(coalesce(confirmed, claimed) = 1)"
            " FROM attempt WHERE variant IS NOT NULL AND recommended IS NOT NULL"
            " AND strategy IS NOT NULL GROUP BY variant ORDER BY variant"
        )
    ]  # fmt: skip


def comparisons(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Compare variants in pairs: the difference of their rates, and whether it is more than chance.

    All attempts of a variant's sessions count, followed or not: who was assigned is what
    chance decided, who followed is not.
    """
    out = []
    for one, other in combinations(found, 2):
        low, high = intervals.difference(
            (one["worked"], one["judged"]), (other["worked"], other["judged"])
        )
        known = one["judged"] and other["judged"]
        better = one["variant"] if low > 0 else other["variant"] if high < 0 else None
        out.append(
            {"variants": [one["variant"], other["variant"]],
             "difference": one["rate"] - other["rate"] if known else None,
             "interval": [low, high], "better": better}
        )  # fmt: skip
    return out
