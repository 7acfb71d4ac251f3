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
    from collections.abc import Sequence

    from gitcoord.api.workspace import Workspace


def check(
    workspace: Workspace,
    *,
    consumer: str | Sequence[str] | None = None,
    provider: str | Sequence[str] | None = None,
    ids: Sequence[str] = (),
    head: bool = False,
) -> list[Verdict]:
    """Return a verdict on each dependency, of some consumers, providers or records if named."""
    return look(workspace, consumer=consumer, provider=provider, ids=ids, head=head)[0]


def look(
    workspace: Workspace,
    *,
    consumer: str | Sequence[str] | None = None,
    provider: str | Sequence[str] | None = None,
    ids: Sequence[str] = (),
    head: bool = False,
) -> tuple[list[Verdict], list[str]]:
    """Return the verdicts, and the places in manifests that nobody can read.

    `head` holds constraints against what is not released yet. A workspace that answers
    for the past tells what was recorded then.
    """
    wanted = {
        field: [read.repo_named(workspace, name) for name in several(names)]
        for field, names in (("consumer", consumer), ("provider", provider))
        if names
    }
    if ids:
        wanted["id"] = [str(read.get(workspace, id, "dependency").id) for id in ids]
    recorded = records(workspace, wanted)
    if workspace.at is not None:
        return [as_recorded(one) for one in recorded], []
    from gitcoord.api.comparing import Comparison  # the past needs no manifests
    from gitcoord.api.scanning import scan

    found = scan(workspace, wanted.get("consumer"))
    edges = [one for one in found.edges if one.provider in wanted.get("provider", [one.provider])]
    verdicts = Comparison(found, edges, recorded, head).verdicts()
    unread = [f"{name}/{place}" for name in sorted(found.consumers)
              for place, _ in found.surveyed[name].broken()]  # fmt: skip
    return [one for one in verdicts if one.id] if ids else verdicts, unread


def several(names: str | Sequence[str] | None) -> list[str]:
    """Return names that were given as one, several, or none."""
    if names is None:
        return []
    return list(dict.fromkeys([names] if isinstance(names, str) else names))


def check_records(workspace: Workspace, recorded: list[Recorded]) -> list[Verdict]:
    """Return a verdict on each of some records, which need not be in the store yet."""
    from gitcoord.api.comparing import Comparison  # only where there is something to compare
    from gitcoord.api.scanning import scan

    pairs = {one.key[:2] for one in recorded}
    found = scan(workspace)
    edges = [one for one in found.edges if (one.consumer, one.provider) in pairs]
    return [one for one in Comparison(found, edges, recorded, head=False).verdicts() if one.id]


def records(workspace: Workspace, wanted: dict[str, list[str]]) -> list[Recorded]:
    """Return the dependency records, those of some consumers, providers or ids if wanted."""
    where, words = ["r.kind = 'dependency'", "r.archived = 0"], []
    for field, names in wanted.items():
        marks = ",".join("?" * len(names))
        if field == "id":
            where.append(f"r.id IN ({marks})")
        else:
            where.append(f"r.n IN (SELECT n FROM value WHERE field = ? AND value IN ({marks}))")
            words.append(field)
        words += names
    found = entries(
        workspace.view().execute(
            f"SELECT {COLUMNS} FROM record r WHERE {' AND '.join(where)} ORDER BY r.sort", words
        )
    )
    return [Recorded(str(entry.id), entry.path, json.loads(entry.json())) for entry in found]
