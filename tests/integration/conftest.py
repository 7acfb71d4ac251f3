"""What the tests of this folder share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import own_world

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own, which git takes for the user's."""
    home = tmp_path / "home"
    home.mkdir()
    own_world.move_in(monkeypatch, home)
    return home
