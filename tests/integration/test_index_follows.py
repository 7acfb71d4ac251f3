"""After any change on disk or in git, the index says what one made anew says."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from tests import own_world

from gitcoord.api import setup
from gitcoord.codec.emit import dump
from gitcoord.git import refs
from gitcoord.git.repository import Repository, discover
from gitcoord.index import schema, view
from gitcoord.model.kinds import ISSUE, REPO

ROWS = {
    "record": "SELECT id, kind, path, title, status, priority, target, updated, open, archived, ready,"
    " blocked, cyclic, blocks, worth, open_blockers, repos, json FROM record ORDER BY path",
    "value": "SELECT path, field, value FROM value JOIN file USING (n) ORDER BY path, field, value",
    "link": "SELECT path, src, dst, type, field FROM link JOIN file USING (n) ORDER BY 1, 2, 3, 4, 5",
    "finding": "SELECT path, line, code FROM finding ORDER BY path, line, code",
    "file": "SELECT path, digest, coalesce(head, '') FROM file ORDER BY path",
}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    own_world.move_in(monkeypatch, tmp_path)
    root = tmp_path / "hub"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    setup.init(str(root))
    found = discover(str(root))
    assert found is not None
    return found


def git(root: str | Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, capture_output=True, check=True)


def content(repo: Repository, path: str | None = None) -> dict[str, list[Any]]:
    """Return what the index says; made anew in another place when a path is given."""
    if path is None:
        connection = view.work_tree(repo, watch=False)
    else:
        connection = schema.connect(path)
        from gitcoord.index.refresh import refresh

        refresh(connection, repo, watch=False)
    found = {name: connection.execute(query).fetchall() for name, query in ROWS.items()}
    connection.close()
    return found


def differences(one: list[Any], other: list[Any]) -> list[Any]:
    """Return the rows that only one of two lists has, marked with which."""
    only = [("followed", row) for row in one if row not in other]
    return only + [("anew", row) for row in other if row not in one]


def issue(chance: random.Random, number: int) -> str:
    data: dict[str, Any] = {
        "id": f"ISSUE-{number:03d}",
        "title": f"t{chance.random()}",
        "status": chance.choice([*ISSUE.statuses, "fixed"]),
        "priority": chance.choice(["critical", "low"]),
        "repos": [chance.choice(["a", "b"])],
        "dependencies": [f"ISSUE-{chance.randint(1, 12):03d}" for _ in range(chance.randint(0, 2))],
    }
    if chance.random() < 0.5:
        data["updated"] = chance.choice(["2020-01-01T00:00:00Z", "2050-01-01T00:00:00Z"])
    return dump(data, ISSUE.fields)


def step(chance: random.Random, root: Path) -> None:
    """Do one thing that a person or git could do."""
    folder = root / "coord" / "issues"
    number = chance.randint(1, 12)
    file = folder / f"ISSUE-{number:03d}.yaml"
    what = chance.randint(0, 9)
    if what <= 3:
        file.write_text(issue(chance, number))
    elif what == 4:
        file.unlink(missing_ok=True)
    elif what == 5 and file.exists():
        archive = root / "coord" / "archive" / "issues"
        archive.mkdir(parents=True, exist_ok=True)
        file.rename(archive / file.name)
    elif what == 6:
        role = chance.choice(["app", "tool"])
        text = dump({"name": "a", "role": role, "nicknames": ["x"]}, REPO.fields)
        (root / "coord" / "repos" / "a.yaml").write_text(text)
    elif what == 7:
        file.write_text("id: [broken\n")
    elif what == 8:
        git(root, "add", "-A")
        git(root, "commit", "--quiet", "--allow-empty", "-m", f"c{chance.random()}")
    else:
        git(root, "add", "-A")
        git(root, "commit", "--quiet", "--allow-empty", "-m", "here")
        git(
            root,
            "checkout",
            "--quiet",
            "-B",
            chance.choice(["main", "side"]),
            chance.choice(["HEAD", "HEAD~0", "HEAD"]),
        )
        if chance.random() < 0.5:
            git(root, "reset", "--quiet", "--hard", "HEAD~1")


@pytest.mark.parametrize("seed", range(12))
def test_an_index_that_followed_equals_one_made_anew(
    repo: Repository, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    root = Path(repo.root)

    for number in range(40):
        for _ in range(chance.randint(1, 3)):
            step(chance, root)
        followed = content(repo)
        made = content(repo, str(tmp_path / "anew" / f"{number}.db"))
        for name in ROWS:
            assert differences(followed[name], made[name]) == [], (number, name)


def test_a_record_whose_archived_twin_stands_in_a_circle_is_marked_too(
    repo: Repository, tmp_path: Path
) -> None:
    root = Path(repo.root, "coord")
    archived = root / "archive" / "issues" / "ISSUE-001.yaml"
    archived.parent.mkdir(parents=True)
    other = root / "issues" / "ISSUE-002.yaml"
    for file, waits in ((archived, "ISSUE-002"), (other, "ISSUE-001")):
        data = {"id": file.stem, "title": "t", "status": "pending", "dependencies": [waits]}
        file.write_text(dump(data, ISSUE.fields))
        os.utime(file, (1, 1))  # of what was written a moment ago everything is looked at again
    content(repo)

    (root / "issues" / "ISSUE-001.yaml").write_text("id: ISSUE-001\ntitle: t\nstatus: pending\n")

    followed, made = content(repo), content(repo, str(tmp_path / "anew.db"))
    assert differences(followed["record"], made["record"]) == []


def test_an_edit_in_place_of_the_same_size_is_noticed(repo: Repository) -> None:
    file = Path(repo.root) / "coord" / "issues" / "ISSUE-001.yaml"
    file.write_text("id: ISSUE-001\ntitle: aaa\nstatus: pending\n")
    content(repo)

    for title in ("bbb", "ccc", "ddd"):
        with file.open("r+") as opened:
            opened.write(f"id: ISSUE-001\ntitle: {title}\nstatus: pending\n")
        assert content(repo)["record"][0][3] == title


@pytest.mark.parametrize("damage", ["garbage", "truncated", "folder"])
def test_a_damaged_index_is_made_anew(repo: Repository, damage: str) -> None:
    file = Path(repo.root) / "coord" / "issues" / "ISSUE-001.yaml"
    file.write_text("id: ISSUE-001\ntitle: aaa\nstatus: pending\n")
    before = content(repo)
    index = Path(repo.git_dir) / "coord" / "index.db"

    for tail in ("-wal", "-shm"):
        Path(f"{index}{tail}").unlink(missing_ok=True)
    if damage == "garbage":
        index.write_bytes(b"no database" * 1000)
    elif damage == "truncated":
        index.write_bytes(index.read_bytes()[:5000])
    else:
        index.unlink()
        index.mkdir()

    assert content(repo) == before


def test_the_watcher_tells_what_has_changed(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gitcoord.index import watch

    root = Path(repo.root)
    file = root / "coord" / "issues" / "ISSUE-001.yaml"
    file.write_text("id: ISSUE-001\ntitle: aaa\nstatus: pending\n")
    content(repo)
    watch.begin(repo)
    for _ in range(200):
        first = watch.ask(repo, None)
        if first is not None:
            break
        time.sleep(0.05)
    assert first is not None
    assert first.names is None
    assert watch.ask(repo, first.token).names == []  # type: ignore[union-attr]

    file.write_text("id: ISSUE-001\ntitle: bbb\nstatus: pending\n")
    (root / "coord" / "archive" / "issues").mkdir(parents=True)
    (root / "coord" / "archive" / "issues" / "ISSUE-002.yaml").write_text(
        "id: ISSUE-002\ntitle: old\nstatus: closed\n"
    )
    second = watch.ask(repo, first.token)

    assert second is not None
    assert "coord/issues/ISSUE-001.yaml" in (second.names or [])
    assert "coord/archive/issues" in (second.names or [])
    titles = [row[3] for row in content(repo)["record"]]
    assert titles == ["old", "bbb"]
    file.write_text("id: ISSUE-001\ntitle: ccc\nstatus: pending\n")
    assert [row[3] for row in content(repo)["record"]] == ["old", "ccc"]
    (root / "coord").rename(root / "away")  # it ends when its store goes


def test_a_watcher_whose_store_was_replaced_gives_way(repo: Repository) -> None:
    from gitcoord.index import watch

    root = Path(repo.root)
    file = root / "coord" / "issues" / "ISSUE-001.yaml"
    file.write_text("id: ISSUE-001\ntitle: aaa\nstatus: pending\n")
    content(repo)
    watch.begin(repo)
    for _ in range(200):
        if watch.ask(repo, None) is not None:
            break
        time.sleep(0.05)
    assert watch.ask(repo, None) is not None

    (root / "coord").rename(root / "away")
    shutil.copytree(root / "away", root / "coord")
    file.write_text("id: ISSUE-001\ntitle: bbb\nstatus: pending\n")

    assert watch.ask(repo, None) is None
    assert [row[3] for row in content(repo)["record"]] == ["bbb"]


def test_of_the_indexes_of_commits_the_eldest_go_with_what_lies_beside_them(
    repo: Repository,
) -> None:
    old = time.time() - 10_000
    beside = []
    for number in range(10):
        git(repo.root, "commit", "--quiet", "--allow-empty", "-m", f"commit {number}")
        commit = refs.head(repo)
        assert commit is not None
        view.at_commit(repo, commit).close()
        beside.append(view.beside_commit(repo, commit, "search.db"))
        Path(beside[-1]).write_bytes(b"")
        os.utime(Path(repo.common_dir, "coord", "at", f"{commit}.db"), (old, old + 100 * number))

    folder = Path(repo.common_dir, "coord", "at")
    left = sorted(path.name for path in folder.glob("*-search.db"))

    assert left == sorted(os.path.basename(path) for path in beside[-8:])
    assert {name[:40] for name in left} == {
        path.stem for path in folder.glob("*.db") if "-" not in path.name
    }
