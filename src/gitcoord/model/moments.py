"""Dates and times, without what `datetime` loads before it takes them from its C half.

Up to Python 3.11 that is a second implementation of all of it, which nobody uses and which
takes as long to load as an answer does to be found.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import UTC, date, datetime, time, timedelta, tzinfo
else:
    try:
        from _datetime import UTC, date, datetime, time, timedelta, tzinfo
    except ImportError:
        from datetime import UTC, date, datetime, time, timedelta, tzinfo

__all__ = ["UTC", "date", "datetime", "time", "timedelta", "tzinfo"]
