"""Looking for what a new record repeats never stands in the way of making it."""

from __future__ import annotations

from typing import cast

import pytest

from gitcoord.api.duplicates import Looking
from gitcoord.api.workspace import Workspace


def test_trouble_while_git_is_at_work_is_kept_and_told_once_it_is_asked_for() -> None:
    look = Looking(cast("Workspace", None))  # what there is, is no workspace

    look.about("issue", "ISSUE-001", "words enough to compare")()

    with pytest.raises(AttributeError) as first:
        look.found("issue", "ISSUE-001", "words enough to compare")
    with pytest.raises(AttributeError) as again:
        look.found("issue", "ISSUE-001", "words enough to compare")
    assert first.value is again.value
