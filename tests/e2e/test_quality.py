"""`coord quality` from the command line, over several real repositories."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.conftest import PROGRAM, make_repo

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub, Repo

GOOD = '"""Doc."""\n'


def fill(repo: Repo, **files: str) -> None:
    for name, text in files.items():
        (repo.root / f"{name}.py").write_text(text)
    repo.commit("Work")


def quality(hub: Hub, *words: str) -> dict[str, Any]:
    found = hub.json("quality", *words)["repos"]
    return {one["name"]: one for one in found}


@pytest.fixture
def both(hub: Hub, oneiric: Repo, tmp_path: Path) -> Hub:
    """A hub with two repositories beside it: one is tidy, one is not."""
    fill(oneiric, a=GOOD)
    fill(make_repo(tmp_path / "fastblocks"), a="import os\nimport sys\n")
    return hub


def test_every_repository_has_its_score_and_the_formula_behind_it(both: Hub) -> None:
    found = both.json("quality", "--only", "ruff,documentation")

    assert [one["name"] for one in found["repos"]] == ["fastblocks", "oneiric"]
    tidy, untidy = found["repos"][1]["quality"], found["repos"][0]["quality"]
    assert (tidy["score"], untidy["parts"]) == (100.0, {"ruff": 96.0, "documentation": 0.0})
    assert untidy["score"] == round((20 * 96 + 10 * 0) / 30, 1)
    assert untidy["formula"].startswith(
        "score = (20 * ruff + 10 * documentation) / 30; ruff = 100 - 2 *"
    )
    assert untidy["measures"]["ruff"]["findings"] == 2
    assert found["summary"] == {"repos": 2, "measured": 2, "average": 82.0, "median": 82.0,
                                "lowest": 64.0, "highest": 100.0}  # fmt: skip
    assert untidy["commit"] == subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=both.root.parent / "fastblocks", capture_output=True, text=True, check=True
    ).stdout.strip()  # fmt: skip


def test_coord_yaml_sets_the_weights_and_coord_check_knows_them(both: Hub) -> None:
    file = both.root / "coord" / "coord.yaml"
    file.write_text(
        file.read_text()
        + "quality:\n  weights: {ruff: 1, documentation: 3}\n  losses: {ruff: 10}\n"
    )

    found = quality(both, "fastblocks", "--only", "ruff,documentation")["fastblocks"]["quality"]

    assert (found["score"], found["weights"]) == (20.0, {"ruff": 1, "documentation": 3})
    assert both("check").code == 0
    file.write_text(file.read_text().replace("ruff: 1,", "ruff: lots,"))
    assert "quality.weights.ruff" in both("check").out


@pytest.mark.parametrize(("limit", "code"), [("64", 0), ("64.1", 1), ("0", 0), ("100", 1)])
def test_fail_below_says_which_and_by_how_much(both: Hub, limit: str, code: int) -> None:
    answer = both("quality", "--only", "ruff,documentation", "--fail-below", limit)

    assert answer.code == code
    assert (f"fastblocks has 64; {limit} is asked for." in answer.err) == bool(code)


def test_a_repository_without_a_score_does_not_pass_and_one_that_is_elsewhere_does_not_fail(
    both: Hub,
) -> None:
    both.ok("repo", "create", "elsewhere")
    assert both("quality", "--only", "ruff", "--fail-below", "1").code == 0

    make_repo(both.root.parent / "elsewhere")
    answer = both("quality", "--only", "ruff", "--fail-below", "1")

    assert answer.code == 1
    assert "elsewhere has no score" in answer.err


def test_roles_names_and_nicknames_choose(both: Hub) -> None:
    assert list(quality(both, "--role", "resolver", "--only", "ruff")) == ["oneiric"]
    assert list(quality(both, "one", "--only", "ruff")) == ["oneiric"]
    assert both("quality", "nobody").code == 4
    assert (
        both("quality", "--role", "nobody").err
        == "coord: there is no such repository in the registry.\n"
    )


@pytest.mark.parametrize("words", [["--only", "nope"], ["--fail-below", "101"], ["--fail-below", "nan"], ["-j", "0"],
                                   ["--json", "--markdown"], ["--last", "--again"]])  # fmt: skip
def test_wrong_words_are_told(both: Hub, words: list[str]) -> None:
    assert both("quality", *words).code == 2


def test_last_shows_what_was_measured_and_runs_nothing(both: Hub) -> None:
    before = quality(both, "--last")
    assert {one["reason"] for one in before.values()} == {"it was not measured yet"}
    measured = quality(both)
    fill_again = both.root.parent / "oneiric" / "a.py"
    fill_again.write_text("import os\n")

    assert quality(both, "--last") == measured
    assert quality(both)["oneiric"]["quality"]["dirty"]


def test_the_hub_is_not_changed(both: Hub) -> None:
    before = (both.commits(), both.git("status", "--porcelain"))

    both.ok("quality", "--only", "ruff")

    assert (both.commits(), both.git("status", "--porcelain")) == before


def test_text_and_markdown_name_what_is_missing_and_keep_control_characters_inert(
    both: Hub,
) -> None:
    odd = both.root.parent / "oneiric" / "x\x1b[31m|<b>.py"
    odd.write_text("def f(:\n")

    page = both.ok("quality", "--only", "documentation,tests", "--markdown")
    one = both.ok("quality", "oneiric", "--only", "documentation,tests")

    assert "\x1b" not in page + one
    assert "oneiric, tests: not measured, there is no test report" in page
    assert "<b>" not in page
    assert "pytest --junitxml=junit.xml" in one
    assert "partial" in one


def test_a_bare_clone_and_a_gone_folder_are_told(both: Hub) -> None:
    both.ok("repo", "create", "bare")
    subprocess.run(["git", "init", "-q", "--bare", str(both.root.parent / "bare.git")], check=True)
    both.ok("repo", "create", "gone")

    found = quality(both, "--only", "ruff")

    assert "bare repository" in found["bare"]["reason"]
    assert found["gone"]["reason"] == "is not on this machine"
    assert found["oneiric"]["quality"]["score"] == 100.0


def plant(repo: Repo) -> Path:
    """Put a program into a repository's environment that leaves a trace."""
    bait = repo.root.parent / "bait"
    (repo.root / ".git" / "info" / "exclude").write_text(".venv\n")
    (repo.root / ".venv" / "bin").mkdir(parents=True)
    (repo.root / ".venv" / "pyvenv.cfg").write_text("")
    program = repo.root / ".venv" / "bin" / "ruff"
    program.write_text(f"#!/bin/sh\ntouch {bait}\necho ruff 1.0\n")
    program.chmod(0o755)
    return bait


