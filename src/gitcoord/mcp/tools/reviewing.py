"""Whether records are in order, those that are there and those of a branch; whose commands are trusted."""

from __future__ import annotations

from gitcoord.mcp import filters
from gitcoord.mcp.answer import ANY, LIST, Answer, line, short, simple
from gitcoord.mcp.parameters import choice, text
from gitcoord.mcp.tool import Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.trusting import Standing
    from gitcoord.mcp.call import Call
    from gitcoord.model.findings import Finding

_SHOWN = 30
_MOST = 200
"""In the data of a review: `coord review` has all of them."""
_WIDE = 200


def _check(call: Call) -> Answer:
    from gitcoord.api import checking  # few calls ask for faults

    found = [
        one for one in checking.check(call.workspace) if call["severity"] in (None, one.severity)
    ]
    return simple(
        call, [one.as_dict() for one in found], [_fault(one) for one in found], "findings"
    )


def _fault(one: Finding) -> str:
    place = f"{one.path}:{one.line}:{one.column}" if one.line else one.path
    field = f"{one.field}: " if one.field else ""
    return line(f"{one.severity} {place} {field}{one.message} [{one.code}] {one.hint}")


def _review(call: Call) -> Answer:
    from gitcoord.api import review  # merges in memory

    call.step(0, 1, "merges without touching anything")
    found = review.review(call.workspace, call["base"], call["head"] or "HEAD")
    changes = [f"{one.id} {one.change}: {', '.join(one.fields)}" for one in found.changes]
    effects = [line(f"{one.id} {one.effect} {', '.join(one.by)}") for one in found.effects]
    verdict = "Not in order" if found.failed else "In order"
    head = (
        f"{verdict}: {len(found.findings)} findings, {len(found.changes)} records change;"
        f" {found.known} faults were there before"
    )
    lines = [head, *map(_fault, found.findings[:_SHOWN]), *effects[:_SHOWN]]
    lines += [short(line(one), 120) for one in changes[:_SHOWN]]
    more = len(changes) - _SHOWN
    if more > 0:
        lines.append(f"… and {more} more records")
    data = {
        "failed": found.failed,
        "findings": [one.as_dict() for one in found.findings[:_MOST]],
        "changes": [{"id": one.id, "change": one.change, "fields": [*one.fields]}
                    for one in found.changes[:_MOST]],
        "effects": effects[:_MOST],
        "totals": {"findings": len(found.findings), "changes": len(changes), "effects": len(effects)},
    }  # fmt: skip
    return Answer("\n".join(lines), data)


def _trust(call: Call) -> Answer:
    from gitcoord.api import trusting  # asks what stands on the protected branch

    found = trusting.standings(call.workspace, [call["id"]] if call["id"] else None)
    lines = [_stands(one) for one in found]
    return simple(call, [_standing(one) for one in found], lines, "commands")


def _standing(one: Standing) -> dict[str, object]:
    """Return how a command stands; the folder it runs in is this machine's own business."""
    check = one.check
    return {
        "id": check.id, "kind": check.kind, "field": check.field, "command": check.command,
        "expected_pattern": check.pattern, "timeout": check.timeout, "repo": check.repo,
        "state": one.state, "trusted": one.by, "source": one.source, "since": one.since,
        "reason": one.reason,
    }  # fmt: skip


def _stands(one: Standing) -> str:
    by = f" by {one.source or one.by}" if one.by else ""
    why = f" ({one.reason})" if one.reason else ""
    return short(
        line(f"{one.check.id} {one.check.field} {one.state}{by}: {one.check.command}{why}"), _WIDE
    )


CHECK = Tool(
    "coord_check",
    _check,
    "Report every fault in the records, with its place and how to mend it.",
    [choice("severity", ("error", "warning")), *filters.PAGE],
    shape=LIST,
)
REVIEW = Tool(
    "coord_review",
    _review,
    "Judge what merging a branch would make of the records: faults, changes, effects.",
    [text("base", example="main").needed(), text("head")],
    shape=ANY,
    slow=True,
)
TRUST = Tool(
    "coord_get_trust",
    _trust,
    "Tell which commands of records are trusted; to approve them is for people.",
    [text("id", example="TODO-001"), *filters.PAGE],
    shape=LIST,
)
