"""What holds across repositories: files, words and scopes that recur, days and releases in common.

Everything is counted, nothing is guessed: each pattern says in how many commits of which
repositories it was seen. Commits of programs and merges are left out.
"""

from __future__ import annotations

import re
from itertools import combinations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from gitcoord.metrics.git.listening import Said

MOST = 20
FEWEST_DAYS = 3
NEAR = 2
"""Days between two releases that count as made together."""
_FIX = re.compile(r"(?:fix(?:e[sd])?|bugfix|hotfix)\b", re.IGNORECASE)
_PREFIX = re.compile(r"^[A-Za-z][\w-]*(?:\([^)]*\))?!?: +")
_REFERENCE = re.compile(r"\(?(?:#|gh-|[A-Z][A-Z]+-)\d+\)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_WORD = re.compile(r"[^\W\d_]{4,}")
_LITTLE = """
about added adds after also back been before being between both does docs down each even
ever feat fixed fixes fixing from have into just like make makes merge more most move
moved need only other over refactor remove removed removes rename renamed revert should
some style such test tests than that them then there these they this update updated
updates used uses using very want were what when where which while will with without work
works would build chore commit branch release version
"""
"""Words that say nothing about what was worked on."""
_COMMON = frozenset(_LITTLE.split())


def patterns(said: Sequence[Said], days: int) -> dict[str, Any]:
    """Return what holds across repositories that were listened to, `days` long."""
    return {
        "hours": [sum(one.hours[hour] for one in said) for hour in range(24)],
        "weekdays": [sum(one.weekdays[day] for one in said) for day in range(7)],
        "files": _files(said),
        "scopes": _recurring(said, _scopes, "scope"),
        "words": _recurring(said, _words, "word"),
        "fixes": _fixes(said),
        "together": _together(said, days),
        "releases": _releases(said),
    }


def _files(said: Sequence[Said]) -> list[dict[str, Any]]:
    """Return the paths that several repositories changed, and on how many days more than one."""
    where: dict[str, dict[str, list[int]]] = {}
    for one in said:
        for path, days in one.files.items():
            where.setdefault(path, {})[one.name] = days
    found = []
    for path, repos in where.items():
        if len(repos) < 2:
            continue
        seen: dict[int, int] = {}
        for days in repos.values():
            for day in set(days):
                seen[day] = seen.get(day, 0) + 1
        counts = {name: len(days) for name, days in repos.items()}
        same = sum(1 for number in seen.values() if number > 1)
        found.append({"path": path, **_counted(counts), "same_days": same})
    return _ranked(found, "path")


def _recurring(said: Sequence[Said], what: Any, name: str) -> list[dict[str, Any]]:
    """Return what the subjects of several repositories have in common."""
    where: dict[str, dict[str, int]] = {}
    for one in said:
        for _, subject, kind, scope in one.subjects:
            for word in what(subject, kind, scope):
                counts = where.setdefault(word, {})
                counts[one.name] = counts.get(one.name, 0) + 1
    found = [{name: word, **_counted(c)} for word, c in where.items() if len(c) > 1]
    return _ranked(found, name)


def _scopes(_: str, __: str | None, scope: str | None) -> Iterable[str]:
    return [scope] if scope else []


def _words(subject: str, _: str | None, __: str | None) -> Iterable[str]:
    plain = _PREFIX.sub("", subject).lower()
    return {word for word in _WORD.findall(plain) if word not in _COMMON}


def _fixes(said: Sequence[Said]) -> list[dict[str, Any]]:
    """Return subjects of fixes that were written more than once, numbers aside."""
    where: dict[str, dict[str, int]] = {}
    examples: dict[str, list[dict[str, str]]] = {}
    for one in said:
        for oid, subject, kind, _ in one.subjects:
            if kind != "fix" and not _FIX.match(subject):
                continue
            key = normal(subject)
            if len(key) < 4:
                continue
            counts = where.setdefault(key, {})
            counts[one.name] = counts.get(one.name, 0) + 1
            examples.setdefault(key, []).append({"repo": one.name, "commit": oid})
    found = [
        {"subject": key, **_counted(counts), "examples": examples[key][:3]}
        for key, counts in where.items()
        if sum(counts.values()) > 1
    ]
    return _ranked(found, "subject")


def normal(subject: str) -> str:
    """Return a subject without its type, references and numbers, in small letters."""
    plain = _REFERENCE.sub("", _PREFIX.sub("", subject))
    return " ".join(_NUMBER.sub("#", plain).lower().split()).rstrip(" .:!")


def _together(said: Sequence[Said], days: int) -> list[dict[str, Any]]:
    """Return pairs that are active on the same days more often than by chance."""
    found = []
    for one, other in combinations(said, 2):
        both = len(one.days & other.days)
        least = min(len(one.days), len(other.days))
        expected = len(one.days) * len(other.days) / days if days else 0
        if both >= FEWEST_DAYS and both * 2 >= least and both >= expected * 1.2:
            found.append(
                {
                    "repos": [one.name, other.name],
                    "days": both,
                    "active_days": [len(one.days), len(other.days)],
                    "expected_days": round(expected, 2),
                }
            )
    found.sort(key=lambda pair: (-pair["days"], pair["repos"]))  # type: ignore[operator]
    return found[:MOST]


def _releases(said: Sequence[Said]) -> list[dict[str, Any]]:
    """Return pairs that released within two days of each other more than once."""
    found = []
    for one, other in combinations(said, 2):
        near = sum(any(abs(day - its) <= NEAR for its in other.releases) for day in one.releases)
        if near > 1:
            pair = [one.name, other.name]
            numbers = [len(one.releases), len(other.releases)]
            found.append({"repos": pair, "releases_near": near, "releases": numbers})
    found.sort(key=lambda pair: (-pair["releases_near"], pair["repos"]))  # type: ignore[operator]
    return found[:MOST]


def _counted(counts: Mapping[str, int]) -> dict[str, Any]:
    return {"commits": sum(counts.values()), "repos": dict(sorted(counts.items()))}


def _ranked(found: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    found.sort(key=lambda one: (-len(one["repos"]), -one["commits"], one[name]))
    return found[:MOST]
