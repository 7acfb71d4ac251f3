"""What a commit cannot do by way of a symbolic link: name a file outside the store."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Hub

SECRET = "description: TOKEN\nroles:\n- name: TOKEN\n"
QUESTIONS = (
    ("list",), ("query", "list"), ("role", "list"), ("gate", "check"), ("learn", "status"),
    ("fix", "recommend", "it fails"), ("export", "ecosystem"), ("check",), ("template", "list"),
    ("issue", "create", "--title", "a", "--template", "bug", "--no-commit"),
)  # fmt: skip


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the user's, outside the hub."""
    path = tmp_path / "secret.yaml"
    path.write_text(SECRET)
    return path


def test_a_template_that_is_a_link_gives_nothing_away(hub: Hub, secret: Path) -> None:
    hub.ok("template", "create", "real", "ISSUE-001")
    (hub.root / "coord/templates/issue-bug.yaml").symlink_to(secret)

    answer = hub("issue", "create", "--title", "a", "--template", "bug", "--json")

    assert (answer.code, answer.out) == (4, "")
    assert "bug" not in hub.ok("template", "list")
    assert "real" in hub.ok("template", "list")
    assert "coord/templates/issue-bug.yaml:1:1" in hub("check").out


def test_templates_in_a_linked_folder_give_nothing_away(hub: Hub, secret: Path) -> None:
    (secret.parent / "elsewhere").mkdir()
    secret.rename(secret.parent / "elsewhere/issue-bug.yaml")
    (hub.root / "coord/templates").symlink_to(secret.parent / "elsewhere")

    assert hub("issue", "create", "--title", "a", "--template", "bug").code == 4
    assert "bug" not in hub("template", "list").out
    assert "[not-a-file]" in hub("check").out


@pytest.mark.parametrize("file", ["coord/coord.yaml", "coord/roles.yaml"])
def test_settings_and_roles_that_are_links_are_found_and_not_read(
    hub: Hub, secret: Path, file: str
) -> None:
    (hub.root / file).unlink(missing_ok=True)
    (hub.root / file).symlink_to(secret)

    said = hub("check", "--json")

    assert (said.code, [one["path"] for one in said.json]) == (1, [file])
    assert "TOKEN" not in hub("role", "list").out


@pytest.mark.parametrize("target", ["/dev/zero", "pipe"])
@pytest.mark.parametrize(
    "file", ["coord/coord.yaml", "coord/roles.yaml", "coord/templates/issue-bug.yaml"]
)
def test_a_link_to_what_never_ends_stops_nobody(
    hub: Hub, tmp_path: Path, target: str, file: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    path = hub.root / file
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(tmp_path / target)

    for words in QUESTIONS:
        done = hub.process(*words, preexec_fn=_little_memory)

        assert b"Traceback" not in done.stderr, (words, done)
        assert done.returncode in (0, 1, 4, 6), (words, done)


def _little_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def test_a_store_that_is_a_link_is_found_and_not_written(hub: Hub, tmp_path: Path) -> None:
    (hub.root / "coord").rename(tmp_path / "outside")
    (hub.root / "coord").symlink_to(tmp_path / "outside")
    before = sorted(os.listdir(tmp_path / "outside/issues"))

    answer = hub("issue", "create", "--title", "a")

    assert answer.code == 6
    assert "symbolic link" in answer.err
    assert sorted(os.listdir(tmp_path / "outside/issues")) == before
    assert "coord:1:1" in hub("check").out


def test_a_review_refuses_a_change_that_brings_a_link(hub: Hub, secret: Path) -> None:
    (hub.root / "coord/templates").mkdir(exist_ok=True)
    (hub.root / "coord/templates/issue-bug.yaml").symlink_to(secret)
    (hub.root / "coord/coord.yaml").unlink(missing_ok=True)
    (hub.root / "coord/coord.yaml").symlink_to(secret)
    hub.git("add", "-A")
    hub.git("commit", "-qm", "links", "--no-verify")

    answer = hub("review", "--base", "HEAD~1", "--json")

    assert answer.code == 1
    assert {one["path"]: one["code"] for one in answer.json["findings"]} == {
        "coord/coord.yaml": "not-a-file", "coord/templates/issue-bug.yaml": "not-a-file",
    }  # fmt: skip


@pytest.mark.parametrize("junk", [b"\xff\xfe", b"", b"coord settings 1\n", b"\x00" * 5000])
def test_remembered_settings_that_are_damaged_are_read_anew(hub: Hub, junk: bytes) -> None:
    hub.ok("query", "save", "mine", "status:open")
    os.utime(hub.root / "coord/coord.yaml", (1, 1))
    whole = hub.ok("list", "@mine")
    kept = hub.root / ".git/coord/settings"
    raw = kept.read_bytes()
    for damaged in (junk, raw[: len(raw) // 2], raw.replace(b"sequential", b"random")):
        kept.write_bytes(damaged)

        assert hub.ok("list", "@mine") == whole
        assert kept.read_bytes() == raw


def test_remembered_settings_that_are_a_pipe_stop_nobody(hub: Hub) -> None:
    hub.ok("list")
    kept = hub.root / ".git/coord/settings"
    kept.unlink(missing_ok=True)
    os.mkfifo(kept)

    done = subprocess.run(
        [*hub.program, "list", "bug"], cwd=hub.root, capture_output=True, timeout=60, check=False
    )

    assert done.returncode == 0
