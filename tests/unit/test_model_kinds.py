"""The table of kinds, the models and the check say the same."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from gitcoord.model.dependency import Dependency, DependencyStatus, DependencyType
from gitcoord.model.issue import Issue, IssueStatus
from gitcoord.model.kinds import BY_NAME, DEPENDENCY_TYPES, MILESTONE_STATUSES, PRIORITIES
from gitcoord.model.plan import Plan, PlanStatus
from gitcoord.model.repo import Repo, RepoStatus
from gitcoord.model.shared import MilestoneStatus, Priority
from gitcoord.model.todo import Todo, TodoStatus

MODELS: dict[str, tuple[type[BaseModel], Any]] = {
    "issue": (Issue, IssueStatus),
    "plan": (Plan, PlanStatus),
    "todo": (Todo, TodoStatus),
    "dependency": (Dependency, DependencyStatus),
    "repo": (Repo, RepoStatus),
}


@pytest.mark.parametrize("kind", BY_NAME)
def test_a_model_has_the_fields_and_statuses_of_its_kind(kind: str) -> None:
    model, status = MODELS[kind]

    assert set(model.model_fields) == set(BY_NAME[kind].fields)
    assert get_args(status) == BY_NAME[kind].statuses


def test_the_words_of_choices_are_the_same() -> None:
    assert get_args(Priority) == PRIORITIES
    assert get_args(MilestoneStatus) == MILESTONE_STATUSES
    assert get_args(DependencyType) == DEPENDENCY_TYPES


@pytest.mark.parametrize("kind", BY_NAME)
def test_fields_that_change_often_are_never_neighbours(kind: str) -> None:
    often = {"status", "priority", "assignee", "target"}
    fields = BY_NAME[kind].fields

    for one, other in pairwise(fields):
        assert not {one, other} <= often
