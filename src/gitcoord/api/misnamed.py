"""Names that a query asks for and nothing bears: why it finds nothing, perhaps.

A name is known when a record has it or mentions it, archived ones included, or when a file
that cannot be read stands for it. Patterns, and what is asked for not to be, name nothing.
"""

from __future__ import annotations

from gitcoord.errors import InvalidError
from gitcoord.model.query.nodes import IS, Joint, Term
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.api.workspace import Workspace
    from gitcoord.model.query.nodes import Node, Query

_REPO = """SELECT id FROM core WHERE kind = 'repo' UNION SELECT id FROM finding WHERE path LIKE '%/repos/%'
 UNION SELECT value FROM value WHERE field IN ('repo', 'consumer', 'provider')"""
_ROLE = "SELECT DISTINCT value FROM value WHERE field = 'role'"
_MENTIONED = """SELECT id FROM core WHERE kind = '{0}' UNION SELECT id FROM finding
 UNION SELECT {0} FROM core"""
_NAMED = {
    "repo": ("repository", _REPO),
    "consumer": ("repository", _REPO),
    "provider": ("repository", _REPO),
    "role": ("role", _ROLE),
    "plan": ("plan", _MENTIONED.format("plan")),
    "issue": ("issue", _MENTIONED.format("issue")),
}
_FEW = 5
_MANY = 20_000


class Misnamed:
    """A word that names no `noun`, and the nearest one that does, None when none is near."""

    __slots__ = ("close", "noun", "word")

    def __init__(self, noun: str, word: str, close: str | None) -> None:
        self.noun = noun
        self.word = word
        self.close = close

    def told(self) -> str:
        """Return what to tell about it, in words of records: not yet fit for a terminal."""
        guess = f"; did you mean {self.close}?" if self.close else ""
        return f"there is no {self.noun} {self.word}{guess}"


def misnamed(workspace: Workspace, query: Query) -> list[Misnamed]:
    """Return the names in a query that nothing bears, at most a few."""
    known: dict[str, list[str]] = {}
    found: dict[tuple[str, str], Misnamed] = {}
    for field, word in _names(query.where):
        noun, statement = _NAMED[field]
        if noun not in known:
            known[noun] = _known(workspace, noun, statement)
        place = (noun, word.casefold())
        if place in found or any(name.casefold() == place[1] for name in known[noun]):
            continue
        close = _nicknamed(workspace, word) if noun == "repository" else None
        found[place] = Misnamed(noun, word, close or nearest(word, known[noun][:_MANY]))
        if len(found) == _FEW:
            break
    return list(found.values())


def _names(node: Node | None) -> Iterator[tuple[str, str]]:
    """Yield the fields and words by which something is asked for."""
    if isinstance(node, Joint):
        for part in node.parts:
            yield from _names(part)
    elif isinstance(node, Term) and node.op == ":" and node.field in _NAMED:
        for how, word in node.values:
            if how == IS:
                yield node.field, word


def _known(workspace: Workspace, noun: str, statement: str) -> list[str]:
    found = [name for (name,) in workspace.view().execute(statement) if name]
    if noun == "role":
        from gitcoord.api import registry  # only where a role is asked for

        try:
            found += [role["name"] for role in registry.taxonomy(workspace)]
        except InvalidError:  # roles.yaml cannot be read: `coord check` tells of it
            return found
    return found


def _nicknamed(workspace: Workspace, word: str) -> str | None:
    query = (
        "SELECT r.id FROM value v JOIN core r USING (n) WHERE v.field = 'nickname' AND v.value = ?"
    )
    row = workspace.view().execute(query, (word,)).fetchone()
    return None if row is None else str(row[0])
