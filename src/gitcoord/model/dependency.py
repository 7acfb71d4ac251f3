"""Dependencies: one repository needs another."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gitcoord.model.shared import Id, Moment, Part, Record, RepoName, Seconds

DependencyStatus = Literal["satisfied", "unsatisfied", "unknown", "deprecated"]
DependencyType = Literal["runtime", "development", "mcp", "test", "documentation"]


class Validation(Part):
    """A command that shows whether the dependency holds; run only if trusted."""

    command: Annotated[
        str | None,
        Field(title="Command", description="The command.", examples=["python -c 'import oneiric'"]),
    ] = None
    expected_pattern: Annotated[
        str | None,
        Field(
            title="Expected pattern", description="What its output has to hold.", examples=["ok"]
        ),
    ] = None
    timeout: Annotated[
        Seconds | None,
        Field(title="Timeout", description="Seconds it may take; 60 unless told.", examples=[120]),
    ] = None


class Dependency(Record):
    """One repository needs another."""

    id: Annotated[
        Id,
        Field(
            title="Id", description="The name of the file without its ending.", examples=["DEP-001"]
        ),
    ]
    consumer: Annotated[RepoName, Field(title="Consumer", description="The repository that needs.")]
    provider: Annotated[
        RepoName, Field(title="Provider", description="The repository that is needed.")
    ]
    type: Annotated[
        DependencyType, Field(title="Type", description="What it is for.", examples=["runtime"])
    ]
    status: Annotated[
        DependencyStatus | None,
        Field(
            title="Status",
            description="What is known: satisfied, unsatisfied, unknown; or deprecated.",
            examples=["unknown"],
        ),
    ] = None
    version_constraint: Annotated[
        str | None,
        Field(
            title="Version constraint", description="Which versions will do.", examples=[">=0.3.12"]
        ),
    ] = None
    created: Annotated[
        Moment | None, Field(title="Created", description="When it was created.")
    ] = None
    notes: Annotated[
        str | None, Field(title="Notes", description="Anything worth knowing about it.")
    ] = None
    validation: Annotated[
        Validation | None, Field(title="Validation", description="How to see whether it holds.")
    ] = None
