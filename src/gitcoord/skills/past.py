"""What was known at a moment of what followed what, by repository, by circle and by context."""

from __future__ import annotations

from collections import defaultdict

from gitcoord.skills import following
from gitcoord.skills.following import Level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gitcoord.skills.asking import Shelf
    from gitcoord.skills.kinship import Weights

TOP = 3
_EVERYWHERE = "*"


class Past:
    """What was counted in the older part, by repository or circle of them, and context."""

    def __init__(self, alike: Mapping[str, str], weights: Weights) -> None:
        self._alike = {repo: f"~{name}" for repo, name in alike.items()}
        self._weights = weights
        self._counts: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, repo: str, context: tuple[str, ...], skill: str, count: int) -> None:
        """Count what followed a context in a repository, there and in all wider circles."""
        for circle in self._circles(repo):
            self.put(circle, context, skill, count)

    def put(self, circle: str, context: tuple[str, ...], skill: str, count: int) -> None:
        """Count what followed a context in one circle alone."""
        self._counts[(circle, *context)][skill] += count

    def _circles(self, repo: str) -> tuple[str, ...]:
        """Return where what happens in a repository counts: anywhere, among those like it, there."""
        near = self._alike.get(repo)
        return (_EVERYWHERE, near, repo) if near is not None else (_EVERYWHERE, repo)

    def usual(self, circle: str = _EVERYWHERE) -> list[str]:
        """Return the skills that are used most."""
        counts = self._counts.get((circle,), {})
        return sorted(counts, key=lambda name: (-counts[name], name))[:TOP]

    def guess(self, repo: str, before2: str | None, before1: str) -> list[str]:
        """Return what the advice would have been."""
        its = self._weights
        contexts: list[tuple[tuple[str, ...], float, float]] = [
            ((), its.repo, its.repo),
            ((before1,), its.after, its.after_here),
        ]
        if before2 is not None:
            contexts.append(((before2, before1), its.after2, max(its.after2, its.after_here)))
        levels = [
            Level(
                "",
                self._counts.get((circle, *context), {}),
                wide if circle == _EVERYWHERE else near,
            )
            for context, wide, near in contexts
            for circle in self._circles(repo)
        ]
        return [one.skill for one in following.predict(levels, TOP)]


def learn(shelf: Shelf, past: Past, older: str, tried: str, alike: Mapping[str, str]) -> None:
    """Count what followed what; of two before, here, only what is going to be asked."""
    for repo, skill, count in shelf.ask(
        f"SELECT repo, skill, count(*) FROM use WHERE {older} GROUP BY ALL"
    ):
        past.add(repo, (), skill, count)
    for repo, before1, skill, count in shelf.ask(
        f"SELECT repo, before1, skill, count(*) FROM use WHERE {older} AND before1 IS NOT NULL GROUP BY ALL"
    ):
        past.add(repo, (before1,), skill, count)
    pair = f"{older} AND before2 IS NOT NULL"
    for before2, before1, skill, count in shelf.ask(
        f"SELECT before2, before1, skill, count(*) FROM use WHERE {pair} GROUP BY ALL"
    ):
        past.put(_EVERYWHERE, (before2, before1), skill, count)
    for repo, before2, before1, skill, count in shelf.ask(
        f"SELECT repo, before2, before1, skill, count(*) FROM use WHERE {pair} AND (repo, before2, before1) IN"
        f" (SELECT DISTINCT repo, before2, before1 FROM use WHERE {tried}) GROUP BY ALL"
    ):
        past.put(repo, (before2, before1), skill, count)
    for name in sorted(set(alike.values())):
        repos = [repo for repo, held in alike.items() if held == name]
        for before2, before1, skill, count in shelf.ask(
            f"SELECT before2, before1, skill, count(*) FROM use WHERE {pair}"
            " AND list_contains(?::VARCHAR[], repo) GROUP BY ALL", [repos]
        ):  # fmt: skip
            past.put(f"~{name}", (before2, before1), skill, count)
