"""Journals of many clones become one: races, unrelated beginnings, pruning, refusals."""

from __future__ import annotations

import json
import os
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.journal_world import (
    NOW,
    add,
    bare,
    clone,
    coord,
    git,
    held,
    opened,
    sound,
    start,
    sync,
)

from gitcoord import journal
from gitcoord.errors import GitError
from gitcoord.journal import compacting, merging, policy, syncing

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    bare(tmp_path / "hub.git")
    return tmp_path / "hub.git"


def test_journals_that_began_apart_become_one(tmp_path: Path, remote: Path) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    paths = {add(one, 1), add(one, 2), add(two, 3)}

    assert sync(one) == (0, 0, 2, sync(one).commit)
    found = sync(two)
    sync(one)

    assert (found.fetched, found.merged, found.pushed) == (2, 1, 2)
    assert set(held(one)) == set(held(two)) == paths
    assert sync(one).commit == sync(two).commit
    assert git(remote, "rev-list", "--max-parents=0", "coord-journal").count("\n") == 2
    sound(two)


def test_no_push_keeps_everything_here(tmp_path: Path, remote: Path) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    add(one, 1)
    sync(one)
    add(two, 2)

    done = coord(tmp_path / "two", "init")
    assert done.returncode == 0, done.stderr
    done = coord(tmp_path / "two", "sync", "origin", "--no-push", "--json")

    assert json.loads(done.stdout)["journal"]["fetched"] == 1
    assert len(held(two)) == 2
    assert git(remote, "rev-list", "--count", "coord-journal").strip() == "1"


def test_nothing_is_left_behind_in_refs_and_files(tmp_path: Path, remote: Path) -> None:
    one = clone(tmp_path / "one", remote=remote)
    add(one, 1)

    sync(one)
    sync(one)

    refs = git(tmp_path / "one", "for-each-ref", "--format=%(refname)").split()
    assert refs == ["refs/heads/coord-journal", "refs/remotes/origin/coord-journal"]
    assert git(tmp_path / "one", "status", "--porcelain") == ""


def test_one_path_changed_on_both_sides_keeps_both_the_same_way_everywhere(
    tmp_path: Path, remote: Path
) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    journal.append(one, {"runs/notes.txt": b"base", "runs/x": b"x"}, "m")
    sync(one)
    sync(two)
    journal.append(one, {"runs/notes.txt": b"ours", "runs/x": b"1"}, "m")
    journal.append(two, {"runs/notes.txt": b"theirs", "runs/x": b"2"}, "m")

    sync(one)
    sync(two)
    sync(one)

    assert held(one) == held(two)
    assert sorted(held(one).values()) == [b"1", b"2", b"ours", b"theirs"]
    assert {"runs/notes.txt", "runs/x"} < set(held(one))


def test_of_one_state_written_twice_the_later_wins(tmp_path: Path, remote: Path) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    text = b"kind: skills\nrepo: a\ntime: 2026-11-%d0T10:00:00%b\ndata: {a: %d}\n"
    later, earlier = text % (2, b"-08:00", 1), text % (2, b"+00:00", 2)
    journal.append(one, {"skills/a/current.yaml": later}, "m")
    journal.append(two, {"skills/a/current.yaml": earlier}, "m")

    sync(one)
    sync(two)
    sync(one)

    assert held(one) == held(two) == {"skills/a/current.yaml": later}


def test_a_file_where_a_peer_has_a_folder_is_put_aside_not_lost(
    tmp_path: Path, remote: Path
) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    journal.append(one, {"runs/a": b"file", "runs/b/c": b"deep"}, "m")
    journal.append(two, {"runs/a/b": b"below", "runs/b": b"flat"}, "m")

    sync(one)
    sync(two)
    sync(one)

    assert sorted(held(one).values()) == [b"below", b"deep", b"file", b"flat"]
    sound(one)


