"""coord's own folder in a git directory is made where it is missing, the git directory never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitcoord.git import own

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["coord", "coord/at", "coord/search"])
def test_it_is_made_in_a_git_directory_and_left_where_it_is(tmp_path: Path, name: str) -> None:
    for _ in range(2):
        own.make(str(tmp_path / name))
        assert (tmp_path / name).is_dir()


@pytest.mark.parametrize("name", ["coord", "coord/at", "coord/search/deep"])
def test_a_git_directory_that_is_gone_stays_gone(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        own.make(str(tmp_path / "gone" / ".git" / name))
    assert list(tmp_path.iterdir()) == []
