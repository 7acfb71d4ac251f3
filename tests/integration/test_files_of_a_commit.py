"""Files of a commit are read by one listing where there are many; what comes out is the same."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from gitcoord.git import objects
from gitcoord.git.repository import discover

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("count", [3, 40])
def test_each_path_gives_its_content_and_none_where_there_is_no_file(
    tmp_path: Path, count: int
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    repo = discover(str(tmp_path))
    assert repo is not None
    folder = tmp_path / "coord" / "issues"
    folder.mkdir(parents=True)
    names = [f"é {number} 🚀.yaml" for number in range(count)]
    paths = [f"coord/issues/{name}" for name in names]
    assert list(objects.at(repo, "HEAD", "coord", paths)) == [None] * count
    for number, name in enumerate(names):
        (folder / name).write_text(str(number % 2))
    who = ["-c", "user.name=L", "-c", "user.email=l@example.org"]
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    subprocess.run(["git", *who, "commit", "-q", "-m", "all"], cwd=tmp_path, check=True)

    found = list(objects.at(repo, "HEAD", "coord", [*paths, "coord/none.yaml", paths[0]]))

    assert found == [*[str(number % 2).encode() for number in range(count)], None, b"0"]
