"""SQLite is loaded by itself, and what it is loaded without is whole afterwards."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys
sys.modules.pop("functools", None)
from gitcoord.index import native
loaded = "functools" in sys.modules
connection = native.connect(":memory:", cached_statements=2)
answers = [connection.execute(f"SELECT {number % 3}").fetchone()[0] for number in range(9)]
import functools, sqlite3
print(loaded, answers, functools.reduce(max, answers), functools.lru_cache(abs).cache_info()[:2],
      native.Connection is sqlite3.Connection, native.DatabaseError is sqlite3.DatabaseError)
"""


def test_sqlite_loads_no_functools_and_leaves_the_real_one_to_others() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {LOADED}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == "False [0, 1, 2, 0, 1, 2, 0, 1, 2] 2 (0, 0) True True\n"
