"""The prompt of a run: the todo and what surrounds it, as one Markdown file.

What records say is data. It stands in quotations, line by line, so that it cannot look
like a part of the page, and without characters that steer a terminal.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_MOST = 20_000


class Page(NamedTuple):
    """What the prompt is made of: records as plain data, and facts of this machine."""

    todo: dict[str, Any]
    above: Sequence[dict[str, Any]]
    after: Sequence[tuple[str, str]]
    worktree: str
    branch: str
    base: str
    checks: Sequence[tuple[str, str, bool]]
    notes: Sequence[str] = ()


def write(page: Page) -> str:
    """Return the prompt."""
    todo = page.todo
    parts = [f"# {_id(todo)}\n\n{_quoted(todo.get('task'))}"]
    if _text(todo.get("description")):
        parts.append(f"## Description\n\n{_quoted(todo.get('description'))}")
    parts += [_criteria(page), _where(page)]
    parts += [_above(one) for one in page.above]
    if page.after:
        listed = "\n".join(f"- {id} ({status})" for id, status in page.after)
        parts.append(f"## What it came after\n\n{listed}")
    if page.notes:
        parts.append("## Notes\n\n" + "\n".join(f"- {clean(note)}" for note in page.notes))
    return "\n\n".join(parts) + "\n"


def _criteria(page: Page) -> str:
    listed = "\n".join(_criterion(*one) for one in page.checks) or "None are written down."
    return (
        "## Acceptance criteria\n\n"
        "It counts as done once the work is committed and every one of these was checked.\n\n"
        + listed
    )


def _criterion(text: str, command: str, runs: bool) -> str:
    told = "- " + (_one_line(text) or "(no text)")
    if not command:
        return f"{told}\n  - no check: a person decides"
    state = "run at the end" if runs else "not trusted, so not run"
    return f"{told}\n  - check ({state}): {_one_line(command)}"


def _where(page: Page) -> str:
    return (
        "## Where\n\n"
        f"- repository: {clean(str(page.todo.get('repo') or ''))}\n"
        f"- worktree: {clean(page.worktree)} (the current folder)\n"
        f"- branch: {clean(page.branch)}, begun at {page.base}\n\n"
        "Commit the work on this branch. Do not push and do not merge."
    )


def _above(record: dict[str, Any]) -> str:
    title = _quoted(record.get("title"))
    body = _quoted(record.get("description"))
    kind = str(record.get("kind") or "record").capitalize()
    return f"## {kind} {_id(record)}\n\n{title}" + (f"\n>\n{body}" if body else "")


def _id(record: dict[str, Any]) -> str:
    return clean(str(record.get("id") or ""))


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _quoted(value: Any) -> str:
    text = _text(value)
    if len(text) > _MOST:
        text = f"{text[:_MOST]}\n[… {len(text) - _MOST} characters left out …]"
    return "\n".join(f"> {clean(line)}".rstrip() for line in text.splitlines()) if text else ""


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()))


def clean(text: str) -> str:
    """Return a text in which nothing steers a terminal or turns the direction of reading."""
    return "".join(ch if ch.isprintable() or ch in "\u200d\ufe0f" else "\ufffd" for ch in text)
