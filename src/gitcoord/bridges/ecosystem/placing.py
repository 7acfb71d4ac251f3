"""Which repositories a record is about, where the file says it in a roundabout way.

A todo must name its repository. Old files leave that to its issue, and the issue to the
paths of the files it affects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gitcoord.bridges.ecosystem.catalogue import Catalogue
from gitcoord.bridges.ecosystem.origin import digest
from gitcoord.model.ids import is_repo_name
from gitcoord.model.kinds import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitcoord.bridges.ecosystem.notes import Ledger

    Known = Mapping[str, Sequence[Mapping[str, Any]]]


class Item:
    """One item on its way: as the file has it, as record data, and the hub's record if any."""

    __slots__ = ("data", "digest", "kind", "known", "label", "raw")

    def __init__(self, kind: str, label: str, raw: dict[str, Any], data: dict[str, Any]) -> None:
        self.kind = kind
        self.label = label
        self.raw = raw
        self.data = data
        self.digest = digest(raw)
        self.known: Mapping[str, Any] | None = None


def place(items: list[Item], known: Known, ledger: Ledger, default: str | None = None) -> None:
    """Fill in the repositories of issues and todos, `default` for todos that nothing else tells.

    Refuses a todo that is left without one.
    """
    repos = [item.data for item in items if item.kind == "repo"]
    for data in repos:
        if not isinstance(data.get("name"), str) or not is_repo_name(data["name"]):
            ledger.refuse(
                f"{data.get('name')!r:.80} cannot be the name of a repository.",
                "Give each repository a `name:` of letters, digits, `.`, `_` and `-`.",
            )
    catalogue = Catalogue([*repos, *known.get("repo", ())])
    for item in items:
        catalogue.resolve(item.data, item.label, ledger)
    issues: dict[Any, Mapping[str, Any]] = {data.get("id"): data for data in known.get("issue", ())}
    for item in items:
        if item.kind == "issue":
            metadata = item.data.get("metadata")
            files = metadata.get("affected_files") if isinstance(metadata, dict) else None
            name = catalogue.of_files(files)
            if name is not None and not item.data.get("repos"):
                item.data = _with(item, "repos", [name])
                ledger.say(item.label, "repos", f"All affected_files lie in the package of {name}.")
            issues[item.data.get("id")] = item.data
        elif item.kind == "todo" and item.data.get("repo") is None:
            _todo(item, issues.get(item.data.get("issue"), {}), ledger, default)
            catalogue.resolve(item.data, item.label, ledger)


def _todo(item: Item, issue: Mapping[str, Any], ledger: Ledger, default: str | None) -> None:
    repos = issue.get("repos")
    if isinstance(repos, list) and len(repos) == 1:
        item.data = _with(item, "repo", repos[0])
        ledger.say(item.label, "repo", f"Taken from its issue {issue.get('id')}: {repos[0]}.")
        return
    if default is not None:
        item.data = _with(item, "repo", default)
        ledger.say(item.label, "repo", f"The file says none; {default} was given for it.")
        return
    ledger.refuse(
        f"{item.label}: a todo needs a repo, and neither it nor its issue names just one.",
        "Add `repo:` to it, or say it for all such todos with --map todo.repo=NAME.",
    )


def _with(item: Item, field: str, value: Any) -> dict[str, Any]:
    full = {**item.data, field: value}
    ordered = {name: full[name] for name in BY_NAME[item.kind].fields if name in full}
    return {**ordered, **full}
