"""The demo's story as commits: the two real registries, and what people did after that.

Everything is told by `data/story.yaml`; the same moment and seed give the same commits.
"""

from __future__ import annotations

import copy
import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files as package_files
from typing import TYPE_CHECKING, Any

from gitcoord.bridges.ecosystem.reading import read
from gitcoord.codec.emit import dump
from gitcoord.codec.read import parse
from gitcoord.demo.history import Commit
from gitcoord.demo.life import Event, apply
from gitcoord.demo.workdays import Workdays
from gitcoord.model.ids import join
from gitcoord.model.ids import split as split_id
from gitcoord.model.kinds import BY_NAME, Kind
from gitcoord.store import layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_CATALOGUE = "ecosystem-24-repos.yaml"
_RECORDS = "ecosystem.yaml"
_KINDS = ("plan", "issue", "todo", "dependency")
_NAME = re.compile(r"\{([a-z0-9-]+)\}")
_LINKS = ("dependencies", "blocked_by", "issue", "plan")
_IMPORT_DAYS = (0, 2)
_PAUSE = timedelta(minutes=7)


def commits(
    now: datetime,
    *,
    seed: int = 1,
    header: Callable[[str], str] = lambda kind: "",
    files: Mapping[str, str] | None = None,
) -> Iterator[Commit]:
    """Yield the demo's commits, oldest first, the last one yesterday.

    `header` gives the first lines of a new file of a kind; `files` join the first commit.
    """
    story = _Story(now, seed, header)
    yield from story.imports(dict(files or {}))
    for event in story.events():
        yield story.tell(event)


