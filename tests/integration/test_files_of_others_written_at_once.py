"""Files that are not coord's own, which many processes write at the same moment."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.at_once import ten

from gitcoord.api import editors, guidance, setup
from gitcoord.api.workspace import open_workspace
from gitcoord.errors import ConflictError
from gitcoord.mcp import clients
from gitcoord.store import files
from gitcoord.store.lock import Folder

if TYPE_CHECKING:
    from pathlib import Path

    from gitcoord.api.workspace import Workspace

CLAUDE = clients.CLIENTS["claude"]


@pytest.fixture
def store(tmp_path: Path, own_home: Path) -> Path:
    """A new hub."""
    assert own_home
    root = tmp_path / "hub"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    setup.init(str(root))
    return root


def _opened(root: Path) -> Workspace:
    return open_workspace(str(root), datetime.now(UTC), watch=False)


def test_ten_that_write_one_file_of_a_client_all_succeed(tmp_path: Path) -> None:
    def work(number: int) -> None:
        said = clients.entry(CLAUDE, "coord", ["mcp", "x" * number * 50])
        clients.install(CLAUDE, str(tmp_path / ".mcp.json"), said)

    for _ in range(10):
        (tmp_path / ".mcp.json").write_text('{"mcpServers": {"theirs": {}}, "more": 1}')

        assert ten(work, apart=0.0003) == {0}

        found = json.loads((tmp_path / ".mcp.json").read_text())
        assert (found["more"], sorted(found["mcpServers"])) == (1, ["coord", "theirs"])
        assert os.listdir(tmp_path) == [".mcp.json"]


def test_what_ten_add_to_one_file_is_all_there(tmp_path: Path) -> None:
    path = str(tmp_path / "deep/file")

    def work(number: int) -> None:
        with Folder(os.path.dirname(path)):
            files.change(path, (files.read(path, 1 << 20) or b"") + b"%d\n" % number)

    assert ten(work, apart=0.0003) == {0}
    assert sorted((tmp_path / "deep/file").read_text().split()) == list("0123456789")


def test_ten_that_set_up_an_editor_all_succeed(store: Path) -> None:
    def work(_: int) -> None:
        editors.setup(_opened(store), "vscode")

    for _ in range(5):
        (store / ".vscode/settings.json").unlink(missing_ok=True)

        assert ten(work, apart=0.0003) == {0}

        found = json.loads((store / ".vscode/settings.json").read_text())
        assert found == {"yaml.schemas": editors.associations()}


def test_a_file_that_only_its_owner_may_read_stays_so(store: Path) -> None:
    private = [store / ".mcp.json", store / ".vscode/settings.json"]
    for path in private:
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"token": "secret"}')
        path.chmod(0o600)
    (store / "AGENTS.md").write_text("ours alone\n")
    (store / "AGENTS.md").chmod(0o640)

    clients.install(CLAUDE, str(private[0]), clients.entry(CLAUDE, "coord", []))
    editors.setup(_opened(store), "vscode")
    guidance.write(str(store), commit=False)

    assert [path.stat().st_mode & 0o777 for path in private] == [0o600, 0o600]
    assert (store / "AGENTS.md").stat().st_mode & 0o777 == 0o640
    assert "ours alone" in (store / "AGENTS.md").read_text()


@pytest.mark.parametrize("held", ["[1]", '{"yaml.schemas": []}', "[" * 200_000, "// no"])
def test_settings_of_an_editor_that_are_no_mapping_are_left_alone(store: Path, held: str) -> None:
    path = store / ".vscode/settings.json"
    path.parent.mkdir()
    path.write_text(held)

    with pytest.raises(ConflictError, match=r"settings\.json"):
        editors.setup(_opened(store), "vscode")

    assert path.read_text() == held


def test_settings_of_an_editor_that_are_a_link_stay_one(store: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles.json").write_text('{"font": 12}')
    path = store / ".vscode/settings.json"
    path.parent.mkdir()
    path.symlink_to(tmp_path / "dotfiles.json")

    with pytest.raises(ConflictError, match="link"):
        editors.setup(_opened(store), "vscode")

    assert path.is_symlink()
    assert (tmp_path / "dotfiles.json").read_text() == '{"font": 12}'
