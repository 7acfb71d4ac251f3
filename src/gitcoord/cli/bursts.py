"""What changes of the records led to, for people: what is new, what is mended, how many are left."""

from __future__ import annotations

from gitcoord.cli import faults, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.watching import Burst
    from gitcoord.model.findings import Finding

CLEAR = "\x1b[H\x1b[2J\x1b[3J"
_NAMED = 3


def state(burst: Burst) -> str:
    """Return all that is wrong, as `coord check` shows it, and what is mended."""
    lines = [faults.plain(burst.found)] if burst.found else []
    lines += _mended(burst.news.mended)
    if burst.changed:
        lines.append(f"{_clock(burst)} {_changed(burst.changed)}")
    return "\n".join([*lines, f"{_clock(burst)} {_left(burst)}"])


def change(burst: Burst) -> str:
    """Return what a change made better or worse."""
    named = _changed(burst.changed)
    if not burst.news and burst.error is None:
        return f"{_clock(burst)} {f'{named}: ' if named else ''}nothing new; {_left(burst)}"
    lines = [f"{_clock(burst)} {named}"] if named else []
    lines += [faults.plain(burst.news.new)] if burst.news.new else []
    return "\n".join([*lines, *_mended(burst.news.mended), f"{_clock(burst)} {_left(burst)}"])


def _mended(found: Sequence[Finding]) -> list[str]:
    lines = []
    for one in found:
        said = f"{f'{one.field}: ' if one.field else ''}{text.inert(one.message)}"
        code = text.style(f"[{one.code}]", "dim")
        lines.append(f"{text.style('mended', 'green')}: {text.inert(one.path)}: {said} {code}")
    return lines


def _changed(paths: Sequence[str]) -> str:
    named = ", ".join(map(text.inert, paths[:_NAMED]))
    more = len(paths) - _NAMED
    return f"{named} and {text.count(more, 'other file')}" if more > 0 else named


def _left(burst: Burst) -> str:
    if burst.error is not None:
        return " ".join(map(text.inert, (burst.error.message, burst.error.hint))).rstrip()
    return faults.counted(burst.found or [])


def _clock(burst: Burst) -> str:
    return text.style(burst.time.strftime("%H:%M:%S"), "dim")
