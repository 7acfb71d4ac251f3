"""The check finds an error exactly where the published schema does."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.test_model_kinds import MODELS

from gitcoord.model.findings import ERROR
from gitcoord.model.fine import fine
from gitcoord.model.kinds import BY_NAME
from gitcoord.model.validate import check

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
VALIDATORS = {
    kind: jsonschema_rs.validator_for(
        json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))
    )
    for kind in BY_NAME
}

texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["ISSUE-001", "a", "../x", "2026-01-31", "2026-01-31T10:00:00+00:00", "oneiric",
                     "pending", "active", "runtime", "high", "unknown", " ", "a.b", "a..b", "-x"]),
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "text", "due", "status", "command", "other"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)


def good(kind: str) -> dict[str, Any]:
    return {
        "issue": {"id": "ISSUE-001", "title": "x", "status": "pending"},
        "todo": {"id": "TODO-001", "task": "x", "repo": "a", "status": "pending"},
        "plan": {"id": "PLAN-001", "title": "x", "status": "draft"},
        "dependency": {"id": "DEP-001", "consumer": "a", "provider": "b", "type": "runtime"},
        "repo": {"name": "a"},
    }[kind]


def no_date(value: str) -> bool:
    """Whether a text has the form of a date and is none: what a schema cannot say."""
    try:
        if len(value) == 10:
            date.fromisoformat(value)
        else:
            datetime.fromisoformat(value)
    except ValueError:
        return True
    return len(value) != 10 and len(value) < 16


@pytest.mark.parametrize("kind", BY_NAME)
@given(data=st.data())
def test_the_check_agrees_with_the_schema(kind: str, data: st.DataObject) -> None:
    fields = st.sampled_from([*BY_NAME[kind].fields, "strange"])
    changed = data.draw(st.dictionaries(fields, values, max_size=3))
    dropped = data.draw(st.sampled_from([None, *good(kind)]))
    record = {**good(kind), **changed}
    record.pop(dropped or "", None)

    if fine(kind, record):
        assert check(kind, record) == []
    errors = [fault for fault in check(kind, record) if fault.severity == ERROR]
    beyond = [fault for fault in errors if fault.code == "bad-date"]
    valid = VALIDATORS[kind].is_valid(record)

    if valid:
        assert errors == beyond
    else:
        assert errors


@pytest.mark.parametrize("kind", BY_NAME)
@given(data=st.data())
def test_the_model_takes_what_the_schema_allows_and_keeps_it(
    kind: str, data: st.DataObject
) -> None:
    fields = st.sampled_from([*BY_NAME[kind].fields, "strange"])
    record = {**good(kind), **data.draw(st.dictionaries(fields, values, max_size=3))}
    if not VALIDATORS[kind].is_valid(record):
        return

    model = MODELS[kind][0].model_validate(record)

    assert model.model_dump(exclude_unset=True) == record


@pytest.mark.parametrize("kind", BY_NAME)
def test_a_plain_record_is_fine_at_first_sight(kind: str) -> None:
    assert fine(kind, good(kind))
