"""What can be read by address: records, the hub at a glance, the first page, the schemas."""

from __future__ import annotations

import os
import re

from mcp_types import Resource, ResourceTemplate, TextResourceContents

from gitcoord.api import overview, priming, read, setup
from gitcoord.codec import jsontext
from gitcoord.errors import NotFoundError
from gitcoord.model.kinds import BY_NAME, KINDS
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace

OVERVIEW = "coord://overview"
PRIME = "coord://prime"
_ADDRESS = re.compile(r"coord://([a-z]+)(?:/([^/?#]{1,100}))?")
_JSON = "application/json"
_MOST_IDS = 100


def listed() -> list[Resource]:
    """Return the resources that have an address of their own."""
    schemas = [
        Resource(uri=f"coord://schema/{name.removesuffix('.schema.json')}",
                 name=f"schema {name.removesuffix('.schema.json')}", mime_type="application/schema+json")
        for name in setup.schemas()
    ]  # fmt: skip
    return [
        Resource(uri=OVERVIEW, name="overview", mime_type=_JSON,
                 description="The hub at a glance: what is open, ready, blocked, overdue, by repository."),
        Resource(uri=PRIME, name="prime", mime_type="text/markdown",
                 description="One page to read first: what the hub is, what is ready, house rules."),
        *schemas,
    ]  # fmt: skip


def templates() -> list[ResourceTemplate]:
    """Return the addresses of records."""
    return [
        ResourceTemplate(
            uri_template=f"coord://{kind.name}/{{{_key(kind.name)}}}", name=kind.name,
            mime_type=_JSON, description=f"One {kind.name}, as JSON.",
        )
        for kind in KINDS
    ]  # fmt: skip


def _key(kind: str) -> str:
    return "name" if kind == "repo" else "id"


def contents(workspace: Workspace, uri: str) -> TextResourceContents:
    """Return what stands at an address; raise `NotFoundError` where nothing does."""
    found = _ADDRESS.fullmatch(uri)
    kind, id = found.groups() if found else ("", None)
    if kind in BY_NAME and id:
        return _text(uri, read.get(workspace, id, kind).json())
    if kind == "schema" and id:
        text = setup.schemas().get(f"{id}.schema.json")
        if text is not None:
            return _text(uri, text.decode(), "application/schema+json")
    if uri == OVERVIEW:
        data = overview.overview(workspace).as_dict()
        del data["hub"]  # a path of the server's machine is nobody's business
        return _text(uri, jsontext.dumps(data))
    if uri == PRIME:
        return _text(uri, priming.page(workspace), "text/markdown")
    raise NotFoundError(
        f"There is nothing at {uri!r}.",
        hint="Addresses look like coord://issue/ISSUE-001, coord://schema/issue, coord://overview.",
    )


def _text(uri: str, text: str, mime: str = _JSON) -> TextResourceContents:
    return TextResourceContents(uri=uri, mime_type=mime, text=text)


def ids(workspace: Workspace, kind: str, begin: str) -> tuple[list[str], int]:
    """Return the ids of a kind that begin with some letters, the newest first, and how many there are."""
    rows = workspace.view().execute(
        "SELECT id FROM record WHERE kind = ? AND archived = 0 AND substr(id, 1, ?) = ? COLLATE NOCASE"
        " ORDER BY open DESC, sort DESC",
        (kind, len(begin), begin),
    )
    found = [row[0] for row in rows]
    return found[:_MOST_IDS], len(found)


def mark(workspace: Workspace, uri: str) -> object:
    """Return something that is another when the resource at an address may have changed."""
    found = _ADDRESS.fullmatch(uri)
    kind, id = found.groups() if found else ("", None)
    if kind in BY_NAME and id and layout.fits(BY_NAME[kind], id):
        return tuple(
            _stamp(
                os.path.join(workspace.repo.root, layout.path_of(BY_NAME[kind], id, archived=away))
            )
            for away in (False, True)
        )
    if uri in (OVERVIEW, PRIME):
        return contents(workspace, uri).text
    return None


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        seen = os.stat(path)
    except OSError:
        return None
    return (seen.st_mtime_ns, seen.st_size, seen.st_ino)
