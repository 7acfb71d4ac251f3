"""The hooks of the hub, run by the real git: what is staged or pushed is checked, nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import Repo, make_repo

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

ISSUE = "id: {id}\ntitle: A\nstatus: {status}\n"


@pytest.fixture
def store(hub: Hub) -> Repo:
    """The hub as a repository with its hooks installed."""
    hub.ok("hooks", "install")
    return Repo(hub.root)


def issue(hub: Hub, id: str, status: str = "pending", more: str = "") -> Path:
    return hub.write(f"issues/{id}.yaml", ISSUE.format(id=id, status=status) + more)


@pytest.mark.parametrize(("path", "text", "code"), [
    ("issues/ISSUE-003.yaml", "id: ISSUE-003\ntitle: A\nstatus: wat\n", "bad-status"),
    ("issues/ISSUE-003.yaml", "id: ISSUE-003\nstatus: pending\n", "missing-field"),
    ("issues/ISSUE-003.yaml", "id: ISSUE-004\ntitle: A\nstatus: pending\n", "id-mismatch"),
    ("issues/ISSUE-003.yaml", "id: ISSUE-003\ntitle: A\nstatus: pending\nblocked_by: [NO-1]\n", "unknown-id"),
    ("issues/issue-001.yaml", "id: issue-001\ntitle: A\nstatus: pending\n", "duplicate-id"),
    ("archive/issues/ISSUE-001.yaml", "id: ISSUE-001\ntitle: A\nstatus: closed\n", "duplicate-id"),
    ("issues/ISSUE-003.yaml", "id: ISSUE-003\ntitle: A\nstatus: pending\nblocked_by: [ISSUE-003]\n", "cycle"),
    ("issues/ISSUE-003.yaml", "id: ISSUE-003\n<<<<<<< ours\ntitle: A\n", ""),
    ("issues/ISSUE-003.yaml", "a: &a [x]\nb: [*a, *a]\n" * 3, ""),
    ("issues/a name 🚀.yaml", "id: A-1\n", ""),
    ("dependencies/DEP-001.yaml", "id: DEP-001\nconsumer: a\nprovider: x\ntype: wat\nstatus: unknown\n", "bad-value"),
    ("coord.yaml", "ids: wat\n", "bad-value"),
    ("issues/ISSUE-003.yaml", "x" * (1 << 21), "too-large"),
])  # fmt: skip
def test_a_faulty_record_is_not_committed(
    hub: Hub, store: Repo, path: str, text: str, code: str
) -> None:
    before = hub.commits()
    hub.write(path, text)
    store.git("add", "--all")

    done = store.run("commit", "-m", "x")

    assert done.returncode == 1, done
    assert code in done.stderr
    assert "nothing was committed" in done.stderr
    assert hub.commits() == before
    assert store.run("commit", "-m", "x", "--no-verify").returncode == 0


def test_a_symbolic_link_is_no_record(hub: Hub, store: Repo) -> None:
    (hub.root / "coord" / "issues" / "ISSUE-003.yaml").symlink_to("/etc/passwd")
    store.git("add", "--all")

    assert "not-a-file" in store.run("commit", "-m", "x").stderr


def test_a_circle_over_several_records_is_not_committed(hub: Hub, store: Repo) -> None:
    path = hub.root / "coord" / "issues" / "ISSUE-001.yaml"
    path.write_text(path.read_text() + "blocked_by:\n  - ISSUE-002\n")

    done = store.run("commit", "-am", "x")

    assert done.returncode == 1
    assert "ISSUE-001 → ISSUE-002 → ISSUE-001" in done.stderr


def test_removing_a_record_that_another_names_is_not_committed(hub: Hub, store: Repo) -> None:
    store.git("rm", "--quiet", "coord/issues/ISSUE-001.yaml")

    done = store.run("commit", "-m", "x")

    assert done.returncode == 1
    assert "ISSUE-002.yaml" in done.stderr
    store.git("rm", "--quiet", "coord/issues/ISSUE-002.yaml")
    assert store.run("commit", "-m", "x").returncode == 0


def test_what_is_staged_counts_and_not_what_lies_in_the_work_tree(hub: Hub, store: Repo) -> None:
    path = issue(hub, "ISSUE-003")
    store.git("add", "--all")
    path.write_text("nonsense: [")
    issue(hub, "ISSUE-004", "wat")

    assert store.run("commit", "-m", "x").returncode == 0

    store.git("add", "--all")
    path.write_text(ISSUE.format(id="ISSUE-003", status="closed"))
    assert store.run("commit", "-m", "x").returncode == 1


def test_settings_and_templates_that_are_links_are_refused(hub: Hub, store: Repo) -> None:
    (hub.root / "coord/templates").mkdir(exist_ok=True)
    for name in ("coord.yaml", "templates/issue-bug.yaml"):
        (hub.root / "coord" / name).unlink(missing_ok=True)
        (hub.root / "coord" / name).symlink_to("/etc/hostname")
    store.run("add", "-A")

    said = store.run("commit", "-m", "x")

    assert said.returncode == 1
    assert said.stderr.count("not-a-file") == 2


def test_a_record_that_is_only_in_the_work_tree_cannot_be_linked_to(hub: Hub, store: Repo) -> None:
    issue(hub, "ISSUE-004")
    issue(hub, "ISSUE-003", more="blocked_by: [ISSUE-004]\n")
    hub.ok("list")  # the index knows both
    store.git("add", "coord/issues/ISSUE-003.yaml")

    assert "no record ISSUE-004" in store.run("commit", "-m", "x").stderr
    store.git("add", "--all")
    assert store.run("commit", "-m", "x").returncode == 0


def test_a_link_to_a_record_that_the_work_tree_lacks_is_fine(hub: Hub, store: Repo) -> None:
    (hub.root / "coord" / "issues" / "ISSUE-002.yaml").unlink()
    issue(hub, "ISSUE-003", more="blocked_by: [ISSUE-002]\n")
    hub.ok("list")
    store.git("add", "coord/issues/ISSUE-003.yaml")

    assert store.run("commit", "-m", "x").returncode == 0


def test_an_old_fault_is_told_and_stands_in_nobodys_way(hub: Hub, store: Repo) -> None:
    path = issue(hub, "ISSUE-003", "wat", "blocked_by: [NO-1]\n")
    issue(hub, "ISSUE-004", "wat")
    store.git("add", "--all")
    store.git("commit", "--quiet", "-m", "x", "--no-verify")

    issue(hub, "ISSUE-005")
    store.git("add", "--all")
    other = store.run("commit", "-m", "x")
    path.write_text(path.read_text().replace("title: A", "title: B"))
    same = store.run("commit", "-am", "x")
    path.write_text(path.read_text().replace("wat", "worse"))
    worse = store.run("commit", "-am", "x")

    assert (other.returncode, other.stderr) == (0, "")
    assert same.returncode == 0
    assert same.stderr.count("error (as before)") == 2
    assert worse.returncode == 1


@pytest.mark.parametrize("words", [
    ["-am", "x"], ["-m", "x", "--", "coord/issues/ISSUE-001.yaml"],
    ["-m", "x", "--only", "coord/issues/ISSUE-001.yaml"], ["-i", "-m", "x", "coord/issues/ISSUE-001.yaml"],
])  # fmt: skip
def test_the_index_that_git_commits_from_is_the_one_that_is_checked(
    hub: Hub, store: Repo, words: list[str]
) -> None:
    one = hub.root / "coord" / "issues" / "ISSUE-001.yaml"
    good = one.read_text()
    one.write_text(good.replace("status: pending", "status: wat"))
    refused = store.run("commit", *words)
    one.write_text(good.replace("status: pending", "status: closed"))

    assert refused.returncode == 1
    assert "wat" in refused.stderr
    assert store.run("commit", *words).returncode == 0


def test_a_partial_commit_ignores_what_else_is_staged(hub: Hub, store: Repo) -> None:
    issue(hub, "ISSUE-003", "wat")
    store.git("add", "--all")
    one = hub.root / "coord" / "issues" / "ISSUE-001.yaml"
    one.write_text(one.read_text().replace("status: pending", "status: closed"))

    assert store.run("commit", "-m", "x", "--", "coord/issues/ISSUE-001.yaml").returncode == 0
    assert store.run("commit", "-m", "x").returncode == 1


def test_a_commit_that_touches_no_record_looks_at_none(hub: Hub, store: Repo) -> None:
    issue(hub, "ISSUE-003", "wat")
    (hub.root / "README").write_text("x")
    store.git("add", "README")

    done = store.run("commit", "-m", "x")

    assert (done.returncode, done.stderr) == (0, "")


def test_the_first_commit_of_a_hub_is_checked_too(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Repo(tmp_path).git("init", "--quiet", str(tmp_path / "new"))
    new = Repo(tmp_path / "new")
    monkeypatch.chdir(new.root)
    hub.ok("init", "--no-commit")
    hub.ok("hooks", "install")
    path = new.root / "coord" / "issues" / "ISSUE-001.yaml"
    path.write_text(ISSUE.format(id="ISSUE-001", status="wat"))
    new.git("add", "--all")

    assert new.run("commit", "-m", "x").returncode == 1
    path.write_text(ISSUE.format(id="ISSUE-001", status="pending"))
    assert new.run("commit", "-am", "x").returncode == 0


def test_hooks_work_in_a_linked_work_tree_and_on_a_detached_head(
    hub: Hub, store: Repo, tmp_path: Path
) -> None:
    store.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "tree 🚀"))
    tree = Repo(tmp_path / "tree 🚀")
    path = tree.root / "coord" / "issues" / "ISSUE-003.yaml"
    path.write_text(ISSUE.format(id="ISSUE-003", status="wat"))
    tree.git("add", "--all")

    assert tree.run("commit", "-m", "x").returncode == 1
    path.write_text(ISSUE.format(id="ISSUE-003", status="pending"))
    assert tree.run("commit", "-am", "x").returncode == 0


def test_line_ends_that_git_converts_are_no_change(hub: Hub, store: Repo) -> None:
    store.git("config", "core.autocrlf", "true")
    for path in (hub.root / "coord" / "issues").glob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    issue(hub, "ISSUE-003", more="blocked_by: [ISSUE-001]\n")
    store.git("add", "--all")

    assert store.run("commit", "-m", "x").returncode == 0


def test_a_merge_that_brings_two_good_halves_to_a_circle_is_stopped(hub: Hub, store: Repo) -> None:
    issue(hub, "ISSUE-003")
    issue(hub, "ISSUE-004")
    store.git("add", "--all")
    store.git("commit", "--quiet", "-m", "x")
    store.git("checkout", "--quiet", "-b", "side")
    issue(hub, "ISSUE-003", more="blocked_by: [ISSUE-004]\n")
    store.git("commit", "--quiet", "-am", "one half")
    store.git("checkout", "--quiet", "main")
    issue(hub, "ISSUE-004", more="blocked_by: [ISSUE-003]\n")
    store.git("commit", "--quiet", "-am", "the other half")

    done = store.run("merge", "--quiet", "--no-edit", "side")

    assert done.returncode == 1
    assert "wait for each other" in done.stderr
    store.git("merge", "--abort")
    store.git("merge", "--quiet", "--no-edit", "--no-verify", "side")


def test_rebase_and_amend_work_with_the_hooks(hub: Hub, store: Repo) -> None:
    store.git("checkout", "--quiet", "-b", "side")
    for number in (3, 4, 5):
        issue(hub, f"ISSUE-00{number}")
        store.git("add", "--all")
        store.git("commit", "--quiet", "-m", f"{number}")
    store.git("commit", "--quiet", "--amend", "-m", "five")
    store.git("checkout", "--quiet", "main")
    store.git("commit", "--quiet", "--allow-empty", "-m", "other")
    store.git("checkout", "--quiet", "side")

    store.git("rebase", "--quiet", "main")

    assert "ISSUE-005" in hub.ids("issue", "list")
    assert store.git("log", "--format=%s", "main..").split() == ["five", "4", "3"]


def test_a_push_of_faulty_records_is_refused(hub: Hub, store: Repo, tmp_path: Path) -> None:
    store.git("init", "--quiet", "--bare", str(tmp_path / "far.git"))
    store.git("remote", "add", "origin", str(tmp_path / "far.git"))
    store.git("push", "--quiet", "-u", "origin", "main")
    path = issue(hub, "ISSUE-003", "wat")
    store.git("add", "--all")
    store.git("commit", "--quiet", "--no-verify", "-m", "bad")
    path.unlink()  # the work tree says nothing of what is pushed

    refused = store.run("push", "--quiet")
    other = store.run("push", "--quiet", "origin", "main~1:refs/heads/older")
    store.git("push", "--quiet", "--no-verify")
    store.git("commit", "--quiet", "--allow-empty", "-m", "more")
    old = store.run("push", "--quiet")

    assert refused.returncode != 0
    assert "nothing was pushed" in refused.stderr
    assert other.returncode == 0
    assert old.returncode == 0  # the other side has the fault already
    assert store.run("push", "--quiet", "origin", ":older").returncode == 0


def test_a_first_push_is_checked_whole(hub: Hub, store: Repo, tmp_path: Path) -> None:
    store.git("init", "--quiet", "--bare", str(tmp_path / "far.git"))
    issue(hub, "ISSUE-003", "wat")
    store.git("add", "--all")
    store.git("commit", "--quiet", "--no-verify", "-m", "bad")

    assert store.run("push", str(tmp_path / "far.git"), "main").returncode != 0


def test_a_message_that_names_no_record_is_warned_of(hub: Hub, store: Repo) -> None:
    done = store.run("commit", "--allow-empty", "-m", "ISSUE-01 and UTF-8, see ISSUE-002")

    assert done.returncode == 0
    assert "no record ISSUE-01; did you mean ISSUE-001" in done.stderr
    assert "UTF" not in done.stderr
    assert "no record ISSUE-002" not in done.stderr


def test_a_read_only_git_directory_of_the_index_blocks_nothing(hub: Hub, store: Repo) -> None:
    issue(hub, "ISSUE-003")
    store.git("add", "--all")
    for name in ("index.db", "index.db-wal", "index.db-shm"):
        path = hub.root / ".git" / "coord" / name
        if path.exists():
            path.write_bytes(b"damaged" * 1000)

    assert store.run("commit", "-m", "x").returncode == 0


def test_an_index_that_is_far_behind_is_brought_up_to_date(hub: Hub, store: Repo) -> None:
    for number in range(100, 400):
        issue(hub, f"ISSUE-{number}", more=f"blocked_by: [ISSUE-{number - 1}]\n" * (number > 100))
    store.git("add", "--all")
    assert store.run("commit", "-m", "x").returncode == 0
    hub.git("clean", "-xdfq")
    for name in os.listdir(hub.root / ".git" / "coord"):
        if name.startswith("index"):
            (hub.root / ".git" / "coord" / name).unlink()
    issue(hub, "ISSUE-100", more="blocked_by: [ISSUE-399]\n")

    assert "wait for each other" in store.run("commit", "-am", "x").stderr


def test_another_git_directory_in_the_environment_is_the_one_that_is_meant(
    hub: Hub, store: Repo, tmp_path: Path
) -> None:
    other = make_repo(tmp_path / "other")
    issue(hub, "ISSUE-003", "wat")
    store.git("add", "--all")
    env = {"GIT_DIR": str(hub.root / ".git"), "GIT_WORK_TREE": str(hub.root)}

    assert other.run("commit", "-m", "x", env=env).returncode == 1


def test_a_circle_and_a_twin_are_found_among_many_new_records(hub: Hub, store: Repo) -> None:
    for number in range(100, 200):
        before = 199 if number == 150 else number - 1
        links = f"blocked_by: [ISSUE-{before}]\n" if number > 100 else ""
        issue(hub, f"ISSUE-{number}", more=links)
    hub.write("archive/issues/ISSUE-120.yaml", ISSUE.format(id="ISSUE-120", status="closed"))
    store.git("add", "--all")

    done = store.run("commit", "-m", "x")

    assert done.returncode == 1
    assert done.stderr.count("[cycle]") == 1
    assert done.stderr.count("[duplicate-id]") == 1
