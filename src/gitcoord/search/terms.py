"""The words of a question and of texts, as the full-text index wants them.

Every word of a question is quoted, so nothing that a person types is taken for syntax. Words
that stand in most texts are left out, unless the question has no others. A name such as
`readTimeout` counts as itself and as the words in it, in questions and in texts.
"""

from __future__ import annotations

MOST = 48
"""How many different words of a question count; a whole record can be one."""

SHARED = 0.6
"""The part of their words that two titles have in common at least, to be called alike."""

_LONGEST = 64

STOP = frozenset((
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could",
    "did", "do", "does", "for", "from", "had", "has", "have", "how", "i", "if", "in", "into",
    "is", "it", "its", "my", "no", "not", "of", "on", "or", "our", "should", "so", "some",
    "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this",
    "those", "to", "us", "was", "we", "were", "what", "when", "where", "which", "who", "why",
    "will", "with", "would", "you", "your",
))  # fmt: skip


def terms_of(text: str, most: int = MOST) -> list[str]:
    """Return the different words of a text, folded, in their order; the rest is cut off."""
    words = words_of(with_humps(text))
    different = list(dict.fromkeys(word for word in words if len(word) <= _LONGEST))
    telling = [word for word in different if word not in STOP]
    return (telling or different)[:most]


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return "".join([ch if ch.isalnum() else " " for ch in text.casefold()]).split()


def with_humps(text: str) -> str:
    """Return a text with the words that stand in its camelCase names behind it."""
    more = [
        part
        for word in text.split()
        if not (rest := word[1:]).islower() and rest != rest.lower() and len(word) <= _LONGEST
        for part in _humps(word)
    ]
    return f"{text} {' '.join(more)}" if more else text


def _humps(word: str) -> list[str]:
    """Return the parts of a camelCase word; none where it has one only."""
    cuts = [0]
    for i in range(1, len(word)):
        before, after = word[i - 1], word[i + 1 : i + 2]
        if word[i].isupper() and (
            before.islower() or before.isdigit() or (before.isupper() and after.islower())
        ):
            cuts.append(i)
    parts = [word[a:b] for a, b in zip(cuts, [*cuts[1:], len(word)], strict=True)]
    return parts if len(parts) > 1 else []


def expression(terms: list[str], column: str = "") -> str:
    """Return the full-text expression that any of the words satisfies, in one column or in any."""
    words = " OR ".join([f'"{term}"' for term in terms])
    return f"{column} : ({words})" if column else words


def stems_of(text: str) -> frozenset[str]:
    """Return the words of a title without their commonest endings, to tell whether two are alike."""
    return frozenset(stem(word) for word in terms_of(text))


def alike(stems: frozenset[str], others: frozenset[str]) -> float:
    """Return which part of the words of two titles both have; above `SHARED` they are alike."""
    return len(stems & others) / len(stems | others)


def stem(word: str) -> str:
    """Return a word without its commonest ending."""
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
