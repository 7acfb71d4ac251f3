"""The dependencies that the repositories really declare, read from their manifests."""

from __future__ import annotations

import json

from gitcoord.api import matching, read
from gitcoord.api.surveying import survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.matching import Edge
    from gitcoord.api.surveying import Surveyed
    from gitcoord.api.workspace import Workspace
    from gitcoord.model.findings import Finding


class Scan:
    """What the repositories declare of each other, and what stood in the way."""

    __slots__ = ("consumers", "edges", "findings", "repos", "surveyed")

    def __init__(
        self,
        repos: dict[str, dict[str, Any]],
        surveyed: dict[str, Surveyed],
        consumers: set[str],
        edges: list[Edge],
        findings: list[Finding],
    ) -> None:
        self.repos = repos
        self.surveyed = surveyed
        self.consumers = consumers
        self.edges = edges
        self.findings = findings

    def missing(self) -> dict[str, str]:
        """Return the repositories that could not be read, each with the reason."""
        return {name: one.missing for name, one in self.surveyed.items() if one.tree is None}


def scan(
    workspace: Workspace, consumers: list[str] | None = None, *, ref: str | None = None
) -> Scan:
    """Return what repositories declare, of some consumers if named."""
    repos = registered(workspace)
    wanted = [read.repo_named(workspace, name) for name in consumers or ()]
    # Providers are known by their own manifests, so every repository is looked at.
    surveyed = survey(workspace, [*repos, *_mentioned(workspace, repos)], ref=ref)
    names = matching.Names(repos, surveyed)
    asked = [one for name, one in surveyed.items() if not wanted or name in wanted]
    found = matching.edges(names, asked)
    found.sort(key=lambda one: (one.consumer, one.provider, one.file, one.need.line or 0))
    flaws = matching.findings(asked)
    return Scan(repos, surveyed, {one.name for one in asked}, found, [*names.findings, *flaws])


def registered(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Return the record of each repository of the registry."""
    rows = workspace.view().execute(
        "SELECT id, json FROM record WHERE kind = 'repo' AND archived = 0 ORDER BY sort"
    )
    return {name: json.loads(whole + "}") for name, whole in rows}


def _mentioned(workspace: Workspace, known: dict[str, Any]) -> list[str]:
    rows = workspace.view().execute(
        "SELECT DISTINCT v.value FROM value v JOIN record r USING (n) WHERE r.kind = 'dependency'"
        " AND r.archived = 0 AND v.field IN ('consumer', 'provider') ORDER BY v.value"
    )
    return [name for (name,) in rows if name not in known]
