"""Pools of workers, as coord.yaml says them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gitcoord.model.shared import Part, RepoName, Seconds, Word


class Pool(Part):
    """Workers of one sort, by the command that each of them runs."""

    command: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=2000)]],
        Field(
            title="Command",
            description=(
                "The program and its words, without a shell; run only if trusted. {prompt} is the path of"
                " the prompt file, {todo} the todo's id, {repo} its repository, {run} the run's id."
            ),
            min_length=1,
            examples=[["my-agent", "--task-file", "{prompt}"]],
        ),
    ]
    workers: Annotated[
        int | None,
        Field(
            title="Workers",
            description="How many work at once; 1 unless told.",
            ge=1,
            le=64,
            examples=[2],
        ),
    ] = None
    timeout: Annotated[
        Seconds | None,
        Field(
            title="Timeout",
            description="Seconds that one run may take; 3600 unless told.",
            examples=[1800],
        ),
    ] = None
    retries: Annotated[
        int | None,
        Field(
            title="Retries",
            description="How often a failed run is tried again; 0 unless told.",
            ge=0,
            le=10,
            examples=[1],
        ),
    ] = None
    roles: Annotated[
        list[Word] | None,
        Field(title="Roles", description="Only todos of repositories with one of these roles."),
    ] = None
    repos: Annotated[
        list[RepoName] | None,
        Field(title="Repositories", description="Only todos of these repositories."),
    ] = None
    environment: Annotated[
        list[Word] | None,
        Field(
            title="Environment",
            description="Names of environment variables that the command is given; trusted with it.",
            examples=[["HOME"]],
        ),
    ] = None
