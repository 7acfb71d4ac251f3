"""Two people edit one record by hand and by program: what comes out of merging their files."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gitcoord.codec import conflicts, edit, emit
from gitcoord.codec.conflicts import Hunk
from gitcoord.codec.read import parse
from gitcoord.codec.threeway import join
from gitcoord.model.kinds import PLAN
from gitcoord.model.likeness import equal
from gitcoord.model.merging import merge

WORDS = st.sampled_from(["async", "ci", "docs", "perf 🚀", "a: b", "no", "x # y", "12:30"])
LINES = st.lists(st.sampled_from(["one", "two", "three", "- four", "", "five: 5"]), max_size=6)
TEXT = LINES.map("\n".join)
STATUS = st.sampled_from(["draft", "active", "on_hold", "completed"])
MILESTONE = st.fixed_dictionaries(
    {"id": st.sampled_from(["M1", "M2", "M3"]), "name": WORDS},
    optional={"status": st.sampled_from(["pending", "completed"]), "deliverables": st.lists(WORDS)},
)
COMMENT = st.fixed_dictionaries(
    {"id": st.sampled_from(["c1", "c2", "c3", "c4"]), "text": st.one_of(WORDS, TEXT)}
)
METADATA = st.dictionaries(
    st.sampled_from(["pool", "size", "deep"]),
    st.one_of(WORDS, st.integers(0, 5), st.dictionaries(st.sampled_from("ab"), WORDS)),
)


def unique(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({item["id"]: item for item in items}.values())


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": WORDS,
    "status": STATUS,
    "target": st.sampled_from(["2026-01-31", "2026-02-28", None]),
    "labels": st.lists(WORDS, unique=True),
    "milestones": st.lists(MILESTONE).map(unique),
    "comments": st.lists(COMMENT).map(unique),
    "description": TEXT,
    "metadata": METADATA,
    "own field": WORDS,
}
RECORDS = st.fixed_dictionaries({"id": st.just("PLAN-001")}, optional=FIELDS)
ABSENT = object()


@st.composite
def edited(draw: st.DrawFn, base: dict[str, Any]) -> dict[str, Any]:
    """A person's version: some fields set, some gone, some lists longer or shorter."""
    data = dict(base)
    for name in draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=4, unique=True)):
        how = draw(st.sampled_from(["set", "set", "remove", "grow", "shrink"]))
        if how == "remove":
            data.pop(name, None)
        elif how == "grow" and isinstance(data.get(name), list):
            more = draw(FIELDS[name])
            held = [one.get("id") for one in data[name] if isinstance(one, dict)]
            data[name] = data[name] + [
                one for one in more
                if (one["id"] not in held if isinstance(one, dict) else one not in data[name])
            ]  # fmt: skip
        elif how == "shrink" and isinstance(data.get(name), list) and data[name]:
            at = draw(st.integers(0, len(data[name]) - 1))
            data[name] = data[name][:at] + data[name][at + 1 :]
        else:
            data[name] = draw(FIELDS[name])
    return data


@st.composite
def versions(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    base = draw(RECORDS)
    return base, draw(edited(base)), draw(edited(base))


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, bytes, bytes]:
    """Three files; edits by program keep their lines, edits by hand write them anew."""
    base, ours, theirs = draw(versions())
    text = emit.dump(base, PLAN.fields, header=draw(st.sampled_from(["", "# schema\n", "---\n"])))
    if draw(st.booleans()):
        text = text.replace("\nlabels:", "\n# about labels\nlabels:").replace(
            "\nstatus:", "\n\nstatus:"
        )
    raws = [text.encode()]
    for data in (ours, theirs):
        raw = edit.apply(raws[0], edit.diff_changes(base, data), PLAN.fields)
        if draw(st.booleans()):
            raw = emit.dump(data, draw(st.permutations(PLAN.fields))).encode()
        if draw(st.integers(0, 4)) == 0:
            raw += b"# by hand\n"
        if draw(st.integers(0, 4)) == 0:
            raw = raw.replace(b"\n", b"\r\n")
        raws.append(raw)
    return raws[0], raws[1], raws[2]


def chosen(raw: bytes, *, theirs: bool) -> dict[str, Any]:
    parts = conflicts.split(raw.decode())
    assert parts is not None
    return parse(conflicts.joined(parts, theirs=theirs).encode())


@given(versions())
def test_merging_is_the_same_from_either_side(
    three: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
) -> None:
    base, ours, theirs = three

    here, there = merge(base, ours, theirs), merge(base, theirs, ours)

    assert {clash.where for clash in here.clashes} == {clash.where for clash in there.clashes}
    if not here.clashes:
        assert sets(here.data) == sets(there.data)


