"""Derived files that many processes make, use or throw away at the same moment."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
from typing import TYPE_CHECKING

import pytest
from tests.at_once import ten

from gitcoord.index import anew, schema

if TYPE_CHECKING:
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


def _at_once(path: Path) -> set[int]:
    return ten(lambda _: _use(str(path)), apart=0.0007)


def test_ten_that_make_a_file_at_once_all_use_the_same(tmp_path: Path) -> None:
    for number in range(40):
        path = tmp_path / str(number) / "derived.db"
        assert _at_once(path) == {0}
        _use(str(path))


def test_a_damaged_file_is_replaced_once_by_ten_that_find_it(tmp_path: Path) -> None:
    for number in range(40):
        path = tmp_path / f"{number}.db"
        path.write_bytes(b"this is no database, and it is longer than a header of one" * 40)
        assert _at_once(path) == {0}
        _use(str(path))


def test_a_file_of_another_version_is_replaced_once_by_ten_that_find_it(tmp_path: Path) -> None:
    for number in range(40):
        path = tmp_path / f"{number}.db"
        schema.connect(str(path), "CREATE TABLE old (x);\n", 6).close()
        assert _at_once(path) == {0}
        _use(str(path))


def test_a_file_with_a_damaged_page_is_made_anew_once_by_ten_that_find_it(tmp_path: Path) -> None:
    for number in range(40):
        path = tmp_path / f"{number}.db"
        _damage(path)
        assert _at_once(path) == {0}
        _use(str(path))


def _damage(path: Path) -> None:
    _use(str(path))
    connection = schema.connect(str(path), TABLES, 7)
    question = "SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'meta'"
    pages = [page for (page,) in connection.execute(question)]
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\x77" * size)


def test_one_that_finds_damage_late_keeps_what_another_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "derived.db"
    _damage(path)
    late: list[int] = []

    def bring(connection: sqlite3.Connection) -> sqlite3.Connection:
        if not late:
            late.append(1)
            with pytest.raises(sqlite3.DatabaseError, match="malformed"):
                _bring(connection)
            connection.rollback()
            other = schema.brought_up(str(path), TABLES, 7, _bring)
            other.execute("INSERT INTO meta VALUES ('other', 1)")
            other.close()
            raise sqlite3.DatabaseError("database disk image is malformed")
        return _bring(connection)

    with contextlib.closing(schema.brought_up(str(path), TABLES, 7, bring)) as connection:
        assert connection.execute("SELECT count(*) FROM meta").fetchone() == (2,)


def test_what_is_no_use_is_emptied_in_place_and_its_readers_keep_it(tmp_path: Path) -> None:
    path = tmp_path / "derived.db"
    old = schema.connect(str(path), "CREATE TABLE old (x);\n", 6)
    old.execute("INSERT INTO old VALUES ('kept')")
    old.execute("BEGIN")
    assert old.execute("SELECT x FROM old").fetchone() == ("kept",)
    before = path.stat().st_ino
    new = schema.brought_up(str(path), TABLES, 7, _bring)
    assert path.stat().st_ino == before
    assert old.execute("SELECT x FROM old").fetchone() == ("kept",)
    old.close()
    assert new.execute("SELECT count(*) FROM word").fetchone() == (12,)
    new.close()
    _use(str(path))


def test_a_garbage_file_is_emptied_in_place_but_never_through_a_link(tmp_path: Path) -> None:
    garbage = b"this is no database, and it is longer than a header of one" * 40
    path, precious = tmp_path / "derived.db", tmp_path / "precious"
    path.write_bytes(garbage)
    before = path.stat().st_ino
    _use(str(path))
    assert path.stat().st_ino == before
    path.unlink()
    precious.write_bytes(garbage)
    path.symlink_to(precious)
    _use(str(path))
    assert precious.read_bytes() == garbage


def test_a_file_that_others_write_all_the_time_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anew, "_PATIENCE", 0.05)
    path = tmp_path / "derived.db"
    old = schema.connect(str(path), "CREATE TABLE old (x);\n", 6)
    old.execute("BEGIN IMMEDIATE")
    _use(str(path))
    old.execute("INSERT INTO old VALUES ('kept')")
    old.execute("COMMIT")
    assert old.execute("SELECT count(*) FROM old").fetchone() == (1,)
    old.close()


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
