"""What is noted of the files of a store while they are read for the first time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from gitcoord.index import scan, share
from gitcoord.index.first import Files

FOLDER = "coord/issues"


@pytest.fixture
def issues(tmp_path: Path) -> Path:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    for number in range(1, 4):
        (folder / f"ISSUE-{number}.yaml").write_text(f"id: ISSUE-{number}\ntitle: a\n")
    old = time.time() - 60
    for path in folder.iterdir():
        os.utime(path, (old, old))
    return folder


def noted(root: Path, files: Files) -> dict[str, int]:
    """Read the files and return the checksum of each folder."""
    list(files.noted([share.work(str(root), files.jobs)]))
    return dict(files.checksums())


def test_the_checksums_are_those_of_a_look_at_the_folders(tmp_path: Path, issues: Path) -> None:
    (issues / "ISSUE-1.npy").write_bytes(b"vector")
    (issues / ".hidden").write_bytes(b"")
    (issues / "ISSUE-4.yaml").symlink_to("ISSUE-1.yaml")
    (issues / "ISSUE-5.yaml").mkdir()
    with open(os.fsencode(issues) + b"/\xff.yaml", "wb"):
        pass
    for name in ("ISSUE-4.yaml", "ISSUE-5.yaml"):
        os.utime(issues / name, (1, 1), follow_symlinks=False)

    found = noted(tmp_path, Files(str(tmp_path)))

    assert found[FOLDER] == scan.checksum(str(tmp_path), FOLDER)
    assert found == {folder: scan.checksum(str(tmp_path), folder) for folder in found}


def test_what_is_noted_is_what_a_listing_sees(tmp_path: Path, issues: Path) -> None:
    files = Files(str(tmp_path))
    noted(tmp_path, files)
    listed, _ = scan.listing(str(tmp_path), FOLDER)

    for name, seen in listed.items():
        mine = files.seen[f"{FOLDER}/{name}"]
        assert (mine.mtime, mine.size, mine.ino, mine.kind) == (
            seen.mtime, seen.size, seen.ino, seen.kind
        )  # fmt: skip
    assert len(files.seen) == len(listed) == 3


def test_a_folder_is_looked_at_again_when_a_file_went_before_it_was_read(
    tmp_path: Path, issues: Path
) -> None:
    files = Files(str(tmp_path))
    (issues / "ISSUE-2.yaml").unlink()

    assert noted(tmp_path, files)[FOLDER] == scan.RESTLESS
    assert files.seen[f"{FOLDER}/ISSUE-2.yaml"].mtime == -1


def test_a_folder_is_looked_at_again_when_a_file_was_written_a_moment_ago(
    tmp_path: Path, issues: Path
) -> None:
    files = Files(str(tmp_path))
    (issues / "ISSUE-2.yaml").write_text("id: ISSUE-2\ntitle: b\n")

    assert noted(tmp_path, files)[FOLDER] == scan.RESTLESS


def test_a_file_that_came_after_the_names_were_read_shows_in_the_checksum(
    tmp_path: Path, issues: Path
) -> None:
    files = Files(str(tmp_path))
    (issues / "ISSUE-9.yaml").write_text("id: ISSUE-9\ntitle: b\n")
    os.utime(issues / "ISSUE-9.yaml", (1, 1))

    assert noted(tmp_path, files)[FOLDER] != scan.checksum(str(tmp_path), FOLDER)
