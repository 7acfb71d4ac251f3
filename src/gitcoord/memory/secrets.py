"""Mask what must not be told: tokens, keys and passwords in messages of tools.

The journal is pushed to others, and what is once pushed cannot be called back. So each
text is masked before it is written: known forms of tokens, values behind words such as
`password=`, credentials in addresses, private keys, and long words that look random.
"""

from __future__ import annotations

import re

MASK = "[masked]"

_FORMS = re.compile(
    r"""-----BEGIN[A-Z ]*PRIVATE\ KEY-----(?:.*?-----END[A-Z ]*PRIVATE\ KEY-----|.*)
    |\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?                   # JSON web tokens
    |\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bgl(?:pat|ptt|dt|rt|cbt)-[\w-]{16,}
    |\bxox[a-z]-[\w-]{8,}|\bxapp-[\w-]{8,}|hooks\.slack\.com/services/[\w/]+
    |\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b|\bAIza[\w-]{30,}|\bya29\.[\w-]{10,}
    |\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[\w-]{16,}
    |\bpypi-[\w-]{16,}|\bnpm_\w{20,}|\bhf_\w{20,}|\bdop_v1_\w{20,}|\bSG\.[\w-]{16,}\.[\w-]{16,}
    |\bshpat_\w{20,}|\bglsa_\w{20,}|\bdckr_pat_[\w-]{16,}|\bAGE-SECRET-KEY-\w+""",
    re.VERBOSE | re.DOTALL,
)
_ADDRESS = re.compile(r"(?<=://)([^\s/:@]*):([^\s/@]+)@")
_NAMED = re.compile(
    r"""(?P<name>(?:\b|_|-)(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key
    |private[_-]?key|client[_-]?secret|credentials?|auth)["']?\s*(?:=|:|=>)\s*["']?)
    (?P<value>[^\s"',;&]{6,})""",
    re.VERBOSE | re.IGNORECASE,
)
_HEADER = re.compile(
    r"\b(authorization\s*[:=]\s*)?\b(bearer|basic|token)\s+[\w.+/=~-]{12,}", re.IGNORECASE
)
_LONG_WORD = re.compile(r"(?<![\w/.+-])[A-Za-z0-9+/_-]{32,}={0,2}(?![\w/.-])")
_VARIETY = 14


def masked(text: str) -> str:
    """Return a text with every secret in it replaced by a mask."""
    text = _FORMS.sub(MASK, text)
    text = _ADDRESS.sub(f"{MASK}@", text)
    text = _HEADER.sub(lambda found: f"{found[1] or ''}{found[2]} {MASK}", text)
    text = _NAMED.sub(_unless_a_word, text)
    return _LONG_WORD.sub(lambda found: MASK if _is_random(found[0]) else found[0], text)


def _unless_a_word(found: re.Match[str]) -> str:
    """Mask a value; `token: expected` and `auth: failed` are what compilers say."""
    value = found["value"]
    word = value.rstrip(".").isalpha() and (value.islower() or value.istitle())
    said = word and ":" in found["name"] and found["name"].casefold().startswith(("token", "auth"))
    return found[0] if said or value == MASK else f"{found['name']}{MASK}"


def _is_random(word: str) -> bool:
    """Whether a long word mixes letters and digits as nobody writes them."""
    return (
        any(ch.isdigit() for ch in word)
        and any(ch.isupper() for ch in word)
        and any(ch.islower() for ch in word)
        and len(set(word)) >= _VARIETY
        and "/" not in word[:1]
    )
