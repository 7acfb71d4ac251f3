"""Compare coverage with coverage.py's own report: `python -m tests.bench.coverage_equality FOLDER…`.

Each folder is a repository whose tests ran under coverage.py. Its data, and each report that
`coverage json`, `xml` and `lcov` make of it, is read by us and by coverage.py, in copies; every
integer of every file and of the whole is compared, and the totals as `coord metrics collect`
prints them. Where coverage.py makes no report, we must know nothing, and say why.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from tests.bench.clock import COORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    Compared = tuple[str, Any, Any]

_INTEGERS = {"statements": "num_statements", "missing": "missing_lines", "excluded": "excluded_lines",
             "branches": "num_branches", "missing_branches": "missing_branches",
             "partial_branches": "num_partial_branches"}  # fmt: skip
_TOLD = {"xml": ("statements", "missing", "branches", "missing_branches"),
         "lcov": ("statements", "missing", "branches", "missing_branches")}  # fmt: skip
_EVERY = """
import json, os, sys, tempfile
from gitcoord.metrics.coverage import collector
from gitcoord.metrics.measurement import Subject
folder, head = sys.argv[1:]
scratch = tempfile.mkdtemp()
said = collector.every(Subject("x", folder, False, head, "", scratch, {}, {}))
print(json.dumps([[one.kind, one.path, one.percent, one.counts and one.counts._asdict(), one.reason,
    {path: dict(held._asdict(), percent=held.percent) for path, held in (one.files or {}).items()}]
    for one in said]))
"""


def compare(folder: str, scratch: str) -> Iterator[Compared]:
    """Yield what each number is called, ours, and that of coverage.py."""
    copy = os.path.join(scratch, os.path.basename(folder.rstrip("/")))
    shutil.copytree(folder, copy, symlinks=True)
    authority, refused = _authority(folder, copy)
    for where, place in (("", folder), ("moved: ", copy)):
        for kind, path, percent, counts, reason, files in _ours(place):
            if kind == "ratchet":
                continue
            name = f"{where}{kind} {path}"
            if authority is None:
                yield f"{name}: unknown, for {refused}", (percent, bool(reason)), (None, True)
                continue
            yield f"{name} percent", percent, _percent(authority["totals"])
            yield from _integers(name, kind, counts or {}, authority["totals"])
            for file, told in authority["files"].items():
                if kind != "lcov" or told["summary"]["num_statements"]:  # lcov names no empty ones
                    held = files.get(file, {})
                    yield from _integers(f"{name} {file}", kind, held, told["summary"])
            yield f"{name} files besides", sorted(set(files) - set(authority["files"])), []
    if authority is not None:
        yield from _printed(folder, scratch, authority["totals"])


def _integers(
    name: str, kind: str, ours: dict[str, Any], theirs: dict[str, Any]
) -> Iterator[Compared]:
    for word in _TOLD.get(kind, tuple(_INTEGERS)):
        yield f"{name} {word}", ours.get(word), theirs.get(_INTEGERS[word], 0)


def _percent(totals: dict[str, Any]) -> float | None:
    whole = totals["num_statements"] + totals.get("num_branches", 0)
    return totals["percent_covered"] if whole else None


def _authority(folder: str, copy: str) -> tuple[dict[str, Any] | None, str]:
    """Return coverage.py's own JSON report in the folder itself, or why there is none.

    The reports of all sorts are written into the copy.
    """
    with tempfile.TemporaryDirectory() as aside:
        data = os.path.join(aside, "data")
        names = sorted(one for one in os.listdir(folder) if one.startswith(".coverage."))
        names = [one for one in names if one != ".coverage.toml"]
        if os.path.isfile(os.path.join(folder, ".coverage")):
            shutil.copy2(os.path.join(folder, ".coverage"), data)
        else:
            parts = [os.path.join(folder, name) for name in names]
            _tool(folder, "combine", "--keep", "-q", f"--data-file={data}", *parts)
        for sort in ("json", "xml", "lcov"):
            out = os.path.join(copy, f"coverage.{sort}")
            done = _tool(folder, sort, "-q", f"--data-file={data}", "-o", out)
            if done.returncode not in (0, 2):  # 2: below fail_under
                return None, (done.stdout + done.stderr).strip()
        with open(os.path.join(copy, "coverage.json"), encoding="utf-8") as file:
            found: dict[str, Any] = json.load(file)
    return found, ""


def _tool(folder: str, *words: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    return subprocess.run(
        [sys.executable, "-P", "-m", "coverage", *words], cwd=folder, env=env, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def _ours(copy: str) -> list[Any]:
    done = subprocess.run([sys.executable, "-P", "-c", _EVERY, copy, _head(copy)],
                          capture_output=True, text=True, check=True)  # fmt: skip
    found: list[Any] = json.loads(done.stdout)
    return found


def _head(folder: str) -> str:
    return subprocess.run(["git", "-C", folder, "rev-parse", "HEAD"], capture_output=True, text=True,
                          check=True).stdout.strip()  # fmt: skip


def _printed(folder: str, scratch: str, totals: dict[str, Any]) -> Iterator[Compared]:
    """Yield the totals that `coord metrics collect --only coverage --json` prints."""
    hub = os.path.join(scratch, "the hub")
    for words in (
        ["git", "init", "-q", hub], [COORD, "init", hub],
        [COORD, "--hub", hub, "repo", "create", "measured"],
        ["git", "-C", hub, "config", "coord.repo.measured.path", folder],
    ):  # fmt: skip
        subprocess.run(words, check=True, capture_output=True)
    words = [COORD, "--hub", hub, "metrics", "collect", "--only", "coverage", "--json"]
    out = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    held = json.loads(out)["repos"][0]["coverage"]
    yield "collect percent", held["percent"], _percent(totals)
    for word in ("statements", "missing"):
        yield f"collect {word}", held[word], totals[_INTEGERS[word]]


def main(folders: list[str]) -> int:
    """Compare all; exit with 1 when anything differs."""
    figures = different = files = unknown = 0
    for folder in folders:
        with tempfile.TemporaryDirectory() as scratch:
            before = figures
            for name, ours, theirs in compare(os.path.abspath(folder), scratch):
                figures += 1
                files += name.startswith(("data", "parallel")) and name.endswith(".py statements")
                unknown += ": unknown, for" in name
                if ours != theirs:
                    different += 1
                    print(f"{folder}: {name}: {ours}, coverage.py says {theirs}", flush=True)
            print(f"{folder}: {figures - before} figures", flush=True)
    print(
        f"{len(folders)} repositories, {files:,} files: {figures:,} figures, {different} differ,"
        f" {unknown} sources of which both know nothing."
    )
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
