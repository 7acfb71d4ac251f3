"""`coord merge-driver`: what git calls to merge one record; people never do.

    coord merge-driver [--ancestor] BASE OURS THEIRS SIZE PATH [OUR_LABEL THEIR_LABEL]

The result is in OURS. Exit code 0 means merged, 1 means that a person has to decide.
"""

from __future__ import annotations

import os
import sys

from gitcoord.api import merge_file
from gitcoord.api.merge_file import Files
from gitcoord.codec.conflicts import SIZE
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_FROM = "GITHEAD_"


def drive(words: Sequence[str]) -> int:
    """Merge the files that git names."""
    ancestor = words[:1] == ["--ancestor"]
    given = words[1:] if ancestor else words
    if len(given) < 5:
        raise UsageError("git calls merge-driver with %O %A %B %L %P.", hint=__doc__.split("\n")[2])
    base, ours, theirs, size, path, *labels = given
    # A git that does not know the signs for labels hands them over as they are.
    names = [name for name in labels if not name.startswith("%")]
    pair = (names[0], names[1]) if len(names) == 2 else ("ours", "theirs")
    files = Files(base, ours, theirs, path, int(size) if size.isdigit() else SIZE, pair)
    if ancestor:
        return 0 if merge_file.merge_file(files, settle=True) is not None else 1
    kept = merge_file.keep_ours(files, _merged_commit())
    if kept is not None:
        _tell([kept])
        return 0
    told = merge_file.merge_file(files)
    if told is None:
        return 0 if merge_file.by_lines(files) else 1
    _tell(told)
    return 1 if told else 0


def _merged_commit() -> str | None:
    """Return the commit that `git merge` is merging; None when git does something else."""
    found = [name.removeprefix(_FROM) for name in os.environ if name.startswith(_FROM)]
    return found[0] if len(found) == 1 else None


def _tell(lines: list[str]) -> None:
    for line in lines:
        sys.stderr.write(f"coord: {line}\n")
