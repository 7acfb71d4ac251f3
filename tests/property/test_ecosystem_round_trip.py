"""Whatever a hub holds, its export reads back to the same records."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gitcoord.bridges.ecosystem.export import export
from gitcoord.bridges.ecosystem.reading import read
from gitcoord.model.kinds import BY_NAME, DEPENDENCY_TYPES, PRIORITIES

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
ODD = st.sampled_from(
    ["no", "on", "12:30", "1_000", "1e3", "0o17", "~", "2026-01-31", "- a", "a: b\n  c\n", " x\n"]
)
WORD = st.one_of(TEXT, ODD)
PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), WORD,
              st.floats(-(2.0**62), 2.0**62)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(WORD.filter(lambda key: key != "<<"), inner, max_size=3),
    ),
    max_leaves=6,
)  # fmt: skip
METADATA = st.dictionaries(
    TEXT.filter(lambda key: key not in ("<<", "imported")), PLAIN, max_size=3
)
TIMES = st.datetimes(timezones=st.timezones()).map(
    lambda time: time.replace(microsecond=0).isoformat()
).filter(lambda text: len(text) == 25)  # fmt: skip
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z]{1,5})?", fullmatch=True)


@st.composite
def hubs(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    name = st.sampled_from(names)
    hub: dict[str, list[dict[str, Any]]] = {
        "repo": [{"name": repo, **draw(some({"description": WORD, "tags": st.lists(WORD)}))}
                 for repo in names]
    }  # fmt: skip
    required: dict[str, dict[str, Any]] = {
        "issue": {"title": WORD},
        "plan": {"title": WORD},
        "todo": {"task": WORD, "repo": name},
        "dependency": {
            "consumer": name, "provider": name, "type": st.sampled_from(DEPENDENCY_TYPES),
        },
    }  # fmt: skip
    ids = [f"{kind}-{n:03d}" for kind in ("ISSUE", "X") for n in range(3)]
    optional = {
        "priority": st.sampled_from(PRIORITIES),
        "created": TIMES,
        "target": st.dates().map(str),
        "labels": st.lists(WORD, max_size=3),
        "dependencies": st.lists(st.sampled_from(ids), max_size=2),
        "description": WORD,
        "comments": st.lists(st.fixed_dictionaries({"id": WORD, "text": WORD}), max_size=2),
        "metadata": METADATA,
    }
    for kind, must in required.items():
        status = {"status": st.sampled_from(BY_NAME[kind].statuses)}
        can = {field: value for field, value in optional.items() if field in BY_NAME[kind].fields}
        hub[kind] = [
            {"id": f"{BY_NAME[kind].prefix}-{n:03d}",
             **draw(st.fixed_dictionaries(must | status)), **draw(some(can))}
            for n in range(draw(st.integers(0, 2)))
        ]  # fmt: skip
    return hub


def some(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


@settings(max_examples=60, deadline=None)
@given(hubs(), METADATA)
def test_an_export_reads_back_to_the_same_records(
    hub: dict[str, list[dict[str, Any]]], kept: dict[str, Any]
) -> None:
    kept = {key: value for key, value in kept.items() if key not in ("repos", "roles")}
    kept.pop("coordination", None)
    roles = [{"name": "tool", "tags": ["a", "on"]}]
    before = {"metadata": {"ecosystem": {"version": "2", **kept}}}

    text = export(hub, roles, before)
    got = read(text.encode(), {})

    assert got.records == [(kind, data) for kind in ("repo", "issue", "plan", "todo", "dependency")
                           for data in hub[kind]]  # fmt: skip
    assert got.roles == roles
    assert got.settings == before


@settings(max_examples=30, deadline=None)
@given(hubs())
def test_reading_an_export_over_its_own_hub_changes_nothing(
    hub: dict[str, list[dict[str, Any]]],
) -> None:
    got = read(export(hub, [], {}).encode(), hub)

    assert {(kind, str(data)) for kind, data in got.records} == {
        (kind, str(data)) for kind, records in hub.items() for data in records
    }
