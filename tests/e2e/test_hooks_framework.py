"""The pre-commit framework beside our hooks, and our checks inside the framework."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import Repo, make_repo

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

PROJECT = Path(__file__).parents[2]
BAD = "id: ISSUE-003\ntitle: A\nstatus: wat\n"
LOCAL = """\
repos:
  - repo: local
    hooks:
      - {id: log, name: log, language: system, entry: sh -c 'echo ran >>"$HOME/ran"', always_run: true,
         pass_filenames: false, stages: [pre-commit, commit-msg, pre-push]}
"""


@pytest.fixture
def framework() -> list[str]:
    """The real framework; it keeps its environments below the test's own home."""
    pytest.importorskip("pre_commit")
    return [sys.executable, "-m", "pre_commit"]


def run(framework: list[str], repo: Repo, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*framework, *words], cwd=repo.root, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip


def count(hub: Hub) -> int:
    log = Path(os.environ["HOME"]) / "ran"
    return log.read_text().count("ran") if log.exists() else 0


def states(hub: Hub, *words: str) -> dict[str, str]:
    return {row["hook"]: row["state"] for row in hub.json("hooks", *words)}


@pytest.mark.parametrize("order", ["before", "after", "before and after", "after and before"])
def test_the_framework_and_coord_both_run_once_whoever_came_first(
    hub: Hub, framework: list[str], order: str
) -> None:
    store = Repo(hub.root)
    (hub.root / ".pre-commit-config.yaml").write_text(LOCAL)
    store.git("add", "--all")
    store.git("commit", "--quiet", "-m", "x")
    install = ["install", "--hook-type", "pre-commit", "--hook-type", "pre-push"]
    hooks = hub.root / ".git" / "hooks"
    if order.startswith("before"):
        assert run(framework, store, *install).returncode == 0
        theirs = (hooks / "pre-commit").read_bytes()
    hub.ok("hooks", "install")
    if order != "before":
        assert run(framework, store, *install).returncode == 0
        theirs = (hooks / "pre-commit").read_bytes()
    if order.endswith("and before"):
        hub.ok("hooks", "install")

    assert states(hub, "status")["pre-commit"] == "chained"
    (hub.root / "file").write_text("x")
    store.git("add", "--all")
    good = store.run("commit", "-m", "good")
    assert (good.returncode, count(hub)) == (0, 1), good
    hub.write("issues/ISSUE-003.yaml", BAD)
    store.git("add", "--all")
    bad = store.run("commit", "-m", "bad")
    assert bad.returncode == 1, bad
    assert "bad-status" in bad.stdout + bad.stderr
    assert count(hub) == 2

    store.git("commit", "--quiet", "--no-verify", "-m", "bad")
    store.git("init", "--quiet", "--bare", "../far.git")
    push = store.run("push", "../far.git", "main")
    assert push.returncode != 0, push
    assert "bad-status" in push.stdout + push.stderr

    hub.ok("hooks", "uninstall")
    assert (hooks / "pre-commit").read_bytes() == theirs
    left = [path.name for path in hooks.iterdir() if "# coord hook" in path.read_text()]
    assert left == []
    assert not [path.name for path in hooks.iterdir() if path.suffix == ".coord-chained"]


def test_the_framework_taken_away_leaves_our_hooks(hub: Hub, framework: list[str]) -> None:
    store = Repo(hub.root)
    (hub.root / ".pre-commit-config.yaml").write_text(LOCAL)
    hub.ok("hooks", "install")
    run(framework, store, "install")

    assert run(framework, store, "uninstall").returncode == 0

    assert states(hub, "status")["pre-commit"] == "installed"


def _tagged(tmp_path: Path, language: str) -> Repo:
    """A repository that holds the project at a tag, as the framework would clone it."""
    far = make_repo(tmp_path / "coord project")
    names = ["pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "src", "bin"]
    subprocess.run(
        ["cp", "-r", *[str(PROJECT / name) for name in names], str(far.root)], check=True
    )
    manifest = far.root / ".pre-commit-hooks.yaml"
    manifest.write_text(manifest.read_text().replace("language: python", f"language: {language}"))
    far.git("add", "--all")
    far.git("commit", "--quiet", "-m", "release")
    far.git("tag", "v1")
    return far


def _use(hub: Hub, far: Repo) -> Repo:
    store = Repo(hub.root)
    (hub.root / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {far.root}\n    rev: v1\n    hooks: [id: coord-check]\n"
    )
    store.git("add", "--all")
    store.git("commit", "--quiet", "-m", "x")
    return store


@pytest.mark.parametrize("language", ["system", "python"])
def test_the_framework_runs_coord_check_from_a_tag(
    hub: Hub, framework: list[str], tmp_path: Path, path_with_coord: str, language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if language == "system":
        monkeypatch.setenv("PATH", path_with_coord)
    store = _use(hub, _tagged(tmp_path, language))
    made = run(framework, store, "install", "--install-hooks")
    if language == "python" and made.returncode:
        pytest.skip("the package's dependencies cannot be installed here")
    assert made.returncode == 0, made

    hub.write("issues/ISSUE-003.yaml", BAD.replace("wat", "pending"))
    store.git("add", "--all")
    good = store.run("commit", "-m", "good")
    hub.write("issues/ISSUE-003.yaml", BAD)
    store.git("add", "--all")
    bad = store.run("commit", "-m", "bad")

    assert good.returncode == 0, good
    assert bad.returncode == 1
    assert "bad-status" in bad.stdout + bad.stderr