def test_five_clones_at_once_lose_nothing(tmp_path: Path, remote: Path) -> None:
    clones = [clone(tmp_path / f"c{number}", remote=remote) for number in range(5)]
    paths = set()
    for number, repo in enumerate(clones):
        assert coord(Path(repo.root), "init").returncode == 0
        paths |= {add(repo, 100 * number + n) for n in range(4)}

    for _ in range(2):
        running = [start(Path(repo.root), "sync", "origin", "--json") for repo in clones]
        for one in running:
            _, err = one.communicate(timeout=120)
            assert one.returncode == 0, err
        for number, repo in enumerate(clones):
            paths.add(add(repo, 1000 + number))

    for repo in [*clones, *clones]:
        sync(repo)
    assert {frozenset(held(repo)) for repo in clones} == {frozenset(paths)}
    assert len({sync(repo).commit for repo in clones}) == 1
    sound(clones[0])
    git(remote, "fsck", "--strict", "--no-dangling")


def test_six_syncs_of_one_clone_at_once_are_all_fine(tmp_path: Path, remote: Path) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    assert coord(tmp_path / "one", "init").returncode == 0
    paths = {add(one, 1), add(two, 2)}
    sync(two)

    running = [start(tmp_path / "one", "sync", "origin") for _ in range(6)]
    for child in running:
        _, err = child.communicate(timeout=120)
        assert child.returncode == 0, err

    assert set(held(one)) == paths
    assert git(remote, "rev-parse", "coord-journal") == git(
        tmp_path / "one", "rev-parse", "coord-journal"
    )
    names = git(tmp_path / "one", "for-each-ref", "--format=%(refname)", "refs/coord")
    assert names == ""


def test_a_sync_killed_at_any_moment_loses_nothing(tmp_path: Path, remote: Path) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    assert coord(tmp_path / "one", "init").returncode == 0
    paths = set()

    for number in range(12):
        paths |= {add(one, number), add(two, 100 + number)}
        sync(two)
        child = start(tmp_path / "one", "sync", "origin")
        time.sleep(0.04 + number * 0.02)
        child.kill()
        child.communicate(timeout=60)

    sync(one)
    sync(two)
    assert set(held(one)) == set(held(two)) == paths
    # A git that outlived its coord may have left its ref as late as now.
    old = time.time() - 7200
    for left in (tmp_path / "one/.git/refs/coord/fetched").glob("*"):
        os.utime(left, (old, old))
    sync(one)
    assert git(tmp_path / "one", "for-each-ref", "refs/coord") == ""
    sound(one)


def test_a_shallow_clone_appends_and_syncs(tmp_path: Path, remote: Path) -> None:
    one = clone(tmp_path / "one", remote=remote)
    paths = {add(one, number) for number in range(4)}
    sync(one)
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", f"file://{remote}", "two")
    two = opened(tmp_path / "two")

    paths |= {add(two, 10), add(one, 11)}
    sync(one)
    sync(two)
    sync(one)

    assert set(held(one)) == set(held(two)) == paths
    assert git(remote, "rev-list", "--max-parents=0", "coord-journal").count("\n") == 1


def test_the_users_hooks_do_not_run_for_the_journal(tmp_path: Path, remote: Path) -> None:
    one = clone(tmp_path / "one", remote=remote)
    add(one, 1)
    for name in ("pre-push", "reference-transaction"):
        hook = tmp_path / "one/.git/hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\nexit 1\n")
        hook.chmod(0o755)

    assert sync(one).pushed == 1
    assert not (tmp_path / "ran").exists()


def test_links_and_odd_names_of_a_peer_go_no_further(tmp_path: Path, remote: Path) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    kept = {add(one, 1), add(two, 2)}
    root = tmp_path / "two"
    blob = git(root, "rev-parse", f"coord-journal:{sorted(held(two))[0]}").strip()
    tip = git(root, "rev-parse", "coord-journal").strip()
    listed = git(root, "ls-tree", "coord-journal")
    odd = f"120000 blob {blob}\tlink\n160000 commit {tip}\tmodule\n100644 blob {blob}\t.git\n"
    tree = subprocess.run(["git", "mktree"], input=listed + odd, cwd=root, text=True, check=True,
                          capture_output=True).stdout.strip()  # fmt: skip
    hostile = git(root, "commit-tree", tree, "-p", tip, "-m", "odd").strip()
    git(root, "update-ref", "refs/heads/coord-journal", hostile)
    git(root, "push", "-q", "origin", "coord-journal")

    sync(one)

    names = git(tmp_path / "one", "ls-tree", "-r", "--name-only", "coord-journal").splitlines()
    assert set(names) == kept


