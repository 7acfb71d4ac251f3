"""Which release counts: pre-releases that a constraint names, and tags that this clone lacks."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from tests.e2e.test_dependencies import git, project, repo

from gitcoord.cli import text

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub
    from tests.e2e.test_dependencies import Repo

__all__ = ["repo"]

PLIB = {
    "pyproject.toml": project("plib", "1.2.0"),
    "package.json": '{"name": "plib", "version": "1.2.0"}',
    "Cargo.toml": '[package]\nname = "plib"\nversion = "1.2.0"\n',
    "go.mod": "module example.org/eco/plib\n",
}


def needing(file: str, constraint: str) -> str:
    return {
        "pyproject.toml": project("app", "1", f"plib{constraint}"),
        "package.json": f'{{"dependencies": {{"plib": "{constraint}"}}}}',
        "Cargo.toml": f'[dependencies]\nplib = "{constraint}"\n',
        "go.mod": f"module example.org/app\nrequire example.org/eco/plib {constraint}\n",
    }[file]


@pytest.mark.parametrize(("file", "constraint", "tags", "verdict", "version"), [
    ("package.json", ">=1.3.0-alpha", ["v1.2.0", "v1.3.0-beta.1"], "satisfied", "1.3.0-beta.1"),
    ("package.json", "^1.3.0-alpha", ["v1.2.0", "v1.3.0-beta.1"], "satisfied", "1.3.0-beta.1"),
    ("package.json", ">=1.3.0-alpha", ["v1.2.0", "v1.4.0-beta.1"], "unsatisfied", "1.2.0"),
    ("package.json", ">=1.3.0-rc", ["v1.2.0", "v1.3.0-beta.1"], "unsatisfied", "1.2.0"),
    ("package.json", ">=1.3.0", ["v1.2.0", "v1.3.0-beta.1"], "unsatisfied", "1.2.0"),
    ("package.json", ">=1.1.0", ["v1.2.0", "v1.3.0-beta.1"], "satisfied", "1.2.0"),
    ("package.json", ">=1.3.0-alpha", ["v1.2.0", "v1.3.0-beta.1", "v1.3.0"], "satisfied", "1.3.0"),
    ("package.json", ">=1.3.0-alpha", ["v1.3.0-beta.1"], "satisfied", "1.3.0-beta.1"),
    ("Cargo.toml", "1.3.0-alpha", ["v1.2.0", "v1.3.0-beta.1"], "satisfied", "1.3.0-beta.1"),
    ("Cargo.toml", "=1.3.0-beta.1", ["v1.2.0", "v1.3.0-beta.1"], "satisfied", "1.3.0-beta.1"),
    ("Cargo.toml", "1.3", ["v1.2.0", "v1.3.0-beta.1"], "unsatisfied", "1.2.0"),
    ("pyproject.toml", ">=1.3.0a1", ["v1.2.0", "v1.3.0b1"], "satisfied", "1.3.0b1"),
    ("pyproject.toml", ">=1.2.5", ["v1.2.0", "v1.3.0b1"], "unsatisfied", "1.2.0"),
    ("pyproject.toml", ">=1.3.0a1,<1.3.0b0", ["v1.2.0", "v1.3.0a2", "v1.3.0b1"], "satisfied", "1.3.0a2"),
    ("go.mod", "v1.3.0-beta.1", ["v1.2.0", "v1.3.0-beta.2"], "satisfied", "v1.3.0-beta.2"),
    ("go.mod", "v1.3.0", ["v1.2.0", "v1.3.0-beta.2"], "unsatisfied", "v1.2.0"),
])  # fmt: skip
def test_a_pre_release_counts_for_a_constraint_that_names_it(
    hub: Hub, repo: Repo, file: str, constraint: str, tags: list[str], verdict: str, version: str
) -> None:
    plib = repo("plib", PLIB)
    hub.ok("repo", "update", "plib", "--set", "url=https://example.org/eco/plib.git")
    for tag in tags:
        git(plib, "tag", tag)
    repo("app", {file: needing(file, constraint)})

    (found,) = hub.json("dep", "check")
    outdated = hub.json("dep", "outdated")

    assert (found["verdict"], found["provider_version"]) == (verdict, version), found["reason"]
    assert bool(outdated) == (verdict == "unsatisfied")


LOCKS = {
    "uv.lock": '[[package]]\nname = "plib"\nversion = "%s"\n',
    "poetry.lock": '[[package]]\nname = "plib"\nversion = "%s"\n',
    "package-lock.json": '{"packages": {"node_modules/plib": {"version": "%s"}}}',
    "pnpm-lock.yaml": "importers:\n  .:\n    dependencies:\n      plib:\n        version: %s(x@1.0.0)\n",
    "yarn.lock": 'plib@^1.4.0:\n  version "%s"\n',
    "bun.lock": '{"packages": {\n  "plib": ["plib@%s", "", {}],\n}}',
    "Cargo.lock": '[[package]]\nname = "plib"\nversion = "0.9.0"\n\n[[package]]\nname = "plib"\nversion = "%s"\n',
    "go.sum": "example.org/eco/plib v1.2.0 h1:x=\nexample.org/eco/plib v%s h1:x=\n"
    "example.org/eco/plib v1.9.0/go.mod h1:x=\n",
}


@pytest.mark.parametrize(("file", "lock", "constraint", "line"), [
    ("pyproject.toml", "uv.lock", ">=1.4", 2), ("pyproject.toml", "poetry.lock", ">=1.4", 2),
    ("package.json", "package-lock.json", "^1.4.0", 1), ("Cargo.toml", "Cargo.lock", "1.4", 6),
    ("package.json", "pnpm-lock.yaml", "^1.4.0", 5), ("package.json", "yarn.lock", "^1.4.0", 2),
    ("package.json", "bun.lock", "^1.4.0", 2), ("go.mod", "go.sum", "v1.4.0", 2),
])  # fmt: skip
def test_a_lock_with_a_newer_release_that_fits_shows_that_tags_are_lacking_here(
    hub: Hub, repo: Repo, file: str, lock: str, constraint: str, line: int
) -> None:
    plib = repo("plib", PLIB, tag="v1.2.0")
    hub.ok("repo", "update", "plib", "--set", "url=https://example.org/eco/plib.git")
    repo("app", {file: needing(file, constraint), lock: LOCKS[lock] % "1.4.2"})
    dashed = "v" if file == "go.mod" else ""

    (found,) = hub.json("dep", "check")
    outdated = hub.json("dep", "outdated")
    git(plib, "tag", "v1.4.2")
    (fetched,) = hub.json("dep", "check")

    assert (found["verdict"], found["provider_version"]) == ("unknown", f"{dashed}1.2.0")
    assert found["reason"].endswith(
        f"locked at {dashed}1.4.2 ({lock}:{line}), which has no tag here: fetch the tags of plib"
    )
    assert outdated == []
    assert (fetched["verdict"], fetched["provider_version"]) == ("satisfied", f"{dashed}1.4.2")


@pytest.mark.parametrize(("locked", "needs"), [
    ("1.3.0", ["plib>=1.4"]),  # newer, and the constraint excludes it: the lock is out of date
    ("1.2.0", ["plib>=1.4"]),  # no newer one
    ("1.4.2", ["plib<1.2"]),
    ("next", ["plib>=1.4"]),
])  # fmt: skip
def test_a_lock_that_does_not_fit_proves_nothing(
    hub: Hub, repo: Repo, locked: str, needs: list[str]
) -> None:
    repo("plib", PLIB, tag="v1.2.0")
    repo("app", {"pyproject.toml": project("app", "1", *needs), "uv.lock": LOCKS["uv.lock"] % locked})  # fmt: skip

    (found,) = hub.json("dep", "check")

    assert found["verdict"] == "unsatisfied"
    assert "fetch the tags" not in found["reason"]


def test_a_lock_of_what_is_taken_from_a_folder_proves_no_release(hub: Hub, repo: Repo) -> None:
    repo("plib", PLIB, tag="v1.2.0")
    sources = '[tool.uv.sources]\nplib = {path = "../plib", editable = true}\n'
    repo("app", {"pyproject.toml": project("app", "1", "plib>=1.4") + sources,
                 "uv.lock": LOCKS["uv.lock"] % "1.4.2"})  # fmt: skip

    assert hub.json("dep", "check")[0]["verdict"] == "unsatisfied"


def test_of_several_locked_versions_the_one_that_a_declaration_takes_is_its_own(
    hub: Hub, repo: Repo
) -> None:
    repo("plib", PLIB, tag="v1.2.0")
    needs = '[dependencies]\nplib = "1"\nold = {package = "plib", version = "0.9"}\n'
    repo("app", {"Cargo.toml": needs, "Cargo.lock": LOCKS["Cargo.lock"] % "1.1.0"})

    scanned = {one["constraint"]: one["locked"] for one in hub.json("dep", "scan")}
    outdated = {one["constraint"]: (one["state"], one["locked"]) for one in hub.json("dep", "outdated")}  # fmt: skip

    assert scanned == {"1": "1.1.0", "0.9": "0.9.0"}
    assert outdated == {"1": ("locked behind", "1.1.0"), "0.9": ("excluded", "0.9.0")}


def on_a_terminal(hub: Hub, columns: int, *words: str) -> list[str]:
    """Return the lines that a command shows on a real terminal, without colours."""
    reading, writing = pty.openpty()
    fcntl.ioctl(writing, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen([*hub.program, *words], cwd=hub.root, stdout=writing,
                          stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as process:  # fmt: skip
        os.close(writing)
        said = b""
        with suppress(OSError):  # a terminal ends so
            while piece := os.read(reading, 10_000):
                said += piece
        assert process.wait(60) in (0, 1)
    os.close(reading)
    return re.sub(r"\x1b\[[0-9]*m", "", said.decode()).replace("\r", "").splitlines()


@pytest.mark.parametrize("columns", [20, 40, 80])
@pytest.mark.parametrize("words", [
    ["check"], ["scan"], ["outdated"], ["impact", "plib", "--to", "3"], ["impact", "plib"],
    ["scan", "--findings"], ["cycles"],
], ids=" ".join)  # fmt: skip
def test_nothing_is_wider_than_the_terminal(
    hub: Hub, repo: Repo, words: list[str], columns: int
) -> None:
    long = ">=1.4,!=1.4.1,!=1.4.2,!=1.4.3,!=1.4.4,!=1.4.5,!=1.4.6,!=1.4.7,<1.5,<1.6,<1.7"
    repo("plib", {"pyproject.toml": project("plib", "1.2.0", "app")}, tag="v1.2.0")
    repo("app", {"pyproject.toml": project("app", "1", f"plib{long}", "plib>=1 banana"),
                 "uv.lock": LOCKS["uv.lock"] % "1.1.0"})  # fmt: skip
    repo(
        "a-repository-whose-name-is-longer-than-most",
        {"requirements-for-tests-and-more.txt": f"plib{long}\n"},
    )

    shown = on_a_terminal(hub, columns, "dep", *words)

    assert shown
    assert max(map(text.width, shown)) <= columns, shown
    assert "plib" in " ".join(shown)


def test_on_a_narrow_terminal_the_whole_reason_is_there(hub: Hub, repo: Repo) -> None:
    repo("plib", PLIB, tag="v1.2.0")
    repo("app", {"pyproject.toml": project("app", "1", "plib>=1.4")})
    (found,) = hub.json("dep", "check")

    shown = on_a_terminal(hub, 40, "dep", "check")

    assert found["reason"] in " ".join(" ".join(shown).split())
