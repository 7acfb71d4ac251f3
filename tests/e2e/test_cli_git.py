"""`coord git velocity`, `health` and `patterns`, as somebody types them."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.plain_git import PlainGit

from gitcoord.api.health import repository_health
from gitcoord.api.patterns import cross_project_patterns
from gitcoord.api.velocity import FIGURES, get_velocity
from gitcoord.api.workspace import open_workspace
from gitcoord.cli.run import now

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub, Repo

FIXED = (
    "repo", "commits", "commits_per_day", "active_days", "authors", "conventional", "breaking", "merges",
    "conflicted_merges", "branches_created", "branches_deleted", "branch_switches",
)  # fmt: skip


@pytest.fixture
def grown(hub: Hub, oneiric: Repo) -> Repo:
    """A repository with two branches, a conflicting merge, and one branch that is gone."""
    oneiric.commit("feat(core): one")
    (oneiric.root / "shared").write_text("1\n")
    oneiric.commit("fix: two\n\nBREAKING CHANGE: three")
    oneiric.git("checkout", "-q", "-b", "side")
    (oneiric.root / "shared").write_text("side\n")
    oneiric.commit("side")
    oneiric.git("checkout", "-q", "main")
    (oneiric.root / "shared").write_text("main\n")
    oneiric.commit("main")
    oneiric.run("merge", "side")
    (oneiric.root / "shared").write_text("both\n")
    oneiric.commit("Merge side")
    oneiric.git("branch", "-q", "-D", "side")
    return oneiric


def only(rows: list[dict[str, Any]], repo: str) -> dict[str, Any]:
    return next(row for row in rows if row["repo"] == repo)


def test_velocity_has_the_fixed_names_and_the_figures_of_git(hub: Hub, grown: Repo) -> None:
    row = only(hub.json("git", "velocity"), "oneiric")

    wanted = PlainGit(grown.root).velocity()
    assert set(FIXED) <= row.keys()
    assert list(row) == ["repo", *FIGURES]
    assert {name: row[name] for name in wanted} == wanted
    assert (row["conflicted_merges"], row["conflict_rate"]) == (1, 100)
    assert (row["conventional"], row["breaking"]) == (2, 1)
    assert (row["branches_created"], row["branches_deleted"], row["branch_switches"]) == (1, 1, 2)


def test_a_repository_that_is_not_here_is_told_with_the_reason(hub: Hub, grown: Repo) -> None:
    answer = hub("git", "velocity", "--json")

    row = only(answer.json, "fastblocks")
    assert row["reason"] == "is not on this machine"
    assert {row[name] for name in FIXED[1:]} == {None}
    assert hub("git", "velocity").err.startswith("coord: fastblocks: is not on this machine.\n")


def test_a_damaged_repository_hides_no_other(hub: Hub, grown: Repo, tmp_path: Path) -> None:
    (tmp_path / "fastblocks" / ".git").mkdir(parents=True)

    rows = hub.json("git", "velocity")

    assert only(rows, "oneiric")["commits"] == 6
    assert only(rows, "fastblocks")["commits"] is None
    assert only(rows, "fastblocks")["reason"].startswith("cannot be read: ")


def test_repositories_are_chosen_by_name_nickname_and_role(hub: Hub, grown: Repo) -> None:
    for words in (("--repo", "oneiric"), ("--repo", "one"), ("--role", "resolver")):
        assert [row["repo"] for row in hub.json("git", "velocity", *words)] == ["oneiric"]
    assert hub("git", "velocity", "--repo", "nobody").code == 4
    assert hub("git", "velocity", "--role", "resolvr").code == 4


@pytest.mark.parametrize(
    "words",
    [("--since", "nonsense"), ("--until", "a..b"), ("--zone", "Mars/Olympus"), ("--json", "--csv")],
)
def test_wrong_words_are_wrong_usage(hub: Hub, words: tuple[str, ...]) -> None:
    assert hub("git", "velocity", *words).code == 2


def test_a_window_without_commits_has_none(hub: Hub, grown: Repo) -> None:
    (row, _) = sorted(
        hub.json("git", "velocity", "--until", "2001-01-01"), key=lambda r: r["repo"] != "oneiric"
    )

    assert (row["commits"], row["merges"], row["conflicted_merges"]) == (0, 0, None)
    assert (row["authors"], row["active_days"], row["conventional_share"]) == (0, 0, None)


def test_csv_has_a_column_for_each_figure_and_unknown_is_empty(hub: Hub, grown: Repo) -> None:
    head, *rows = hub.ok("git", "velocity", "--csv").splitlines()

    columns = head.split(",")
    assert set(FIXED) <= set(columns)
    (missing,) = [row.split(",") for row in rows if row.startswith("fastblocks")]
    assert missing[columns.index("commits")] == ""


def test_a_branch_that_came_and_went_between_two_runs_is_counted(
    hub: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    clone = tmp_path / "fastblocks"
    subprocess.run(["git", "clone", "-q", str(oneiric.root), str(clone)], check=True)
    first = only(hub.json("git", "velocity"), "fastblocks")
    assert [first[n] for n in FIXED[-3:]] == [None, None, None]

    oneiric.git("branch", "fix")
    subprocess.run(["git", "-C", str(clone), "fetch", "-q"], check=True)
    second = only(hub.json("git", "velocity"), "fastblocks")
    assert [second[n] for n in FIXED[-3:]] == [1, None, None]

    oneiric.git("branch", "-D", "fix")
    subprocess.run(["git", "-C", str(clone), "fetch", "-q", "--prune"], check=True)
    third = only(hub.json("git", "velocity"), "fastblocks")
    assert [third[n] for n in FIXED[-3:]] == [1, 1, None]


def test_switches_of_other_clones_come_from_the_journal_and_count_once(
    hub: Hub, grown: Repo
) -> None:
    stamp = next(
        line.split("\t")[0].split(" ")[-2]
        for line in (grown.root / ".git/logs/HEAD").read_text().splitlines()
        if "moving from main to side" in line
    )
    when = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(int(stamp) + 2))
    for moment in (when, "2026-01-31T12:00:00+02:00"):
        hub.ok("journal", "add", "branch-switch", "--repo", "oneiric", "--time", moment,
               "--data", '{"from": "main", "to": "side"}')  # fmt: skip

    assert only(hub.json("git", "velocity"), "oneiric")["branch_switches"] == 3


def test_health_has_a_verdict_and_a_reason_for_each_item(hub: Hub, grown: Repo) -> None:
    (row,) = hub.json("git", "health", "oneiric")

    assert row["items"]["bus_factor"] == {
        "value": 1, "verdict": "poor", "reason": "one person made more than half of the commits",
    }  # fmt: skip
    assert row["items"]["open_pull_requests"]["value"] is None
    assert row["items"]["conflict_rate"]["verdict"] == "poor"
    assert row["verdict"] == "poor"
    assert "bus factor" in hub.ok("git", "health", "oneiric")


def test_health_of_a_repository_that_is_not_here_is_unknown(hub: Hub) -> None:
    rows = hub.json("git", "health")

    assert {(row["repo"], row["verdict"], row["reason"]) for row in rows} == {
        ("oneiric", "unknown", "is not on this machine"),
        ("fastblocks", "unknown", "is not on this machine"),
    }


def test_patterns_are_counted_by_repository(hub: Hub, oneiric: Repo, tmp_path: Path) -> None:
    other = type(oneiric)(tmp_path / "fastblocks")
    subprocess.run(["git", "init", "-q", str(other.root)], check=True)
    for repo in (oneiric, other):
        for number in (1, 2):
            (repo.root / "pyproject.toml").write_text(f"version = {number}\n")
            repo.commit(f"fix(deps): Pin resolver to {number}.0 (#{number})")

    found = hub.json("git", "patterns")

    assert [one["commits"] for one in found["repos"]] == [2, 3]
    (file,) = found["files"]
    assert (file["path"], file["repos"], file["same_days"]) == (
        "pyproject.toml", {"oneiric": 2, "fastblocks": 2}, 1,
    )  # fmt: skip
    assert found["scopes"] == [
        {"scope": "deps", "commits": 4, "repos": {"fastblocks": 2, "oneiric": 2}}
    ]
    assert found["fixes"][0]["subject"] == "pin resolver to #"
    assert found["fixes"][0]["commits"] == 4
    assert sum(found["hours"]) == sum(found["weekdays"]) == 5
    assert "pyproject.toml" in hub.ok("git", "patterns")


def test_the_functions_of_api_give_the_same(hub: Hub, grown: Repo) -> None:
    workspace = open_workspace(str(hub.root), now(), watch=False)

    assert get_velocity(workspace, "oneiric", 30)["commits"] == 6
    assert repository_health(workspace, "oneiric")["items"]["bus_factor"]["value"] == 1
    assert cross_project_patterns(workspace, 90)["days"] == 90
    workspace.close()


def test_ten_at_once_answer_the_same_and_leave_nothing_behind(
    hub: Hub, grown: Repo, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    env = {**os.environ, "TMPDIR": str(scratch)}
    words = [*hub.program, "git", "velocity", "--repo", "oneiric", "--until", "tomorrow", "--csv"]

    running = [
        subprocess.Popen(words, cwd=hub.root, env=env, stdout=subprocess.PIPE) for _ in range(10)
    ]
    said = [one.communicate()[0].decode().splitlines()[1] for one in running]

    assert {one.returncode for one in running} == {0}
    assert {tuple(line.split(",")[4:9]) for line in said} == {tuple(said[0].split(",")[4:9])}
    assert os.listdir(scratch) == []


def test_nothing_in_the_repository_changes(hub: Hub, grown: Repo) -> None:
    def state() -> dict[str, bytes]:
        return {
            str(path): path.read_bytes()
            for path in sorted(grown.root.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }

    before = state()

    for words in (("velocity",), ("health",), ("patterns",)):
        hub.ok("git", *words)

    assert state() == before


def test_a_damaged_memory_is_made_anew(hub: Hub, grown: Repo) -> None:
    before = only(hub.json("git", "velocity", "--until", "tomorrow"), "oneiric")
    folder = hub.root / ".git/coord/git"
    for path in folder.iterdir():
        path.write_bytes(b"no database" * 500)

    after = only(hub.json("git", "velocity", "--until", "tomorrow"), "oneiric")

    assert after["commits"] == before["commits"]
    assert after["conflicted_merges"] == 1


def test_control_characters_of_a_branch_of_others_steer_no_terminal(hub: Hub, grown: Repo) -> None:
    (grown.root / "evil\x1b[31m").write_text("x\n")
    for number in range(30):
        (grown.root / "evil\x1b[31m").write_text(f"{number}\n")
        grown.commit("x")

    assert "\x1b" not in hub.ok("git", "health", "oneiric")


def test_metrics_collect_keeps_the_figures_and_measures_nothing_twice(
    hub: Hub, grown: Repo
) -> None:
    hub.ok("metrics", "collect", "--only", "git", "--repo", "oneiric")

    (row,) = hub.json("metrics", "report", "--repo", "oneiric")["repos"]
    again = hub("metrics", "collect", "--only", "git", "--repo", "oneiric")

    assert (row["git"]["commits"], row["git"]["conflicted_merges"]) == (6, 1)
    assert (row["git"]["total_commits"], row["git"]["bus_factor"]) == (6, 1)
    assert row["git"]["commit"] == grown.git("rev-parse", "HEAD").strip()
    assert (row["git"]["tool"], row["git"]["partial"]) == ("git", False)
    assert "unchanged" in again.err

    grown.commit("one more")
    hub.ok("metrics", "collect", "--only", "git", "--repo", "oneiric")
    (row,) = hub.json("metrics", "report", "--repo", "oneiric")["repos"]
    assert row["git"]["commits"] == 7


@pytest.mark.parametrize("command", ["velocity", "health", "patterns"])
def test_repositories_that_are_read_at_once_tell_the_same(
    hub: Hub, grown: Repo, command: str
) -> None:
    for number in range(3):
        path = hub.root.parent / f"copy{number}"
        subprocess.run(["git", "clone", "-q", str(grown.root), str(path)], check=True)
        hub.ok("repo", "create", f"copy{number}")
    words = ("git", command, "--since", "2020-01-01", "--until", "2100-01-01", "--json")
    hub.process(*words)

    at_once = hub.process(*words)
    alone = subprocess.run(
        ["taskset", "-c", "0", *hub.program, *words], cwd=hub.root, capture_output=True, check=True
    )

    def timeless(out: bytes) -> str:
        return re.sub(r'"(days|commits_per_\w+)": [0-9.]+', "", out.decode())

    assert timeless(at_once.stdout) == timeless(alone.stdout)
    assert (at_once.stderr, alone.stderr) == (b"", b"")


@pytest.mark.parametrize("command", ["velocity", "health", "patterns"])
def test_on_a_terminal_a_line_says_how_far_it_is_and_goes_again(
    hub: Hub, grown: Repo, command: str
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*hub.program, "git", command, "--json"],
        cwd=hub.root,
        stderr=theirs,
        stdout=subprocess.DEVNULL,
    ) as child:
        os.close(theirs)
        said = b""
        while True:
            try:
                said += os.read(ours, 65536)
            except OSError:  # the terminal is closed
                break
    os.close(ours)

    assert child.returncode == 0
    assert b"[1/2] " in said
    assert b"[2/2] " in said
    assert said.endswith(b"\r\x1b[K")
