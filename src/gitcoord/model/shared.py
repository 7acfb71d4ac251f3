"""Types that several kinds of record share, each with the words an editor shows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PATTERNS = {
    "id": r"^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)+$",
    "repo": r"^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$",
    "day": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].+)?$",
    "moment": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].+)?$",
    "filled": r"\S",
}
"""The texts with a form, by the name under which `validate` has a function for each."""

Id = Annotated[str, Field(pattern=PATTERNS["id"], max_length=64, examples=["ISSUE-001"])]
RepoName = Annotated[str, Field(pattern=PATTERNS["repo"], max_length=100, examples=["oneiric"])]
Day = Annotated[str, Field(pattern=PATTERNS["day"], max_length=40, examples=["2026-12-31"])]
Moment = Annotated[
    str, Field(pattern=PATTERNS["moment"], max_length=40, examples=["2026-11-21T09:30:00+00:00"])
]
Title = Annotated[str, Field(pattern=PATTERNS["filled"], min_length=1, max_length=500)]
Word = Annotated[str, Field(pattern=PATTERNS["filled"], min_length=1, max_length=200)]
Priority = Literal["critical", "high", "medium", "low"]
MilestoneStatus = Literal["pending", "in_progress", "blocked", "completed", "cancelled"]
Hours = Annotated[float, Field(ge=0, le=1_000_000)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]


class Part(BaseModel):
    """A piece of a record; unknown keys are kept."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)


class Comment(Part):
    """What somebody said about a record, and when."""

    id: Annotated[
        str | None, Field(title="Id", description="Tells comments apart when branches merge.")
    ] = None
    author: Annotated[
        str | None, Field(title="Author", description="Who said it.", examples=["Lena"])
    ] = None
    created: Annotated[Moment | None, Field(title="Created", description="When it was said.")] = (
        None
    )
    text: Annotated[
        str, Field(title="Text", description="What was said.", examples=["Seen again on 3.13."])
    ]


class Criterion(Part):
    """A condition for being done, with a check that a program can run if it is trusted."""

    text: Annotated[
        str, Field(title="Text", description="The condition.", examples=["All tests pass"])
    ]
    done: Annotated[bool | None, Field(title="Done", description="Whether it is met.")] = None
    check: Annotated[
        str | None,
        Field(
            title="Check",
            description="A command that shows it; run only if trusted.",
            examples=["pytest -q"],
        ),
    ] = None
    command: Annotated[
        str | None,
        Field(title="Command", description="Another word for check.", examples=["pytest -q"]),
    ] = None
    expected_pattern: Annotated[
        str | None,
        Field(
            title="Expected pattern",
            description="What its output has to hold.",
            examples=["passed"],
        ),
    ] = None
    timeout: Annotated[
        Seconds | None,
        Field(title="Timeout", description="Seconds it may take; 60 unless told.", examples=[120]),
    ] = None


class Record(BaseModel):
    """What all records have in common; unknown keys are kept and reported."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    labels: Annotated[
        list[Word] | None,
        Field(title="Labels", description="Words to find it by.", examples=[["async", "bug"]]),
    ] = None
    comments: Annotated[
        list[Comment] | None,
        Field(title="Comments", description="What was said about it, oldest first."),
    ] = None
    updated: Annotated[
        Moment | None,
        Field(
            title="Updated",
            description="When it last changed; normally left to git, kept where it stands.",
        ),
    ] = None
    metadata: Annotated[
        dict[str, Any] | None,
        Field(
            title="Metadata",
            description="Anything else worth keeping.",
            examples=[{"pool": "python"}],
        ),
    ] = None


class Work(Record):
    """Records that wait for each other."""

    id: Annotated[Id, Field(title="Id", description="The name of the file without its ending.")]
    created: Annotated[
        Moment | None, Field(title="Created", description="When it was created.")
    ] = None
    assignee: Annotated[
        str | None, Field(title="Assignee", description="Who does it.", examples=["lena"])
    ] = None
    target: Annotated[Day | None, Field(title="Target", description="The day it is due.")] = None
    blocked_by: Annotated[
        list[Id] | None,
        Field(title="Blocked by", description="Records that have to be finished before."),
    ] = None
    dependencies: Annotated[
        list[Id] | None,
        Field(title="Dependencies", description="Records that have to be finished before."),
    ] = None
    blocking: Annotated[
        list[Annotated[str, Field(pattern=PATTERNS["repo"], max_length=100)]] | None,
        Field(
            title="Blocking",
            description="Records, or whole repositories, that wait for this one.",
            examples=[["ISSUE-002"]],
        ),
    ] = None
    description: Annotated[
        str | None, Field(title="Description", description="More about it, in Markdown.")
    ] = None
