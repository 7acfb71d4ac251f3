"""A program that writes on a person's behalf: how its commits are signed, and what it may write.

The limits hold where records are written, under the lock, and look at a record as it was and
as it would be: nobody comes past them by another way in, or by taking a name off first.
"""

from __future__ import annotations

from gitcoord.errors import NotAllowedError, UsageError
from gitcoord.store.message import inert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from gitcoord.model.kinds import Kind

TRAILER = "Agent"
_LONGEST = 80
_REPO_FIELDS = ("repos", "repo", "consumer", "provider")


class Agent:
    """Who writes for whom.

    `name` goes into a trailer of each commit; `author`, as `Name <mail>`, takes the author's
    place and leaves the user as committer. Without `kinds` and `repos` everything is allowed.
    """

    __slots__ = ("author", "kinds", "name", "repos")

    def __init__(
        self,
        name: str = "",
        *,
        author: str = "",
        kinds: Iterable[str] = (),
        repos: Iterable[str] = (),
    ) -> None:
        self.name = " ".join(inert(name).split())[:_LONGEST].strip()
        self.author = _author(author)
        self.kinds = frozenset(kinds)
        self.repos = frozenset(repos)

    def named(self, name: str) -> Agent:
        """Return the same with another name."""
        return Agent(name, author=self.author, kinds=self.kinds, repos=self.repos)

    def signed(self, message: str) -> str:
        """Return a commit message with the trailer that says who wrote."""
        return f"{message.rstrip()}\n\n{TRAILER}: {self.name}" if self.name else message

    def refuse(self, kind: Kind, id: str, *versions: dict[str, Any]) -> None:
        """Raise `NotAllowedError` where one version of a record is out of bounds."""
        if self.kinds and kind.name not in self.kinds:
            raise NotAllowedError(
                f"Records of the kind {kind.name} may not be written here.",
                hint=f"Allowed: {', '.join(sorted(self.kinds))}.",
            )
        if not self.repos:
            return
        for data in versions:
            named = _repos_of(kind, id, data)
            strange = sorted(named - self.repos)
            if strange or not named:
                what = f"concerns {', '.join(strange)}" if strange else "names no repository"
                raise NotAllowedError(
                    f"{id or f'The {kind.name}'} {what}, which may not be written here.",
                    hint=f"Allowed: records of {', '.join(sorted(self.repos))} alone.",
                )

    def refuse_file(self, path: str) -> None:
        """Raise `NotAllowedError`: of all files, only records may be written, and none removed."""
        raise NotAllowedError(
            f"{path} may not be written, moved or removed here.",
            hint="Records can be created and changed; leave the rest to a person.",
        )


def _repos_of(kind: Kind, id: str, data: dict[str, Any]) -> set[str]:
    if kind.name == "repo":
        return {id or str(data.get("name"))}
    found: set[str] = set()
    for field in _REPO_FIELDS:
        value = data.get(field)
        found.update(map(str, value) if isinstance(value, list) else [str(value)] if value else [])
    return found


def _author(text: str) -> str:
    name, open, mail = text.strip().partition("<")
    if not text.strip():
        return ""
    address = mail.removesuffix(">").strip()
    plain = text.isprintable() and not set("<>") & set(name + address)
    if not (plain and open and mail.endswith(">") and name.strip() and address):
        raise UsageError(
            f"{inert(text)!r} is no author.", hint='For example "Triage bot <triage@example.org>".'
        )
    return f"{name.strip()} <{address}>"
