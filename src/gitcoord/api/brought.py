"""What a change would let run, or run elsewhere, once it is merged.

The protected branch is what trusts commands, so whoever merges approves them. A review
that did not show each new one would have them approved unseen.
"""

from __future__ import annotations

from gitcoord.git import reviewed
from gitcoord.model.checks import SETTINGS
from gitcoord.model.findings import WARNING, Finding
from gitcoord.model.kinds import REPO
from gitcoord.store import layout, trust

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.model.checks import Check
    from gitcoord.model.difference import Difference

_MOST = 8192
_WITH_CHECKS = ("dependency", "todo", "plan")


def commands(after: Workspace, old: str, new: str, changes: list[Difference]) -> list[Finding]:
    """Return a warning for each command that a change brings in, moves, or has trusted elsewhere."""
    places = _places(after, changes)
    before = reviewed.files(after.repo, old, [*places, layout.SETTINGS])
    now = reviewed.files(after.repo, new, [*places, layout.SETTINGS])
    found = _protected(before.get(layout.SETTINGS), now.get(layout.SETTINGS))
    for path, (kind, id) in [*places.items(), (layout.SETTINGS, (SETTINGS, ""))]:
        had = {one.sameness for one in trust.checks_in(kind, id, before.get(path, b""))}
        raw = now.get(path, b"")
        found += [_brought(path, raw, one) for one in trust.checks_in(kind, id, raw)
                  if one.sameness not in had]  # fmt: skip
    return found + _moved(changes)


def _places(after: Workspace, changes: list[Difference]) -> dict[str, tuple[str, str]]:
    """Return where the changed records that can hold commands lie, with kind and id."""
    found = {}
    for one in changes:
        if one.change == "removed" or one.kind not in _WITH_CHECKS:
            continue
        rows = after.view().execute(
            "SELECT path FROM core WHERE id = ? AND kind = ?", (one.id, one.kind)
        )
        found.update({row[0]: (one.kind, one.id) for row in rows})
    return found


def _brought(path: str, raw: bytes, check: Check) -> Finding:
    from gitcoord.codec import marks  # only where a change brings a command

    line, column = marks.locate(raw, _steps(check.field))
    where = f" in {check.repo}" if check.repo else ""
    shown = repr(check.command)
    if len(shown) > _MOST:  # longer ones are never run
        shown = f"{shown[:200]}… ({len(shown)} characters)"
    return Finding(
        path=path, line=line, column=column, id=check.id, field=check.field,
        code="brings-command", severity=WARNING,
        message=f"Once this is merged, {shown} is trusted to run{where}.",
        hint="Review it as code.",
    )  # fmt: skip


def _steps(field: str) -> tuple[str | int, ...]:
    """Return the steps to a field, as far as they can be told from its name."""
    steps: list[str | int] = []
    for part in field.split("."):
        name, _, place = part.partition("[")
        steps.append(name)
        if place and not place[:-1].isdecimal():
            break  # a milestone, by its name
        if place:
            steps.append(int(place[:-1]))
    return tuple(steps)


def _moved(changes: list[Difference]) -> list[Finding]:
    return [
        Finding(
            path=layout.path_of(REPO, one.id), id=one.id, field="path", code="moves-commands",
            severity=WARNING,
            message=f"Once this is merged, trusted commands run in {one.fields['path'][1]!r}.",
            hint="Git config `coord.repo.NAME.path` goes before what a record says.",
        )
        for one in changes
        if one.kind == "repo" and one.change != "removed" and one.fields.get("path", (None, None))[1]
    ]  # fmt: skip


def _protected(before: bytes | None, now: bytes | None) -> list[Finding]:
    from gitcoord.codec.read import Malformed, parse  # the settings seldom differ

    if before == now:
        return []
    named = []
    for raw in (before, now):
        try:
            named.append(parse(raw).get("protected_branch") if raw else None)
        except Malformed:
            named.append(None)
    if named[0] == named[1]:
        return []
    return [Finding(
        path=layout.SETTINGS, field="protected_branch", code="protected-branch", severity=WARNING,
        message=f"Once this is merged, {named[1] or 'the default branch'} decides what is trusted.",
        hint="Is that branch protected on the forge?",
    )]  # fmt: skip
