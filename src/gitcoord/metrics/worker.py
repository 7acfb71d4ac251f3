"""The process that measures one repository: subjects in as JSON lines, sections out.

It is started anew for each repository, because coverage.py and other tools know only one
working directory a process, and a tool that dies or hangs takes no other repository along.
"""

from __future__ import annotations

import json
import os
import sys

from gitcoord.errors import CoordError
from gitcoord.metrics import collectors
from gitcoord.metrics.measurement import Measurement, Subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PROGRAM = "from gitcoord.metrics.worker import main; main()"


def main() -> None:
    """Read lines `[collector, subject]`, and answer each with `[collector, section]`."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a tool prints is no answer of ours
    for line in sys.stdin.buffer:
        name, fields = json.loads(line)
        out.write(json.dumps([name, answer(name, Subject(**fields))]) + "\n")
        out.flush()


def answer(name: str, subject: Subject) -> dict[str, Any] | None:
    """Return the section of one collector, None where what it rests on did not change."""
    try:
        collector = collectors.load(name)
        digest = collector.digest(subject)
        if digest == subject.before.get("digest"):
            return None
        found = collector.collect(subject)
    except CoordError as error:
        return failed(f"{error.message} {error.hint}".strip())
    except OSError as error:
        return failed(f"{error.filename or 'the system'}: {error.strerror}.")
    except Exception as error:  # noqa: BLE001 - one tool's fault must not hide the others
        return failed(f"The collector stopped: {type(error).__name__}: {error}.")
    return {**clean(found.section()), "digest": digest}


def clean(value: Any) -> Any:
    """Return plain data in which every text is UTF-8; a file's name need not be."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {clean(key): clean(held) for key, held in value.items()}
    return [clean(one) for one in value] if isinstance(value, list | tuple) else value


def failed(reason: str) -> dict[str, Any]:
    """Return a section without figures; nothing is remembered, so the next time tries again."""
    return {**clean(Measurement({}, reason=reason).section()), "digest": None, "failed": True}
