"""The query language: text to a checked tree of conditions, and back."""

from gitcoord.model.query.faults import QueryError
from gitcoord.model.query.nodes import Query
from gitcoord.model.query.syntax import parse
from gitcoord.model.query.terms import term

__all__ = ["Query", "QueryError", "parse", "term", "unparse"]


def unparse(query: Query) -> str:
    """Return the text that reads back as an equal query."""
    from gitcoord.model.query.spelling import spell  # few commands show a query

    return spell(query)
