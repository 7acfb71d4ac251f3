"""What is written reads back as it was, in YAML 1.2 and in YAML 1.1."""

from __future__ import annotations

import datetime
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gitcoord.codec.emit import dump
from gitcoord.codec.read import parse

ODD = st.sampled_from(
    [
        "no", "on", "Yes", "OFF", "y", "12:30", "1_000", "010", "1e3", "~", "null", "=", "<<", "0x1F",
        "0o17", ".inf", ".nan", "-", "- a", "? a", "a: b", "a #b", "#", "a:", ":", "!x", "&a", "*a", "|",
        ">", "%", "@", "`", "---", "...", "2026-01-31", "2026-02-30", "1:2:3", "+1", "1.", ".5", "1,000",
        "a\tb", "a\\b", 'a"b', "a'b", "\ufeffx", "\u2028", "x\x85y", "👨‍👩‍👧", "é", "\u202eabc", "[x]",
        "{a}", "a, b", "true", "2001-12-14 21:59:43.10 -5", "0b1", "685_230.15", "1E5", "0.1.2", "12e03",
        "\xa0", "\xa0x", "\u3000", "\x7f", "\0", "x" * 2000, "<<<<<<< HEAD", "=======",
    ]
)  # fmt: skip
LINES = st.lists(
    st.sampled_from(
        ["", " ", "a", "  indented", "# hash", "\ttab", "- x", "a: b", "---", "end ", "…"]
    )
    | st.text(max_size=5),
    min_size=1,
    max_size=6,
).map("\n".join)
TEXTS = ODD | LINES | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(
    min_value=-(2.0**62), max_value=2.0**62, allow_nan=False
)
SCALARS = TEXTS | NUMBERS | st.booleans() | st.none()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
RECORDS = st.dictionaries(TEXTS, VALUES, max_size=6)


@settings(max_examples=400, deadline=None)
@given(data=RECORDS)
@example(data={"a": {"x" * 2000: {"b": [{"y" * 2000: ["c"]}]}}})
@example(data={"a": [[], {}, [[]], [["x\n y"], {"k": " lead\nline\n\n"}]]})
def test_what_is_dumped_parses_to_the_same(data: dict[str, Any]) -> None:
    text = dump(data, ["id", "no", "title"])

    assert parse(text.encode()) == data
    assert repr(sorted(parse(text.encode()).items())) == repr(sorted(data.items()))


@settings(max_examples=300, deadline=None)
@given(data=st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, max_size=3), max_size=5))
def test_yaml_1_1_reads_the_same_texts(data: dict[str, Any]) -> None:
    text = dump(data, [])

    assert yaml.safe_load(text) == data


@given(moment=st.datetimes(timezones=st.just(datetime.UTC)))
def test_dates_stand_without_quotes_in_the_fields_for_dates(moment: datetime.datetime) -> None:
    text = moment.isoformat()

    assert dump({"created": text}, []) == f"created: {text}\n"
    assert parse(dump({"created": text, "title": text}, []).encode()) == {
        "created": text,
        "title": text,
    }
