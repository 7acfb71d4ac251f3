"""The page an agent reads first, the section of AGENTS.md, and the files of clients."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gitcoord.api import guidance

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub, Repo

MOST = 3800
"""Bytes of a page of at most 1,500 tokens: the worst titles found (signs, emoji) made 1,353 of 3,075."""


def test_the_page_tells_what_is_ready_for_the_repository_one_is_in(
    hub: Hub, oneiric: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    oneiric.git("config", "coord.hub", str(hub.root))
    oneiric.git("config", "coord.name", "oneiric")
    whole = hub.json("prime")
    monkeypatch.chdir(oneiric.root)

    here = hub.json("prime")

    assert whole["repo"] is None
    assert here["repo"] == "oneiric"
    assert "## Ready for oneiric\n- ISSUE-001 high oneiric: Sessions leak" in here["page"]
    assert "## Blocked for oneiric\n- ISSUE-002" in here["page"]
    assert "waits for ISSUE-001" in here["page"]
    assert hub.ok("prime", "--repo", "one") == hub.ok("prime")
    assert hub("prime", "--repo", "nope").code == 4


@pytest.mark.parametrize(
    "title", ["very long title 日本語 🤖 ", "日本語の題名", "🤖🧪🌲", "x!@#$%^&*()_+"]
)
def test_the_page_is_bounded_whatever_the_hub_holds(hub: Hub, title: str) -> None:
    repos = ", ".join(["oneiric", "fastblocks"] * 9)
    for number in range(100, 200):
        status = ("pending", "in_progress", "blocked")[number % 3]
        text = f"id: ISSUE-{number}\ntitle: '{number} {title * 20}'\nstatus: {status}\nrepos: [{repos}]\n"
        hub.write(f"issues/ISSUE-{number}.yaml", text)
    hub.write("RULES.md", "Be kind.\n" * 1000)

    page = hub.json("prime")["page"]

    assert len(page.encode()) < MOST
    assert "RULES.md has more" in page


def test_house_rules_are_quoted_and_cannot_end_the_quotation(hub: Hub) -> None:
    hub.write("RULES.md", "Be kind.\r\n\r\n# Not a heading\x1b[31m\n")

    page = hub.json("prime")["page"]

    assert "> Be kind.\n> \n> # Not a heading\\x1b[31m\n" in page


def test_an_empty_hub_has_a_page(empty_hub: Hub) -> None:
    assert "Open: nothing" in empty_hub.ok("prime")


def test_the_section_is_written_once_and_the_rest_of_the_file_stays(hub: Hub) -> None:
    (hub.root / "AGENTS.md").write_bytes(b"# Mine\r\n\r\nText \xff\r\n")
    hub.git("add", "AGENTS.md")
    hub.git("commit", "--quiet", "-m", "mine")

    hub.ok("init", "--agents")
    first = (hub.root / "AGENTS.md").read_bytes()
    hub.ok("init", "--agents")

    assert first.startswith(b"# Mine\r\n\r\nText \xff\r\n\r\n<!-- coord:begin -->\r\n")
    assert (hub.root / "AGENTS.md").read_bytes() == first
    assert hub.git("status", "--porcelain") == ""
    older = first.replace(b"coord prime", b"coord old") + b"After\r\n"
    (hub.root / "AGENTS.md").write_bytes(older)
    hub.ok("init", "--agents", "--no-commit")
    assert (hub.root / "AGENTS.md").read_bytes() == first + b"After\r\n"


def test_a_repository_of_a_hub_gets_the_section_and_no_store(
    hub: Hub, oneiric: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    oneiric.git("config", "coord.hub", str(hub.root))
    monkeypatch.chdir(oneiric.root)

    answer = hub("init", "--agents", "--json")

    assert answer.json == {"hub": str(hub.root), "created": ["AGENTS.md"]}
    assert not (oneiric.root / "coord").exists()
    assert oneiric.git("status", "--porcelain") == "?? AGENTS.md\n"


def test_a_link_is_not_written_through(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("x")
    (hub.root / "AGENTS.md").symlink_to(tmp_path / "theirs")

    assert hub("init", "--agents").code == 5
    assert (tmp_path / "theirs").read_text() == "x"


def test_every_command_in_the_section_exists(hub: Hub) -> None:
    import re

    from gitcoord.cli import table

    for command in re.findall(r"`coord ([a-z ]+)", guidance.SECTION + hub.ok("prime")):
        assert table.find(command.split())[0] is not None, command


@pytest.mark.parametrize(("name", "path", "held"), [
    ("cursor", ".cursor/mcp.json", '{"mcpServers": {"other": {"command": "x"}}, "more": 1}'),
    ("vscode", ".vscode/mcp.json", '{"servers": {"other": {"command": "x"}}, "inputs": []}'),
])  # fmt: skip
def test_what_a_client_file_holds_besides_stays(hub: Hub, name: str, path: str, held: str) -> None:
    file = hub.root / path
    file.parent.mkdir()
    file.write_text(held)

    hub.ok("mcp", "config", name, "--install")

    found = json.loads(file.read_text())
    key = "servers" if name == "vscode" else "mcpServers"
    assert found[key].pop("coord")["command"] == "coord"
    assert found == json.loads(held)


@pytest.mark.parametrize("held", ['{"a": 1 // comment\n}', "[]", '{"mcpServers": []}', "\x00"])
def test_a_file_that_is_no_plain_json_is_left_alone(hub: Hub, held: str) -> None:
    file = hub.root / ".mcp.json"
    file.write_text(held)

    answer = hub("mcp", "config", "claude", "--install")

    assert answer.code == 5
    assert "by hand" in answer.err
    assert file.read_text() == held


def test_codex_gets_a_table_beside_its_own(hub: Hub) -> None:
    file = Path.home() / ".codex/config.toml"
    file.parent.mkdir()
    file.write_text('model = "x"  # mine\n')

    hub.ok("mcp", "config", "codex", "--install", "--author", 'A "q" <a@é.org>')

    assert file.read_text().startswith('model = "x"  # mine\n\n[mcp_servers.coord]\n')
    assert tomllib.loads(file.read_text())["mcp_servers"]["coord"]["args"][-1] == 'A "q" <a@é.org>'
    assert hub("mcp", "config", "codex", "--install").code == 5
    assert hub("mcp", "config", "nope").code == 2


def test_without_the_sdk_it_is_said_what_to_install(hub: Hub, tmp_path: Path) -> None:
    import sys

    done = subprocess.run(
        [sys.executable, "-S", "-c",
         "import sys; sys.path[:0] = ['src']; from gitcoord.cli.main import main; raise SystemExit(main())",
         "mcp", "--hub", str(hub.root)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert "pip install 'gitcoord[mcp]'" in done.stderr