def test_what_was_pruned_stays_pruned_and_what_is_new_comes(tmp_path: Path, remote: Path) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    old = [add(one, n, kind="snapshot", age=100 + n / 100) for n in range(10)]
    sync(one)
    sync(two)
    new = add(two, 99, kind="snapshot", age=1)

    done = compacting.compact(one, policy_cut(), NOW)
    sync(one)
    sync(two)
    sync(one)

    assert len(done.removed) == 9
    assert set(held(one)) == set(held(two)) == {old[0], new, "journal.yaml"}


@pytest.mark.parametrize("known", [True, False], ids=["known", "forgotten"])
def test_a_new_beginning_is_not_undone_by_a_peer_with_the_old_one(
    tmp_path: Path, remote: Path, known: bool
) -> None:
    repos = [clone(tmp_path / name, remote=remote) for name in ("one", "two", "late")]
    one, two, late = repos
    old = [add(one, n, kind="snapshot", age=100 + n / 100) for n in range(10)]
    happened = add(one, 50, age=200)
    for repo in repos:
        sync(repo)
    new = {add(two, 99, kind="snapshot", age=1), add(late, 77)}
    # This one was away when it happened, and has something for a day that is pruned.
    stray = add(late, 78, kind="snapshot", age=100.05)
    journal.append(two, {"skills/x": b"changed"}, "m")

    done = compacting.compact(one, policy_cut(), NOW, rewrite=True)
    assert sync(one) == (0, 0, 1, done.commit)
    if not known:
        for root in (tmp_path / "one", remote):
            git(root, "reflog", "expire", "--expire=now", "--all")
            git(root, "gc", "-q", "--prune=now")
    for repo in (two, late, one, two, late, one):
        sync(repo)

    expected = {old[0], happened, "journal.yaml", "skills/x"} | new
    assert set(held(one)) == set(held(two)) == set(held(late)) == expected
    assert stray not in held(late)
    assert len({sync(repo).commit for repo in repos}) == 1
    roots = git(remote, "rev-list", "--max-parents=0", "coord-journal").split()
    assert roots == [done.commit]


def test_a_journal_that_began_apart_keeps_its_commits_beside_a_new_beginning(
    tmp_path: Path, remote: Path
) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    paths = {add(one, 1), add(two, 2)}
    sync(two)
    began = git(remote, "rev-parse", "coord-journal").strip()

    compacting.compact(one, policy_cut(), NOW, rewrite=True)
    sync(one)
    sync(two)

    assert set(held(one)) == set(held(two)) == paths | {"journal.yaml"}
    assert began in git(remote, "rev-list", "coord-journal").split()


def test_an_old_line_is_known_also_where_it_shares_something_with_the_new_one(
    tmp_path: Path, remote: Path
) -> None:
    repos = [clone(tmp_path / name, remote=remote) for name in ("one", "two", "third")]
    one, two, third = repos
    old = [add(one, n, kind="snapshot", age=100 + n / 100) for n in range(10)]
    sync(one)
    sync(two)
    shared = add(third, 1)
    for repo in (one, two):  # each takes in the third's journal for itself
        syncing.sync(repo, str(tmp_path / "third"), NOW, push=False)

    mine = git(tmp_path / "one", "rev-list", "--max-parents=0", "coord-journal").split()
    begun = git(tmp_path / "third", "rev-parse", "coord-journal").strip()
    (first,) = set(mine) - {begun}
    done = compacting.compact(one, policy_cut(), NOW, rewrite=True)
    syncing.sync(one, str(tmp_path / "third"), NOW, push=False)
    new = add(two, 5)
    for repo in (one, two, one):
        sync(repo)

    assert done.commit is not None
    assert set(held(one)) == set(held(two)) == {old[0], shared, new, "journal.yaml"}
    assert first not in git(remote, "rev-list", "coord-journal").split()


