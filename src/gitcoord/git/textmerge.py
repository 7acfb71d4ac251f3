"""Merge three texts by lines, as git does without a driver."""

from __future__ import annotations

import os

from gitcoord.git import process


class Merged:
    """The text, with markers where lines conflict."""

    __slots__ = ("clean", "raw")

    def __init__(self, raw: bytes, clean: bool) -> None:
        self.raw = raw
        self.clean = clean


def merge(base: bytes, ours: bytes, theirs: bytes, *, labels: tuple[str, str], size: int) -> Merged:
    """Return the merged text; of binary files ours, as a conflict."""
    import tempfile  # only for files that cannot be merged as records

    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("ours", ours), ("base", base), ("theirs", theirs)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        done = process.run(
            folder, "merge-file", "-p", "-q", f"--marker-size={size}", "-L", labels[0],
            "-L", "base", "-L", labels[1], "ours", "base", "theirs",
        )  # fmt: skip
    if done.code < 0 or done.code > 127:
        return Merged(ours, clean=False)
    return Merged(done.out, clean=done.code == 0)
