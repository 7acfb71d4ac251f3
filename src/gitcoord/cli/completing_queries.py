"""What TAB offers inside a query: fields, and the values of the field that stands before."""

from __future__ import annotations

from gitcoord.model.query import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Values = Callable[[str, str], list[str]]
    """The values there are of a sort that begin with a text, maybe with a description."""

_FROM_HUB = {
    "repo": "repo", "consumer": "repo", "provider": "repo", "label": "label", "role": "role",
    "tag": "tag", "assignee": "assignee", "id": "id", "issue": "id", "plan": "id",
}  # fmt: skip
_WORDS = {
    **fields.CHOICES,
    "has": fields.PRESENT,
    "no": fields.PRESENT,
    "sort": fields.SORTS,
    "group": fields.GROUPS,
}


def complete(typed: str, values: Values) -> list[str]:
    """Return the candidates for the term that is being typed."""
    begun = len(typed) - len(typed.lstrip("-!("))
    lead, term = typed[:begun], typed[begun:]
    signs = [at for at in map(term.find, (":", "=", "<", ">")) if at >= 0]
    if not signs:
        names = [*fields.SORT_OF, *fields.WHOLE] if term else []
        return [f"{lead}{name}:" for name in names if name.startswith(term)]
    field = fields.canonical(term[: min(signs)].rstrip("!"))
    last = max(map(term.rfind, (":", "=", "<", ">", ",")))
    if field is None or '"' in term:
        return []
    lead, part = lead + term[: last + 1], term[last + 1 :]
    if field == "sort" and part.startswith("-"):
        lead, part = f"{lead}-", part[1:]
    if field in _WORDS:
        return [f"{lead}{word}" for word in _WORDS[field] if word.startswith(part)]
    found = values(_FROM_HUB[field], part) if field in _FROM_HUB else []
    return [f"{lead}{one}" for one in found if " " not in one.partition("\t")[0]]
