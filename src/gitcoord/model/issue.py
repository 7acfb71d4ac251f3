"""Issues: problems and wishes that concern one or more repositories."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gitcoord.model.shared import Priority, RepoName, Title, Word, Work

IssueStatus = Literal["pending", "in_progress", "blocked", "resolved", "closed"]


class Issue(Work):
    """A problem or a wish that concerns one or more repositories."""

    title: Annotated[
        Title,
        Field(title="Title", description="What it is about.", examples=["Sessions leak memory"]),
    ]
    status: Annotated[
        IssueStatus,
        Field(
            title="Status",
            description=(
                "pending: to be done; in_progress: under way; blocked: held up by something that is no"
                " record; resolved: done, to be confirmed; closed: done or dropped."
            ),
            examples=["pending"],
        ),
    ]
    severity: Annotated[
        Word | None,
        Field(
            title="Severity",
            description="What sort it is, in a word of your own: bug, feature, security, …",
            examples=["bug"],
        ),
    ] = None
    priority: Annotated[
        Priority | None, Field(title="Priority", description="How urgent it is.", examples=["high"])
    ] = None
    repos: Annotated[
        list[RepoName] | None,
        Field(title="Repositories", description="The repositories it concerns."),
    ] = None
