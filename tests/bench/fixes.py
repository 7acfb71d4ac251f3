"""Attempts: what a recommendation over many of them costs, and what it costs after a new one."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.bench.cases import Figure
from tests.bench.clock import COORD, PASS, against, once, run, same

if TYPE_CHECKING:
    from collections.abc import Iterator

_START = datetime(2025, 1, 1, tzinfo=UTC)
_SORTS = ("undefined name", "imported but unused", "line too long", "missing return type",
          "incompatible types in assignment", "connection refused by server", "cannot import name",
          "unexpected keyword argument", "assertion failed, expected", "object has no attribute")  # fmt: skip
_ABOUT = ("socket", "session", "worker", "cache", "index", "parser", "queue", "template", "schema",
          "column", "migration", "handler", "adapter", "token", "stream", "loop", "widget")  # fmt: skip
_RECOMMEND = [COORD, "fix", "recommend", "undefined name socket worker 'foo'", "--type", "K0"]
_LISTS = 3
"""A recommendation may cost this many cold lists."""


def recommendations(scratch: str, count: int = 10_000) -> Iterator[Figure]:
    """Time recommendations over many attempts whose messages nearly all differ."""
    root = tempfile.mkdtemp(dir=scratch)
    subprocess.run(["git", "init", "--quiet", root], check=True)
    os.makedirs(os.path.join(root, "coord", "issues"))
    words = [COORD, "fix", "record", "--stdin", "--repo", "oneiric"]
    took = once(
        lambda: subprocess.run(
            words, cwd=root, input=_lines(count), check=True, capture_output=True
        )
    )
    yield Figure(f"{count:,} attempts: record them at once", took, "s", None)
    took = once(lambda: run(_RECOMMEND, root))
    yield Figure(f"{count:,} attempts: the first recommendation", took * 1000, "ms", None)
    lists = against(same([COORD, "list"]), same(PASS), root)
    found = against(same(_RECOMMEND), same(PASS), root)
    note = f"{found.milliseconds:.0f} ms; list {lists.milliseconds:.0f} ms"
    yield Figure(
        f"{count:,} attempts: fix recommend", found.ratio / lists.ratio, "x list", _LISTS, note
    )
    shown = against(same([COORD, "fix", "similar", "line too long in template"]), same(PASS), root)
    yield Figure(f"{count:,} attempts: fix similar", shown.ratio / lists.ratio, "x list", _LISTS)
    run([COORD, "fix", "record", "--message", "new", "--strategy", "x"], root)
    took = once(lambda: run(_RECOMMEND, root))
    yield Figure(f"{count:,} attempts: after one more", took * 1000, "ms", None)
    took = once(lambda: run([COORD, "learn", "evaluate"], root))
    yield Figure(f"{count:,} attempts: learn evaluate", took, "s", None)
    shutil.rmtree(root, ignore_errors=True)


def _lines(count: int) -> bytes:
    chance = random.Random(1)
    out = []
    for number in range(count):
        sort = chance.randrange(len(_SORTS))
        about = " ".join(chance.sample(_ABOUT, 4))
        out.append(
            {"type": f"K{sort}", "message": f"{_SORTS[sort]} {about} 'x{number}' in a/{number}.py",
             "strategy": chance.choice(["autofix", "noqa", "manual", "rewrite"]),
             "success": chance.random() < 0.6, "file": f"src/{number}.py", "line": number,
             "time": (_START + timedelta(minutes=50 * number)).isoformat()}
        )  # fmt: skip
    return "".join(json.dumps(one) + "\n" for one in out).encode()
