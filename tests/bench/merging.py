"""How edits of two people merge, with our merge of fields and with git's of lines alone.

    python -m tests.bench.merging [PAIRS]

Records are those of the bench; each of two people makes one or two everyday edits. For
each pair it is counted whether all that one side alone did is there, whether markers
stand only around what both changed, and whether a true conflict keeps both texts.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import stores

from gitcoord.codec import conflicts, edit, emit
from gitcoord.codec.read import Malformed, parse
from gitcoord.codec.threeway import join
from gitcoord.model.kinds import ISSUE
from gitcoord.model.likeness import equal
from gitcoord.model.merging import merge
from gitcoord.store.layout import header

if TYPE_CHECKING:
    from collections.abc import Callable

    Data = dict[str, Any]

PEOPLE = ("lena", "omar", "ines", "kofi")


def _status(data: Data, chance: random.Random) -> None:
    data["status"] = chance.choice([one for one in ISSUE.statuses if one != data["status"]])


def _priority(data: Data, chance: random.Random) -> None:
    data["priority"] = chance.choice(("critical", "high", "medium", "low"))


def _assignee(data: Data, chance: random.Random) -> None:
    if chance.random() < 0.2:
        data.pop("assignee", None)
    else:
        data["assignee"] = chance.choice(PEOPLE)


def _target(data: Data, chance: random.Random) -> None:
    data["target"] = f"2026-{chance.randint(10, 12)}-{chance.randint(10, 28)}"


def _label(data: Data, chance: random.Random) -> None:
    labels = data.get("labels", [])
    if labels and chance.random() < 0.3:
        data["labels"] = [one for one in labels if one != chance.choice(labels)]
    else:
        data["labels"] = list(dict.fromkeys([*labels, chance.choice(stores.WORDS)]))


def _link(data: Data, chance: random.Random) -> None:
    data["blocked_by"] = [*data.get("blocked_by", []), f"ISSUE-{chance.randint(1, 999):06d}"]


def _comment(data: Data, chance: random.Random) -> None:
    remark = {
        "id": f"{chance.getrandbits(32):08x}", "author": chance.choice(PEOPLE),
        "created": "2026-10-01T10:00:00+00:00", "text": " ".join(chance.sample(stores.WORDS, 6)),
    }  # fmt: skip
    data["comments"] = [*data.get("comments", []), remark]


def _description(data: Data, chance: random.Random) -> None:
    lines = data["description"].split("\n")
    at = chance.randrange(len(lines))
    lines[at : at + chance.randint(0, 1)] = [" ".join(chance.sample(stores.WORDS, 8))]
    data["description"] = "\n".join(lines)


def _title(data: Data, chance: random.Random) -> None:
    data["title"] = " ".join(chance.sample(stores.WORDS, 5))


EDITS: tuple[tuple[int, Callable[[Data, random.Random], None]], ...] = (
    (30, _status), (20, _comment), (12, _label), (10, _assignee), (8, _priority), (6, _target),
    (6, _description), (5, _link), (3, _title),
)  # fmt: skip


def edited(raw: bytes, chance: random.Random) -> bytes:
    """Return a file after one or two everyday edits, as coord writes them."""
    base = parse(raw)
    data = dict(base)
    for _ in range(chance.randint(1, 2)):
        (do,) = chance.choices([do for _, do in EDITS], [weight for weight, _ in EDITS])
        do(data, chance)
    return edit.apply(raw, edit.diff_changes(base, data), ISSUE.fields)


def by_git(base: bytes, ours: bytes, theirs: bytes, folder: Path) -> tuple[bool, bytes]:
    """Return whether git merges the files by lines alone, and what comes out."""
    for name, raw in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_bytes(raw)
    done = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0, done.stdout


def measure(pairs: int, folder: Path) -> Counter[str]:
    """Count what becomes of pairs of edits."""
    chance = random.Random(pairs)
    found: Counter[str] = Counter()
    for number in range(pairs):
        text = emit.dump(
            stores.issue(number % 900 + 1, chance), ISSUE.fields, header=header("issue")
        )
        base = text.encode()
        ours, theirs = edited(base, chance), edited(base, chance)
        if base in (ours, theirs) or ours == theirs:
            continue
        found["pairs"] += 1
        _judge(found, (base, ours, theirs), by_git(base, ours, theirs, folder))
    return found


def _judge(found: Counter[str], three: tuple[bytes, bytes, bytes], git: tuple[bool, bytes]) -> None:
    data = [parse(raw) for raw in three]
    wanted = merge(data[0], data[1], data[2])
    joined = join(*three, ISSUE.fields)
    parts = conflicts.split(joined.raw.decode()) or []
    both = _both_changed(*data)
    kind = (
        "true conflicts"
        if wanted.clashes
        else "same field, no conflict"
        if both
        else "different fields"
    )
    found[kind] += 1
    if not wanted.clashes:
        found[f"{kind}: git alone, right"] += git[0] and _reads(git[1], wanted.data)
        found[f"{kind}: git alone, clean but wrong"] += git[0] and not _reads(git[1], wanted.data)
        found[f"{kind}: git alone, markers"] += not git[0]
        found[f"{kind}: coord, right"] += len(parts) == 1 and _reads(joined.raw, wanted.data)
        return
    texts = [conflicts.joined(parts, theirs=side).encode() for side in (False, True)]
    other = merge(data[0], data[1], data[2], winner="theirs").data
    found["true conflicts: both texts kept"] += _reads(texts[0], wanted.data) and _reads(
        texts[1], other
    )
    found["markers around a field that only one side changed"] += _strays(parts, both)


def _both_changed(base: Data, ours: Data, theirs: Data) -> set[str]:
    return {
        name
        for name in base.keys() | ours.keys() | theirs.keys()
        if not equal(base.get(name), ours.get(name)) and not equal(base.get(name), theirs.get(name))
    }


def _strays(parts: list[conflicts.Part], both: set[str]) -> int:
    lines = [
        line
        for part in parts if not isinstance(part, str)
        for line in (part.ours + part.theirs).splitlines()
    ]  # fmt: skip
    tops = {line.partition(":")[0] for line in lines if line[:1].isalpha() and ":" in line}
    return len(tops - both)


def _reads(raw: bytes, wanted: Data) -> bool:
    try:
        return equal(parse(raw), wanted)
    except Malformed:
        return False


def main(words: list[str]) -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="coord-bench-") as folder:
        found = measure(int(words[0]) if words else 5_000, Path(folder))
    for name, count in sorted(found.items()):
        print(f"{count:8,}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
