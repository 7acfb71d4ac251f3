"""Series equal what a plain look at the whole hub after every commit, day by day, gives."""

from __future__ import annotations

import statistics
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from gitcoord.history.event import Event
from gitcoord.history.trend import calendar, selection
from gitcoord.history.trend.replay import replay
from gitcoord.history.trend.series import series
from gitcoord.model.kinds import BY_NAME

ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata")]
REPOS = ("oneiric", "fastblocks", "akosha")
WORK = ("issue", "todo", "plan")


class Record(NamedTuple):
    """One record at one moment, `uid` telling it apart whatever its id."""

    uid: int
    kind: str
    id: str
    data: dict[str, Any]
    archived: bool


class Moment(NamedTuple):
    """The whole hub after one commit."""

    time: int
    records: dict[int, Record]


class Story:
    """A hub that random commits change, and the events that tell of it."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.records: dict[int, Record] = {}
        self.gone: dict[int, Record] = {}
        self.events: list[Event] = []
        self.moments: list[Moment] = []
        self.time = draw(st.integers(1_742_000_000, 1_744_000_000))  # about a change of clocks
        self.count = 0

    def __repr__(self) -> str:
        return "\n".join(str(tuple(event)) for event in self.events)

    def commit(self) -> None:
        self.time += self.draw(st.integers(1, 4 * 86_400))
        for _ in range(self.draw(st.integers(1, 3))):
            self.draw(st.sampled_from(self.verbs()))()
        self.moments.append(Moment(self.time, dict(self.records)))

    def verbs(self) -> list[Any]:
        if len(self.records) < 2:
            return [self.create]
        always = [self.create, self.status, self.status, self.field, self.archive, self.delete,
                  self.renumber]  # fmt: skip
        return [*always, self.restore] if self.gone else always

    def tell(self, record: Record, event: str, field: str | None, old: Any, new: Any) -> None:
        self.events.append(
            Event(record.id, record.kind, event, field, old, new, "A", self.time, f"c{self.time}")
        )

    def create(self) -> None:
        kind = self.draw(st.sampled_from([*WORK, "issue", "todo", "repo", "dependency"]))
        self.count += 1
        taken = {record.id for record in (*self.records.values(), *self.gone.values())}
        if kind == "repo":
            free = [name for name in REPOS if name not in taken]
            if not free:
                return
            id, data = free[0], {"name": free[0], "role": self.draw(st.sampled_from(["a", "b"]))}
        else:
            id = f"{BY_NAME[kind].prefix}-{self.count}"
            data = {"id": id, "status": self.draw(st.sampled_from(BY_NAME[kind].statuses))}
        if self.draw(st.booleans()):
            born = self.time + self.draw(st.integers(-9 * 86_400, 2 * 86_400))
            data["created"] = datetime.fromtimestamp(born, ZONES[3]).isoformat()
        record = Record(self.count, kind, id, data, False)
        self.records[record.uid] = record
        self.tell(record, "created", None, None, dict(data))
        for _ in range(self.draw(st.integers(0, 2))):
            self.field(record.uid)

    def some(self) -> Record:
        return self.records[self.draw(st.sampled_from(sorted(self.records)))]

    def put(self, record: Record, field: str, value: Any, event: str = "changed") -> None:
        old = record.data.get(field)
        if old == value:
            return
        data = {**record.data, field: value}
        if value is None:
            del data[field]
        self.records[record.uid] = record._replace(data=data)
        self.tell(record, event, field, old, value)

    def status(self) -> None:
        record = self.some()
        self.put(record, "status", self.draw(st.sampled_from(BY_NAME[record.kind].statuses)))

    def field(self, uid: int | None = None) -> None:
        record = self.some() if uid is None else self.records[uid]
        ids = [f"{BY_NAME[kind].prefix}-{n}" for kind in WORK for n in range(1, self.count + 1)]
        fields: dict[str, Any] = {
            "repos": st.lists(st.sampled_from(REPOS), max_size=2, unique=True),
            "labels": st.lists(st.sampled_from(["x", "Y", "z"]), max_size=2, unique=True),
            "assignee": st.none() | st.sampled_from(["ada", "bob"]),
            "plan": st.none() | st.sampled_from([id for id in ids if id.startswith("PLAN")] or ["PLAN-9"]),
            "estimated_hours": st.none() | st.sampled_from([1, 2.5, 0.1]),
            "description": st.text(max_size=2),
        }  # fmt: skip
        if record.kind == "repo":
            fields = {"role": st.sampled_from(["a", "b", None])}
        if record.kind == "plan":
            fields["issues"] = st.lists(st.sampled_from(ids), max_size=3, unique=True)
        name = self.draw(st.sampled_from(sorted(fields)))
        self.put(record, name, self.draw(fields[name]))

    def archive(self) -> None:
        record = self.some()
        places = [f"coord/{part}x/{record.id}.yaml" for part in ("", "archive/")]
        old, new = places[record.archived], places[not record.archived]
        self.records[record.uid] = record._replace(archived=not record.archived)
        self.tell(record, "moved", "path", old, new)

    def delete(self) -> None:
        record = self.some()
        self.gone[record.uid] = self.records.pop(record.uid)
        self.tell(record, "removed", None, record.data, None)

    def restore(self) -> None:
        record = self.gone.pop(self.draw(st.sampled_from(sorted(self.gone))))
        self.records[record.uid] = record._replace(archived=False)
        self.tell(record, "created", None, None, dict(record.data))

    def renumber(self) -> None:
        record = self.some()
        if record.kind not in ("issue", "todo", "plan"):
            return
        self.count += 1
        new = record._replace(id=f"{BY_NAME[record.kind].prefix}-{self.count}")
        self.records[record.uid] = new
        self.tell(new, "renumbered", "id", record.id, new.id)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    story = Story(draw)
    for _ in range(draw(st.integers(1, 12))):
        story.commit()
    return story


def state(record: Record | None) -> str:
    if record is None:
        return "absent"
    status = record.data.get("status")
    if status in BY_NAME[record.kind].done:
        return "dropped" if status in ("cancelled", "deprecated", "archived") else "done"
    if record.archived:
        return "shelved"
    under_way = record.kind in WORK and status in ("in_progress", "active")
    return "active" if under_way else "waiting"


OPEN, ENDED = ("active", "waiting"), ("done", "dropped")


class Naive:
    """Reads the answers off the moments, one commit and one record at a time."""

    def __init__(self, story: Story, field: str | None, word: str | None) -> None:
        self.moments = moments = story.moments
        self.field = field
        self.word = word
        last: dict[int, Record] = {}
        self.first: dict[int, int] = {}
        for moment in moments:
            last |= moment.records
            for uid in moment.records:
                self.first.setdefault(uid, moment.time)
        # What was renumbered and removed by one commit never stood under its last id.
        ended = story.gone | story.records
        self.last = last = {uid: one._replace(id=ended[uid].id) for uid, one in last.items()}
        self.births = {uid: self.birth(record) for uid, record in last.items()}
        self.all = self.changes()

    def birth(self, record: Record) -> int:
        said = record.data.get("created")
        first = self.first[record.uid]
        return first if said is None else min(first, int(datetime.fromisoformat(said).timestamp()))

    def values(self, moment: Moment, record: Record) -> list[str]:
        data, everyone = record.data, moment.records.values()
        repos = [*data.get("repos", [])] if record.kind != "repo" else [record.id]
        if self.field == "repo":
            return repos
        if self.field == "role":
            roles = {one.id: one.data.get("role") for one in everyone if one.kind == "repo"}
            return [role for role in {roles.get(name) for name in repos} if role]
        if self.field == "plan":
            found = {one.uid for one in everyone
                     if one.kind == "plan" and record.id in one.data.get("issues", [])}  # fmt: skip
            named = {uid for uid, id in self.bearers(moment).items() if id == data.get("plan")}
            nobodys = {data["plan"]} if data.get("plan") and not named else set()
            return [*nobodys, *{self.last[uid].id for uid in found | named}]
        if self.field == "label":
            return list(data.get("labels", []))
        return [data["assignee"]] if data.get("assignee") else []

    def bearers(self, moment: Moment) -> dict[int, str]:
        """Return the plans that there were so far, each with the id it bore last."""
        found: dict[int, str] = {}
        for one in self.moments:
            if one.time <= moment.time:
                found |= {uid: r.id for uid, r in one.records.items() if r.kind == "plan"}
        return found

    def counted(self, moment: Moment | None, uid: int) -> bool:
        record = moment.records.get(uid) if moment is not None else None
        if moment is None or record is None or record.kind not in WORK:
            return False
        if self.field is None:
            return True
        values = self.values(moment, record)
        return self.word in values if self.word != "none" else not values

    def changes(self) -> list[tuple[int, list[str], int | None, int | None]]:
        """Return what each commit did to each record: when, what, its lead and cycle time."""
        found: list[tuple[int, list[str], int | None, int | None]] = []
        before: Moment | None = None
        began: dict[int, int] = {}
        known: set[int] = set()
        for moment in self.moments:
            for uid in self.last:
                a = state(before.records.get(uid) if before else None)
                b = state(moment.records.get(uid))
                if b == "active":
                    began.setdefault(uid, moment.time)
                inside = self.counted(before, uid), self.counted(moment, uid)
                words = self.change(*inside, a, b, uid in known)
                if b != "absent":
                    known.add(uid)
                lead = moment.time - self.births[uid] if "closed" in words else None
                cycle = moment.time - began[uid] if "closed" in words and uid in began else None
                found.append((moment.time, words, lead, cycle))
            before = moment
        return found

    def row(self, start: int, end: int, now: int) -> dict[str, Any]:
        found: dict[str, Any] = self.standing(end, now)
        here = [change for change in self.all if start <= change[0] < end]
        for name in ("opened", "closed", "reopened", "entered", "left"):
            found[name] = sum(name in words for _, words, _, _ in here)
        found["lead"] = [lead for _, _, lead, _ in here if lead is not None]
        found["cycle"] = [cycle for _, _, _, cycle in here if cycle is not None]
        return found

    @staticmethod
    def change(was_in: bool, is_in: bool, a: str, b: str, known: bool) -> list[str]:
        if not is_in:
            return ["left"] if was_in and a in OPEN else []
        counted_before = was_in and (a in OPEN or a in ENDED)
        if a in OPEN and b in ENDED:
            return ["closed"] if counted_before else ["entered", "closed"]
        if b in OPEN and not known:
            return ["opened"]
        if b in OPEN and a in ENDED:
            return ["reopened"]
        if b in OPEN and not counted_before:
            return ["entered"]
        return ["left"] if was_in and a in OPEN and b == "shelved" else []

    def standing(self, end: int, now: int) -> dict[str, Any]:
        past = [moment for moment in self.moments if moment.time < end]
        moment = past[-1] if past else Moment(0, {})
        inside = [record for uid, record in moment.records.items() if self.counted(moment, uid)]
        there = [record for record in inside if state(record) in OPEN]
        done = [record for record in inside if state(record) == "done"]
        births = [self.births[record.uid] for record in there]
        age = min(end, now) - statistics.median(births) if births else None
        return {"open": len(there), "age": age, "done": len(done), "hours": hours(there),
                "scope_hours": hours(there + done)}  # fmt: skip


def hours(records: list[Record]) -> float | None:
    known = [r.data["estimated_hours"] for r in records if "estimated_hours" in r.data]
    return round(sum(known), 3) if known or not records else None


def in_days(seconds: float) -> float:
    return round(seconds / 86_400, 2)


def spread(seconds: list[int]) -> dict[str, Any] | None:
    if not seconds:
        return None
    middle = in_days(statistics.median(seconds))
    high = next(s for s in sorted(seconds) if sum(t <= s for t in seconds) >= 0.85 * len(seconds))
    return {"median": middle, "p85": in_days(high), "count": len(seconds)}


@settings(max_examples=150, deadline=None)
@given(
    story=stories(), zone=st.sampled_from(ZONES), every=st.sampled_from(calendar.SIZES),
    field=st.sampled_from([None, "repo", "role", "plan", "label", "assignee"]),
    after=st.integers(0, 3 * 86_400),
)  # fmt: skip
def test_series_are_those_of_a_plain_look_at_every_day(
    story: Story, zone: ZoneInfo, every: str, field: str | None, after: int
) -> None:
    now = story.time + after
    tape = replay(story.events, now)
    assert tape.start is not None
    since = tape.start - 20 * 86_400
    window = calendar.buckets(every, since, now + 5 * 86_400, zone)
    headings, groups = selection.grouped(tape, selection.chosen(tape, {}), field)

    found = series(tape, window, groups, len(headings), now)

    for word, rows in zip(headings, found, strict=True):
        naive = Naive(story, field, word)
        for bucket, row in zip(window, rows, strict=True):
            if bucket.end <= tape.start or bucket.start > now:
                assert {row[name] for name in row if name not in ("date", "partial")} == {None}
                continue
            wanted = naive.row(bucket.start, bucket.end, now)
            simple = ("open", "opened", "closed", "reopened", "entered", "left")
            assert {n: row[n] for n in simple} == {n: wanted[n] for n in simple}, (word, row)
            assert row["age"] == (None if wanted["age"] is None else in_days(wanted["age"]))
            assert row["cycle_time"] == spread(wanted["cycle"])
            assert row["lead_time"] == spread(wanted["lead"])
            assert row["burndown"]["hours"] == wanted["hours"]
            assert row["burnup"]["done"] == wanted["done"]
            assert row["burnup"]["scope"] == wanted["open"] + wanted["done"]
            assert row["burnup"]["scope_hours"] == wanted["scope_hours"]


@settings(max_examples=150, deadline=None)
@given(
    story=stories(), field=st.sampled_from(["repo", "role", "plan", "label", "assignee", "kind"])
)
def test_rows_add_up_from_one_to_the_next(story: Story, field: str) -> None:
    tape = replay(story.events, story.time)
    assert tape.start is not None
    window = calendar.buckets("day", tape.start, story.time, ZONES[1])
    headings, groups = selection.grouped(tape, selection.chosen(tape, {}), field)

    for rows in series(tape, window, groups, len(headings), story.time):
        before = 0
        for row in rows:
            came = row["opened"] + row["reopened"] + row["entered"]
            assert row["open"] == before + came - row["closed"] - row["left"]
            before = row["open"]


@given(
    zone=st.sampled_from(ZONES), every=st.sampled_from(calendar.SIZES),
    since=st.integers(0, 2_000_000_000), length=st.integers(0, 400 * 86_400),
)  # fmt: skip
def test_buckets_follow_each_other_from_midnight_to_midnight(
    zone: ZoneInfo, every: str, since: int, length: int
) -> None:
    window = calendar.buckets(every, since, since + length, zone)

    assert window[0].start <= since < window[0].end
    assert window[-1].start <= since + length < window[-1].end
    for one, after in pairwise(window):
        assert one.end == after.start
        assert one.day < after.day
    for one in window:
        first = datetime.fromtimestamp(one.start, zone)
        assert (first.date(), first.hour) == (one.day, 0)
        last = datetime.fromtimestamp(one.end - 1, zone).date()
        assert calendar.floor(every, last) == one.day
        assert calendar.following(every, one.day) == last + timedelta(days=1)
