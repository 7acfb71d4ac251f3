"""What docs/scripting.md shows to programs is run as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.e2e.conftest import Hub

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scripting.md"


def test_the_example_in_python_is_true(hub: Hub) -> None:
    code = re.search(
        r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert code is not None
    made: dict[str, Any] = {}
    before = hub.commits()

    exec(compile(code[1], str(PAGE), "exec"), made)

    record = made["record"]
    assert (record["title"], record["status"]) == ("Sessions leak memory", "in_progress")
    assert [entry.id for entry in made["found"].entries] == [record["id"]]
    assert hub.commits() == before + 3
    assert hub("show", record["id"]).code == 4
