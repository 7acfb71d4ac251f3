"""Queries answered by SQLite, on the index's own tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gitcoord.errors import UsageError
from gitcoord.index import schema
from gitcoord.index.compile import Compiled, compile_query
from gitcoord.model.kinds import KINDS
from gitcoord.model.query import Query, fields, parse, term
from gitcoord.model.query.nodes import Text, either

TABLES = """
CREATE TABLE record (n INTEGER PRIMARY KEY, id TEXT, kind TEXT, path TEXT UNIQUE, title TEXT,
  status TEXT, priority INTEGER, severity TEXT, assignee TEXT, created INTEGER, updated INTEGER,
  target TEXT, issue TEXT, plan TEXT, milestone TEXT, type TEXT, estimated_hours REAL,
  actual_hours REAL, open INTEGER, archived INTEGER, ready INTEGER DEFAULT 0,
  blocked INTEGER DEFAULT 0, cyclic INTEGER DEFAULT 0, blocks INTEGER DEFAULT 0,
  worth INTEGER DEFAULT 0, sort TEXT, json TEXT, body TEXT);
CREATE INDEX record_status ON record (kind, status, archived, sort);
CREATE TABLE value (n INTEGER, field TEXT, value TEXT COLLATE NOCASE);
CREATE INDEX value_by ON value (field, value, n);
"""
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
Ask = Callable[[str], list[str]]


def compiled(query: Query, me: str | None = "ada@example.org") -> Compiled:
    return compile_query(query, now=NOW, me=me, text=lambda word: ("instr(r.body, ?) > 0", [word]))


def add(connection: sqlite3.Connection, id: str, **given: Any) -> None:
    sets = {name: given.pop(name) for name in ("repo", "role", "label", "tag") if name in given}
    row = {
        "id": id, "kind": "issue", "path": f"{id}.yaml", "title": "", "status": "pending",
        "open": 1, "archived": 0, "sort": f"1{len(id):03d}{id}", "json": '{"metadata": {}',
        "body": f"{id} {given.get('title', '')}".casefold(), **given,
    }  # fmt: skip
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    n = connection.execute(
        f"INSERT INTO record ({names}) VALUES ({marks})", [*row.values()]
    ).lastrowid
    for field, values in sets.items():
        connection.executemany(
            "INSERT INTO value VALUES (?, ?, ?)", [(n, field, v) for v in values]
        )


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    day = 86_400
    now = int(NOW.timestamp())
    add(connection, "ISSUE-1", title="Crash on start", priority=0, repo=["Mahavishnu"], role=["core"],
        label=["bug", "50%_off"], updated=now - 3 * day, created=now - 30 * day, worth=3,
        assignee="Ada@example.org", target="2026-03-30", blocks=3)  # fmt: skip
    add(connection, "ISSUE-2", title="Über-Größe 'quoted'", priority=2, repo=["jinja2-x", "other"],
        role=["app"], status="in_progress", updated=now - 10 * day, worth=1, estimated_hours=4.5,
        target="2026-04-05", json='{"metadata": {"team": {"lead": "Ada", "size": 3},'
        ' "tags": ["x", "y"], "done": true}')  # fmt: skip
    add(connection, "ISSUE-10", title="[Old] thing*", status="closed", open=0, label=["BUG"], worth=2,
        json='{"metadata": {"size": "3"}}')  # fmt: skip
    add(connection, "ISSUE-3", title="Gone", status="closed", open=0, archived=1, worth=0)
    add(connection, "ISSUE-4", title="No status", status=None, open=1, cyclic=1, blocked=1, worth=4,
        assignee="")  # fmt: skip
    yield connection
    connection.close()


@pytest.fixture
def ask(connection: sqlite3.Connection) -> Ask:
    def answer(text: str) -> list[str]:
        found = compiled(parse(text))
        statement = f"SELECT r.id FROM record r WHERE {found.where} ORDER BY {found.order}"
        return [id.removeprefix("ISSUE-") for (id,) in connection.execute(statement, found.params)]

    return answer


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", "1 2 4 10"),
        ("status:open", "1 2 4"),
        ("status:done", "10"),
        ("status:closed", "10"),
        ("status:none", "4"),
        ("status:*", "1 2 10"),
        ("-status:pending", "2 4 10"),
        ("status!=pending,closed", "2 4"),
        ("status:open,closed", "1 2 4 10"),
        ("kind:issue,todo", "1 2 4 10"),
        ("-kind:issue", ""),
        ("is:open", "1 2 4"),
        ("is:closed", "10"),
        ("is:overdue", "1"),
        ("is:blocked,assigned", "1 4"),
        ("-is:assigned", "2 4 10"),
        ("is:cyclic", "4"),
        ("is:archived", "3"),
        ("-is:archived", "1 2 4 10"),
        ("archived:yes", "3"),
        ("archived:no", "1 2 4 10"),
        ("archived:*", "1 2 3 4 10"),
        ("is:archived or status:in_progress", "2 3"),
        ("priority:critical", "1"),
        ("priority:none", "4 10"),
        ("priority>=high", "1"),
        ("priority<high", "2"),
        ("priority<=medium", "2"),
        ("priority>medium", "1"),
        ("-priority:critical", "2 4 10"),
        ("-(priority<high)", "1 4 10"),
        ("repo:mahavishnu", "1"),
        ("repo:MAHA*", "1"),
        ("repo:jinja2-?", "2"),
        ("repo:jinja2-*,mahavishnu", "1 2"),
        ("-repo:other", "1 4 10"),
        ("no:repo", "4 10"),
        ("repo:none,other", "2 4 10"),
        ("has:repo", "1 2"),
        ("role:core", "1"),
        ("label:bug", "1 10"),
        ("-label:bug", "2 4"),
        ("label:50%*", "1"),
        ("label:5%", ""),
        ("label:5_%", ""),
        ('label:"50%_off"', "1"),
        ('label:"bu*"', ""),
        ("title:crash", "1"),
        ("title:ON", "1"),
        ("title:crash*", "1"),
        ("title:start*", ""),
        ("title:über", "2"),
        ("title:GRÖ", "2"),
        ("title:'QUOTED'", "2"),
        ("title:[old]", "10"),
        ('title:"thing*"', "10"),
        ('title:"*"', "10"),
        ("crash start", "1"),
        ('"crash start"', ""),
        ("ÜBER", "2"),
        ("text:crash,über", "1 2"),
        ("-crash", "2 4 10"),
        ("issue-1", "1 10"),
        ("id:issue-1", "1"),
        ("id:ISSUE-1*", "1 10"),
        ("assignee:me", "1"),
        ("no:assignee", "2 4 10"),
        ("blocks>2", "1"),
        ("blocks:0..2", "2 4 10"),
        ("estimated_hours>4", "2"),
        ("-estimated_hours>4", "1 4 10"),
        ("estimate:4.5", "2"),
        ("estimate:..5", "2"),
        ("estimate:none", "1 4 10"),
        ("updated<7d", "1"),
        ("updated>7d", "2"),
        ("-updated<7d", "2 4 10"),
        ("updated:none", "4 10"),
        ("created:2026-03-01", "1"),
        ("created:2026-02,2026-03", "1"),
        ("target<7d", "1 2"),
        ("target:7d", "2"),
        ("target<=2026-03-30", "1"),
        ("due:today..", "2"),
        ("metadata.team.lead:ADA", "2"),
        ("metadata.team:ada", "2"),
        ("metadata:ada", "2"),
        ("metadata.team.size:3", "2"),
        ("metadata.team.size>=3", "2"),
        ("metadata.team.size>3", ""),
        ("metadata.size:3", "10"),
        ("metadata.size>=3", ""),
        ("metadata.tags:y", "2"),
        ("metadata.tags:?", "2"),
        ("metadata.done:true", "2"),
        ("metadata.done:1", ""),
        ("metadata.team.lead>=aa", "2"),
        ("metadata.nothing:*", ""),
        ("metadata.team:none", "1 4 10"),
        ("has:metadata.team", "2"),
        ("has:metadata", "2 10"),
        ("sort:worth", "2 10 1 4"),
        ("sort:id", "1 2 4 10"),
        ("sort:-id", "10 4 2 1"),
        ("sort:priority", "1 2 4 10"),
        ("sort:-priority", "2 1 4 10"),
        ("sort:-updated", "1 2 4 10"),
        ("sort:repo", "2 1 4 10"),
        ("sort:-repo", "2 1 4 10"),
        ("sort:status", "1 2 10 4"),
        ("sort:assignee", "1 2 4 10"),
        ("sort:title", "10 1 4 2"),
        ("sort:-worth", "4 1 10 2"),
        ("group:status", "1 2 10 4"),
        ("group:label sort:-id", "1 10 4 2"),
    ],
)  # fmt: skip
def test_answers(ask: Ask, text: str, ids: str) -> None:
    assert ask(text) == ids.split()


@pytest.mark.parametrize(
    "word", ["%", "_", "'", "''; DROP TABLE record; --", "\\", "[", "]", "^", "?", "*"]
)
def test_nothing_in_a_value_is_special(ask: Ask, word: str) -> None:
    for field in ("label", "title", "severity", "metadata.x", "text", "repo"):
        ask(f'{field}:"{word.replace(chr(92), chr(92) * 2)}"')

    assert len(ask("")) == 4


@pytest.mark.parametrize("field", sorted({*fields.SORTS, *fields.GROUPS}))
def test_every_order_ends_with_the_ids(connection: sqlite3.Connection, field: str) -> None:
    for query in (Query(sort=[(field, False)]), Query(sort=[(field, True)]), Query(group=None)):
        order = compiled(query).order

        assert order.endswith("r.sort") or field == "id"
        connection.execute(f"SELECT r.id FROM record r ORDER BY {order}").fetchall()


def test_a_thousand_values_are_no_trouble(connection: sqlite3.Connection) -> None:
    many = [f"x{n}" for n in range(3_000)]
    for node in (
        term("id", many),
        term("label", [f"{word}*" for word in many]),
        either([Text(word) for word in many]),
    ):
        assert node is not None
        found = compiled(Query().with_terms(node))

        rows = connection.execute(f"SELECT r.id FROM record r WHERE {found.where}", found.params)
        assert rows.fetchall() == []


def test_deep_queries_are_no_trouble(ask: Ask) -> None:
    assert ask("-(zz or " * 6 + "crash" + ")" * 6) == ["1"]
    worst = "-(a b or c " * 7 + "-metadata.a:x,y,*" + ")" * 7
    assert ask(worst + " or " + worst) == ask(worst)


def test_me_needs_a_name() -> None:
    with pytest.raises(UsageError, match="who you are"):
        compiled(parse("assignee:me"), me=None)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("kind:issue status:pending", "record_status"),
        ("repo:x", "value_by (field=? AND value=?)"),
        ("repo:x,y label:z", "value_by (field=? AND value=?)"),
        ("role:core status:pending", "value_by (field=? AND value=?)"),
    ],
)
def test_common_conditions_use_an_index(
    connection: sqlite3.Connection, text: str, index: str
) -> None:
    found = compiled(parse(text))
    plan = connection.execute(
        f"EXPLAIN QUERY PLAN SELECT r.id FROM record r WHERE {found.where}", found.params
    ).fetchall()

    assert index in " ".join(row[3] for row in plan)
    assert "SCAN r" not in " ".join(row[3] for row in plan)


def test_no_value_ever_stands_in_the_sql() -> None:
    marker = "zq9"
    text = (
        f'label:{marker},{marker}* title:{marker} metadata.{marker}:{marker} id:{marker} "{marker}"'
        f" severity:{marker}é assignee:{marker}"
    )

    found = compiled(parse(text))

    assert marker not in found.where
    assert found.where.count("?") == len(found.params)


def test_a_done_state_ends_the_life_of_every_kind_that_has_it() -> None:
    for kind in KINDS:
        assert kind.done == frozenset(kind.statuses) & frozenset(fields.DONE)
    assert not {"open", "done"} & set(fields.STATUSES)


def test_the_hour_does_not_matter_for_overdue(ask: Ask) -> None:
    query = parse("is:overdue")
    late = compile_query(query, now=NOW + timedelta(hours=11), me=None, text=lambda word: ("1", []))

    assert late.params == compiled(query).params == ["2026-03-31"]


@pytest.mark.parametrize(("asked", "index"), [
    ("is:ready sort:worth", "record_ready"),
    ("is:blocked sort:worth", "record_blocked"),
    ("kind:issue", "record_"),
    ("is:ready,blocked", "record_sort"),
])  # fmt: skip
def test_what_is_ready_or_blocked_is_read_in_its_own_order(
    tmp_path: Path, asked: str, index: str
) -> None:
    connection = schema.connect(str(tmp_path / "index.db"))
    connection.executescript(schema.INDEXES)
    found = compile_query(parse(asked, saved={}), now=NOW, me=None, text=lambda _: ("1", []))

    plan = connection.execute(
        f"EXPLAIN QUERY PLAN SELECT r.id, r.json FROM record r WHERE {found.where}"
        f" ORDER BY {found.order} LIMIT 20",
        found.params,
    )
    steps = [row[3] for row in plan]
    connection.close()

    assert index in steps[0]
    assert "sort:worth" not in asked or not [step for step in steps if "ORDER BY" in step]
