"""What a tool's check lets through is what its published schema allows, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitcoord.errors import UsageError
from gitcoord.mcp import cursors, table
from gitcoord.mcp.parameters import checked
from gitcoord.mcp.tool import Tool

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = st.text(alphabet="ab.-_é🤖 \n", max_size=20)
TOOLS = table.tools([table.ALL])
VALUES = (
    st.none() | st.booleans() | st.integers(-5, 500) | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["pending", "open", "high", "2026-12-31", "2026-02-30", "x", "day", "error"])
    | WORDS | st.lists(WORDS | st.integers(), max_size=3)
    | st.dictionaries(WORDS, st.integers(), max_size=1)
)  # fmt: skip


@st.composite
def calls(draw: st.DrawFn) -> tuple[Tool, dict[str, Any]]:
    """A tool with arguments that are right, wrong or unknown."""
    tool = draw(st.sampled_from(TOOLS))
    names = st.sampled_from([one.name for one in tool.parameters] + ["nonsense", "staus", ""])
    return tool, draw(st.dictionaries(names, VALUES, max_size=4))


@CALM
@given(calls())
def test_the_check_refuses_what_the_schema_refuses(call: tuple[Tool, dict[str, Any]]) -> None:
    tool, arguments = call
    # A client that writes null for what it leaves out is understood, and an empty day clears one.
    said = {name: value for name, value in arguments.items() if value is not None}
    strange = [name for name in arguments if name not in tool.schema()["properties"]]
    blank = [
        one.name
        for one in tool.parameters
        if one.required and not str(said.get(one.name, "x")).strip()
    ]
    empty_day = {
        one.name
        for one in tool.parameters
        if one.schema.get("format") == "date" and said.get(one.name) == ""
    }
    valid = jsonschema_rs.validator_for(tool.schema(), validate_formats=True).is_valid(
        {name: value for name, value in said.items() if name not in empty_day}
    )

    try:
        checked(tool.parameters, arguments)
        accepted, hint = True, "-"
    except UsageError as error:
        accepted, hint = False, error.hint

    assert hint
    assert accepted == (valid and not strange and not blank)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_a_schema_is_valid_flat_and_closed(tool: Tool) -> None:
    for schema in (tool.schema(), tool.shape):
        jsonschema_rs.meta.validate(schema)
        assert schema["type"] == "object"
    assert tool.schema()["additionalProperties"] is False
    for one in tool.schema()["properties"].values():
        assert one["type"] != "object"
        assert one.get("items", {"type": "string"}) == {"type": "string"}


@CALM
@given(WORDS, st.integers(1, 1 << 30), WORDS)
def test_a_cursor_reads_back(question: str, number: int, name: str) -> None:
    assert cursors.read(question, cursors.write(question, number, name)) == (number, name)


@CALM
@given(WORDS, st.binary(max_size=40))
def test_a_cursor_that_is_none_is_refused_and_never_breaks(text: str, raw: bytes) -> None:
    hints = set()
    for cursor in (text, raw.hex(), json.dumps(text)):
        try:
            cursors.read("question", cursor)
        except UsageError as error:
            hints.add(error.hint)
    assert hints == {"Call again without cursor for the first page."}
