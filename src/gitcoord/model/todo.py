"""Todos: pieces of work in one repository."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gitcoord.model.shared import Criterion, Hours, Id, Priority, RepoName, Title, Work

TodoStatus = Literal["pending", "in_progress", "blocked", "completed", "cancelled"]


class Todo(Work):
    """A piece of work in one repository."""

    task: Annotated[
        Title,
        Field(title="Task", description="What is to be done.", examples=["Pin oneiric to 0.4"]),
    ]
    status: Annotated[
        TodoStatus,
        Field(
            title="Status",
            description=(
                "pending: to be done; in_progress: under way; blocked: held up by something that is no"
                " record; completed: done; cancelled: dropped."
            ),
            examples=["pending"],
        ),
    ]
    repo: Annotated[
        RepoName, Field(title="Repository", description="The repository it is done in.")
    ]
    priority: Annotated[
        Priority | None, Field(title="Priority", description="How urgent it is.", examples=["high"])
    ] = None
    estimated_hours: Annotated[
        Hours | None,
        Field(title="Estimated hours", description="How many hours it should take.", examples=[4]),
    ] = None
    actual_hours: Annotated[
        Hours | None,
        Field(title="Actual hours", description="How many hours it took.", examples=[3.5]),
    ] = None
    issue: Annotated[
        Id | None,
        Field(title="Issue", description="The issue it belongs to.", examples=["ISSUE-001"]),
    ] = None
    plan: Annotated[
        Id | None, Field(title="Plan", description="The plan it belongs to.", examples=["PLAN-001"])
    ] = None
    milestone: Annotated[
        str | None,
        Field(title="Milestone", description="The milestone of that plan.", examples=["M1"]),
    ] = None
    acceptance_criteria: Annotated[
        list[str | Criterion] | None,
        Field(
            title="Acceptance criteria",
            description="What has to be true when it is done.",
            examples=[["All tests pass"]],
        ),
    ] = None
