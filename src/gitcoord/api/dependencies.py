"""Whether the dependencies between repositories hold: what is declared against what is shipped.

Each dependency that is recorded, and each that is only declared, gets one verdict. Where
the repositories are not on this machine, the recorded status is all that is known, and
the reason says so.
"""

from __future__ import annotations

import json

from gitcoord.api import read
from gitcoord.api.entry import COLUMNS, entries
from gitcoord.api.verdict import Recorded, Verdict, as_recorded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace


def check(
    workspace: Workspace,
    *,
    consumer: str | None = None,
    provider: str | None = None,
    head: bool = False,
) -> list[Verdict]:
    """Return a verdict on each dependency, of one consumer or provider if named.

    `head` holds constraints against what is not released yet. A workspace that answers
    for the past tells what was recorded then.
    """
    wanted = {
        field: read.repo_named(workspace, name)
        for field, name in (("consumer", consumer), ("provider", provider))
        if name is not None
    }
    recorded = records(workspace, wanted)
    if workspace.at is not None:
        return [as_recorded(one) for one in recorded]
    from gitcoord.api.comparing import Comparison  # the past needs no manifests
    from gitcoord.api.scanning import scan

    found = scan(workspace, [wanted["consumer"]] if "consumer" in wanted else None)
    edges = [one for one in found.edges if wanted.get("provider", one.provider) == one.provider]
    return Comparison(found, edges, recorded, head).verdicts()


def check_records(workspace: Workspace, recorded: list[Recorded]) -> list[Verdict]:
    """Return a verdict on each of some records, which need not be in the store yet."""
    from gitcoord.api.comparing import Comparison  # only where there is something to compare
    from gitcoord.api.scanning import scan

    pairs = {one.key[:2] for one in recorded}
    found = scan(workspace)
    edges = [one for one in found.edges if (one.consumer, one.provider) in pairs]
    return [one for one in Comparison(found, edges, recorded, head=False).verdicts() if one.id]


def records(workspace: Workspace, wanted: dict[str, str]) -> list[Recorded]:
    """Return the dependency records, those of a consumer or provider if wanted."""
    where, words = ["r.kind = 'dependency'", "r.archived = 0"], []
    for field, name in wanted.items():
        where.append("r.n IN (SELECT n FROM value WHERE field = ? AND value = ?)")
        words += [field, name]
    found = entries(
        workspace.view().execute(
            f"SELECT {COLUMNS} FROM record r WHERE {' AND '.join(where)} ORDER BY r.sort", words
        )
    )
    return [Recorded(str(entry.id), entry.path, json.loads(entry.json())) for entry in found]
