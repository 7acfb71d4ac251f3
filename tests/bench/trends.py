"""How quick trends are over a hub of 10,000 records with 50,000 events."""

from __future__ import annotations

import os
import random
import subprocess
import time
from typing import TYPE_CHECKING

from tests.bench import stores
from tests.bench.cases import Figure
from tests.bench.clock import BASE, COORD, against, once, run, same

from gitcoord.codec.emit import dump
from gitcoord.model.kinds import ISSUE

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDS = 10_000
CHANGES = 40_000
_EACH = 10  # records that one commit touches
_LIVES = ("pending", "in_progress", "blocked", "in_progress", "resolved", "closed", "pending")


def measure(scratch: str) -> Iterator[Figure]:
    """Yield the times of trends: asked again, and asked for the first time after a commit."""
    root = os.path.join(scratch, "history")
    make(root)
    words = [COORD, "trend"]
    first = once(lambda: run(words, root))
    yield Figure("50,000 events: first trend ever", first, "s", None)
    for name, more in (
        ("trend", []), ("trend --every day --json", ["--every", "day", "--json"]),
        ("trend --repo", ["--repo", "repo-3"]), ("trend --by repo", ["--by", "repo"]),
    ):  # fmt: skip
        found = against(same([*words, *more]), same(BASE), root)
        yield Figure(
            f"50,000 events: {name}", found.ratio, "x B", 2, f"{found.milliseconds:.0f} ms"
        )

    def commit(number: int) -> None:
        title = ["--title", f"new {number}"]
        run([COORD, "issue", "create", *title], root)
        run([COORD, "log", "ISSUE-000001"], root)  # the events are there

    found = against(same(words), same(BASE), root, rounds=7, before=commit)
    yield Figure(
        "50,000 events: trend after a commit",
        found.ratio,
        "x B",
        5,
        f"{found.milliseconds:.0f} ms",
    )

    def forget(_: int) -> None:
        os.unlink(os.path.join(root, ".git", "coord", "tape"))

    found = against(same(words), same(BASE), root, rounds=3, before=forget)
    yield Figure("50,000 events: trend made anew", found.ratio, "x B", None)
    found = against(same([*words, "priority>=high"]), same(BASE), root, rounds=3)
    yield Figure("50,000 events: trend QUERY", found.milliseconds / 1000, "s", None)


def make(root: str) -> None:
    """Make a hub whose records came and changed over 500 days, ten a commit."""
    stores.make(root, 0)
    chance = random.Random(1)
    issues = {number: stores.issue(number, chance) for number in range(1, RECORDS + 1)}
    numbers = list(issues)
    groups = [numbers[at : at + _EACH] for at in range(0, RECORDS, _EACH)]
    groups += [chance.sample(numbers, _EACH) for _ in range(CHANGES // _EACH)]
    start = int(time.time()) - 500 * 86_400
    branch = b"refs/heads/" + _git(root, "symbolic-ref", "--short", "HEAD")
    head = _git(root, "rev-parse", "HEAD")
    stream = []
    known: set[int] = set()
    for count, group in enumerate(groups):
        who = b"Bench <bench@example.org> %d +0000" % (start + count * 500 * 86_400 // len(groups))
        stream.append(b"commit %b\nauthor %b\ncommitter %b\ndata 1\nx\n" % (branch, who, who))
        if not count:
            stream.append(b"from %b\n" % head)
        for number in group:
            if number in known:
                _change(issues[number], chance)
            known.add(number)
            text = dump(issues[number], ISSUE.fields).encode()
            path = f"coord/issues/{issues[number]['id']}.yaml".encode()
            stream.append(b"M 100644 inline %b\ndata %d\n%b\n" % (path, len(text), text))
    subprocess.run(
        ["git", "-C", root, "fast-import", "--quiet"], input=b"".join(stream), check=True
    )
    subprocess.run(["git", "-C", root, "reset", "--quiet", "--hard"], check=True)


def _change(data: dict[str, object], chance: random.Random) -> None:
    """Change one field, the status half of the time."""
    what = chance.random()
    if what < 0.5:
        place = _LIVES.index(str(data["status"]))
        data["status"] = _LIVES[(place + 1) % len(_LIVES)]
    elif what < 0.6:
        data["repos"] = chance.sample(stores.REPOS, 2)
    elif what < 0.7:
        data["labels"] = chance.sample(stores.WORDS, 2)
    elif what < 0.8:
        data["assignee"] = chance.choice(["lena", "omar", "ines", "kim"])
    else:
        data["title"] = f"{data['title']} {chance.choice(stores.WORDS)}"[-400:]


def _git(root: str, *words: str) -> bytes:
    return subprocess.run(
        ["git", "-C", root, *words], capture_output=True, check=True
    ).stdout.strip()
