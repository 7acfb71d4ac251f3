"""Where facts lie, which of them a span of time concerns, and which a rule prunes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gitcoord.errors import InvalidError
from gitcoord.journal import facts, paths, policy
from gitcoord.journal.facts import Fact
from gitcoord.journal.policy import Policy
from gitcoord.model.findings import Finding

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def snapshot(when: datetime, repo: str = "oneiric", number: int = 0) -> str:
    return facts.write(Fact("snapshot", repo, when, None, {"n": number}))[0]


@pytest.mark.parametrize("kind", paths.BY_KIND)
def test_a_path_tells_kind_repository_and_time_of_its_fact(kind: str) -> None:
    when = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-8)))

    path, content = facts.write(Fact(kind, "oneiric", when, None, {"from": "a", "to": None}))
    place = paths.place(path)

    assert place is not None
    assert (place.sort.kind, place.subject) == (kind, "oneiric")
    assert place.second == int(when.timestamp())
    assert path.startswith(f"{place.sort.folder}/oneiric/2027/01/01")
    found = facts.read(path, content)
    assert isinstance(found, Fact)
    assert found.time == when


@pytest.mark.parametrize("path", [
    "", "snapshots", "snapshots/a/2026/11/21T071500Z-x", "snapshots/a/2026/13/21T071500Z-x.yaml",
    "snapshots/a/2026/11/31T071500Z-x.yaml", "snapshots/../2026/11/21T071500Z-x.yaml",
    "snapshots/a/2026/11/21/071500Z-x.yaml", "snapshots/a/2026/1/121T071500Z-x.yaml",
    "attempts/a/2026/11/21T071500Z-x.yaml", "attempts/a/2026/11/21/7f/071500Z-8fab.yaml",
    "snapshots/a/٢٠٢٦/11/21T071500Z-x.yaml", "nope/a/2026/11/21T071500Z-x.yaml",
])  # fmt: skip
def test_other_paths_are_no_facts(path: str) -> None:
    assert paths.place(path) is None


@pytest.mark.parametrize("repo", ["..", "a/b", "", ".git", "a b", "é", "a\nb"])
def test_a_repository_name_never_leads_elsewhere(repo: str) -> None:
    with pytest.raises(InvalidError):
        snapshot(NOON, repo)


@pytest.mark.parametrize("path", ["../x", "a//b", "/a", "a/./b", ".git/config", "a/.GIT/x", "a\0b"])
def test_a_path_that_git_would_refuse_is_refused(path: str) -> None:
    assert not paths.is_sound(path)


@pytest.mark.parametrize(("content", "says"), [
    (b"kind: snapshot\nrepo: oneiric\n", "time"),
    (b"\xff\xfe", "UTF-8"), (b"a: &x [*x, *x]\n", ""), (b"- 1\n", ""), (b"", ""),
    (b"kind: attempt\nrepo: oneiric\n", "kind"),
    (b"kind: snapshot\nrepo: other\n", "repo"),
    (b"kind: snapshot\nrepo: oneiric\ntime: 2026-11-21T12:00:00\ndata: {a: 1}\n", "time"),
    (b"kind: snapshot\nrepo: oneiric\ntime: 2026-11-21T12:00:01+00:00\ndata: {a: 1}\n", "path"),
    (b"kind: snapshot\nrepo: oneiric\ntime: 2026-11-21T12:00:00Z\n", "no data"),
    (b"kind: snapshot\nrepo: oneiric\ntime: 2026-11-21T12:00:00Z\ndata: [1]\n", "mapping"),
    (b"kind: snapshot\nrepo: oneiric\ntime: 2026-11-21T12:00:00Z\ncommit: HEAD\ndata: {a: 1}\n", "commit"),
    (b"kind: snapshot\nrepo: oneiric\ntime: 0001-01-01T00:00:00+23:59\ndata: {a: 1}\n", "time"),
])  # fmt: skip
def test_a_file_that_is_no_fact_is_a_finding(content: bytes, says: str) -> None:
    found = facts.read(snapshot(NOON), content)

    assert isinstance(found, Finding)
    assert says in found.message


def test_a_fact_with_crlf_reads_as_the_same_fact() -> None:
    path, content = facts.write(Fact("run", "oneiric", NOON, "a" * 40, {"text": "one\ntwo\n"}))

    found = facts.read(path, content.replace(b"\n", b"\r\n"))

    assert isinstance(found, Fact)
    assert found.data == {"text": "one\ntwo\n"}


@pytest.mark.parametrize("data", [{"n": float("inf")}, {"n": 2**70}, {"t": "\ud800"}])
def test_data_that_would_not_read_back_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(InvalidError):
        facts.write(Fact("attempt", "oneiric", NOON, None, data))


def test_folders_outside_a_span_are_never_opened() -> None:
    for kind in paths.BY_KIND:
        path, _ = facts.write(Fact(kind, "a", NOON, None, {"from": "x", "to": "y"}))
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = parts[:depth]
            hour = timedelta(hours=1)
            assert paths.within(folder, NOON - hour, NOON + hour)
            assert paths.within(folder, None, None)
        assert not paths.within(parts, NOON + timedelta(days=40), None)
        assert not paths.within(parts, None, NOON - timedelta(days=40))


def test_of_old_states_the_last_of_each_day_stays() -> None:
    old = [snapshot(NOON - timedelta(days=2, hours=hour)) for hour in range(20)]
    other = snapshot(NOON - timedelta(days=2, hours=3), "other")
    recent = [snapshot(NOON - timedelta(hours=hour)) for hour in range(3)]
    happened = facts.write(Fact("attempt", "a", NOON - timedelta(days=9), None, {}))[0]

    gone = policy.pruned([*old, other, *recent, happened, "elsewhere"], Policy("2026-11-20"), NOON)

    # Twelve hours lie on the 19th, the rest on the 18th.
    assert sorted(set(old) - set(gone)) == sorted([old[0], old[13]])
    assert not {other, *recent, happened, "elsewhere"} & set(gone)


def test_a_rule_from_the_future_does_not_reach_today() -> None:
    today = [snapshot(NOON - timedelta(minutes=number)) for number in range(5)]

    assert policy.pruned(today, Policy("9999-01-01", {"snapshot": "9999-01-01"}), NOON) == []


def test_dropped_kinds_go_whole() -> None:
    old, new = [
        facts.write(Fact("branch-switch", "a", NOON - timedelta(days=age), None,
                         {"from": "x", "to": "y"}))[0]
        for age in (9, 1)
    ]  # fmt: skip

    assert policy.pruned([old, new], Policy("", {"branch-switch": "2026-11-20"}), NOON) == [old]


@pytest.mark.parametrize("content", [
    None, b"", b"\xff", b"- 1\n", b"before: 5\ndropped: 3\nroots: x\ntips: [1]\n",
    b"before: 2026-02-31\ndropped: {nope: 2026-01-01, run: 1}\nroots: [HEAD]\ntips: HEAD\n",
    b"before: 9999-12-31\n",
])  # fmt: skip
def test_a_rule_that_cannot_be_read_prunes_nothing(content: bytes | None) -> None:
    assert policy.read(content) == Policy()


def test_a_rule_reads_back_as_it_was_written() -> None:
    rule = Policy("2026-08-23", {"run": "2026-01-01"}, ["b" * 40], ["a" * 40, "c" * 40])

    assert policy.read(rule.content()) == rule
