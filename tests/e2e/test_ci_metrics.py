"""The templates for CI: their own commands are run, in a fresh clone and against a remote hub."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.integration.measured import FILES, Package

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

ROOT = Path(__file__).resolve().parents[2]


def template(name: str) -> Any:
    return yaml.safe_load((ROOT / "ci" / name).read_text())


def gitlab() -> tuple[list[str], dict[str, str]]:
    job = template("gitlab/coord-metrics.yml")["coord-metrics"]
    return job["script"], job["variables"]


def github() -> tuple[list[str], dict[str, str]]:
    job = template("github/coord-metrics.yml")["jobs"]["metrics"]
    return [step["run"] for step in job["steps"] if "run" in step], job["env"]


@pytest.fixture
def clone(hub: Hub, tmp_path: Path) -> Package:
    """The repository as CI checks it out, with what its tests left."""
    package = Package(tmp_path / "some where" / "build")
    package.commit(FILES)
    package.measure()
    hub.git("add", "--all")
    return package


def run(kind: str, hub: Hub, clone: Package, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run a template's commands, but for the installation, as its runner would."""
    script, variables = gitlab() if kind == "gitlab" else github()
    assert "pip install" in script[0]
    env = {
        **os.environ, **variables, "COORD_HUB_URL": str(hub.root), "COORD_NAME": "oneiric",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }  # fmt: skip
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join(script[1:])],
        cwd=clone.root, env=env, capture_output=True, check=False, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["gitlab", "github"])
@pytest.mark.parametrize(("gate", "code"), [("coverage >= 10", 0), ("coverage >= 99", 1)])
def test_a_template_measures_and_holds_the_gates(
    hub: Hub, clone: Package, tmp_path: Path, kind: str, gate: str, code: int
) -> None:
    hub.write("coord.yaml", f"version: 1\ngates:\n  - check: {gate}\n    repo: oneiric\n")
    hub.git("add", "--all")
    hub.git("commit", "--quiet", "-m", "Gates")

    done = run(kind, hub, clone, tmp_path)

    assert done.returncode == code, done
    assert f"oneiric  {'failed' if code else 'passed'}" in done.stdout
    written = clone.root / "coord-metrics.md" if kind == "gitlab" else tmp_path / "summary.md"
    assert f"{clone.reported()['percent_covered']:.1f}" in written.read_text()


def test_both_templates_run_the_same_commands() -> None:
    def words(script: list[str]) -> list[str]:
        lines = [line for one in script for line in one.strip().splitlines()]
        return [line.split(" >")[0] for line in lines]

    assert words(gitlab()[0]) == words(github()[0])
