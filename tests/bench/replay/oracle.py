"""What a merge has to say, from the data of three versions alone.

This shares no line with the program. It walks the fields in the plainest way: what only
one side changed is its value, what both made the same is that, lists of words are sets,
lists of mappings go by what names them, long texts as `git merge-file` merges lines.
The rest is a conflict, of which both sides must be in the file.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

Path_ = tuple[str, ...]
NONE = object()


class Expected:
    """The record with our side of every conflict, and with theirs; which paths those are.

    `texts` are the texts that both changed, with or without a conflict, `lists` the names
    in the lists that both changed, in our order.
    """

    def __init__(self) -> None:
        self.ours: Any = None
        self.theirs: Any = None
        self.conflicts: set[Path_] = set()
        self.lists: dict[Path_, list[str]] = {}
        self.texts: dict[Path_, tuple[str, str, str]] = {}


def expected(base: Any, ours: Any, theirs: Any) -> Expected:
    """Return what has to come out of a merge of three records."""
    found = Expected()
    found.ours, found.theirs = _value(found, (), base, ours, theirs)
    return found


def are_two(base: Any, ours: Any, theirs: Any, title: str) -> bool:
    """Whether two records share an id: nothing they were created with is the same."""
    if base is None:
        return any(not same(ours.get(key), theirs.get(key)) for key in ("created", title))
    return any(
        all(
            not same(base.get(key), side.get(key)) and side.get(key) and base.get(key)
            for key in ("created", title)
        )
        for side in (ours, theirs)
    )


def both_whole(ours: Any, theirs: Any) -> Expected:
    """Return what has to come out where two records share an id: each of them as it is."""
    found = Expected()
    found.ours, found.theirs = ours, theirs
    found.conflicts.add(())
    return found


def blank(value: Any) -> bool:
    """Whether a value says nothing."""
    return value is NONE or value is None or value in ([], {})


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same."""
    if blank(one) or blank(other):
        return blank(one) and blank(other)
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one.get(key), other.get(key)) for key in {*one, *other})
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return type(one) is type(other) and bool(one == other)


def _value(found: Expected, path: Path_, base: Any, ours: Any, theirs: Any) -> tuple[Any, Any]:
    if same(ours, theirs) or same(theirs, base):
        return ours, ours
    if same(ours, base):
        return theirs, theirs
    if path == ("updated",) and isinstance(ours, str) and isinstance(theirs, str):
        return (max(ours, theirs),) * 2
    if _are(dict, path, ours, theirs):
        return _mapping(found, path, base, ours, theirs)
    if _are(list, path, ours, theirs):
        return _list(found, path, base, ours, theirs)
    if isinstance(ours, str) and isinstance(theirs, str) and "\n" in ours + theirs:
        before = base if isinstance(base, str) else ""
        found.texts[path] = (before, ours, theirs)
        texts = by_lines(before, ours, theirs)
        if texts[0] != texts[1]:
            found.conflicts.add(path)
        return texts
    found.conflicts.add(path)
    return ours, theirs


def _are(kind: type, path: Path_, *values: Any) -> bool:
    """Whether values are of a kind; an absent one counts as empty, except an item of a list."""
    named = bool(path) and path[-1].startswith("@")
    return all(isinstance(one, kind) or (blank(one) and not named) for one in values)


def _mapping(found: Expected, path: Path_, base: Any, ours: Any, theirs: Any) -> tuple[Any, Any]:
    three = [one if isinstance(one, dict) else {} for one in (base, ours, theirs)]
    results: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for key in dict.fromkeys([*three[1], *three[2]]):
        values = [one.get(key, NONE) for one in three]
        for result, value in zip(results, _value(found, (*path, key), *values), strict=True):
            if value is not NONE:
                result[key] = value
    return results


def _list(found: Expected, path: Path_, base: Any, ours: Any, theirs: Any) -> tuple[Any, Any]:
    was, mine, other = (
        by_name(one if isinstance(one, list) else []) for one in (base, ours, theirs)
    )
    found.lists[path] = list(mine)
    results: tuple[list[Any], list[Any]] = ([], [])
    for name in dict.fromkeys([*mine, *other]):
        values = [side.get(name, NONE) for side in (was, mine, other)]
        for result, value in zip(
            results, _value(found, (*path, f"@{name}"), *values), strict=True
        ):  # fmt: skip
            if value is not NONE:
                result.append(value)
    return results


def by_name(items: list[Any]) -> dict[str, Any]:
    """Return items by what names them, the second of a name with a 2."""
    found: dict[str, Any] = {}
    for item in items:
        name = str(item)
        if isinstance(item, dict):
            keys = ("id", "name") if "created" in item else ("id", "name", "text")
            name = next((item[key] for key in keys if isinstance(item.get(key), str)), name)
        number = 1
        while f"{name}/{number}" in found:
            number += 1
        found[f"{name}/{number}"] = item
    return found


def by_lines(base: str, ours: str, theirs: str) -> tuple[str, str]:
    """Return what git makes of texts, with our side of what conflicts and with theirs."""
    with tempfile.TemporaryDirectory(prefix="coord-bench-") as folder:
        for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
            # An end of line for each, so that a last line is a line like any other.
            Path(folder, name).write_bytes(f"{text}\n".encode("utf-8", "surrogatepass"))
        sides = [
            subprocess.run(
                ["git", "merge-file", "-p", f"--{side}", "ours", "base", "theirs"],
                cwd=folder, capture_output=True, check=False,
            ).stdout.decode("utf-8", "surrogatepass").removesuffix("\n")
            for side in ("ours", "theirs")
        ]  # fmt: skip
    return sides[0], sides[1]
