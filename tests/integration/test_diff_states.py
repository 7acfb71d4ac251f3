"""Any two states of a hub can be compared: revisions, trees, dates, the stage, the files."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests import own_world

from gitcoord.api import diff, setup
from gitcoord.api.workspace import Workspace
from gitcoord.git.repository import discover


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    own_world.move_in(monkeypatch, tmp_path)
    root = tmp_path / "hub"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    setup.init(str(root))
    repo = discover(str(root))
    assert repo is not None
    workspace = Workspace(repo, datetime.now(UTC), watch=False)
    save(workspace, "ISSUE-1", "pending")
    yield workspace
    workspace.close()


def git(root: str | Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=root, capture_output=True, check=True, text=True
    ).stdout.strip()


def write(hub: Workspace, id: str, status: str, folder: str = "issues") -> Path:
    path = Path(hub.repo.root, "coord", folder, f"{id}.yaml")
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(f"id: {id}\ntitle: {id}\nstatus: {status}\n")
    hub.changed()
    return path


def save(hub: Workspace, id: str, status: str) -> None:
    write(hub, id, status)
    git(hub.repo.root, "add", "-A")
    git(hub.repo.root, "commit", "-qm", id)


def brief(found: list[diff.Difference]) -> list[tuple[str, str]]:
    return [(one.id, one.change) for one in found]


def test_a_merge_that_is_not_made_yet_is_a_tree(hub: Workspace) -> None:
    git(hub.repo.root, "checkout", "-qb", "side")
    save(hub, "ISSUE-2", "pending")
    git(hub.repo.root, "checkout", "-q", "main")
    save(hub, "ISSUE-1", "closed")
    tree = git(hub.repo.root, "merge-tree", "--write-tree", "main", "side")

    assert brief(diff.between(hub, "main", tree)) == [("ISSUE-2", "added")]
    assert brief(diff.between(hub, "HEAD~1", tree)) == [
        ("ISSUE-1", "changed"), ("ISSUE-2", "added"),
    ]  # fmt: skip


def test_every_pair_of_states_agrees_with_its_opposite(hub: Workspace) -> None:
    save(hub, "ISSUE-2", "pending")
    write(hub, "ISSUE-2", "closed")
    git(hub.repo.root, "add", "-A")
    write(hub, "ISSUE-3", "closed")
    states = ["", "HEAD~1", "HEAD", diff.STAGED, diff.WORK_TREE]

    for a in states:
        assert diff.between(hub, a, a) == []
        for b in states:
            there, back = diff.between(hub, a, b), diff.between(hub, b, a)
            assert [one.id for one in there] == [one.id for one in back]
            for one, other in zip(there, back, strict=True):
                assert one.fields == {k: (new, old) for k, (old, new) in other.fields.items()}


def test_what_is_not_read_is_told_only_where_it_differs(hub: Workspace) -> None:
    root = Path(hub.repo.root, "coord", "issues")
    (root / "ISSUE-5.yaml").write_bytes(b"title: " + b"x" * (1 << 21) + b"\n")
    (root / "ISSUE-6.yaml").symlink_to("ISSUE-1.yaml")
    (root / "ISSUE-7.yaml").write_text("title: [\n")
    git(hub.repo.root, "add", "-A")
    git(hub.repo.root, "commit", "-qm", "odd")
    hub.changed()

    assert diff.between(hub, "HEAD", diff.WORK_TREE) == []

    (root / "ISSUE-7.yaml").write_text("title: [[\n")
    hub.changed()
    (found,) = diff.between(hub, "HEAD", diff.WORK_TREE)
    assert (found.id, found.unreadable, found.fields) == ("ISSUE-7", True, {})


def test_a_record_in_the_archive_is_the_same_record(hub: Workspace) -> None:
    write(hub, "ISSUE-1", "pending", "archive/issues")
    Path(hub.repo.root, "coord/issues/ISSUE-1.yaml").unlink()

    (found,) = diff.between(hub, "HEAD", diff.WORK_TREE)

    assert found.fields == {"archived": (False, True)}


def test_other_files_of_the_store_are_no_records(hub: Workspace) -> None:
    Path(hub.repo.root, "coord/issues/notes.txt").write_text("x")
    Path(hub.repo.root, "coord/coord.yaml").write_text("ids: random\n")
    hub.changed()

    assert diff.between(hub, "HEAD", diff.WORK_TREE) == []
    assert diff.between(hub, "HEAD", diff.STAGED) == []
