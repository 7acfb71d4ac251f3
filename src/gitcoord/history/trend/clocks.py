"""When a record's events happened, where the clocks of commits disagree.

The order of a record's events is that of the commits; the times only say when. A time
that lies in the future is not believed, and one that goes back counts as the time of
the event before it, so a record never closes before it was there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def settled(times: Sequence[int], now: int, latest: int | None = None) -> list[int]:
    """Return times that never go back and never lie after `now`, for events in their order.

    `latest` is the time of the event before them.
    """
    found: list[int] = []
    for time in times:
        if time <= now and (latest is None or time > latest):
            latest = time
        found.append(now + 1 if latest is None else latest)
    # Those before the first time to be believed happened no later than it.
    first = next((time for time in found if time <= now), now)
    return [min(time, first) if time > now else time for time in found]
