"""The states a real repository can be in, each with a change that must do only its own work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests import own_world

CODE = "from gitcoord.cli.main import main; raise SystemExit(main())"


class Hub:
    """A repository with the real git and the real program."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", CODE, *words],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **env},
        )

    def json(self, *words: str) -> Any:
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def file(self, id: str) -> Path:
        return self.root / "coord" / "issues" / f"{id}.yaml"


@pytest.fixture
def bare_repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    own_world.move_in(monkeypatch, tmp_path)
    root = tmp_path / "hub 🚀 with spaces"
    root.mkdir()
    hub = Hub(root)
    hub.git("init", "--quiet", "--initial-branch=main")
    return hub


@pytest.fixture
def hub(bare_repo: Hub) -> Hub:
    assert bare_repo.run("init").returncode == 0
    bare_repo.json("issue", "create", "--title", "first", "--label", "one")
    return bare_repo


def test_a_hub_begins_before_the_first_commit(bare_repo: Hub) -> None:
    assert bare_repo.run("init").returncode == 0

    assert bare_repo.git("log", "--format=%s").splitlines() == ["Make this repository a coord hub"]
    assert bare_repo.git("status", "--porcelain") == ""


def test_a_detached_head_moves_and_no_branch_does(hub: Hub) -> None:
    hub.git("checkout", "--quiet", "--detach")
    main = hub.git("rev-parse", "main")

    hub.json("issue", "create", "--title", "second")

    assert hub.git("rev-parse", "main") == main
    assert hub.git("rev-parse", "HEAD^") == main
    assert hub.git("status", "--porcelain") == ""


def test_what_the_user_has_staged_and_changed_stays_as_it_is(hub: Hub) -> None:
    (hub.root / "staged.txt").write_text("staged\n")
    hub.git("add", "staged.txt")
    (hub.root / "loose.txt").write_text("loose\n")
    (hub.root / "staged.txt").write_text("staged, then changed\n")
    before = hub.git("diff"), hub.git("diff", "--cached"), hub.git("status", "--porcelain")

    hub.json("issue", "create", "--title", "second")
    hub.json("issue", "update", "ISSUE-001", "--priority", "high")

    assert (
        hub.git("diff"),
        hub.git("diff", "--cached"),
        hub.git("status", "--porcelain"),
    ) == before
    assert "staged.txt" not in hub.git("ls-tree", "-r", "--name-only", "HEAD")


@pytest.mark.parametrize("staged", [False, True])
def test_uncommitted_edits_of_the_same_record_stay_uncommitted(hub: Hub, staged: bool) -> None:
    text = hub.file("ISSUE-001").read_text()
    hub.file("ISSUE-001").write_text(text.replace("title: first", "title: mine  # note"))
    if staged:
        hub.git("add", "coord")

    hub.json("issue", "update", "ISSUE-001", "--priority", "high")

    committed = hub.git("show", "HEAD:coord/issues/ISSUE-001.yaml")
    assert "title: first" in committed
    assert "priority: high" in committed
    assert "title: mine  # note" in hub.file("ISSUE-001").read_text()
    assert "priority: high" in hub.file("ISSUE-001").read_text()
    assert hub.git("diff", "--cached").count("title: mine") == int(staged)
    assert "priority" not in hub.git("diff", "HEAD", "-U0")


def test_line_ends_of_windows_stay_in_the_work_tree_and_out_of_the_repository(hub: Hub) -> None:
    hub.git("config", "core.autocrlf", "true")
    file = hub.file("ISSUE-001")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    hub.json("issue", "update", "ISSUE-001", "--status", "in_progress")

    content = file.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n")
    assert "\r" not in hub.git("cat-file", "-p", "HEAD:coord/issues/ISSUE-001.yaml")
    assert hub.git("status", "--porcelain") == ""


