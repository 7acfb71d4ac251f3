"""Plans: issues and todos on the way to milestones."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gitcoord.model.shared import Criterion, Day, Id, MilestoneStatus, Part, RepoName, Title, Work

PlanStatus = Literal["draft", "active", "on_hold", "completed", "cancelled"]


class Milestone(Part):
    """A point on the way of a plan."""

    id: Annotated[
        str, Field(title="Id", description="Its name in links.", min_length=1, examples=["M1"])
    ]
    name: Annotated[
        str, Field(title="Name", description="What is reached.", examples=["API frozen"])
    ]
    due: Annotated[Day | None, Field(title="Due", description="The day it is due.")] = None
    status: Annotated[
        MilestoneStatus | None,
        Field(title="Status", description="Where it stands.", examples=["pending"]),
    ] = None
    dependencies: Annotated[
        list[str] | None,
        Field(title="Dependencies", description="Milestones that come before.", examples=[["M1"]]),
    ] = None
    completion_criteria: Annotated[
        list[str | Criterion] | None,
        Field(title="Completion criteria", description="What has to be true when it is reached."),
    ] = None
    deliverables: Annotated[
        list[str] | None,
        Field(title="Deliverables", description="What is handed over.", examples=[["oneiric 1.0"]]),
    ] = None


class Plan(Work):
    """Issues and todos on the way to milestones."""

    title: Annotated[
        Title, Field(title="Title", description="What it is about.", examples=["Oneiric 1.0"])
    ]
    status: Annotated[
        PlanStatus,
        Field(
            title="Status",
            description="draft: not begun; active: under way; on_hold: resting; completed; cancelled.",
            examples=["active"],
        ),
    ]
    repos: Annotated[
        list[RepoName] | None,
        Field(title="Repositories", description="The repositories it concerns."),
    ] = None
    milestones: Annotated[
        list[Milestone] | None, Field(title="Milestones", description="The points on its way.")
    ] = None
    issues: Annotated[
        list[Id] | None, Field(title="Issues", description="The issues that belong to it.")
    ] = None
    todos: Annotated[
        list[Id] | None, Field(title="Todos", description="The todos that belong to it.")
    ] = None
    gates: Annotated[
        list[str] | None,
        Field(
            title="Gates",
            description="Quality gates that have to be met.",
            examples=[["coverage >= 80"]],
        ),
    ] = None
