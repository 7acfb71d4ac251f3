"""How long ago the last release was: the newest tag with a final version."""

from __future__ import annotations

import re
from typing import NamedTuple

from gitcoord.git import process
from gitcoord.metrics.git.log import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitcoord.git.process import Running
    from gitcoord.git.repository import Repository
    from gitcoord.metrics.git.place import Place

_VERSION = re.compile(r"^(.*?)(?:^|[-_/@])[vV]?\d+(?:[._]\d+)+"
                      r"(?:[-._]?(?:final|ga|release|post|r|p)?[-._]?\d*)?(?:\+[0-9A-Za-z.-]+)?$",
                      re.IGNORECASE)  # fmt: skip
_NO_NAME = re.compile(r"(?:^|[-._/])(?:nightly|snapshot|canary|backup|preview|dev|alpha|beta|rc|test|tmp)"
                      r"(?:$|[-._/\d])", re.IGNORECASE)  # fmt: skip


class Tag(NamedTuple):
    """A tag: its name, the commit it stands on, and when it was made (a plain one: the commit)."""

    name: str
    commit: str
    time: int


def start(repo: Repository) -> Running:
    """Start to list all tags."""
    form = "--format=%(refname)%00%(objectname)%00%(*objectname)%00%(creatordate:unix)"
    return process.start(repo.root, "for-each-ref", form, "refs/tags")


def read(running: Running) -> list[Tag]:
    """Return the tags that `start` found."""
    found = []
    for line in running.wait().out.decode("utf-8", "surrogateescape").split("\n"):
        name, _, rest = line.partition("\0")
        plain, _, rest = rest.partition("\0")
        commit, _, time = rest.partition("\0")
        if plain:
            found.append(
                Tag(shown(name.removeprefix("refs/tags/")), commit or plain, int(time or 0))
            )
    return found


def is_release(name: str) -> bool:
    """Whether a tag names a final version, of at least two numbers."""
    version = _VERSION.search(name)
    return version is not None and _NO_NAME.search(version[1]) is None


def newest(tags: Iterable[Tag]) -> Tag | None:
    """Return the release that was tagged last."""
    found = [tag for tag in tags if is_release(tag.name) and tag.time]
    return max(found, key=lambda tag: (tag.time, _numbers(tag.name)), default=None)


def _numbers(name: str) -> tuple[list[int], str]:
    return [int(number) for number in re.findall(r"\d+", name)], name


def after(place: Place, tag: Tag) -> int | None:
    """Return how many commits HEAD has that the tag has not; None where that cannot be told."""
    if place.commit is None or place.lacking:
        return None
    words = ("rev-list", "--count", place.commit, f"^{tag.commit}", "--")
    said = process.run(place.repo.root, *words)
    return None if said.code else int(said.out)
