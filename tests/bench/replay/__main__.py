"""Replay the merges of repositories and tell what our merge, and git's by lines, made of them."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from tests.bench.replay.meetings import meetings
from tests.bench.replay.objects import Objects
from tests.bench.replay.replay import Report, replay


def main(words: list[str]) -> int:
    """Print a table for each repository and one for all; 1 when a mistake was made."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.replay", description=__doc__)
    parser.add_argument("git_dirs", nargs="+", metavar="PATH-TO-GIT-DIR")
    parser.add_argument("--show", type=int, default=5, metavar="N", help="Show N mistakes.")
    parser.add_argument("--no-lines", action="store_true", help="Leave out git's merge by lines.")
    parser.add_argument("--swapped", action="store_true", help="Take theirs for ours.")
    parser.add_argument(
        "--in-git", type=int, default=0, metavar="N", help="Make every Nth merge in a real hub."
    )
    chosen = parser.parse_args(words)
    total: Counter[str] = Counter()
    seen: set[str] = set()
    left = chosen.show
    for git_dir in chosen.git_dirs:
        begin = time.monotonic()
        report = Report(lines=not chosen.no_lines, in_git=chosen.in_git)
        objects = Objects(git_dir)
        for meeting in meetings(objects, seen):
            replay(meeting.swapped() if chosen.swapped else meeting, report)
        objects.close()
        shown = report.examples[: max(left, 0)]
        left -= len(shown)
        total += report.counts
        if report.counts:
            print(f"{Path(git_dir).resolve()}  {time.monotonic() - begin:.0f} s")
            _table(report.counts, shown)
    print("all")
    _table(total, [])
    return 1 if any(name.startswith("MISTAKE") for name in total) else 0


def _table(counts: Counter[str], examples: list[str]) -> None:
    for name, count in sorted(counts.items()):
        print(f"{count:9,}  {name}")
    for example in examples:
        print(f"           {example}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
