"""What nobody can read is in the check as unknown, with the reason and the place: it never vanishes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.e2e.test_dependencies import commit, git, pair, project, repo, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Hub
    from tests.e2e.test_dependencies import Repo

__all__ = ["pair", "repo"]

PROVIDERS = {
    "pyproject.toml": project("plib", "1.2.0"),
    "package.json": '{"name": "plib", "version": "1.2.0"}',
    "Cargo.toml": '[package]\nname = "plib"\nversion = "1.2.0"\n',
    "go.mod": "module example.org/eco/plib\n",
}


@pytest.mark.parametrize(("file", "text", "line", "constraint", "why"), [
    ("pyproject.toml", project("app", "1", "plib>=1.0 banana"), 5, ">=1.0 banana", "after version specifier"),
    ("pyproject.toml", project("app", "1", "plib ^1.0"), 5, "^1.0", "specifier"),
    ("pyproject.toml", project("app", "1", "plib[x>=1"), 5, "[x>=1", "BRACKET"),
    ("pyproject.toml", project("app", "1", "plib>=1; python_version <"), 5, ">=1; python_version <", "marker"),
    ("pyproject.toml", '[tool.poetry.dependencies]\nplib = 5\n', 2, None, "neither a version nor a source"),
    ("pyproject.toml", '[tool.poetry.dependencies]\nplib = {version = 5}\n', 2, None, "neither"),
    ("pyproject.toml", '[tool.poetry.dependencies]\nplib = "^one"\n', 2, "^one", "no constraint"),
    ("requirements.txt", "# x\nplib>=1.0 banana\n", 2, ">=1.0 banana", "after version specifier"),
    ("setup.cfg", "[options]\ninstall_requires =\n  plib>=1.0 banana\n", 3, ">=1.0 banana", "after version"),
    ("package.json", '{"dependencies": {\n"plib": ">=1.0 banana"}}', 2, ">=1.0 banana", "no range of npm"),
    ("package.json", '{"dependencies": {\n"plib": 5}}', 2, None, "no version range"),
    ("Cargo.toml", '[dependencies]\nplib = ">=1.0 banana"\n', 2, ">=1.0 banana", "no version requirement of Cargo"),
    ("Cargo.toml", "[dependencies]\nplib = 5\n", 2, None, "neither a version nor a table"),
    ("Cargo.toml", "[dependencies]\nplib = {version = 5}\n", 2, None, "its version is no text"),
    ("Cargo.toml", "[dependencies]\nplib.workspace = true\n", 2, None, "a workspace that does not name it"),
    ("go.mod", "module example.org/app\nrequire example.org/eco/plib banana\n", 2, "banana", "a version"),
    ("go.mod", "module example.org/app\nrequire (\n example.org/eco/plib\n)\n", 3, None, "a version"),
    ("go.mod", "module example.org/app\nrequire example.org/eco/plib v1.2.3banana\n", 2, "v1.2.3banana",
     "no version of Go"),
])  # fmt: skip
def test_a_requirement_that_cannot_be_read_is_unknown(
    hub: Hub, repo: Repo, file: str, text: str, line: int, constraint: str | None, why: str
) -> None:
    repo("plib", PROVIDERS, tag="v1.2.0")
    hub.ok("repo", "update", "plib", "--set", "url=https://example.org/eco/plib.git")
    repo("app", {file: text})

    answer = hub("dep", "check", "--json", "--fail-on", "unknown")

    (found,) = answer.json
    assert answer.code == 1
    assert (found["verdict"], found["constraint"]) == ("unknown", constraint)
    assert (found["file"], found["line"]) == (file, line)
    assert f"({file}:{line})" in found["reason"]
    assert why in found["reason"], found["reason"]


def test_a_group_and_an_extra_that_cannot_be_read_keep_their_type(hub: Hub, repo: Repo) -> None:
    repo("plib", PROVIDERS, tag="v1.2.0")
    text = '[project.optional-dependencies]\ntest = ["plib>>1"]\n[dependency-groups]\ndocs = ["plib=1"]\n'
    repo("app", {"pyproject.toml": text})

    scanned = {one["type"]: one for one in hub.json("dep", "scan")}

    assert scanned["test"]["extra"] == "test"
    assert all(one["unreadable"] for one in scanned.values())
    assert len(hub.json("dep", "check")) == len(scanned) == 2


def test_nothing_is_written_of_what_cannot_be_read_and_nothing_taken_away(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    hub.ok("dep", "scan", "--write")
    before = hub.json("show", "DEP-001")
    commit(pair[1], {"pyproject.toml": project("fastblocks", "1.0", "oneiric>=0.1 banana"),
                     "package.json": json.dumps({"devDependencies": {"oneiric": 5}})})  # fmt: skip

    hub.ok("dep", "scan", "--write")
    (recorded,) = [one for one in hub.json("dep", "check") if one["id"]]

    assert hub.json("show", "DEP-001")["version_constraint"] == before["version_constraint"]
    assert hub.ids("dep", "list") == ["DEP-001"]
    assert recorded["verdict"] == "unsatisfied"  # the record itself still asks for >=0.3.12
    assert "declared is >=0.1 banana (pyproject.toml:5)" in recorded["reason"]


def test_a_manifest_that_cannot_be_read_is_said_on_stderr_and_in_the_reason(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    hub.ok(
        "dep", "create", "--consumer", "fastblocks", "--provider", "oneiric", "--type", "runtime"
    )
    write(pair[1], {"pyproject.toml": "[project\n"})

    answer = hub("dep", "check", "--json")

    (found,) = answer.json
    assert found["verdict"] == "unknown"
    assert "pyproject.toml:1 of fastblocks cannot be read in full" in found["reason"]
    assert "fastblocks/pyproject.toml:1 cannot be read in full" in answer.err


def test_a_todo_stays_open_while_what_it_names_cannot_be_read(
    hub: Hub, repo: Repo, pair: tuple[Path, Path]
) -> None:
    repo("other", {"pyproject.toml": project("other", "1.0")})
    commit(pair[1], {"requirements.txt": "other\n"})
    hub.ok("dep", "check", "--create-todos")
    (todo,) = hub.ids("todo", "list")
    good = (pair[1] / "pyproject.toml").read_text()

    write(pair[1], {"pyproject.toml": "[project\n"})
    hub.ok("dep", "check", "--create-todos")
    broken = hub.json("show", todo)["status"]
    write(pair[1], {"pyproject.toml": good.replace(">=0.3.12", "")})
    hub.ok("dep", "check", "--create-todos")

    assert broken == "pending"
    assert hub.json("show", todo)["status"] == "completed"
    assert git(pair[1], "status", "--porcelain")


def test_what_cannot_be_read_is_no_breach_of_a_release(hub: Hub, pair: tuple[Path, Path]) -> None:
    commit(pair[1], {"pyproject.toml": project("fastblocks", "1.0", "oneiric<1 banana")})

    (found,) = hub.json("dep", "impact", "oneiric", "--to", "9.0")

    assert (found["effect"], found["constraint"]) == ("unknown", "<1 banana")
    assert hub.json("dep", "outdated") == []


def test_a_member_knows_a_renamed_crate_by_the_name_its_workspace_gave_it(
    hub: Hub, repo: Repo
) -> None:
    repo("plib", PROVIDERS, tag="v1.2.0")
    root = '[workspace]\nmembers = ["inner"]\n[workspace.dependencies]\nold = {package = "plib", version = "0.9"}\n'
    repo("app", {"Cargo.toml": root, "inner/Cargo.toml": "[dependencies]\nold.workspace = true\n"})

    (found,) = hub.json("dep", "check")

    assert (found["verdict"], found["constraint"]) == ("unsatisfied", "0.9")
    assert (found["file"], found["line"]) == ("inner/Cargo.toml", 2)


def test_a_manifest_that_is_a_link_is_told_and_not_followed(
    hub: Hub, repo: Repo, pair: tuple[Path, Path]
) -> None:
    app = repo("app", {"notes.txt": ""})
    (app / "pyproject.toml").symlink_to(pair[1] / "pyproject.toml")

    answer = hub("dep", "check", "--json")
    (found,) = hub("dep", "scan", "--findings", "--json").json

    assert [one["consumer"] for one in answer.json] == ["fastblocks"]
    assert "app/pyproject.toml cannot be read in full" in answer.err
    assert (found["code"], found["path"], found["line"]) == (
        "linked-manifest", "app/pyproject.toml", None,
    )  # fmt: skip


def test_what_a_submodule_or_a_clone_inside_declares_is_not_the_repositorys(
    hub: Hub, repo: Repo, pair: tuple[Path, Path]
) -> None:
    app = repo("app", {"package.json": '{"workspaces": ["*"]}'})
    git(app, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(pair[1]), "sub")
    git(app, "clone", "-q", str(pair[1]), "inside")
    write(app, {"plain/pyproject.toml": project("plain", "1", "oneiric>=0.1")})

    found = [(one["consumer"], one["file"]) for one in hub.json("dep", "scan")]

    assert found == [("app", "plain/pyproject.toml"), ("fastblocks", "pyproject.toml")]
    assert hub("dep", "scan", "--findings", "--json").json == []
