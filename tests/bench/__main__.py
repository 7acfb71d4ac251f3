"""`make bench`: measure, print, and say which bounds are kept.

python -m tests.bench [--quick] [--peers] [--json] [--strict]
"""

from __future__ import annotations

import compileall
import json
import os
import sys
import tempfile
from typing import TYPE_CHECKING

from tests.bench import (
    agents,
    cases,
    fixes,
    git_figures,
    history,
    hooks,
    journal,
    metrics,
    peers,
    recall,
    searching,
    skills,
    stores,
    trends,
)

from gitcoord.cli import surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.cases import Figure


def measure(scratch: str, models: str, *, quick: bool) -> Iterator[Figure]:
    """Yield every figure, as it is measured."""
    for count in (1_000, 10_000) if quick else (1_000, 10_000, 100_000):
        root = os.path.join(scratch, f"store{count}")
        stores.make(root, count)
        yield from cases.reads(root, count, 5 if count == 100_000 else 3)
        if count <= 10_000:
            yield from cases.others(root, count)
            yield cases.after_a_change(root, count)
            yield from cases.creates(root, count)
        if count == 10_000:
            yield cases.cold(root, count)
            yield from hooks.commits(root, count)
            yield from agents.answers(root, count)
        if count == 100_000:
            yield from cases.memory(root, count)
    yield from cases.dependency_scans(scratch)
    yield from journal.appends(scratch)
    yield journal.together(scratch)
    yield from journal.reads(scratch)
    yield from history.history(scratch)
    yield from cases.together(scratch)
    yield from cases.imports(scratch)
    yield from trends.measure(scratch)
    yield from git_figures.measure(scratch)
    yield from metrics.measure(scratch)
    yield from fixes.recommendations(scratch)
    yield from searching.measure(scratch, models)
    yield from skills.measure(scratch)


def main(words: list[str]) -> int:
    """Measure and print; with `--strict` exit with 1 when a bound is not kept."""
    for folder in ("src", os.path.join(sys.prefix, "lib")):
        compileall.compile_dir(folder, quiet=2)
    found = []
    models = surroundings.models()
    with tempfile.TemporaryDirectory(prefix="coord-bench-") as scratch:
        os.environ["HOME"] = scratch
        for figure in measure(scratch, models, quick="--quick" in words):
            found.append(figure)
            if "--json" not in words:
                bound = "" if figure.bound is None else f"<= {figure.bound:g}"
                mark = "ok" if figure.ok else "OVER"
                print(
                    f"{figure.name:42} {figure.value:9.2f} {figure.unit:20} {bound:8} {mark:5} {figure.note}",
                    flush=True,
                )
        if "--peers" in words:
            peers.compare(scratch)
            recall.compare(scratch)
    if "--json" in words:
        print(json.dumps([figure._asdict() | {"ok": figure.ok} for figure in found], indent=1))
    over = sum(not figure.ok for figure in found)
    print(f"{len(found) - over} of {len(found)} bounds kept.", file=sys.stderr)
    return 1 if over and "--strict" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
