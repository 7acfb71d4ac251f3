"""Runs workers, some at a time; one that fails, dies or hangs stops none of the others."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from gitcoord.metrics.worker import PROGRAM, failed
from gitcoord.running import waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from concurrent.futures import Future
    from typing import Any

    from gitcoord.metrics.measurement import Subject

PATIENCE = 300.0
"""Seconds that one repository may take; a hostile pattern in its settings could take for ever."""


class Job(NamedTuple):
    """One repository and the collectors that measure it, each with its own subject."""

    name: str
    subjects: dict[str, Subject]


class Done(NamedTuple):
    """What came of a job: by collector a section, or None where nothing had changed."""

    name: str
    sections: dict[str, dict[str, Any] | None]


def run(
    jobs: Sequence[Job], at_once: int, patience: float = PATIENCE
) -> Generator[Done, None, None]:
    """Run jobs, so many at once, and yield each when it is done; who stops listening ends them."""
    children: set[subprocess.Popen[bytes]] = set()
    threads = ThreadPoolExecutor(max_workers=max(1, at_once))
    asked: list[Future[Done]] = []
    try:
        asked += [threads.submit(_run, job, patience, children) for job in jobs]
        for one in waiting.completed(asked):
            yield one.result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        while not all(one.done() for one in asked):  # a child may be about to begin
            for child in list(children):
                _end(child)
            time.sleep(0.005)


def _run(job: Job, patience: float, children: set[subprocess.Popen[bytes]]) -> Done:
    fed = "".join(
        json.dumps([name, subject._asdict()]) + "\n" for name, subject in job.subjects.items()
    )
    scratch = next(iter(job.subjects.values())).scratch
    os.makedirs(scratch, exist_ok=True)
    # -P: the working directory must not offer modules. A group of its own can be ended whole.
    child = subprocess.Popen(
        [sys.executable, "-P", "-c", PROGRAM], cwd=scratch, env=_environment(), start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    children.add(child)
    try:
        out, _ = child.communicate(fed.encode(), timeout=patience)
        why = f"the process that measured ended with code {child.returncode}"
    except subprocess.TimeoutExpired:
        _end(child)
        out, _ = child.communicate()
        why = f"it took longer than {patience:g} s"
    finally:
        children.discard(child)
    return Done(job.name, _answers(out, job, why))


def _answers(out: bytes, job: Job, why: str) -> dict[str, dict[str, Any] | None]:
    found: dict[str, dict[str, Any] | None] = {}
    for line in out.splitlines():
        try:
            name, section = json.loads(line)
        except ValueError:  # cut off in the middle
            continue
        found[name] = section
    for name in job.subjects:
        if name not in found:
            found[name] = failed(f"not measured: {why}")
    return found


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _environment() -> dict[str, str]:
    """Return an environment in which nothing points a tool at other settings."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(
            ("COVERAGE_", "COV_CORE_", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
        )
    }