def test_a_path_that_nobody_reviewed_runs_nothing_of_the_repository(
    both: Hub, tmp_path: Path
) -> None:
    strange = make_repo(tmp_path / "away" / "strange")
    fill(strange, a=GOOD)
    bait = plant(strange)
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    both.git("remote", "add", "origin", str(remote))
    both.git("push", "-q", "-u", "origin", "HEAD:main")
    both.ok("repo", "create", "strange")
    both.ok("repo", "update", "strange", "--set", f"path={strange.root}")

    answer = both("quality", "strange", "--only", "ruff", "--json")

    found = answer.json["repos"][0]
    assert not bait.exists()
    assert found["quality"] is None
    assert "git config coord.repo.strange.path" in found["note"]
    both.git("push", "-q", "origin", "HEAD:main")
    both.ok("quality", "strange", "--only", "ruff")
    assert bait.exists()


def test_static_runs_nothing_of_the_repository(both: Hub, oneiric: Repo) -> None:
    bait = plant(oneiric)

    both.ok("quality", "oneiric", "--static")
    assert not bait.exists()
    both.ok("quality", "oneiric")
    assert bait.exists()


def test_advisories_come_from_the_command_or_from_git_config(both: Hub, tmp_path: Path) -> None:
    root = both.root.parent / "oneiric"
    (root / "uv.lock").write_text('[[package]]\nname = "left-pad"\nversion = "1.0"\n')
    (root / "pyproject.toml").write_text('[project]\nname = "o"\ndependencies = ["left-pad"]\n')
    folder = tmp_path / "osv"
    folder.mkdir()
    affected = [{"package": {"ecosystem": "PyPI", "name": "left-pad"}, "versions": ["1.0"]}]
    (folder / "a.json").write_text(json.dumps({"id": "X-1", "affected": affected}))

    given = quality(both, "oneiric", "--only", "vulnerabilities", "--advisories", str(folder))
    both.git("config", "coord.advisories", str(folder))
    configured = quality(both, "oneiric", "--only", "vulnerabilities")

    for found in (given, configured):
        assert found["oneiric"]["quality"]["measures"]["vulnerabilities"]["vulnerabilities"] == 1
        assert found["oneiric"]["quality"]["score"] == 80.0


