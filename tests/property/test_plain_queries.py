"""What is remembered of a search without a look for secrets holds none."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from gitcoord.api import feedback
from gitcoord.memory import attempt, secrets

_WORDS = st.text(string.ascii_letters, min_size=1, max_size=14) | st.sampled_from(
    ["bearer", "Basic", "token", "password", "authorization", "secret", "api", "key", "AKIA"]
)


@given(st.lists(_WORDS, max_size=8).map(" ".join))
def test_a_plain_query_is_remembered_as_the_masks_would_have_it(query: str) -> None:
    assert feedback._masked(query) == attempt.clean("message", secrets.masked(query))
