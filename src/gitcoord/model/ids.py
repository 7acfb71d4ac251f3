"""What an id looks like, and how ids sort."""

from __future__ import annotations

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def is_id(text: str) -> bool:
    if not text.isascii() or len(text) > 64 or "-" not in text:
        return False
    parts = text.split("-")
    return text[0].isalpha() and all(part.isalnum() for part in parts)


def is_repo_name(text: str) -> bool:
    return (
        0 < len(text) <= 100
        and text.isascii()
        and text[0].isalnum()
        and ".." not in text
        and all(ch.isalnum() or ch in "._-" for ch in text)
    )


def split(id: str) -> tuple[str, int | None]:
    prefix, _, tail = id.rpartition("-")
    return (prefix, int(tail)) if tail.isdigit() else (prefix, None)


def join(prefix: str, number: int, width: int) -> str:
    return f"{prefix}-{number:0{width}d}"


def random_id(prefix: str, token: bytes) -> str:
    number = int.from_bytes(token, "big")
    tail = ""
    for _ in range(6):
        number, digit = divmod(number, 32)
        tail += _DIGITS[digit]
    return f"{prefix}-{tail}"


def sort_key(id: str) -> tuple[str | int, ...]:
    found: list[str | int] = []
    word = ""
    for ch in id:
        if word and ch.isdigit() != word[-1].isdigit():
            found.append(int(word) if word.isdigit() else word)
            word = ""
        word += ch
    if word:
        found.append(int(word) if word.isdigit() else word)
    return tuple(found)


def parse_file_name(name: str) -> str | None:
    if not name.endswith(".yaml") or name.startswith("."):
        return None
    return name[:-5]
