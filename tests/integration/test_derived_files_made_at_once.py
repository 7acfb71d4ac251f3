"""Derived files that many processes make, use or throw away at the same moment."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

from gitcoord.index import schema

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

TABLES = "CREATE TABLE meta (key TEXT PRIMARY KEY, value);\nCREATE TABLE word (word TEXT);\n"


def _bring(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("SELECT 1 FROM meta").fetchone() is None:
        connection.execute("INSERT INTO meta VALUES ('done', 1)")
        connection.executemany("INSERT INTO word VALUES (?)", [(str(n),) for n in range(12)])
    connection.execute("COMMIT")
    return connection


def _use(path: str) -> None:
    connection = schema.brought_up(path, TABLES, 7, _bring)
    for _ in range(3):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO word VALUES ('more')")
        connection.execute("DELETE FROM word WHERE word = 'more'")
        connection.execute("COMMIT")
    assert connection.execute("SELECT count(*) FROM word").fetchone() == (12,)
    connection.close()


def _at_once(path: str, work: Callable[[str], None]) -> set[int]:
    """Let ten processes do work a moment after one another; return how they ended."""
    start, children = time.time() + 0.02, []
    for number in range(10):
        child = os.fork()
        if not child:
            code = 1
            try:
                while time.time() < start + number * 0.0007:
                    pass
                work(path)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    return {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children}


def test_ten_that_make_a_file_at_once_all_use_the_same(tmp_path: Path) -> None:
    for number in range(40):
        path = tmp_path / str(number) / "derived.db"
        assert _at_once(str(path), _use) == {0}
        _use(str(path))


def test_a_damaged_file_is_replaced_once_by_ten_that_find_it(tmp_path: Path) -> None:
    for number in range(40):
        path = tmp_path / f"{number}.db"
        path.write_bytes(b"this is no database, and it is longer than a header of one" * 40)
        assert _at_once(str(path), _use) == {0}
        _use(str(path))


def test_a_file_of_another_version_is_replaced_once_by_ten_that_find_it(tmp_path: Path) -> None:
    for number in range(40):
        path = tmp_path / f"{number}.db"
        schema.connect(str(path), "CREATE TABLE old (x);\n", 6).close()
        assert _at_once(str(path), _use) == {0}
        _use(str(path))


def test_a_maker_that_was_killed_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "derived.db"
    child = os.fork()
    if not child:
        try:
            connection = schema.connect(str(path), "CREATE TABLE half (x);\n", 0)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE meta (key)")
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    _use(str(path))