def test_snapshots_hold_the_same_figures_and_gates_can_ask_for_them(both: Hub) -> None:
    both.ok("metrics", "collect", "--only", "quality")

    now = quality(both)
    for name in ("oneiric", "fastblocks"):
        kept = next(one for one in both.json("metrics", "report")["repos"] if one["name"] == name)[
            "quality"
        ]
        assert kept["score"] == now[name]["quality"]["score"]
        assert kept["ruff"]["findings"] == now[name]["quality"]["measures"]["ruff"]["findings"]
    (point,) = both.json("metrics", "trend", "fastblocks", "quality.ruff.findings")
    assert point["value"] == 2
    (score,) = both.json("metrics", "trend", "fastblocks", "quality")
    assert score["value"] == now["fastblocks"]["quality"]["score"]
    file = both.root / "coord" / "coord.yaml"
    file.write_text(file.read_text() + "gates: ['quality.ruff.findings <= 1']\n")
    assert {one["repo"]: one["passed"] for one in both("gate", "check", "--json").json} == {
        "oneiric": True, "fastblocks": False}  # fmt: skip


def test_ten_at_once_agree(both: Hub) -> None:
    running = [
        subprocess.Popen(
            [*PROGRAM, "quality", "--json", "--again"], cwd=both.root, stdout=subprocess.PIPE
        )
        for _ in range(10)
    ]
    answers = [json.loads(one.communicate(timeout=300)[0]) for one in running]

    scores = {
        json.dumps([one["quality"]["parts"] for one in answer["repos"]]) for answer in answers
    }
    assert len(scores) == 1
    assert {one.returncode for one in running} == {0}
    left = [
        path.name
        for path in (both.root / ".git" / "coord" / "quality").rglob(".*")
        if path.is_file()
    ]
    assert [name for name in left if "json" in name] == []


def test_an_interrupt_ends_the_tools_and_leaves_nothing_behind(
    both: Hub, oneiric: Repo, tmp_path: Path
) -> None:
    told, scratch = tmp_path / "pid", tmp_path / "scratch"
    scratch.mkdir()
    plant(oneiric)
    (oneiric.root / ".venv" / "bin" / "ruff").write_text(
        f'#!/bin/sh\nif [ "$1" = --version ]; then echo ruff 1.0; exit 0; fi\necho $$ > {told}; sleep 600\n'
    )
    coord = subprocess.Popen([*PROGRAM, "quality", "--only", "ruff"], cwd=both.root,
                             env={**os.environ, "TMPDIR": str(scratch)}, stderr=subprocess.DEVNULL)  # fmt: skip
    give_up = time.monotonic() + 30
    while not (told.exists() and told.read_text().strip()) and time.monotonic() < give_up:
        time.sleep(0.02)

    coord.send_signal(signal.SIGINT)

    assert coord.wait(timeout=20) == 130
    pid = int(told.read_text())
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < give_up:
        time.sleep(0.02)
    assert not os.path.exists(f"/proc/{pid}")
    while list(scratch.iterdir()) and time.monotonic() < give_up:
        time.sleep(0.02)  # the process between the two still tidies up
    assert list(scratch.iterdir()) == []