class _Story:
    """The records as they stand at one moment of the story, and who may change them."""

    def __init__(self, now: datetime, seed: int, header: Callable[[str], str]) -> None:
        self._told = parse(_data("story.yaml"))
        self._days = Workdays(now, seed)
        self._header = header
        self._records: dict[str, tuple[Kind, dict[str, Any]]] = {}
        self._ids: dict[str, str] = {}
        self._seeds = {
            key: (BY_NAME[kind], spec)
            for kind in _KINDS
            for key, spec in self._told[BY_NAME[kind].plural].items()
        }

    def imports(self, files: dict[str, str]) -> Iterator[Commit]:
        """Yield the two commits that bring in the real registries."""
        first = read(_data(_CATALOGUE), {})
        records = {kind: [data for k, data in first.records if k == kind] for kind in BY_NAME}
        second = read(_data(_RECORDS), records)
        roles = dump({"roles": first.roles}, ("roles",), header=self._header("roles"))
        told: tuple[tuple[str, dict[str, str], list[tuple[str, dict[str, Any]]]], ...] = (
            (_CATALOGUE, {**files, layout.ROLES: roles}, first.records),
            (_RECORDS, {}, [(kind, data) for kind, data in second.records if kind != "repo"]),
        )
        author = self._told["authors"]["lena"]
        for day, (name, written, found) in zip(_IMPORT_DAYS, told, strict=True):
            texts: dict[str, str | None] = dict(written)
            for kind, data in found:
                data.pop("path", None)  # a folder on somebody else's machine
                texts |= self._keep(BY_NAME[kind], str(data.get("id", data.get("name"))), data)
            time = self._days.moment(day, author, name)
            message = f"Import {len(found)} records from {name}"
            yield Commit(time, author["name"], author["email"], message, texts)

    def events(self) -> list[Event]:
        """Return everything that happens after the imports, in order of time."""
        lives = {key: spec["life"] for key, (_, spec) in self._seeds.items()}
        found = [
            Event(key, line, lambda who: str(self._told["authors"][who]["name"]))
            for key, life in [*lives.items(), *self._told["imported"].items()]
            for line in life.splitlines()
        ]
        found.sort(key=lambda event: (event.day, event.verb != "create"))
        latest: dict[str, datetime] = {}
        for count, event in enumerate(found):
            author = self._told["authors"][event.who]
            time = self._days.moment(event.day, author, f"{count} {event.key}")
            for key in (event.key, *self._named(event)):
                if key in latest and time <= latest[key]:
                    pause = _PAUSE * (1 + 3 * self._days.fraction(f"pause {count}"))
                    time = (latest[key] + pause).astimezone(time.tzinfo).replace(microsecond=0)
            event.time = latest[event.key] = time
        return sorted(found, key=lambda event: event.time or datetime.max.replace(tzinfo=UTC))

    def tell(self, event: Event) -> Commit:
        """Let an event happen; return its commit."""
        assert event.time is not None
        when = event.time.isoformat()
        if event.verb == "create":
            texts, message = self._create(event, when)
        else:
            id = self._ids.get(event.key, event.key)
            kind, data = self._records[id]
            text = self._ids.get(event.rest, event.rest)
            said = apply(kind, data, event, when, self._date, self._filled(text))
            texts, message = self._keep(kind, id, data), f"{id}: {said}"
        email = self._told["authors"][event.who]["email"]
        return Commit(event.time, event.author, email, message, dict(texts))

    def _create(self, event: Event, when: str) -> tuple[dict[str, str], str]:
        kind, spec = self._seeds[event.key]
        used = [split_id(id)[1] or 0 for id in self._records if id.startswith(f"{kind.prefix}-")]
        id = join(kind.prefix, max(used, default=0) + 1, 3)
        self._ids[event.key] = id
        data = self._made(kind, spec, id, when)
        texts = self._keep(kind, id, data)
        if "of" in spec:
            plan = self._ids[spec["of"]]
            holder = self._records[plan][1]
            holder["issues"] = [*holder.get("issues", []), id]
            texts |= self._keep(BY_NAME["plan"], plan, holder)
        title = data.get(kind.title, "")
        if kind.name == "dependency":
            words = ("consumer", "needs", "provider", "version_constraint")
            title = " ".join(data.get(word, "needs" * (word == "needs")) for word in words).strip()
        return texts, f"{id}: create {kind.name}: {title}"

    def _made(self, kind: Kind, spec: Mapping[str, Any], id: str, when: str) -> dict[str, Any]:
        """Return the first data of a record, its names turned into ids and its days into dates."""
        data = copy.deepcopy({key: spec[key] for key in spec if key not in ("life", "of")})
        for field in _LINKS:
            if isinstance(data.get(field), list):
                data[field] = [self._ids.get(name, name) for name in data[field]]
            elif field in data:
                data[field] = self._ids.get(data[field], data[field])
        for field in ("description", "notes"):
            if field in data:
                data[field] = self._filled(data[field])
        if "target" in data:
            data["target"] = self._date(data["target"])
        for milestone in data.get("milestones", []):
            milestone |= {"due": self._date(milestone["due"]), "status": "pending"}
        return {"id": id, "status": kind.start, "created": when, **data}

    def _keep(self, kind: Kind, id: str, data: dict[str, Any]) -> dict[str, str]:
        """Remember a record and return the file it lies in."""
        self._records[id] = (kind, data)
        return {layout.path_of(kind, id): dump(data, kind.fields, header=self._header(kind.name))}

    def _named(self, event: Event) -> list[str]:
        """Return the records of the story that an event speaks of."""
        found = [*_NAME.findall(event.rest), event.rest]
        if event.verb == "create":
            _, spec = self._seeds[event.key]
            found += _NAME.findall(f"{spec.get('description')} {spec.get('notes')}")
            for field in (*_LINKS, "of"):
                value = spec.get(field, [])
                found += value if isinstance(value, list) else [value]
        return [key for key in found if key in self._seeds]

    def _filled(self, text: str) -> str:
        return _NAME.sub(lambda match: self._ids[match[1]], text)

    def _date(self, number: Any) -> str:
        return self._days.day(int(number)).isoformat()


def _data(name: str) -> bytes:
    return (package_files("gitcoord.demo") / "data" / name).read_bytes()