@given(versions())
def test_a_field_that_one_side_changed_is_as_that_side_has_it(
    three: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
) -> None:
    base, ours, theirs = three

    merged = merge(base, ours, theirs)

    for name in FIELDS:
        was, mine, other = (data.get(name, ABSENT) for data in (base, ours, theirs))
        was, mine, other = (None if one is ABSENT else one for one in (was, mine, other))
        if equal(was, mine):
            assert equal(merged.data.get(name), other)
        elif equal(was, other):
            assert equal(merged.data.get(name), mine)
        if equal(was, mine) or equal(was, other) or equal(mine, other):
            assert not [clash for clash in merged.clashes if clash.where[0] == name]


@given(versions())
def test_what_was_added_to_a_list_is_there_and_what_was_removed_is_gone(
    three: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
) -> None:
    base, ours, theirs = three

    labels = merge(base, ours, theirs).data.get("labels") or []

    was = set(base.get("labels") or [])
    mine, other = set(ours.get("labels") or []), set(theirs.get("labels") or [])
    assert set(labels) == (was & mine & other) | (mine - was) | (other - was)


@given(files())
def test_both_sides_of_the_markers_read_back_as_the_merged_data(
    three: tuple[bytes, bytes, bytes],
) -> None:
    base, ours, theirs = three
    data = [parse(raw) for raw in three]

    joined = join(base, ours, theirs, PLAN.fields)

    merged = merge(data[0], data[1], data[2])
    other = merge(data[0], data[1], data[2], winner="theirs")
    assert [one.where for one in joined.clashes] == [one.where for one in merged.clashes]
    assert equal(chosen(joined.raw, theirs=False), merged.data)
    assert equal(chosen(joined.raw, theirs=True), other.data)
    parts = conflicts.split(joined.raw.decode()) or []
    assert any(isinstance(part, Hunk) for part in parts) == bool(merged.clashes)


@given(files())
def test_markers_stand_around_the_lines_that_clash_and_no_others(
    three: tuple[bytes, bytes, bytes],
) -> None:
    joined = join(*three, PLAN.fields)
    parts = conflicts.split(joined.raw.decode()) or []
    hunks = [part for part in parts if isinstance(part, Hunk)]

    clean = {one for one in FIELDS if not any(c.where[0] == one for c in joined.clashes)}
    for hunk in hunks:
        for line in (hunk.ours + hunk.theirs).splitlines():
            assert not any(line.startswith(f"{name}:") for name in clean)


@given(files())
def test_our_line_ends_are_kept(three: tuple[bytes, bytes, bytes]) -> None:
    joined = join(*three, PLAN.fields).raw

    if joined != three[2]:  # taken whole, because only they changed anything
        crlf = b"\r\n" in three[1]
        assert joined.count(b"\r\n") == (joined.count(b"\n") if crlf else 0)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=10), st.booleans())
def test_a_merge_a_rebase_and_picking_one_by_one_give_the_same(
    edits: list[tuple[bool, int]], onto_theirs: bool
) -> None:
    base = {"id": "PLAN-001", "title": "t", "labels": ["a"], "description": "one\n\ntwo\n"}
    lines = {True: [base], False: [base]}
    for number, (mine, what) in enumerate(edits):
        lines[mine].append(_one_edit(lines[mine][-1], mine, what, number))
    first, second = lines[onto_theirs], lines[not onto_theirs]

    merged = merge(base, first[-1], second[-1])
    picked = first[-1]
    for before, after in pairwise(second):
        step = merge(before, picked, after)
        assert step.clashes == []
        picked = step.data

    assert merged.clashes == []
    assert sets(picked) == sets(merged.data)


def _one_edit(data: dict[str, Any], mine: bool, what: int, number: int) -> dict[str, Any]:
    """One of two people's edits; each has a field and a line, and adds words of their own."""
    word = f"w{number}"
    if what == 0:
        return data | {"status" if mine else "assignee": word}
    if what == 1:
        return data | {"labels": [*data["labels"], word]}
    if what == 2:
        return data | {"comments": [*data.get("comments", []), {"id": word, "text": word}]}
    if what == 3:
        return data | {"metadata": {**data.get("metadata", {}), f"{mine}": word}}
    if what == 4 and "a" in data["labels"]:
        return data | {"labels": [one for one in data["labels"] if one != "a"]}
    rows = data["description"].split("\n")
    rows[0 if mine else 2] = word
    return data | {"description": "\n".join(rows)}


def sets(data: Any) -> Any:
    """Return data in which the order of lists does not matter."""
    if isinstance(data, dict):
        return {key: sets(value) for key, value in data.items() if value not in (None, [], {})}
    if isinstance(data, list):
        return sorted(map(repr, map(sets, data)))
    return data