def test_two_new_beginnings_at_once_become_one(tmp_path: Path, remote: Path) -> None:
    one, two = clone(tmp_path / "one", remote=remote), clone(tmp_path / "two", remote=remote)
    old = [add(one, n, kind="snapshot", age=100 + n / 100) for n in range(10)]
    sync(one)
    sync(two)
    own = {add(one, 1), add(two, 2)}

    compacting.compact(one, policy_cut(), NOW, rewrite=True)
    compacting.compact(two, policy_cut(), NOW, rewrite=True)
    for repo in (one, two, one, two):
        sync(repo)

    assert set(held(one)) == set(held(two)) == {old[0], "journal.yaml"} | own
    assert sync(one).commit == sync(two).commit


def test_a_dry_run_changes_nothing_and_tells_what_would_go(tmp_path: Path) -> None:
    repo = clone(tmp_path / "one")
    for n in range(10):
        add(repo, n, kind="snapshot", age=100 + n / 100)
    before = git(tmp_path / "one", "rev-parse", "coord-journal").strip()

    done = compacting.compact(repo, policy_cut(), NOW, dry_run=True, rewrite=True)

    assert (len(done.removed), done.before.files, done.after.files) == (9, 10, 1)
    assert done.commit == done.was == before
    assert merging.rule_of(repo, before) == policy.Policy()


def test_a_remote_that_refuses_is_told_and_local_facts_stay(tmp_path: Path, remote: Path) -> None:
    repo = clone(tmp_path / "one", remote=remote)
    assert coord(tmp_path / "one", "init").returncode == 0
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    path = add(repo, 1)

    done = coord(tmp_path / "one", "sync", "origin", "--json")

    error = json.loads(done.stderr)["error"]
    assert done.returncode == 3
    assert "protects that branch" in error["hint"]
    assert "Local facts are kept" in error["hint"]
    assert set(held(repo)) == {path}


@pytest.mark.parametrize("peer", ["nowhere", "/nowhere/at/all", "https://localhost:1/x.git"])
def test_a_remote_that_is_not_there_is_told_with_exit_code_3(tmp_path: Path, peer: str) -> None:
    repo = clone(tmp_path / "one")
    assert coord(tmp_path / "one", "init").returncode == 0
    add(repo, 1)

    done = coord(tmp_path / "one", "sync", peer)

    assert done.returncode == 3
    assert "Local facts are kept" in done.stderr


def test_a_remote_that_keeps_history_refuses_a_new_beginning(tmp_path: Path, remote: Path) -> None:
    git(remote, "config", "receive.denyNonFastForwards", "true")
    repo = clone(tmp_path / "one", remote=remote)
    add(repo, 1)
    sync(repo)
    compacting.compact(repo, policy_cut(), NOW, rewrite=True)

    with pytest.raises(GitError) as told:
        sync(repo)

    assert "keeps history" in told.value.hint


def test_nothing_goes_to_a_remote_that_nobody_named(tmp_path: Path, remote: Path) -> None:
    repo = clone(tmp_path / "one", remote=remote)
    root = tmp_path / "one"
    assert coord(root, "init").returncode == 0
    add(repo, 1)

    assert coord(root, "sync").returncode == 2
    assert git(remote, "for-each-ref") == ""
    git(root, "config", "coord.remote", "origin")
    assert coord(root, "sync").returncode == 0
    git(root, "config", "--unset", "coord.remote")
    git(root, "push", "-q", "-u", "origin", "main")
    assert coord(root, "sync").returncode == 0
    assert coord(root, "sync", "--", "--upload-pack=x").returncode == 2


