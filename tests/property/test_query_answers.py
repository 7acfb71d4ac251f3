"""SQLite's answer to a query is the one that a plain reading of the records gives."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gitcoord.index.compile import compile_query
from gitcoord.model.kinds import BY_NAME, PRIORITIES
from gitcoord.model.query import parse

Record = dict[str, Any]
Case = tuple[str, Callable[[Record], bool]]
"""The text of a condition, and what it should mean."""

ZONE = timezone(timedelta(hours=5, minutes=30))
NOW = datetime(2026, 3, 31, 2, 30, tzinfo=ZONE)
TODAY = NOW.date()
COLUMNS = [
    "n",
    "id",
    "kind",
    "title",
    "status",
    "priority",
    "severity",
    "assignee",
    "created",
    "updated",
    "target",
    "estimated_hours",
    "blocks",
    "open",
    "archived",
    "ready",
    "blocked",
    "cyclic",
    "worth",
    "sort",
    "json",
    "body",
]
SETS = ("repo", "label")
CONNECTION = sqlite3.connect(":memory:")
CONNECTION.executescript(
    f"CREATE TABLE record ({', '.join(COLUMNS)});"
    "CREATE TABLE value (n INTEGER, field TEXT, value TEXT COLLATE NOCASE);"
)

WORDS = st.text("aAbBéÉ%_*?[]^-\\\"', 1", min_size=1, max_size=3)
SECONDS = st.integers(int(NOW.timestamp()) - 40 * 86_400, int(NOW.timestamp()) + 5 * 86_400)
DAYS = st.integers(-12, 12).map(lambda n: TODAY + timedelta(days=n))
METADATA = st.fixed_dictionaries(
    {},
    optional={
        "a": WORDS | st.integers(-2, 2) | st.booleans() | st.none() | st.lists(WORDS, max_size=2),
        "b": st.fixed_dictionaries({}, optional={"c": WORDS | st.floats(-2, 2)}),
    },
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    kind = draw(st.sampled_from(["issue", "plan", "todo"]))
    status = draw(st.none() | st.sampled_from(BY_NAME[kind].statuses))
    archived = draw(st.booleans())
    done = status in BY_NAME[kind].done
    found = {
        "id": f"{BY_NAME[kind].prefix}-{draw(st.integers(1, 12))}", "kind": kind, "status": status,
        "title": draw(st.none() | WORDS), "priority": draw(st.none() | st.integers(0, 3)),
        "severity": draw(st.none() | WORDS), "created": draw(st.none() | SECONDS),
        "assignee": draw(st.none() | st.sampled_from(["", "Ada", "ada", "me", "none", "Bé"])),
        "updated": draw(st.none() | SECONDS), "target": draw(st.none() | DAYS.map(date.isoformat)),
        "estimated_hours": draw(st.none() | st.sampled_from([0.5, 2, 3.0, 8])),
        "blocks": draw(st.integers(0, 3)), "open": int(not done and not archived),
        "archived": int(archived), "ready": draw(st.integers(0, 1)),
        "blocked": draw(st.integers(0, 1)), "cyclic": draw(st.integers(0, 1)), "worth": 0,
        "metadata": draw(METADATA), "repo": draw(st.lists(WORDS, max_size=2)),
        "label": draw(st.lists(WORDS, max_size=2)),
    }  # fmt: skip
    return found | {"body": f"{found['id']}\n{found['title'] or ''}".casefold()}


def fold(text: str) -> str:
    return text.lower()


def quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def same(word: str) -> Callable[[str], bool]:
    return lambda value: fold(value) == fold(word)


@st.composite
def matchers(draw: st.DrawFn) -> tuple[str, Callable[[str], bool]]:
    if draw(st.booleans()):
        word = draw(WORDS)
        return quote(word), same(word)
    glob = draw(st.text("aAbé*?[]%_'", min_size=1, max_size=4).filter(lambda text: text != "*"))
    parts = [".*" if c == "*" else "." if c == "?" else re.escape(fold(c)) for c in glob]
    if "*" not in glob and "?" not in glob:
        return glob, same(glob)
    return glob, lambda value: re.fullmatch("".join(parts), fold(value), re.DOTALL) is not None


@st.composite
def set_cases(draw: st.DrawFn) -> Case:
    field = draw(st.sampled_from(SETS))
    if draw(st.integers(0, 5)) == 0:
        has = draw(st.booleans())
        return f"{field}:{'*' if has else 'none'}", lambda record: bool(record[field]) == has
    found = draw(st.lists(matchers(), min_size=1, max_size=2))
    return f"{field}:{','.join(text for text, _ in found)}", lambda record: any(
        test(value) for value in record[field] for _, test in found
    )


@st.composite
def word_cases(draw: st.DrawFn) -> Case:
    field = draw(st.sampled_from(["severity", "assignee"]))
    if field == "assignee":
        wanted, texts = draw(
            st.sampled_from(
                [("me", ["ada"]), ('"me"', ["me"]), ("bÉ,none", ["bé", ""]), ("ADA", ["ada"])]
            )
        )
        return f"assignee:{wanted}", lambda record: (record["assignee"] or "").lower() in texts
    text, test = draw(matchers())
    return f"{field}:{text}", lambda record: record[field] is not None and test(record[field])


@st.composite
def title_cases(draw: st.DrawFn) -> Case:
    word = draw(WORDS)
    if draw(st.booleans()):
        return f"title:{quote(word)}", lambda record: fold(word) in fold(record["title"] or "")
    return quote(
        word
    ), lambda record: word.casefold() in record["body"] or fold(word) == fold(record["id"])


OPS: dict[str, Callable[[Any, Any], bool]] = {
    ":": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@st.composite
def ordered_cases(draw: st.DrawFn) -> Case:
    op = draw(st.sampled_from(list(OPS)))
    test = OPS[op]
    field = draw(st.sampled_from(["priority", "estimated_hours", "blocks"]))
    if field == "priority":
        rank = draw(st.integers(0, 3))
        text, wanted = PRIORITIES[rank], -rank
    else:
        wanted = draw(st.integers(0, 4))
        text = str(wanted)
    sign = -1 if field == "priority" else 1

    def means(record: Record) -> bool:
        return op == "!=" if record[field] is None else test(sign * record[field], wanted)

    return f"{field}{op}{text}", means


@st.composite
def day_cases(draw: st.DrawFn) -> Case:
    field, op, day = (
        draw(st.sampled_from(["created", "target"])),
        draw(st.sampled_from(list(OPS))),
        draw(DAYS),
    )
    text = draw(st.sampled_from([day.isoformat(), f"{(day - TODAY).days:+d}d"]))

    def means(record: Record) -> bool:
        value = record[field]
        if value is None:
            return op == "!="
        local = (
            date.fromisoformat(value)
            if field == "target"
            else datetime.fromtimestamp(value, ZONE).date()
        )
        return OPS[op](local, day)

    return f"{field}{op}{text}", means


@st.composite
def age_cases(draw: st.DrawFn) -> Case:
    op, count = draw(st.sampled_from(["<", "<=", ">", ">="])), draw(st.integers(0, 20))
    if draw(st.booleans()):
        return (
            f"updated{op}{count}d",
            lambda record: (
                record["updated"] is not None
                and OPS[op](int(NOW.timestamp()) - record["updated"], count * 86_400)
            ),
        )
    return (
        f"due{op}{count}d",
        lambda record: (
            record["target"] is not None
            and OPS[op]((date.fromisoformat(record["target"]) - TODAY).days, count)
        ),
    )


def leaves_of(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves_of(item)]
    return [] if value is None else [value]


@st.composite
def metadata_cases(draw: st.DrawFn) -> Case:
    keys = draw(st.sampled_from([(), ("a",), ("b",), ("b", "c"), ("zz",)]))

    def found(record: Record) -> list[Any]:
        value = record["metadata"]
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return leaves_of(value)

    field = ".".join(["metadata", *keys])
    how = draw(st.sampled_from(["word", "number", "bool", "any"]))
    if how == "any":
        return f"has:{field}", lambda record: any(leaf != "" for leaf in found(record))
    if how == "bool":
        return f"{field}:True", lambda record: any(
            leaf is True or (isinstance(leaf, str) and fold(leaf) == "true")
            for leaf in found(record)
        )
    if how == "number":
        number, op = draw(st.integers(-2, 2)), draw(st.sampled_from([":", "<", ">="]))
        return f"{field}{op}{number}", lambda record: any(
            OPS[op](leaf, number)
            if isinstance(leaf, (int, float)) and not isinstance(leaf, bool)
            else op == ":" and leaf == str(number)
            for leaf in found(record)
        )
    word = draw(WORDS.filter(lambda text: not text.strip("1")[:1].isdigit() and "1" not in text))
    return f"{field}:{quote(word)}", lambda record: any(
        isinstance(leaf, str) and fold(leaf) == fold(word) for leaf in found(record)
    )


def is_done(record: Record) -> bool:
    return record["status"] in BY_NAME[record["kind"]].done


FIXED: list[Case] = [
    ("status:open", lambda record: bool(record["open"])),
    ("is:open", lambda record: bool(record["open"])),
    ("status:done", is_done),
    ("is:closed", is_done),
    ("status:pending,done", lambda record: record["status"] == "pending" or is_done(record)),
    ("status:none", lambda record: record["status"] is None),
    ("status!=pending", lambda record: record["status"] != "pending"),
    ("kind:issue,plan", lambda record: record["kind"] != "todo"),
    ("is:ready", lambda record: bool(record["ready"])),
    ("is:blocked,cyclic", lambda record: bool(record["blocked"] or record["cyclic"])),
    ("is:assigned", lambda record: bool(record["assignee"])),
    ("is:archived", lambda record: bool(record["archived"])),
    ("archived:no", lambda record: not record["archived"]),
    ("archived:*", lambda record: True),
    (
        "is:overdue",
        lambda record: (
            bool(record["open"])
            and record["target"] is not None
            and date.fromisoformat(record["target"]) < TODAY
        ),
    ),
    ("id:issue-1", lambda record: record["id"] == "ISSUE-1"),
    ("id:ISSUE-1*", lambda record: record["id"].startswith("ISSUE-1")),
]
LEAVES = st.one_of(
    st.sampled_from(FIXED), set_cases(), word_cases(), title_cases(), ordered_cases(), day_cases(),
    age_cases(), metadata_cases(),
)  # fmt: skip


def opposite(case: Case, sign: str) -> Case:
    return f"{sign}({case[0]})", lambda record: not case[1](record)


def joined(cases: list[Case], word: str) -> Case:
    text = f" {word} ".join(f"({text})" for text, _ in cases)
    if word == "or":
        return text, lambda record: any(test(record) for _, test in cases)
    return text, lambda record: all(test(record) for _, test in cases)


CASES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(opposite, inner, st.sampled_from(["-", "!", "not "]))
        | st.builds(
            joined, st.lists(inner, min_size=2, max_size=3), st.sampled_from(["and", "or", ""])
        )
    ),
    max_leaves=4,
)


def fill(found: list[Record]) -> None:
    CONNECTION.execute("DELETE FROM record")
    CONNECTION.execute("DELETE FROM value")
    for n, record in enumerate(found):
        whole = json.dumps({"metadata": record["metadata"]}, ensure_ascii=False)
        row = record | {"n": n, "sort": f"{n:03d}", "json": whole[: -1 if n % 2 else None]}
        marks = ", ".join("?" * len(COLUMNS))
        CONNECTION.execute(f"INSERT INTO record VALUES ({marks})", [row[name] for name in COLUMNS])
        for field in SETS:
            rows = [(n, field, value) for value in record[field]]
            CONNECTION.executemany("INSERT INTO value VALUES (?, ?, ?)", rows)


@settings(max_examples=600, deadline=None)
@given(found=st.lists(records(), min_size=1, max_size=6), case=CASES)
def test_the_answer_is_that_of_a_plain_reading(found: list[Record], case: Case) -> None:
    text, means = case
    fill(found)

    compiled = compile_query(
        parse(text), now=NOW, me="ADA", text=lambda word: ("instr(r.body, ?) > 0", [word])
    )
    statement = f"SELECT r.n FROM record r WHERE {compiled.where} ORDER BY {compiled.order}"
    answer = [n for (n,) in CONNECTION.execute(statement, compiled.params)]

    spoken_of = "is:archived" in text or "archived:" in text
    assert answer == [
        n
        for n, record in enumerate(found)
        if means(record) and (spoken_of or not record["archived"])
    ]


def test_the_clock_of_this_test_has_a_zone_of_its_own() -> None:
    assert NOW.astimezone(UTC).date() != TODAY
