"""What docs/queries.md shows is so."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gitcoord.index.compile import compile_query
from gitcoord.model.query import QueryError, fields, parse, unparse
from gitcoord.model.query.limits import MAX_QUERY
from gitcoord.model.query.syntax import MAX_DEPTH, MAX_WORDS

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")
SAVED = dict(
    re.findall(
        r"^  (\w+): (.*)$", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0], re.MULTILINE
    )
)
EXAMPLES = [
    line
    for block in re.findall(r"```query\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
FIELDS = "|".join([*fields.SORT_OF, *fields.ALIASES, *fields.WHOLE])
IN_TEXT = [
    example
    for example in re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
    if re.match(rf"(-|not )?({FIELDS}|metadata\.\w+)(!=|[<>]=?|:)[^ ]", example)
]


@pytest.mark.parametrize("text", [*EXAMPLES, *IN_TEXT])
def test_an_example_is_a_query(text: str) -> None:
    query = parse(text, saved=SAVED)

    assert parse(unparse(query)) == query
    compile_query(query, now=datetime.now(UTC), me="ada", text=lambda word: ("1", []))


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 15
    assert len(IN_TEXT) > 30
    assert set(SAVED) == {"mine", "hot"}


@pytest.mark.parametrize("shown", re.findall(r"```wrong\n(.*?)\n```", PAGE, re.DOTALL))
def test_a_wrong_example_is_refused_as_shown(shown: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(shown.split("\n")[0], saved=SAVED)

    fault = caught.value
    assert f"{fault.explain()}\n{fault.message}\n{fault.hint}" == shown


@pytest.mark.parametrize("name", [*fields.SORT_OF, *fields.ALIASES, *fields.GROUPS])
def test_every_field_is_told_of(name: str) -> None:
    plural = name in ("repos", "labels", "tags")

    assert plural or re.search(rf"`{name}[`:.]", PAGE)


@pytest.mark.parametrize("field", ["kind", "is", "archived", "priority"])
def test_every_choice_is_told_of(field: str) -> None:
    for word in fields.CHOICES[field]:
        assert f"`{word}`" in PAGE


def test_the_limits_are_told_of() -> None:
    assert f"{MAX_QUERY:,} characters, {MAX_WORDS:,} words and {MAX_DEPTH} levels" in PAGE


def test_the_states_that_end_a_life_are_told_of() -> None:
    assert all(f"`{status}`" in PAGE for status in fields.DONE)
