"""SQLite without what its package imports around it.

`import sqlite3` brings in `collections.abc` and registers converters that the index has
no use for; the extension module alone takes a quarter of the time.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import Connection, Cursor, DatabaseError, OperationalError, connect
else:
    try:
        from _sqlite3 import Connection, Cursor, DatabaseError, OperationalError, connect
    except ImportError:
        from sqlite3 import Connection, Cursor, DatabaseError, OperationalError, connect

__all__ = ["Connection", "Cursor", "DatabaseError", "OperationalError", "connect"]
