"""Who the names of commits are: joined by the repository's mailmap, programs told apart."""

from __future__ import annotations

import re

from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from gitcoord.git.repository import Repository

    Person = tuple[str, str]
    """Name and mail."""

_BOT = re.compile(
    r"\[bot\]|(?:^|[-_ .])bot$|^(?:dependabot|renovate|greenkeeper|github[- ]actions?|"
    r"pre-commit-ci|pyup|snyk|imgbot|allcontributors|mergify|semantic-release)(?:$|[-_ .])",
    re.IGNORECASE,
)


def mapped(repo: Repository, people: Sequence[Person]) -> list[Person]:
    """Return each person as git's mailmap has them; all as they are where git cannot tell."""
    lines = [f"{name} <{mail}>" for name, mail in people]
    fed = "\n".join(lines).encode("utf-8", "surrogateescape")
    if not people:
        return []
    said = process.run(repo.root, "check-mailmap", "--stdin", stdin=fed + b"\n")
    told = said.out.decode("utf-8", "backslashreplace").split("\n")[:-1]
    if said.code or len(told) != len(lines):
        return list(people)
    return [_person(line) for line in told]


def known(connection: sqlite3.Connection, repo: Repository) -> dict[int, Person]:
    """Return all people of the tables by their number, joined by the mailmap as it is now."""
    rows = connection.execute("SELECT who, name, mail FROM person").fetchall()
    joined = mapped(repo, [(name, mail) for _, name, mail in rows])
    return {row[0]: person for row, person in zip(rows, joined, strict=True)}


def is_bot(person: Person) -> bool:
    """Whether a name or an address is that of a program that commits by itself."""
    name, mail = person
    return bool(_BOT.search(name.strip()) or _BOT.search(mail.partition("@")[0]) or "[bot]" in mail)


def _person(line: str) -> Person:
    name, _, mail = line.partition("<")
    return name.rstrip(" "), mail.removesuffix(">")