def test_the_working_branch_goes_along_when_asked(tmp_path: Path, remote: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    clone(one, remote=remote)
    assert coord(one, "init").returncode == 0
    git(one, "push", "-q", "-u", "origin", "main")
    git(tmp_path, "clone", "-q", str(remote), "two")
    git(two, "switch", "-q", "main")
    assert coord(one, "repo", "create", "alpha").returncode == 0
    assert coord(two, "repo", "create", "beta").returncode == 0

    first = json.loads(coord(one, "sync", "--branch", "--json").stdout)["branch"]
    second = json.loads(coord(two, "sync", "--branch", "--json").stdout)["branch"]
    coord(one, "sync", "--branch")

    assert (first["fetched"], first["pushed"]) == (0, 1)
    assert (second["fetched"], second["merged"], second["pushed"]) == (1, 1, 2)
    assert {path.stem for path in (one / "coord/repos").glob("*.yaml")} == {"alpha", "beta"}
    assert git(one, "rev-parse", "main") == git(two, "rev-parse", "main")


def test_a_branch_that_conflicts_is_left_as_it_was(tmp_path: Path, remote: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    clone(one, remote=remote)
    assert coord(one, "init").returncode == 0
    git(one, "push", "-q", "-u", "origin", "main")
    git(tmp_path, "clone", "-q", str(remote), "two")
    for root in (one, two):
        (root / "notes").write_text(f"{root.name}\n")
        git(root, "add", "notes")
        git(root, "commit", "-q", "-m", "notes")
    coord(one, "sync", "--branch")
    before = git(two, "rev-parse", "HEAD")

    done = coord(two, "sync", "--branch", "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["branch"]["conflicts"] == ["notes"]
    assert git(two, "rev-parse", "HEAD") == before
    assert git(two, "status", "--porcelain") == ""


def test_a_branch_merges_field_by_field_and_gives_new_ids_where_two_had_one(
    tmp_path: Path, remote: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    clone(one, remote=remote)
    assert coord(one, "init").returncode == 0
    coord(one, "issue", "create", "--title", "shared")
    git(one, "push", "-q", "-u", "origin", "main")
    git(tmp_path, "clone", "-q", str(remote), "two")
    for root, field in ((one, "--status"), (two, "--priority")):
        value = {"--status": "in_progress", "--priority": "critical"}[field]
        assert coord(root, "issue", "update", "ISSUE-001", field, value).returncode == 0
        assert coord(root, "issue", "create", "--title", f"from {root.name}").returncode == 0
    coord(one, "sync", "--branch")
    (two / "unrelated").write_text("a file of the user's\n")
    (two / "coord/coord.yaml").write_text("version: 1 # not committed\n")

    done = json.loads(coord(two, "sync", "--branch", "--json").stdout)["branch"]

    assert done["renumbered"] == {"ISSUE-002": "ISSUE-003"}
    shown = json.loads(coord(two, "show", "ISSUE-001", "--json").stdout)
    assert (shown["status"], shown["priority"]) == ("in_progress", "critical")
    assert (two / "coord/coord.yaml").read_text() == "version: 1 # not committed\n"
    assert git(remote, "rev-parse", "main") == git(two, "rev-parse", "HEAD")


def test_a_branch_with_uncommitted_changes_is_refused_after_the_journal_went(
    tmp_path: Path, remote: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    clone(one, remote=remote)
    assert coord(one, "init").returncode == 0
    git(one, "push", "-q", "-u", "origin", "main")
    git(tmp_path, "clone", "-q", str(remote), "two")
    (one / "coord/coord.yaml").write_text("version: 1\nids: sequential\n")
    git(one, "commit", "-qam", "settings")
    coord(one, "sync", "--branch")
    (two / "coord/coord.yaml").write_text("version: 1\n")
    data = '{"from": "a", "to": "b"}'
    assert not coord(two, "journal", "add", "branch-switch", "-r", "x", "--data", data).returncode

    done = coord(two, "sync", "--branch")

    assert done.returncode == 5
    assert (two / "coord/coord.yaml").read_text() == "version: 1\n"
    assert git(remote, "rev-list", "--count", "coord-journal").strip() == "1"


def policy_cut() -> datetime:
    return NOW - timedelta(days=90)
