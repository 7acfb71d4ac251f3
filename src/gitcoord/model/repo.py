"""Repositories of the ecosystem, and the roles they play."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gitcoord.model.shared import Part, Record, RepoName, Word

RepoStatus = Literal["active", "inactive", "experimental", "deprecated", "archived"]


class Repo(Record):
    """A repository that the hub coordinates."""

    name: Annotated[
        RepoName, Field(title="Name", description="The name of the file without its ending.")
    ]
    package: Annotated[
        str | None,
        Field(title="Package", description="The package it ships.", examples=["session_buddy"]),
    ] = None
    role: Annotated[
        str | None,
        Field(
            title="Role", description="The role it plays; see roles.yaml.", examples=["resolver"]
        ),
    ] = None
    status: Annotated[
        RepoStatus | None,
        Field(title="Status", description="Where it stands.", examples=["active"]),
    ] = None
    description: Annotated[
        str | None, Field(title="Description", description="What it is for.")
    ] = None
    tags: Annotated[
        list[Word] | None,
        Field(title="Tags", description="Words to choose it by.", examples=[["python", "mcp"]]),
    ] = None
    nicknames: Annotated[
        list[Word] | None,
        Field(title="Nicknames", description="Other names that commands take.", examples=[["mh"]]),
    ] = None
    url: Annotated[
        str | None,
        Field(
            title="URL",
            description="Where it can be cloned from.",
            examples=["https://example.org/oneiric.git"],
        ),
    ] = None
    path: Annotated[
        str | None,
        Field(
            title="Path",
            description="Where it usually lies; git config coord.repo.NAME.path goes first.",
            examples=["../oneiric"],
        ),
    ] = None


class Role(Part):
    """A role that repositories play."""

    name: Annotated[Word, Field(title="Name", description="Its name.", examples=["foundation"])]
    description: Annotated[
        str | None, Field(title="Description", description="What repositories of this role do.")
    ] = None
    tags: Annotated[
        list[str] | None, Field(title="Tags", description="Words that belong to it.")
    ] = None
    capabilities: Annotated[
        list[str] | None,
        Field(title="Capabilities", description="What they can do.", examples=[["test", "lint"]]),
    ] = None
    duties: Annotated[
        list[str] | None, Field(title="Duties", description="What they have to do.")
    ] = None
    metadata: Annotated[
        dict[str, Any] | None, Field(title="Metadata", description="Anything else worth keeping.")
    ] = None


class Roles(BaseModel):
    """coord/roles.yaml: the roles that repositories of the ecosystem play."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    roles: Annotated[list[Role] | None, Field(title="Roles", description="All roles.")] = None
