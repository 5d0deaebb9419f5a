"""The contract as a table: a sentence, scenarios, what happens, and what must be seen. Here a row is played.

*Scenarios* stand as in their files, several with `---` between; a document that begins with `segment:` is a segment,
one that begins with `later:` is published by `publish`.

*What happens*, a line each: `Event Name: key=value, …` is an event (names begin with a capital letter); all else is

    at LOCAL · advance DUR · until LOCAL · look                    time; `at` comes first, `look` tells of time
    write TEXT · choose LABEL · submit key=value, … · click · close
    set key=value, … · tag SLUG · untag SLUG · operator writes · dialog closed
    zone NAME · quiet HH:MM-HH:MM · hours HH:MM-HH:MM · cap N in DUR · operators N · visitor ID
    fail TEXT · silence · reply key=value, … · coupon none         how the world answers from here on
    broadcasts until LOCAL · publish

*What must be seen* is all that came, in order: `say TEXT`, `popup TITLE`, `email SUBJECT` … and, of the trace,
`refused …`, `ended …` (but for `done`) and `goal …`. Where a line begins with a date, it is the local time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from scenarios_yaml.engine import effects
from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.engine import Outcome, refresh
from scenarios_yaml.engine.schedule import next_due
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.engine.stimuli import (
    BroadcastDue,
    Chose,
    Delivered,
    DialogMoved,
    Happened,
    OperatorWrote,
    PopupEnded,
    PropertiesChanged,
    TimePassed,
    Wrote,
)
from scenarios_yaml.language.durations import parse_duration
from scenarios_yaml.language.model import OnSchedule, Scenario, Segment
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.tools.rehearsal import Rehearsal

MONDAY_NOON = "2026-03-02 12:00"


def duration(text: str) -> int:
    passed = parse_duration(text)
    assert passed is not None, text
    return passed


def values(text: str) -> dict[str, Any]:
    """`total=200, name=Lamp` as properties; what looks like a number is one, `none` removes."""
    pairs = (pair.partition("=") for pair in text.split(", ") if pair)
    return {name.strip(): value_of(value) for name, _, value in pairs}


def value_of(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None if text == "none" else text


class Answering:
    """How the world answers: everything works, until a row says otherwise."""

    def __init__(self) -> None:
        self.failure = ""
        self.silent = False
        self.reply_: Any = {}
        self.coupons = True

    def coupon(self, pool: str) -> str:
        return pool.upper() if self.coupons else ""

    def delivered(self, send: effects.Send) -> Delivered | None:
        if self.silent:
            return None
        return Delivered(send.run, not self.failure, self.reply_, self.failure, send.id)


class Proof:
    """One row, being played."""

    def __init__(self, scenarios: list[Scenario], segments: list[Segment], later: list[Scenario]) -> None:
        self.scenarios = scenarios
        self.segments = segments
        self.later = later
        self.answers = Answering()
        self.seen: list[tuple[int, str]] = []
        self.play = Rehearsal(
            Catalog.of(scenarios, segments=segments),
            VisitorState(id="ann"),
            now=0,
            world=World(operators_online=1),
            answers=self.answers,
            on_outcome=self.note,
        )
        self.play.now = self.moment(MONDAY_NOON)

    def moment(self, local: str) -> int:
        zone = ZoneInfo(self.play.world.timezone)
        return int(datetime.fromisoformat(local).replace(tzinfo=zone).timestamp() * 1000)

    def local(self, at: int) -> str:
        local = datetime.fromtimestamp(at / 1000, ZoneInfo(self.play.world.timezone))
        return f"{local:%Y-%m-%d %H:%M}"

    def note(self, _now: int, outcome: Outcome) -> None:
        lines = [(self.play.now, line) for effect in outcome.effects for line in shown(effect)]
        for line in outcome.trace:
            if line.phase in ("refused", "ended", "goal") and line.result != "done":
                lines.append((line.at, f"{line.phase} {line.result}"))
        self.seen += lines

    def world(self, **changes: Any) -> None:
        self.play.world = msgspec.structs.replace(self.play.world, **changes)

    def does(self, line: str) -> None:
        if line[0].isupper():
            name, _, properties = line.partition(": ")
            self.play.tell(Happened(name, values(properties)))
            return
        verb, _, rest = line.partition(" ")
        getattr(self, f"do_{verb}")(rest)

    # --- Time

    def do_at(self, local: str) -> None:
        self.play.now = self.moment(local)

    def do_advance(self, text: str) -> None:
        self.play.pass_time(self.play.now + duration(text))

    def do_until(self, local: str) -> None:
        self.play.pass_time(self.moment(local))

    def do_look(self, _: str) -> None:
        self.play.tell(TimePassed())

    def do_broadcasts(self, text: str) -> None:
        end = self.moment(text.removeprefix("until "))
        zone = ZoneInfo(self.play.world.timezone)
        triggers = [
            (scenario.slug, trigger)
            for scenario in self.scenarios
            for trigger in scenario.trigger
            if isinstance(trigger, OnSchedule)
        ]
        while dues := [
            (due, slug)
            for slug, trigger in triggers
            if (due := next_due(trigger, self.play.now, zone)) and due <= end
        ]:
            due, slug = min(dues)
            self.play.tell(BroadcastDue(slug, due), due)

    # --- The visitor

    def do_write(self, text: str) -> None:
        self.play.tell(Wrote(text))

    def do_choose(self, label: str) -> None:
        chats = [did.effect for did in self.play.did if isinstance(did.effect, effects.SendChat)]
        message, option = next(
            (chat.id, option.id)
            for chat in reversed(chats)
            for option in chat.options
            if option.label == label
        )
        self.play.tell(Chose(message, option))

    def do_submit(self, text: str) -> None:
        self.play.tell(PopupEnded(self.play.state.popup, "submitted", values(text)))

    def do_click(self, _: str) -> None:
        self.play.tell(PopupEnded(self.play.state.popup, "clicked"))

    def do_close(self, _: str) -> None:
        self.play.tell(PopupEnded(self.play.state.popup, "closed"))

    def do_set(self, text: str) -> None:
        self.play.tell(PropertiesChanged(values(text)))

    def do_tag(self, slug: str) -> None:
        self.play.tell(PropertiesChanged(tags_added=(slug,)))

    def do_untag(self, slug: str) -> None:
        self.play.tell(PropertiesChanged(tags_removed=(slug,)))

    def do_visitor(self, name: str) -> None:
        self.play.state = msgspec.structs.replace(self.play.state, id=name)

    # --- Others

    def do_operator(self, _: str) -> None:
        self.play.tell(OperatorWrote("olga"))

    def do_dialog(self, _: str) -> None:
        self.play.tell(DialogMoved(""))

    def do_publish(self, _: str) -> None:
        replaced = {scenario.slug for scenario in self.later}
        older = self.scenarios
        self.scenarios = [kept for kept in older if kept.slug not in replaced] + self.later
        self.play.catalog = Catalog.of(self.scenarios, older=older, segments=self.segments)
        play = self.play
        play.state = refresh(play.state, play.catalog, play.now, play.world)

    def do_zone(self, name: str) -> None:
        self.world(timezone=name)

    def do_quiet(self, hours: str) -> None:
        begins, _, ends = hours.partition("-")
        self.world(quiet_hours=(begins, ends))

    def do_hours(self, hours: str) -> None:
        opens, _, closes = hours.partition("-")
        self.world(business_hours=dict.fromkeys(range(7), (opens, closes)))

    def do_cap(self, text: str) -> None:
        most, _, window = text.partition(" in ")
        self.world(frequency_cap=(int(most), duration(window)))

    def do_operators(self, count: str) -> None:
        self.world(operators_online=int(count))

    def do_fail(self, error: str) -> None:
        self.answers.failure = error

    def do_silence(self, _: str) -> None:
        self.answers.silent = True

    def do_reply(self, text: str) -> None:
        self.answers.reply_ = values(text)

    def do_coupon(self, _: str) -> None:
        self.answers.coupons = False


def shown(effect: effects.Effect) -> Iterator[str]:
    """An effect as a row shows it; what only keeps others informed is left out."""
    match effect:
        case effects.SendChat():
            yield f"ask {effect.text}" if effect.input else f"say {effect.text}".rstrip()
            yield from (f"  option {option.label}" for option in effect.options if not effect.input)
            yield from (f"  button {button.label} {button.link}" for button in effect.buttons)
            yield from (f"  {name} {value}" for name in ("image", "file") if (value := getattr(effect, name)))
        case effects.ShowPopup():
            yield f"popup {effect.title}"
            yield from (f"  field {field.name}" for field in effect.fields)
        case effects.HidePopup():
            yield f"popup {effect.reason}"
        case effects.Send():
            content = effect.content
            named = next(content[key] for key in ("subject", "title", "url", "text") if content.get(key))
            yield f"{effect.channel} {named}"
        case effects.ChangeProperties():
            yield from (f"set {name}={value}" for name, value in effect.changes.items())
            yield from (f"tag {tag}" for tag in effect.tags_added)
            yield from (f"untag {tag}" for tag in effect.tags_removed)
        case effects.EmitEvent():
            yield f"event {effect.name}"
        case effects.AddNote():
            yield f"note {effect.text}"
        case effects.HandOff():
            yield " ".join(part for part in ("handoff", effect.team, effect.operator, effect.note) if part)
        case effects.AssignDialog():
            yield f"assign {effect.team or effect.operator}"
        case effects.CloseDialog():
            yield f"closed {effect.reason}"


@pytest.fixture
def proves(read) -> Callable[[str, str, str], None]:
    """Plays a row, and compares what was seen."""

    def prove(scenarios: str, timeline: str, seen: str) -> None:
        published: list[Scenario] = []
        later: list[Scenario] = []
        segments: list[Segment] = []
        for text in stripped(scenarios).split("\n---\n"):
            if text.startswith("segment:"):
                result = read_segment(text + "\ntitle: A segment\n")
                assert result.segment is not None, result.problems
                segments.append(result.segment)
            elif text.startswith("later:"):
                later.append(read(text.removeprefix("later:\n")))
            else:
                published.append(read(text))
        proof = Proof(published, segments, later)
        for line in stripped(timeline).splitlines():
            proof.does(line.strip())
        wanted = [line.rstrip() for line in stripped(seen).splitlines()]
        dated = bool(wanted) and wanted[0][:4].isdecimal()
        found = [(f"{proof.local(at)} {line}" if dated else line).rstrip() for at, line in proof.seen]
        assert found == wanted

    return prove


def stripped(text: str) -> str:
    return dedent(text).strip("\n").rstrip()
