"""Settings of a hub: the content of coord/coord.yaml."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gitcoord.model.learning import Learning
from gitcoord.model.pool import Pool
from gitcoord.model.quality import Quality
from gitcoord.model.shared import Part, RepoName, Seconds

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


class Gate(Part):
    """A minimum that repositories have to reach."""

    check: Annotated[
        str,
        Field(
            title="Check",
            description="A figure, a comparison and a number.",
            examples=["coverage >= 80", "coverage fall <= 2"],
        ),
    ]
    repo: Annotated[
        RepoName | list[RepoName] | None,
        Field(title="Repository", description="Only for these repositories.", examples=["oneiric"]),
    ] = None
    role: Annotated[
        str | list[str] | None,
        Field(title="Role", description="Only for repositories of these roles."),
    ] = None
    tag: Annotated[
        str | list[str] | None,
        Field(title="Tag", description="Only for repositories with one of these tags."),
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
    quality: Annotated[
        Quality | None,
        Field(title="Quality", description="How quality is measured and scored."),
    ] = None
    gates: Annotated[
        list[str | Gate] | None,
        Field(
            title="Gates",
            description="What repositories have to reach; `coord gate check` tells whether they do.",
            examples=[["coverage >= 80", {"check": "coverage >= 90", "role": "foundation"}]],
        ),
    ] = None
    learning: Annotated[
        Learning | None,
        Field(title="Learning", description="How coord learns from attempts at fixes."),
    ] = None
    pools: Annotated[
        dict[str, Pool] | None,
        Field(
            title="Pools",
            description="Workers that todos are given to, by name; `coord todo run` uses them.",
            examples=[{"local": {"command": ["my-agent", "{prompt}"], "workers": 2}}],
        ),
    ] = None
    notifications: Annotated[
        _Reserved, Field(title="Notifications", description="Reserved for notifications.")
    ] = None
    metrics: Annotated[_Reserved, Field(title="Metrics", description="Reserved for metrics.")] = (
        None
    )
    metadata: Annotated[
        dict[str, Any] | None, Field(title="Metadata", description="Anything else worth keeping.")
    ] = None
