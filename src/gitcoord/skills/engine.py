"""The one door to DuckDB: a database in memory, over Parquet files in one folder.

A second process cannot open a database file of DuckDB's while one writes to it, so there is
none: tables are Parquet files that never change once they have their name. The engine may
look at nothing but its folder, and loads no extension.
"""

from __future__ import annotations

import os

from gitcoord.errors import InvalidError, SystemRefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    Connection = DuckDBPyConnection

MEMORY = "768MB"
"""What the engine may take for tables and sorting; ten million invocations need half of it."""


def require() -> None:
    """Raise `InvalidError` where DuckDB is not installed; nothing is loaded yet."""
    from importlib.util import find_spec

    if find_spec("duckdb") is None:
        raise InvalidError(
            "DuckDB is not installed, which counts uses of skills.",
            hint="pip install 'gitcoord[skills]'",
        )


def connect(folder: str) -> Connection:
    """Return a database in memory that may read and write below a folder."""
    require()
    import duckdb

    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY,
            "threads": str(os.cpu_count() or 1),
            "temp_directory": "",
        },
    )
    # As it is looked for as well: what is allowed is compared before `[*]` means a star.
    allowed = ", ".join([quoted(one) for one in {writable(folder), readable(folder)}])
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def writable(path: str) -> str:
    """Return a path as the engine takes it; raise for one that is no text."""
    try:
        path.encode()
    except UnicodeEncodeError:
        raise SystemRefusedError(
            f"{os.fsencode(path)!r} is not UTF-8, and DuckDB opens no file there.",
            hint="Give the folder of the hub another name.",
        ) from None
    return path


def readable(path: str) -> str:
    """Return a path as the engine looks for it, in which `*`, `?` and `[` are letters."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in writable(path))


def quoted(text: str) -> str:
    """Return a text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def refuse_without_memory(error: Exception) -> None:
    """Raise an error for what took too much memory."""
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException):
        raise SystemRefusedError(
            f"That takes more than the {MEMORY} of memory that DuckDB is given.",
            hint="Ask for less: --since, --repo.",
        ) from None


def errors() -> type[Exception]:
    """Return what the engine raises."""
    import duckdb

    found: type[Exception] = duckdb.Error
    return found
