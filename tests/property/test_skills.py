"""Uses of skills, whatever files say and however often they are read: what is counted is what there was."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise, permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gitcoord.skills import asking, kinship, runs, shapes, store, taking, together, totals
from gitcoord.skills.shapes import Row

EPOCH = datetime(1970, 1, 1)
START = datetime(2026, 1, 5)
NOW = datetime(2026, 11, 1)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["invocations", "skills", "skill_name", "invoked_at", "completed", "success",
                         "duration_ms", "follow_up_actions", "session_id", "x"]),
        inner | st.just("2026-01-05T09:00:00"), max_size=6,
    ),
    max_leaves=40,
)  # fmt: skip


@given(JSON)
def test_whatever_a_file_holds_it_is_read_or_malformed(content: Any) -> None:
    try:
        found = shapes.read(json.dumps(content).encode(), NOW)
    except shapes.Malformed:
        return

    assert all(row.skill for row in found.rows)
    assert len(found.faults) == min(found.faulty, shapes.SHOWN)


@given(st.binary(max_size=200))
def test_whatever_bytes_a_file_has_it_is_read_or_malformed(content: bytes) -> None:
    try:
        shapes.read(content, NOW)
    except shapes.Malformed:
        return


def _row(draw: tuple[str, int, bool | None, bool | None, bool | None, float | None]) -> Row:
    skill, minute, completed, success, errored, duration = draw
    moment = (START + timedelta(minutes=minute) - EPOCH) // timedelta(microseconds=1)
    return Row(skill, moment, completed, success, errored, duration, None, None, None)


TRUTH = st.sampled_from([None, True, False])
ROWS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.integers(0, 400), TRUTH, TRUTH, TRUTH,
        st.none() | st.floats(0, 100),
    ).map(_row),
    max_size=25,
).map(lambda rows: sorted(rows, key=lambda row: row.time))  # fmt: skip


def _shelf(where: str, *files: list[Row]) -> asking.Shelf:
    for rows in files:
        with store.lock(where.removesuffix("/coord/skills"), "one"):
            before = store.current(where, "one")
            made = store.making(where, "one")
            kept = before.path(store.ROWS) if before else None
            count = taking.write(made, "one", rows, kept, None)
            store.put(where, "one", made, meta(count))
    return asking.Shelf(where, ["one"])


def meta(count: int) -> dict[str, Any]:
    """Return a description of a generation, as far as questions look at it."""
    return {"version": store.VERSION, "rows": count, "floor": None, "source": {}, "faults": [],
            "faulty": 0}  # fmt: skip


def _worked(row: Row) -> bool | None:
    if row.errored:
        return False
    return row.completed if row.success is None else row.success


@settings(max_examples=20)
@given(rows=ROWS, data=st.data())
def test_windows_that_move_over_a_history_add_up_to_it(
    rows: list[Row], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(rows)))
    # A program cuts whole moments off, and never one of two of the same moment.
    low = data.draw(st.integers(0, first))
    low = (
        next((at for at, row in enumerate(rows) if row.time == rows[low].time), 0)
        if rows[low:]
        else 0
    )

    with tempfile.TemporaryDirectory() as scratch:
        shelf = _shelf(f"{scratch}/coord/skills", rows[:first], rows[low:], rows[low:])
        counted = dict(shelf.ask("SELECT skill, count(*) FROM use GROUP BY 1"))
        took = totals.durations(shelf, totals.BY_SKILL, asking.Span())
        cells = totals.cells(shelf, asking.Span())
        figures = {row["skill"]: row for row in totals.figures(cells, totals.BY_SKILL, took)}
        shelf.close()

    assert counted == Counter(row.skill for row in rows)
    for skill, found in figures.items():
        worked = [_worked(row) for row in rows if row.skill == skill]
        known = [one for one in worked if one is not None]
        assert (found["worked"] is None) == (not known)
        if known:
            assert found["worked"]["known"] == len(known)
            assert abs(found["worked"]["rate"] - sum(known) / len(known)) < 1e-9


@settings(max_examples=20)
@given(rows=ROWS)
def test_chains_pairs_and_runs_are_those_of_a_plain_walk(rows: list[Row]) -> None:
    chains: list[list[str]] = []
    last = None
    for row in rows:
        if last is None or row.time - last >= 30 * 60 * 10**6:
            chains.append([])
        chains[-1].append(row.skill or "")
        last = row.time
    follows = Counter(pair for chain in chains for pair in pairwise(chain))
    pairs = Counter(
        (one, other)
        for chain in chains
        for one in set(chain)
        for other in set(chain)
        if one < other
    )

    with tempfile.TemporaryDirectory() as scratch:
        shelf = _shelf(f"{scratch}/coord/skills", rows)
        graph = together.graph(shelf, asking.Span(), least=1)
        seen = shelf.ask(
            "SELECT before1, skill, count(*) FROM use WHERE before1 IS NOT NULL GROUP BY ALL"
        )
        flows = runs.workflows(shelf, asking.Span(), sessions=True, shown=100)
        shelf.close()

    assert {(one, other): count for one, other, count in seen} == follows
    assert {tuple(edge["skills"]): edge["chains"] for edge in graph["edges"]} == pairs
    assert graph["chains"] == len(chains)
    orders = Counter(tuple(step for at, step in enumerate(chain) if not at or chain[at - 1] != step)
                     for chain in chains)  # fmt: skip
    told = {tuple(one["steps"]): one["runs"] for flow in flows for one in flow["orders"]}
    assert told == orders


@settings(max_examples=20)
@given(rows=ROWS)
def test_what_a_context_weighs_is_what_counting_all_pairs_says(rows: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        shelf = _shelf(f"{scratch}/coord/skills", rows)
        found = kinship.weights(shelf, "true")
        uses = shelf.ask("SELECT before1, skill FROM use WHERE before1 IS NOT NULL")
        outcomes = shelf.ask("SELECT skill, worked FROM use WHERE worked IS NOT NULL")
        shelf.close()

    for weight, pairs in ((found.after, uses), (found.worked, outcomes)):
        within = [one[1] == other[1] for one, other in permutations(pairs, 2) if one[0] == other[0]]
        across = [one[1] == other[1] for one, other in permutations(pairs, 2) if one[0] != other[0]]
        sums = (sum(within), len(within), sum(across), len(across))
        assert weight == kinship.weight([sums])
