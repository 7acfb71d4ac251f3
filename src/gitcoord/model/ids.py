"""What an id looks like, and how new ones are made.

An id is a prefix and a number or word, joined by dashes: ISSUE-001, MHV-003, TODO-k3x9q2.
It never is a path, whatever it came from.
"""

from __future__ import annotations

_WORDS = "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u: read aloud without doubt
_RANDOM = 6
_ID_MOST = 64
_NAME_MOST = 100


def is_id(text: str) -> bool:
    """Whether a text can be the id of an issue, plan, todo or dependency."""
    return (
        "-" in text
        and text.replace("-", "").isalnum()
        and text.isascii()
        and text[0].isalpha()
        and text[-1] != "-"
        and "--" not in text
        and len(text) <= _ID_MOST
    )


def is_repo_name(text: str) -> bool:
    """Whether a text can be the name of a repository."""
    plain = text.replace("-", "").replace("_", "").replace(".", "")
    return (
        (not plain or plain.isalnum())
        and text[:1].isalnum()
        and text.isascii()
        and text[-1] != "."
        and ".." not in text
        and len(text) <= _NAME_MOST
    )


def split(id: str) -> tuple[str, int | None]:
    """Return an id's prefix and its number; None where it ends in a word."""
    prefix, _, tail = id.rpartition("-")
    return prefix, int(tail) if tail.isdecimal() and len(tail) <= 18 else None


def join(prefix: str, number: int, width: int) -> str:
    """Return the id of a number, with at least `width` digits."""
    return f"{prefix}-{number:0{width}d}"


def random_id(prefix: str, token: bytes) -> str:
    """Return the id that random bytes (at least four) give: a word that is no number."""
    number = int.from_bytes(token, "big")
    word = ""
    for _ in range(_RANDOM):
        number, place = divmod(number, len(_WORDS))
        word += _WORDS[place]
    # A word of digits alone would count as a number, and its successor be handed out.
    return f"{prefix}-{'k' + word[1:] if word.isdecimal() else word}"


def parse_file_name(name: str) -> str | None:
    """Return the id in the name of a record's file; None for a name that no record has."""
    if not name.endswith(".yaml") or name.startswith(".") or not name.isprintable():
        return None
    return name[:-5]
