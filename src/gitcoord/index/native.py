"""SQLite without what its package imports around it.

`import sqlite3` brings in `collections.abc` and registers converters that the index has
no use for; the extension module alone takes a quarter of the time. It takes one thing from
`functools`, which brings in `collections` and takes longer to load than SQLite itself.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection, Cursor, DatabaseError, OperationalError, connect
    from typing import Any


def _lru_cache(most: int) -> Callable[[Callable[..., object]], object]:
    """Stand in for `functools.lru_cache`, as a connection calls it for its statements."""
    from _functools import _lru_cache_wrapper  # type: ignore[import-not-found]

    return lambda compiled: _lru_cache_wrapper(compiled, most, False, tuple)


def _extension() -> Any:
    """Return the extension module; while it loads, `functools` is that one function alone."""
    name = "functools"
    if name not in sys.modules and sys.implementation.name == "cpython":
        light = type(sys)(name)
        light.lru_cache = _lru_cache  # type: ignore[attr-defined]
        sys.modules[name] = light
        try:
            return __import__("_sqlite3")
        except (ImportError, AttributeError):
            sys.modules.pop("_sqlite3", None)
        finally:
            del sys.modules[name]
    return __import__("_sqlite3")


if not TYPE_CHECKING:
    try:
        _found = _extension()
    except ImportError:
        import sqlite3 as _found
    Connection, Cursor, connect = _found.Connection, _found.Cursor, _found.connect
    DatabaseError, OperationalError = _found.DatabaseError, _found.OperationalError

__all__ = ["Connection", "Cursor", "DatabaseError", "OperationalError", "connect"]
