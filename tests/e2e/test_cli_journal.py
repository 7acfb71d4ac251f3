"""`coord journal` and `coord sync` as typed: words, JSON shapes, exit codes."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

SWITCH = (
    "journal",
    "add",
    "branch-switch",
    "--repo",
    "oneiric",
    "--data",
    '{"from": "a", "to": "b"}',
)


def test_a_fact_that_is_added_is_listed_and_shown(hub: Hub) -> None:
    before = hub.git("status", "--porcelain"), hub.commits()
    added = hub.json(*SWITCH, "--commit", "a" * 40, "--time", "2026-11-21T07:15:00-08:00")

    (listed,) = hub.json("journal", "log")
    shown = hub.json("journal", "show", added["path"])

    assert added.keys() == {"path", "commit"}
    assert listed == {
        "path": added["path"], "kind": "branch-switch", "repo": "oneiric",
        "time": "2026-11-21T07:15:00-08:00", "commit": "a" * 40, "data": {"from": "a", "to": "b"},
    }  # fmt: skip
    assert shown["fact"] == {name: value for name, value in listed.items() if name != "path"}
    assert (shown["journal_commit"], shown["finding"]) == (added["commit"], None)
    assert "kind: branch-switch" in hub.ok("journal", "show", added["path"])
    assert (hub.git("status", "--porcelain"), hub.commits()) == before


def test_data_comes_from_standard_input_too(hub: Hub) -> None:
    done = hub.process(
        "journal", "add", "snapshot", "-r", "oneiric", "--stdin", input='{"é": [1, null]}'.encode()
    )

    assert done.returncode == 0, done.stderr
    assert hub.json("journal", "log")[0]["data"] == {"é": [1, None]}


@pytest.mark.parametrize(("words", "code"), [
    (["branch-swich", "-r", "a", "--data", '{"from": "a", "to": "b"}'], 6),
    (["branch-switch", "-r", "a"], 6), (["snapshot", "-r", "a"], 6), (["run"], 2),
    (["run", "-r", "../x"], 6), (["run", "-r", "a", "--data", "[1]"], 6),
    (["run", "-r", "a", "--data", "{"], 6), (["run", "-r", "a", "--data", '{"a": NaN}'], 6),
    (["run", "-r", "a", "--data", '{"a": 1, "a": 2}'], 6),
    (["run", "-r", "a", "--data", '{"a": 1e999}'], 6),
    (["run", "-r", "a", "--data", '{"a":' * 5000 + "1" + "}" * 5000], 6),
    (["run", "-r", "a", "--data", '{"a": "' + "x" * (1 << 20) + '"}'], 6),
    (["run", "-r", "a", "--data", "{}", "--stdin"], 2),
    (["run", "-r", "a", "--time", "2026-11-21"], 2), (["run", "-r", "a", "--commit", "HEAD"], 2),
])  # fmt: skip
def test_what_is_no_fact_is_refused_with_a_hint(hub: Hub, words: list[str], code: int) -> None:
    answer = hub("journal", "add", *words, "--json")

    assert answer.code == code
    assert answer.error["hint"] or code == 2
    assert hub.json("journal", "status")["commit"] is None


def test_a_wrong_kind_gets_the_nearest(hub: Hub) -> None:
    assert "branch-switch" in hub("journal", "add", "branch-swich", "-r", "a").err


def test_log_narrows_by_kind_repository_and_time(hub: Hub) -> None:
    for day in ("01", "02", "03"):
        hub.ok(*SWITCH, "--time", f"2026-11-{day}T12:00:00+00:00")
    hub.ok("journal", "add", "snapshot", "-r", "fastblocks", "--data", '{"a": 1}')

    def days(*words: str) -> list[str]:
        return [fact["time"][8:10] for fact in hub.json("journal", "log", *words)]

    assert days("--repo", "oneiric") == ["03", "02", "01"]
    assert days("--kind", "branch-switch", "--since", "2026-11-02") == ["03", "02"]
    assert days("--repo", "oneiric", "--until", "2026-11-02") == ["02", "01"]
    assert len(days("--kind", "snapshot")) == 1
    assert days("--kind", "run") == []
    assert hub("journal", "log", "--since", "whenever").code == 2
    cut = hub("journal", "log", "--limit", "2", "--json")
    assert len(cut.json) == 2
    assert "--limit 0" in cut.err


def test_facts_of_one_second_are_in_the_order_of_their_time(hub: Hub) -> None:
    for number in (3, 1, 4, 0, 2, 5):
        data, time = f'{{"n": {number}}}', f"2026-11-21T07:15:00.{number}00000+00:00"
        repo = "oneiric" if number % 2 else "fastblocks"
        hub.ok("journal", "add", "run", "-r", repo, "--data", data, "--time", time)

    found = hub.json("journal", "log", "--limit", "4")

    assert [fact["data"]["n"] for fact in found] == [5, 4, 3, 2]


def test_status_of_an_empty_journal_says_so(hub: Hub) -> None:
    assert hub.json("journal", "status") == {
        "branch": "coord-journal", "commit": None, "commits": 0, "files": 0, "bytes": 0,
        "disk": 0, "compacted_before": None, "anew": False, "kinds": {},
    }  # fmt: skip
    assert hub.ok("journal", "status") == "The journal is empty.\n"
    assert hub.json("journal", "log") == []
    assert hub("journal", "show", "nothing").code == 4


def test_compact_reports_what_goes_and_status_remembers(hub: Hub) -> None:
    for minute in range(5):
        time = f"2020-01-01T12:0{minute}:00+00:00"
        hub.ok(
            "journal", "add", "snapshot", "-r", "a", "--data", f'{{"n": {minute}}}', "--time", time
        )
        hub.ok(*SWITCH, "--time", time)

    plan = hub.json("journal", "compact", "--dry-run")
    done = hub.json("journal", "compact")
    again = hub.json("journal", "compact")
    dropped = hub.json("journal", "compact", "--keep", "1y", "--drop", "branch-switch", "--rewrite")

    assert plan["removed"] == done["removed"]
    assert (plan["applied"], done["applied"], again["applied"]) == (False, True, False)
    assert (len(done["removed"]), done["before"]["files"], done["after"]["files"]) == (4, 10, 6)
    assert done["after"]["bytes"] < done["before"]["bytes"]
    assert len(dropped["removed"]) == 5
    assert 0 < dropped["after"]["disk"] < dropped["before"]["disk"]
    status = hub.json("journal", "status")
    assert (status["commits"], status["anew"]) == (1, True)
    assert status["kinds"]["snapshot"]["files"] == 1
    assert [fact["data"] for fact in hub.json("journal", "log")] == [{"n": 4}]


def test_text_is_inert_and_whole(hub: Hub) -> None:
    hub.ok(
        "journal", "add", "branch-switch", "-r", "a", "--data", '{"from": "\\u001b[2J", "to": null}'
    )

    out = hub.ok("journal", "log")

    assert "\x1b" not in out
    assert "→ detached" in out


def test_sync_answers_in_its_documented_shape(hub: Hub, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "hub.git")], check=True)
    hub.git("remote", "add", "origin", str(tmp_path / "hub.git"))
    hub.ok(*SWITCH)

    first = hub.json("sync", "origin")
    second = hub.json("sync", "origin", "--branch")

    assert first["branch"] is None
    assert first["journal"].keys() == {"fetched", "merged", "pushed", "commit"}
    assert (first["journal"]["pushed"], second["journal"]["pushed"]) == (1, 0)
    assert second["branch"]["pushed"] == hub.commits()
    assert hub.ok("sync", "origin", "--branch").splitlines() == [
        "journal: nothing new", "main: nothing new",
    ]  # fmt: skip


def test_a_bare_hub_has_a_journal_too(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "hub.git"
    hub.git("clone", "-q", "--bare", str(hub.root), str(bare))
    monkeypatch.chdir(bare)

    hub.ok(*SWITCH)

    assert len(hub.json("journal", "log")) == 1
    assert hub("list").code == 3


def test_an_ecosystem_repository_writes_to_the_journal_of_its_hub(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path / "oneiric")], check=True)
    monkeypatch.chdir(tmp_path / "oneiric")
    subprocess.run(["git", "config", "coord.hub", str(hub.root)], check=True)

    hub.ok(*SWITCH)

    assert hub.git("rev-list", "--count", "coord-journal").strip() == "1"


def test_ids_are_not_looked_for_on_the_journal(hub: Hub) -> None:
    blob = hub.git("rev-parse", "HEAD:coord/issues/ISSUE-001.yaml").strip()
    tree = "".join(
        f"{mode}\t{name}\n" for mode, name in [(f"100644 blob {blob}", "ISSUE-900.yaml")]
    )
    for name in ("issues", "coord"):
        made = subprocess.run(["git", "mktree"], input=tree, cwd=hub.root, text=True, check=True,
                              capture_output=True).stdout.strip()  # fmt: skip
        tree = f"040000 tree {made}\t{name}\n"
    made = subprocess.run(["git", "mktree"], input=tree, cwd=hub.root, text=True, check=True,
                          capture_output=True).stdout.strip()  # fmt: skip
    commit = hub.git("commit-tree", made, "-m", "x").strip()
    hub.git("update-ref", "refs/heads/coord-journal", commit)

    assert hub.json("issue", "create", "--title", "next")["id"] == "ISSUE-003"
