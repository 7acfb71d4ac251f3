"""Cargo's version requirements, as the crate `semver` reads and matches them.

No library for Python has these rules, and npm's differ where pre-releases and shortened
versions meet, so this follows the crate step by step (its `parse.rs` and `eval.rs`).
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    Pre = tuple[int, tuple[tuple[int, int, str], ...]]
    Comparator = tuple[str, tuple[int, ...], Pre]

_NUMBER = r"(?:0|[1-9][0-9]{0,19})"
_PART = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_TAIL = rf"(?:-(?P<pre>{_PART}))?(?:\+{_PART})?"
_ONE = re.compile(
    rf" *(?P<sign>=|>=?|<=?|~|\^)? *(?P<major>{_NUMBER})"
    rf"(?:\.(?:(?P<wild>[*xX](?:\.[*xX])?)|(?P<minor>{_NUMBER})"
    rf"(?:\.(?:(?P<wilder>[*xX])|(?P<patch>{_NUMBER}){_TAIL}))?))? *"
)
_VERSION = re.compile(rf"v?({_NUMBER})\.({_NUMBER})\.({_NUMBER}){_TAIL}")
_MOST = 32
_RELEASE: Pre = (1, ())


def requirement(text: str) -> list[Comparator] | None:
    """Return the comparators that a version has to meet all of; None for what Cargo refuses."""
    if re.fullmatch(r" *[*xX] *", text):
        return []
    found: list[Comparator] = []
    for one in text.split(","):
        match = _ONE.fullmatch(one)
        pre = _pre(match["pre"]) if match else None
        if match is None or pre is None or len(found) == _MOST:
            return None
        numbers = tuple(int(match[name]) for name in ("major", "minor", "patch") if match[name])
        if max(numbers) >> 64:
            return None
        wild = match["wild"] or match["wilder"]
        found.append((match["sign"] or ("=" if wild else "^"), numbers, pre))
    return found


def version(text: str) -> tuple[tuple[int, ...], Pre] | None:
    """Return the numbers and the pre-release of a version; None for what is none."""
    match = _VERSION.fullmatch(text)
    pre = _pre(match["pre"]) if match else None
    if match is None or pre is None:
        return None
    return (int(match[1]), int(match[2]), int(match[3])), pre


def _pre(text: str | None) -> Pre | None:
    """Return a pre-release in its order: numbers before words, a release after all of them."""
    if text is None:
        return _RELEASE
    parts = text.split(".")
    if any(one.isdigit() and one[0] == "0" and len(one) > 1 for one in parts):
        return None
    return 0, tuple((0, int(one), "") if one.isdigit() else (1, 0, one) for one in parts)


def meets(asked: list[Comparator], numbers: tuple[int, ...], pre: Pre) -> bool:
    """Whether a version meets all comparators.

    A pre-release does so only where a comparator names a pre-release of the same three numbers.
    """
    if not all([_meets(one, numbers, pre) for one in asked]):
        return False
    return pre == _RELEASE or any([one[1] == numbers and one[2] != _RELEASE for one in asked])


def _meets(one: Comparator, numbers: tuple[int, ...], pre: Pre) -> bool:
    sign, asked, least = one
    head, whole = numbers[: len(asked)], len(asked) == 3
    exact = head == asked and pre == least
    if sign == "~":
        return head[:2] == asked[:2] and (head, pre) >= (asked, least)
    if sign == "^":
        return _caret(asked, head) and (not whole or (head, pre) >= (asked, least))
    if sign.startswith(">"):
        later = head > asked or (whole and head == asked and pre > least)
        return later or (sign == ">=" and exact)
    if sign.startswith("<"):
        earlier = head < asked or (whole and head == asked and pre < least)
        return earlier or (sign == "<=" and exact)
    return exact


def _caret(asked: tuple[int, ...], head: tuple[int, ...]) -> bool:
    """Whether a version agrees up to the first number that is not 0, and is not before."""
    first = next((at for at, one in enumerate(asked) if one), len(asked) - 1)
    return head[: first + 1] == asked[: first + 1] and head >= asked
