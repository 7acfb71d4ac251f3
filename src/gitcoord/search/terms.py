"""The words of a question, as the full-text index wants them.

Every word is quoted, so nothing that a person types is taken for syntax. Words that stand
in most texts are left out, unless the question has no others.
"""

from __future__ import annotations

MOST = 48
"""How many different words of a question count; a whole record can be one."""

_STOP = frozenset((
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could",
    "did", "do", "does", "for", "from", "had", "has", "have", "how", "i", "if", "in", "into",
    "is", "it", "its", "my", "no", "not", "of", "on", "or", "our", "should", "so", "some",
    "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this",
    "those", "to", "us", "was", "we", "were", "what", "when", "where", "which", "who", "why",
    "will", "with", "would", "you", "your",
))  # fmt: skip


def terms_of(text: str, most: int = MOST) -> list[str]:
    """Return the different words of a text, folded, in their order; the rest is cut off."""
    folded = text.casefold()
    words = "".join([ch if ch.isalnum() else " " for ch in folded]).split()
    different = list(dict.fromkeys(word for word in words if len(word) <= 64))
    telling = [word for word in different if word not in _STOP]
    return (telling or different)[:most]


def expression(terms: list[str], column: str = "") -> str:
    """Return the full-text expression that any of the words satisfies, in one column or in any."""
    words = " OR ".join([f'"{term}"' for term in terms])
    return f"{column} : ({words})" if column else words


def stems_of(text: str) -> frozenset[str]:
    """Return the words of a title without their commonest endings, to tell whether two are alike."""
    return frozenset(_stem(word) for word in terms_of(text))


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