def test_commits_are_signed_where_git_signs(hub: Hub, tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("there is no ssh-keygen here")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    hub.git("config", "gpg.format", "ssh")
    hub.git("config", "user.signingkey", str(key))
    hub.git("config", "commit.gpgsign", "true")

    hub.json("issue", "create", "--title", "signed")

    assert "BEGIN SSH SIGNATURE" in hub.git("cat-file", "commit", "HEAD")
    assert hub.git("status", "--porcelain") == ""


def test_a_key_that_cannot_sign_writes_nothing(hub: Hub) -> None:
    hub.git("config", "gpg.format", "ssh")
    hub.git("config", "user.signingkey", "/nowhere")
    hub.git("config", "commit.gpgsign", "true")
    before = hub.git("rev-parse", "HEAD")

    done = hub.run("issue", "create", "--title", "unsigned")

    assert done.returncode == 3
    assert "sign" in done.stderr
    assert hub.git("rev-parse", "HEAD") == before
    assert hub.git("status", "--porcelain") == ""


def test_without_an_identity_nothing_is_written(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")

    done = hub.run("issue", "create", "--title", "nobody's")

    assert done.returncode == 3
    assert "user.name" in done.stderr
    assert hub.git("status", "--porcelain") == ""


def test_a_subfolder_and_foreign_git_variables_lead_to_the_same_hub(
    hub: Hub, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "--quiet", other], check=True)
    inner = Hub(hub.root / "coord" / "issues")

    done = inner.run("list", "--json", GIT_DIR=str(other / ".git"), GIT_INDEX_FILE="/nowhere")

    assert [record["id"] for record in json.loads(done.stdout)] == ["ISSUE-001"]


def test_a_bare_repository_is_refused(tmp_path: Path, bare_repo: Hub) -> None:
    bare = tmp_path / "bare.git"
    bare_repo.git("init", "--quiet", "--bare", str(bare))

    done = Hub(bare).run("init")

    assert done.returncode == 3
    assert "bare" in done.stderr


def test_code_in_the_folder_is_refused(bare_repo: Hub) -> None:
    (bare_repo.root / "coord").mkdir()
    (bare_repo.root / "coord" / "__init__.py").touch()

    assert bare_repo.run("init").returncode == 5


def test_no_commit_leaves_it_to_the_user(hub: Hub) -> None:
    before = hub.git("rev-parse", "HEAD")

    hub.json("issue", "create", "--title", "second", "--no-commit")

    assert hub.git("rev-parse", "HEAD") == before
    assert hub.git("status", "--porcelain").split() == ["??", "coord/issues/ISSUE-002.yaml"]


def test_manual_commits_are_a_setting(hub: Hub) -> None:
    settings = hub.root / "coord" / "coord.yaml"
    settings.write_text(settings.read_text().replace("commit: auto", "commit: manual"))
    before = hub.git("rev-parse", "HEAD")

    hub.json("issue", "create", "--title", "second")

    assert hub.git("rev-parse", "HEAD") == before


def test_a_shallow_clone_is_a_hub(hub: Hub, tmp_path: Path) -> None:
    clone = Hub(tmp_path / "clone")
    hub.git("clone", "--quiet", "--depth=1", f"file://{hub.root}", str(clone.root))

    record = clone.json("issue", "create", "--title", "second")

    assert record["id"] == "ISSUE-002"
    assert clone.git("status", "--porcelain") == ""


def test_ids_of_other_branches_and_of_the_past_are_taken(hub: Hub) -> None:
    hub.git("checkout", "--quiet", "-b", "side")
    assert hub.json("issue", "create", "--title", "on a branch")["id"] == "ISSUE-002"
    hub.git("checkout", "--quiet", "main")
    assert hub.json("issue", "create", "--title", "here")["id"] == "ISSUE-003"
    assert hub.run("delete", "ISSUE-003", "--yes").returncode == 0
    (hub.root / "coord" / "issues" / "ISSUE-007.yaml").write_text(
        "id: ISSUE-007\ntitle: staged\nstatus: pending\n"
    )
    hub.git("add", "coord")
    hub.file("ISSUE-007").unlink()
    shutil.rmtree(hub.root / ".git" / "coord")

    assert hub.json("issue", "create", "--title", "next")["id"] == "ISSUE-008"


def test_updated_is_the_time_of_the_last_commit_on_this_branch(hub: Hub) -> None:
    hub.git("checkout", "--quiet", "-b", "side")
    hub.json("issue", "update", "ISSUE-001", "--priority", "high")
    seen = []
    for branch in ("main", "side", "main"):
        hub.git("checkout", "--quiet", branch)
        wanted = hub.git("log", "-1", "--format=%cI", "--", "coord/issues/ISSUE-001.yaml").strip()
        seen.append(hub.json("show", "ISSUE-001")["updated"])
        assert seen[-1][:19] == wanted[:19]


def test_what_a_record_says_of_its_last_change_holds_until_it_is_changed_again(hub: Hub) -> None:
    said = "2020-01-02T03:04:05+00:00"
    text = f"id: ISSUE-070\ntitle: t\nstatus: pending\nupdated: {said}\n"
    hub.file("ISSUE-070").write_text(text)
    before = [hub.json("show", "ISSUE-070")["updated"]]
    hub.git("add", "coord")
    hub.git("commit", "--quiet", "-m", "imported")
    before.append(hub.json("show", "ISSUE-070")["updated"])

    after = [hub.json("issue", "update", "ISSUE-070", "--priority", "high")["updated"]]
    shutil.rmtree(hub.root / ".git" / "coord")
    after.append(hub.json("show", "ISSUE-070")["updated"])
    after.append(hub.json("show", "ISSUE-070", "--at", "HEAD")["updated"])
    hub.file("ISSUE-070").write_text(text.replace("title: t", "title: u"))
    after.append(hub.json("show", "ISSUE-070")["updated"])

    assert before == [said, said]
    assert all(moment > "2026" for moment in after)
    assert hub.json("show", "ISSUE-070", "--at", "HEAD~1")["updated"] == said
    assert "ISSUE-070" in [one["id"] for one in hub.json("list", "updated<1d")]
