"""A review for people: on a terminal, and as Markdown for a comment."""

from __future__ import annotations

from gitcoord.cli import differences, faults, text
from gitcoord.cli.differences import code
from gitcoord.codec import jsontext
from gitcoord.model.findings import ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.review import Review
    from gitcoord.review.effects import Effect

MARK = "<!-- coord review -->"
"""The first line of the comment, by which the next review finds it again."""

_MEANINGS = {
    "cycle": ("stands in a cycle", "with"),
    "blocked": ("has to wait", "for"),
    "overdue": ("is overdue", ""),
    "unblocked": ("no longer waits", "for"),
    "finished": ("is finished", ""),
    "reopened": ("is open again", ""),
    "started": ("is begun", ""),
}
_STYLES = {"cycle": "red", "blocked": "red", "overdue": "red", "unblocked": "green"}
_MOST_FAULTS = 50


def json(found: Review) -> str:
    """Return a review as the documented JSON."""
    return jsontext.dumps(
        {
            "base": found.base,
            "head": found.head,
            "merged": found.merged,
            "findings": [one.as_dict() for one in found.findings],
            "known_findings": found.known,
            "changes": [differences.shaped(one) for one in found.changes],
            "effects": [
                {"id": one.id, "kind": one.kind, "effect": one.effect, "by": list(one.by)}
                for one in found.effects
            ],
        }
    )


def plain(found: Review) -> str:
    """Return a review as lines for a terminal."""
    parts = []
    if found.findings:
        parts.append(faults.plain(found.findings))
    if found.changes:
        parts.append(differences.plain(found.changes))
    if found.effects:
        lines = []
        for one in found.effects:
            said = text.style(_said(one), _STYLES.get(one.effect, ""))
            lines.append(f"{one.id} {said}  {text.style(text.inert(one.title), 'dim')}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def summary(found: Review) -> str:
    """Return a review in a line."""
    records = text.count(len(found.changes), "record")
    known = f" {text.count(found.known, 'older fault')} not counted." if found.known else ""
    return f"{records} changed; {faults.counted(found.findings)}{known}"


def markdown(found: Review) -> str:
    """Return a review as Markdown for a comment on a pull request."""
    failed = "❌" if found.failed else "✅"
    lines = [MARK, f"### {failed} coord: {summary(found)}", ""]
    for one in found.findings[:_MOST_FAULTS]:
        sign = "❌" if one.severity == ERROR else "⚠️"
        place = f"{one.path}:{one.line}" if one.line else one.path
        lines.append(f"- {sign} {code(place)} {code(one.message)}")
        if one.hint:
            lines.append(f"  - {code(one.hint)}")
    if len(found.findings) > _MOST_FAULTS:
        lines.append(f"- … and {len(found.findings) - _MOST_FAULTS} more")
    if found.effects:
        lines += ["", "**What it means**", ""]
        lines += [f"- **{one.id}** {_said(one)}: {code(one.title)}" for one in found.effects[:100]]
        if len(found.effects) > 100:
            lines.append(f"- … and {len(found.effects) - 100} more")
    if found.changes:
        room = 60_000 - sum(len(line) + 1 for line in lines)
        lines += ["", "<details><summary>Changes</summary>", ""]
        lines += [differences.markdown(found.changes, most=max(room, 1000)), "", "</details>"]
    return "\n".join(lines)


def _said(one: Effect) -> str:
    meaning, link = _MEANINGS[one.effect]
    if one.by:
        return f"{meaning} {link} {', '.join(one.by)}"
    return "is marked as blocked" if one.effect == "blocked" else meaning
