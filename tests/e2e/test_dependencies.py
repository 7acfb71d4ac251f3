"""Dependencies between real repositories with real tags: found, checked, recorded, ordered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Hub

    Repo = Callable[..., Path]

KEYS = {
    *("id", "consumer", "provider", "constraint", "provider_version"),
    *("verdict", "reason", "file", "line"),
}


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True, text=True)
    return done.stdout.strip()


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def commit(folder: Path, files: dict[str, str], *, tag: str = "") -> str:
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    if tag:
        git(folder, "tag", tag)
    return git(folder, "rev-parse", "HEAD")


def project(name: str, version: str, *needs: str) -> str:
    listed = "".join(f'  "{one}",\n' for one in needs)
    return f'[project]\nname = "{name}"\nversion = "{version}"\ndependencies = [\n{listed}]\n'


@pytest.fixture
def repo(hub: Hub) -> Repo:
    """Make a repository of the ecosystem beside the hub."""

    def make(name: str, files: dict[str, str], *, tag: str = "", register: bool = True) -> Path:
        folder = hub.root.parent / name
        subprocess.run(["git", "init", "-q", str(folder)], check=True)
        commit(folder, files, tag=tag)
        if register and not (hub.root / "coord" / "repos" / f"{name}.yaml").exists():
            hub.ok("repo", "create", name)
        return folder

    return make


@pytest.fixture
def pair(repo: Repo) -> tuple[Path, Path]:
    """Let fastblocks need more of oneiric than is released: 0.2.0 at a tag, 0.3.1 at its head."""
    oneiric = repo("oneiric", {"pyproject.toml": project("oneiric", "0.2.0")}, tag="v0.2.0")
    commit(oneiric, {"pyproject.toml": project("oneiric", "0.3.1")})
    fastblocks = repo(
        "fastblocks", {"pyproject.toml": project("fastblocks", "1.0", "httpx", "Oneiric>=0.3.12")}
    )
    return oneiric, fastblocks


def test_a_scan_tells_each_declaration_with_its_place_and_commit(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    (edge,) = hub.json("dep", "scan")

    assert (edge["consumer"], edge["provider"], edge["package"]) == ("fastblocks", "oneiric", "Oneiric")  # fmt: skip
    assert (edge["constraint"], edge["type"]) == (">=0.3.12", "runtime")
    assert (edge["file"], edge["line"]) == ("pyproject.toml", 6)
    assert edge["commit"] == git(pair[1], "rev-parse", "HEAD")


def test_a_file_with_changes_stands_in_no_commit(hub: Hub, pair: tuple[Path, Path]) -> None:
    write(pair[1], {"pyproject.toml": project("fastblocks", "1.0", "oneiric>=0.1")})

    (edge,) = hub.json("dep", "scan")

    assert (edge["constraint"], edge["commit"]) == (">=0.1", None)


def test_the_reason_is_one_line_with_both_places(hub: Hub, pair: tuple[Path, Path]) -> None:
    answer = hub("dep", "check", "--json", "--fail-on", "unsatisfied")

    (found,) = answer.json
    assert answer.code == 1
    assert found.keys() == KEYS
    assert found["provider_version"] == "0.2.0"
    assert found["reason"] == (
        "fastblocks needs Oneiric >=0.3.12 (pyproject.toml:6);"
        " oneiric is 0.2.0 at v0.2.0, head 0.3.1"
    )
    assert hub("dep", "check").code == 0


def test_a_repository_in_place_of_an_id_is_led_to_the_option(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    answer = hub("check-deps", "fastblocks")

    assert answer.code == 4
    assert "coord dep check --consumer fastblocks" in answer.err


def test_a_release_mends_the_check(hub: Hub, pair: tuple[Path, Path]) -> None:
    commit(pair[0], {"pyproject.toml": project("oneiric", "0.3.12")})
    coming = hub.json("dep", "check")[0]
    git(pair[0], "tag", "v0.3.12")
    released = hub.json("dep", "check")[0]

    assert coming["verdict"] == "unsatisfied"
    assert "which would do once it is released" in coming["reason"]
    assert (released["verdict"], released["provider_version"]) == ("satisfied", "0.3.12")
    assert hub.json("dep", "check", "--head")[0]["verdict"] == "satisfied"


def test_writing_makes_records_once_and_leaves_those_of_people_alone(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    hub.ok("dep", "scan", "--write")
    before = hub.commits()
    hub.ok("dep", "update", "DEP-001", "--version", ">=0.2", "--notes", "agreed with Ada")
    by_hand = hub.json(
        "dep", "create", "--consumer", "fastblocks", "--provider", "oneiric", "--type", "test"
    )  # fmt: skip
    write(pair[1], {"pyproject.toml": project("fastblocks", "1.0", "oneiric>=0.4")})
    hub.ok("dep", "scan", "--write")

    record = hub.json("show", "DEP-001")
    assert (record["version_constraint"], record["notes"]) == (">=0.2", "agreed with Ada")
    assert record["metadata"]["scanned"]["version_constraint"] == ">=0.4"
    assert hub.json("show", by_hand["id"])["metadata"] == {}
    assert len(hub.ids("dep", "list")) == 2
    settled = hub.commits()
    hub.ok("dep", "scan", "--write")
    assert hub.commits() == settled > before


def test_a_declaration_that_vanished_is_marked_and_comes_back(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    hub.ok("dep", "scan", "--write")
    hub.ok("dep", "update", "DEP-001", "--status", "satisfied")

    write(pair[1], {"pyproject.toml": project("fastblocks", "1.0")})
    hub.ok("dep", "scan", "--write")
    gone = hub.json("show", "DEP-001")
    write(pair[1], {"pyproject.toml": project("fastblocks", "1.0", "oneiric>=0.4")})
    hub.ok("dep", "scan", "--write")
    back = hub.json("show", "DEP-001")

    assert gone["status"] == "deprecated"
    assert (back["status"], back["version_constraint"]) == ("satisfied", ">=0.4")
    assert hub.json("check") == []


@pytest.mark.parametrize("text", ["[project\n", 'dependencies = ["x"\n', "\0"])
def test_a_broken_manifest_is_a_finding_and_takes_nothing_away(
    hub: Hub, pair: tuple[Path, Path], text: str
) -> None:
    hub.ok("dep", "scan", "--write")
    write(pair[1], {"pyproject.toml": text})

    answer = hub("dep", "scan", "--write", "--json")
    findings = hub("dep", "scan", "--findings", "--json")

    assert (answer.code, answer.json) == (0, [])
    assert hub.json("show", "DEP-001")["status"] == "unknown"
    assert findings.code == 1
    assert findings.json[0]["path"] == "fastblocks/pyproject.toml"
    assert findings.json[0]["code"] == "bad-manifest"


def test_two_repositories_with_one_package_are_a_finding(hub: Hub, repo: Repo) -> None:
    repo("one-a", {"pyproject.toml": project("shared", "1")})
    repo("one-b", {"pyproject.toml": project("Shared", "2")})

    (found,) = hub("dep", "scan", "--findings", "--json").json

    assert (found["code"], found["severity"]) == ("duplicate-package", "warning")
    assert "one-a and one-b" in found["message"]


def test_names_come_from_the_manifest_the_record_and_nicknames(hub: Hub, repo: Repo) -> None:
    repo("py-client", {"setup.py": ""})
    hub.ok("repo", "update", "py-client", "--set", "package=Eco.Client", "--add-nickname", "old-client")  # fmt: skip
    needs = project("user", "1", "eco_client>=1", "old.client", "py_client[x]")
    repo("user", {"pyproject.toml": needs})

    packages = [one["package"] for one in hub.json("dep", "scan") if one["provider"] == "py-client"]

    assert packages == ["eco_client", "old.client", "py_client"]


def test_a_branch_and_a_bare_clone_are_read_without_a_work_tree(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    git(pair[1], "checkout", "-q", "-b", "next")
    head = commit(pair[1], {"pyproject.toml": project("fastblocks", "1.0", "oneiric>=0.9")})
    git(pair[1], "checkout", "-q", "-")
    bare = pair[1].parent / "bär ☂.git"
    git(pair[1].parent, "clone", "-q", "--bare", "fastblocks", str(bare))
    git(hub.root, "config", "coord.repo.fastblocks.path", str(bare))

    (edge,) = hub.json("dep", "scan", "--repo", "fastblocks")
    (later,) = hub("dep", "scan", "--repo", "fastblocks", "--ref", "next", "--json").json

    assert edge["constraint"] == ">=0.3.12"
    assert (later["constraint"], later["commit"]) == (">=0.9", head)
    assert "no revision nowhere" in hub("dep", "scan", "--ref", "nowhere").err
    assert hub("dep", "scan", "--ref=--all").code == 2
    assert hub("dep", "scan", "--ref", "next", "--write").code == 2


def test_a_shallow_clone_a_linked_work_tree_and_a_detached_head_are_read(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    parent = pair[0].parent
    git(parent, "clone", "-q", "--depth", "1", f"file://{pair[0]}", "shallow")
    git(hub.root, "config", "coord.repo.oneiric.path", "../shallow")
    git(pair[1], "worktree", "add", "-q", "--detach", str(parent / "linked"))
    git(hub.root, "config", "coord.repo.fastblocks.path", str(parent / "linked"))

    (found,) = hub.json("dep", "check")

    assert (found["verdict"], found["provider_version"]) == ("unsatisfied", "0.3.1")


def test_an_unborn_branch_has_a_work_tree_all_the_same(hub: Hub, pair: tuple[Path, Path]) -> None:
    git(pair[1], "checkout", "-q", "--orphan", "new")

    (edge,) = hub.json("dep", "scan")

    assert (edge["constraint"], edge["commit"]) == (">=0.3.12", None)


def test_what_is_not_on_this_machine_is_only_recorded(hub: Hub) -> None:
    hub.ok("dep", "create", "--consumer", "fastblocks", "--provider", "oneiric", "--type", "runtime",
           "--version", ">=1", "--status", "satisfied")  # fmt: skip

    (found,) = hub.json("dep", "check")

    assert (found["verdict"], found["provider_version"]) == ("satisfied", None)
    assert found["reason"].startswith("recorded as satisfied in coord/dependencies/DEP-001.yaml;")
    assert "is not on this machine" in found["reason"]
    assert "not on this machine" in hub("dep", "scan").err


def test_a_recorded_status_stays_where_only_the_provider_is_absent(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    hub.ok("dep", "create", "--consumer", "fastblocks", "--provider", "oneiric", "--type", "runtime",
           "--version", ">=1.12", "--status", "unsatisfied")  # fmt: skip
    pair[0].rename(pair[0].with_name("elsewhere"))

    (found,) = hub.json("dep", "check")

    assert found["verdict"] == "unsatisfied"
    assert found["reason"].startswith("recorded as unsatisfied in coord/dependencies/DEP-001.yaml;")
    assert "DEP-001 asks for >=1.12" in found["reason"]
    assert "oneiric is not on this machine" in found["reason"]


def test_a_check_takes_several_consumers_and_records(hub: Hub, pair: tuple[Path, Path]) -> None:
    for consumer in ("a", "b", "c"):
        hub.ok("dep", "create", "--consumer", consumer, "--provider", "oneiric", "--type", "runtime",
               "--version", ">=1")  # fmt: skip

    both = hub.json("dep", "check", "--consumer", "a", "--consumer", "b")
    one = hub.json("dep", "check", "DEP-003")

    assert [found["consumer"] for found in both] == ["a", "b"]
    assert [found["id"] for found in one] == ["DEP-003"]
    assert len(hub.json("dep", "check", "--provider", "oneiric", "--provider", "a")) == 4
    assert hub("dep", "check", "DEP-003", "--create-todos").code == 2


def test_a_todo_of_the_check_is_renewed_until_somebody_edits_its_description(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    hub.ok("dep", "check", "--create-todos")
    git(pair[0], "tag", "v0.2.5")
    hub.ok("dep", "check", "--create-todos")
    (todo,) = hub.json("todo", "list")
    assert "v0.2.5" in todo["description"]
    hub.ok("todo", "update", todo["id"], "--description", "Mine.")
    git(pair[0], "tag", "v0.2.6")
    hub.ok("dep", "check", "--create-todos")

    assert hub.json("show", todo["id"])["description"] == "Mine."


def test_the_records_own_constraint_is_checked_too(hub: Hub, pair: tuple[Path, Path]) -> None:
    commit(pair[1], {"pyproject.toml": project("fastblocks", "1.0", "oneiric>=0.1")})
    hub.ok("dep", "create", "--consumer", "fastblocks", "--provider", "oneiric", "--type", "runtime",
           "--version", ">=5")  # fmt: skip

    (found,) = hub.json("dep", "check")

    assert (found["id"], found["verdict"], found["constraint"]) == ("DEP-001", "unsatisfied", ">=5")
    assert "DEP-001 asks for >=5" in found["reason"]
    assert "declared is >=0.1 (pyproject.toml:5)" in found["reason"]


def test_a_lock_that_lags_is_told_apart_from_a_constraint_that_excludes(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    lock = 'version = 1\n\n[[package]]\nname = "oneiric"\nversion = "0.1.5"\n'
    commit(pair[1], {"pyproject.toml": project("fastblocks", "1", "oneiric>=0.1"), "uv.lock": lock})

    (found,) = hub.json("dep", "check")
    (behind,) = hub.json("dep", "outdated")
    commit(pair[1], {"pyproject.toml": project("fastblocks", "1", "oneiric<0.2"), "uv.lock": lock})
    (excluded,) = hub.json("dep", "outdated")

    assert found["verdict"] == "satisfied"
    assert "locked at 0.1.5 (uv.lock:4), behind 0.2.0" in found["reason"]
    assert (behind["state"], behind["locked"], behind["newest"]) == ("locked behind", "0.1.5", "0.2.0")  # fmt: skip
    assert excluded["state"] == "excluded"


@pytest.mark.parametrize(("files", "tag", "after", "version"), [
    ({"pyproject.toml": '[project]\nname = "oneiric"\ndynamic = ["version"]\n[tool.hatch.version]\npath = "a/v.py"\n',
      "a/v.py": '# why\n__version__ = "1.5"\n'}, "", 0, "1.5"),
    ({"pyproject.toml": '[project]\nname = "oneiric"\ndynamic = ["version"]\n[tool.setuptools.dynamic]\n'
      'version = {attr = "oneiric.core.VERSION"}\n', "src/oneiric/core.py": 'VERSION = "1.6"\n'}, "", 0, "1.6"),
    ({"pyproject.toml": '[project]\nname = "oneiric"\ndynamic = ["version"]\n',
      "oneiric/__init__.py": "__version__ = '1.7'\n"}, "", 0, "1.7"),
    ({"setup.cfg": "[metadata]\nname = oneiric\nversion = file: VERSION\n", "VERSION": "1.8\n"}, "", 0, "1.8"),
    ({"setup.py": 'setup(name="oneiric", version="1.9")\n'}, "", 0, "1.9"),
    ({"pyproject.toml": '[project]\nname = "oneiric"\ndynamic = ["version"]\n[tool.setuptools_scm]\n'},
     "v2.0", 0, "2.0"),
    ({"pyproject.toml": '[project]\nname = "oneiric"\ndynamic = ["version"]\n'}, "", 0, None),
    ({"pyproject.toml": '[project]\nname = "oneiric"\ndynamic = ["version"]\n[tool.hatch.version]\n'
      'path = "../../../etc/hostname"\n'}, "", 0, None),
])  # fmt: skip
def test_the_version_is_found_where_the_backend_would_take_it(
    hub: Hub, repo: Repo, files: dict[str, str], tag: str, after: int, version: str | None
) -> None:
    oneiric = repo("oneiric", files, tag=tag)
    repo("fastblocks", {"pyproject.toml": project("fastblocks", "1", "oneiric>=1")})

    (found,) = hub.json("dep", "check")

    assert found["provider_version"] == version
    assert found["verdict"] == ("unknown" if version is None else "satisfied")
    if tag:
        commit(oneiric, {"more": ""})
        assert "head 2.1.dev1" in hub.json("dep", "check")[0]["reason"]


def test_other_ecosystems_have_their_own_rules(hub: Hub, repo: Repo) -> None:
    repo("ui", {"package.json": '{"name": "@eco/ui", "version": "2.1.0"}'})
    repo("app", {"package.json": '{"name": "app", "dependencies": {"@eco/ui": "^1.0.0 || ~2.1"}}'})
    repo("crate", {"Cargo.toml": '[package]\nname = "eco_crate"\nversion.workspace = true\n'
                   '[workspace]\nmembers = ["inner/*"]\n[workspace.package]\nversion = "0.4.0"\n'
                   '[workspace.dependencies]\nzzz = "1"\n',
                   "inner/one/Cargo.toml": '[package]\nname = "eco-inner"\nversion.workspace = true\n'})  # fmt: skip
    repo("bin", {"Cargo.toml": '[dependencies]\neco-crate = "0.3"\neco-inner = "0.4"\n'})
    repo("mod", {"go.mod": "module example.org/eco/mod\n"}, tag="v1.4.0")
    hub.ok("repo", "update", "mod", "--set", "url=https://example.org/eco/mod.git")
    git(hub.root.parent / "mod", "tag", "v2.0.0")
    repo("tool", {"go.mod": "module example.org/eco/tool\nrequire example.org/eco/mod v1.3.0\n"})

    found = {(one["consumer"], one["constraint"]): one for one in hub.json("dep", "check")}

    assert found["app", "^1.0.0 || ~2.1"]["verdict"] == "satisfied"
    assert found["bin", "0.3"]["verdict"] == "unsatisfied"
    assert found["tool", "v1.3.0"]["provider_version"] == "v1.4.0"
    assert found["tool", "v1.3.0"]["verdict"] == "satisfied"


def test_loops_stand_together_and_the_rest_is_in_order(hub: Hub, repo: Repo) -> None:
    for name, *needs in (("a",), ("b", "a"), ("c", "b", "d"), ("d", "c"), ("e", "d")):
        repo(name, {"pyproject.toml": project(name, "1.0", *(f"{one}>=1,<2" for one in needs))})

    order = hub.json("dep", "order")
    (loop,) = hub.json("dep", "cycles")
    impact = {one["repo"]: one for one in hub.json("dep", "impact", "a", "--to", "2.0")}

    assert [one["repos"] for one in order][1:] == [["b"], ["c", "d"], ["e"]]
    assert order[2]["cycles"] == [["c", "d"]]
    assert (loop["repos"], loop["loop"]) == (["c", "d"], ["c", "d", "c"])
    assert (impact["b"]["effect"], impact["b"]["direct"]) == ("breaks", True)
    assert (impact["e"]["effect"], impact["e"]["path"]) == ("reached", ["a", "b", "c", "d", "e"])
    assert hub.json("dep", "impact", "a", "--to", "1.9") == [{**impact["b"], "effect": "holds"}]
    assert hub("dep", "impact", "a", "--to", "nonsense").code == 2
    assert hub.json("dep", "graph")["edges"]
    for drawn in ("tree", "mermaid", "dot"):
        assert "c" in hub.ok("dep", "graph", "--format", drawn)


def test_every_loop_of_a_group_is_shown_and_where_there_are_more_a_line_says_so(
    hub: Hub, repo: Repo
) -> None:
    for name, *needs in (("a", "b", "c"), ("b", "a", "c"), ("c", "a")):
        repo(name, {"pyproject.toml": project(name, "1.0", *needs)})
    hub.write(
        "dependencies/DEP-001.yaml",
        "id: DEP-001\nconsumer: d\nprovider: d\ntype: test\nstatus: unknown\n",
    )

    found = hub("dep", "cycles", "--json")
    two = hub("dep", "cycles", "--limit", "2", "--json")
    shown = hub("dep", "cycles", "-n", "1")

    ways = [["a", "b", "a"], ["a", "c", "a"], ["a", "b", "c", "a"], ["d", "d"]]
    assert [one["loop"] for one in found.json] == ways
    assert [one["repos"] for one in found.json] == [["a", "b", "c"]] * 3 + [["d"]]
    assert all(len(one["links"]) == len(one["loop"]) - 1 for one in found.json)
    assert (found.err, {one["more"] for one in found.json}) == ("", {False})
    assert [one["more"] for one in two.json] == [True, True, False]
    assert "There are more loops of a, b, c; --limit 0 finds all." in shown.err
    assert shown.out.count("→") == 3
    assert len(hub.json("dep", "cycles", "--limit", "0")) == 4
    assert hub("dep", "cycles", "--limit", "9" * 30, "--json").json == found.json
    assert hub("dep", "cycles", "--limit", "-1").code == 2


def test_an_impact_judges_every_declaration_of_a_consumer(hub: Hub, repo: Repo) -> None:
    body = '[package]\nname = "http-body"\nversion = "1.0.1"\n[workspace]\nmembers = ["util"]\n'
    repo("http-body", {"Cargo.toml": body,
                       "util/Cargo.toml": '[package]\nname = "http-body-util"\nversion = "0.1.3"\n'})  # fmt: skip
    needs = '[dependencies]\nhttp-body = "1"\nold = {package = "http-body", version = "0.4"}\n'
    repo("hyper", {"Cargo.toml": f'{needs}[dev-dependencies]\nhttp-body-util = "0.1"\n'})
    repo("axum", {"Cargo.toml": '[dependencies]\nhyper = "1"\nhttp-body = "1"\n'})

    def told(*words: str) -> list[tuple[str, str, str, int]]:
        found = hub.json("dep", "impact", "http-body", *words)
        return [(one["repo"], one["effect"], one["package"], one["line"]) for one in found]

    assert told("--to", "1.2.0") == [
        ("hyper", "breaks", "http-body", 3), ("hyper", "breaks", "http-body-util", 5),
        ("axum", "holds", "http-body", 3), ("hyper", "holds", "http-body", 2),
        ("axum", "reached", "hyper", 2),
    ]  # fmt: skip
    assert told("--to", "0.1.9", "--package", "http_body_util") == [
        ("hyper", "holds", "http-body-util", 5)
    ]
    assert told("--to", "0.2.0", "--package", "http-body-util") == [
        ("hyper", "breaks", "http-body-util", 5)
    ]
    assert [one[1] for one in told()] == ["reached"] * 4
    assert "http-body-util 0.1" in hub.ok("dep", "impact", "http-body")
    refused = hub("dep", "impact", "http-body", "--package", "nope", "--json")
    assert (refused.code, refused.error["hint"]) == (
        2, "What is needed of it: http-body, http-body-util."
    )  # fmt: skip


def test_todos_follow_the_check(hub: Hub, pair: tuple[Path, Path]) -> None:
    hub.ok("dep", "check", "--create-todos")
    before = hub.commits()
    hub.ok("dep", "check", "--create-todos")
    assert hub.commits() == before
    (todo,) = hub.json("todo", "list")
    git(pair[0], "tag", "v0.3.12")
    hub.ok("dep", "check", "--create-todos")

    assert (todo["repo"], todo["metadata"]["dependency_check"]) == ("fastblocks", ["oneiric"])
    assert hub.json("show", todo["id"])["status"] == "completed"
    assert hub("dep", "check", "--create-todos", "--provider", "oneiric").code == 2
    assert hub.json("check") == []


def test_ten_scans_at_once_write_each_record_once(hub: Hub, pair: tuple[Path, Path]) -> None:
    words = [*hub.program, "dep", "scan", "--write"]
    running = [subprocess.Popen(words, cwd=hub.root, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
               for _ in range(10)]  # fmt: skip

    assert [one.wait(60) for one in running] == [0] * 10
    assert hub.ids("dep", "list") == ["DEP-001"]
    assert hub.git("status", "--porcelain") == ""


def test_a_memory_that_is_damaged_or_not_writable_costs_nothing_but_time(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    before = hub.json("dep", "scan")
    memory = hub.root / ".git" / "coord" / "manifests.json"
    for text in ("", "[]", '{"version": 0}', "{" * 100_000, '{"version": 1, "stats": 3}'):
        memory.write_text(text)
        assert hub.json("dep", "scan") == before
    memory.unlink()
    memory.mkdir()
    assert hub.json("dep", "scan") == before


def test_a_path_in_a_record_leads_to_no_repository_inside_another(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    trap = hub.root / "trap"
    subprocess.run(["git", "init", "-q", "--bare", str(trap)], check=True)
    hub.ok("repo", "create", "trapped", "--path", "trap")
    (pair[1] / "evil").symlink_to("/")
    write(
        pair[1],
        {"requirements.txt": "-r evil/etc/passwd\n-r ../../x.txt\n-r /etc/passwd\noneiric\n"},
    )

    assert "trapped" in hub("dep", "scan").err
    assert {one["file"] for one in hub.json("dep", "scan")} == {
        "pyproject.toml",
        "requirements.txt",
    }


def test_names_from_manifests_cannot_steer_a_terminal(hub: Hub, pair: tuple[Path, Path]) -> None:
    write(pair[1], {"package.json": json.dumps({"dependencies": {"oneiric": "\x1b[31m^1"}})})
    commit(pair[0], {"package.json": '{"name": "oneiric", "version": "\\u001b[2J"}'})

    for words in (["scan"], ["check"], ["graph"], ["outdated"], ["order"], ["scan", "--findings"]):
        answer = hub("dep", *words)
        assert "\x1b" not in answer.out + answer.err


def test_nothing_of_a_repository_is_run(hub: Hub, pair: tuple[Path, Path], tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    hook = pair[1] / ".git" / "monitor"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    git(pair[1], "config", "core.fsmonitor", str(hook))
    write(pair[1], {"setup.py": f"open({str(ran)!r}, 'w')\n", ".gitattributes": "* filter=x\n"})
    git(pair[1], "config", "filter.x.clean", f"touch {ran}")

    hub.ok("dep", "scan", "--write")
    hub.ok("dep", "check")

    assert not ran.exists()


def test_a_damaged_clone_hides_no_other(hub: Hub, pair: tuple[Path, Path]) -> None:
    bare = pair[1].parent / "damaged.git"
    git(pair[1].parent, "clone", "-q", "--bare", "--no-local", "fastblocks", str(bare))
    hub.ok("repo", "create", "damaged")
    for pack in (bare / "objects" / "pack").iterdir():
        pack.chmod(0o644)
        pack.write_bytes(b"no pack")

    answer = hub("dep", "scan", "--json")

    assert [one["consumer"] for one in answer.json] == ["fastblocks"]
    assert "damaged" in answer.err
    assert hub("dep", "check").code == 0


def test_an_unchanged_scan_loads_no_parser(hub: Hub, pair: tuple[Path, Path]) -> None:
    for name in ("oneiric", "fastblocks"):
        file = hub.root.parent / name / "pyproject.toml"
        os.utime(file, (1, 1))
    hub.ok("dep", "scan")
    code = """if True:
        import sys
        from gitcoord.cli.main import main
        main(["dep", "scan"])
        parsers = ("tomllib", "packaging", "nodesemver", "configparser")
        print(*[name for name in parsers if name in sys.modules], file=sys.stderr)
    """
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=hub.root, capture_output=True, check=True, text=True
    )

    assert done.stderr.strip() == ""


def test_a_scan_that_is_killed_leaves_all_records_or_none(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    words = [*hub.program, "dep", "scan", "--write"]
    for number in range(12):
        silent = subprocess.DEVNULL
        with subprocess.Popen(words, cwd=hub.root, stderr=silent, stdout=silent) as one:
            try:
                one.wait(0.03 * number)
            except subprocess.TimeoutExpired:
                one.kill()
        assert hub.ids("dep", "list") in ([], ["DEP-001"])

    hub.ok("dep", "scan", "--write")
    assert hub.ids("dep", "list") == ["DEP-001"]
    assert hub.json("check") == []
    assert hub.git("status", "--porcelain") == ""


def test_a_staged_record_that_does_not_hold_is_told_and_blocks_if_configured(
    hub: Hub, pair: tuple[Path, Path]
) -> None:
    hub.ok("hooks", "install")
    record = hub.root / "coord" / "dependencies" / "DEP-001.yaml"
    record.parent.mkdir(exist_ok=True)
    text = "id: DEP-001\nconsumer: fastblocks\nprovider: oneiric\ntype: runtime\nstatus: unknown\n"

    def committed(words: str, setting: str) -> subprocess.CompletedProcess[str]:
        record.write_text(f"{text}notes: {words}\nversion_constraint: '>=0.3.12'\n")
        git(hub.root, "config", "coord.preCommit", setting)
        git(hub.root, "add", "-A")
        record.write_text("not: [what is staged")
        done = ["git", "commit", "-m", words]
        return subprocess.run(done, cwd=hub.root, capture_output=True, text=True, check=False)

    warned, silent, blocked = (committed(one, one) for one in ("warn", "off", "block"))

    assert (warned.returncode, silent.returncode, blocked.returncode) == (0, 0, 1)
    assert "DEP-001: fastblocks needs oneiric >=0.3.12" in warned.stderr
    assert "oneiric is 0.2.0 at v0.2.0, head 0.3.1" in warned.stderr
    assert silent.stderr == ""
    assert "nothing was committed; `git config coord.preCommit warn`" in blocked.stderr


def test_what_is_only_declared_is_told_before_a_push(
    hub: Hub, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    hub.ok("hooks", "install", "--all")
    git(tmp_path, "init", "-q", "--bare", "far.git")

    done = subprocess.run(
        ["git", "push", str(tmp_path / "far.git"), "HEAD:main"],
        cwd=pair[1], capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0
    assert "coord: fastblocks needs oneiric >=0.3.12, and that is not satisfied" in done.stderr
