"""Settings of a hub: the content of coord/coord.yaml."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gitcoord.model.shared import Seconds

_Reserved = dict[str, Any] | list[Any] | None


class Checks(BaseModel):
    """How long the commands in records may take."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    max_timeout: Annotated[
        Seconds | None,
        Field(
            title="Max timeout",
            description="The most seconds that a record may ask for; 600 unless told.",
            examples=[600],
        ),
    ] = None


class Settings(BaseModel):
    """coord/coord.yaml: the settings of a hub. All are optional."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    version: Annotated[
        int | str | None,
        Field(title="Version", description="The version of the format.", examples=[1]),
    ] = None
    ids: Annotated[
        Literal["sequential", "random"] | None,
        Field(
            title="Ids",
            description="sequential: ISSUE-001; random: ISSUE-k3x9q2, which never collide.",
            examples=["sequential"],
        ),
    ] = None
    id_width: Annotated[
        int | None,
        Field(title="Id width", description="Digits of a number.", ge=1, le=9, examples=[3]),
    ] = None
    prefixes: Annotated[
        dict[str, str] | None,
        Field(
            title="Prefixes",
            description="The prefix of new ids, by kind.",
            examples=[{"issue": "BUG"}],
        ),
    ] = None
    commit: Annotated[
        Literal["auto", "manual"] | None,
        Field(
            title="Commit",
            description="auto: every change is a commit; manual: commits are left to you.",
            examples=["auto"],
        ),
    ] = None
    protected_branch: Annotated[
        str | None,
        Field(
            title="Protected branch",
            description="The branch that is reviewed; read as it stands at the remote.",
            examples=["main"],
        ),
    ] = None
    queries: Annotated[
        dict[str, str] | None,
        Field(
            title="Queries",
            description="Saved queries by name; `@name` uses one.",
            examples=[{"mine": "assignee:me is:open"}],
        ),
    ] = None
    checks: Annotated[
        Checks | None,
        Field(title="Checks", description="Limits of the commands in records."),
    ] = None
    gates: Annotated[_Reserved, Field(title="Gates", description="Reserved for quality gates.")] = (
        None
    )
    pools: Annotated[_Reserved, Field(title="Pools", description="Reserved for worker pools.")] = (
        None
    )
    notifications: Annotated[
        _Reserved, Field(title="Notifications", description="Reserved for notifications.")
    ] = None
    metrics: Annotated[_Reserved, Field(title="Metrics", description="Reserved for metrics.")] = (
        None
    )
    metadata: Annotated[
        dict[str, Any] | None, Field(title="Metadata", description="Anything else worth keeping.")
    ] = None
