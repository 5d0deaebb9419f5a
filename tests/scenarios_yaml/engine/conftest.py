"""A visitor and his scenarios on a virtual clock: what the tests of the engine share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from textwrap import dedent
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import pytest

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.effects import (
    Effect,
    EmitEvent,
    HidePopup,
    Send,
    SendChat,
    ShowPopup,
    TakeCoupon,
    TraceLine,
)
from scenarios_yaml.engine.engine import Outcome, advance, refresh
from scenarios_yaml.engine.state import Run, VisitorState, World
from scenarios_yaml.engine.stimuli import (
    Chose,
    CouponTaken,
    Delivered,
    DialogMoved,
    Happened,
    OperatorWrote,
    PopupEnded,
    PropertiesChanged,
    Stimulus,
    TimePassed,
    Wrote,
)
from scenarios_yaml.language.durations import parse_duration
from scenarios_yaml.language.model import Scenario, Segment
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment

E = TypeVar("E")
NOON = int(datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("UTC")).timestamp() * 1000)
"""A Monday."""


def scenario(text: str, **changes: Any) -> Scenario:
    """The scenario of a YAML text; live, with a title and a trigger where it names none."""
    text = dedent(text).strip() + "\n"
    for line, key in (
        ("scenario: test", "scenario:"),
        ("title: Test", "title:"),
        ("status: live", "status:"),
        ("trigger: [{event: Go}]", "trigger:"),
    ):
        if not any(row.startswith(key) for row in text.splitlines()):
            text += line + "\n"
    result = read_scenario(text)
    assert result.scenario is not None, result.errors
    return msgspec.structs.replace(result.scenario, **changes) if changes else result.scenario


def segment(slug: str, *conditions: str) -> Segment:
    """A segment of conditions, as its file would say."""
    lines = "".join(f"  - {condition}\n" for condition in conditions)
    result = read_segment(f"segment: {slug}\ntitle: {slug}\nconditions:\n{lines}")
    assert result.segment is not None, result.problems
    return result.segment


class Play:
    """One visitor. Each method is a stimulus; `last` is its outcome, `effects` and `trace` are all so far."""

    def __init__(
        self,
        *texts: str | Scenario,
        world: World | None = None,
        at: int = NOON,
        segments: Sequence[Segment] = (),
    ) -> None:
        self.scenarios = [scenario(text) if isinstance(text, str) else text for text in texts]
        self.segments = tuple(segments)
        self.catalog = Catalog.of(self.scenarios, segments=segments)
        self.world = world or World(operators_online=1)
        self.now = at
        self.state = VisitorState(id="ann")
        self.effects: list[Effect] = []
        self.trace: list[TraceLine] = []
        self.last = Outcome(self.state)

    def tell(self, stimulus: Stimulus) -> Outcome:
        before = msgspec.json.encode(self.state)
        self.last = advance(self.state, self.catalog, stimulus, self.now, self.world)
        assert msgspec.json.encode(self.state) == before, "the state that was passed in has changed"
        self.state = msgspec.json.decode(msgspec.json.encode(self.last.state), type=VisitorState)
        assert self.state == self.last.state, "the state is another after a restart"
        self.effects += self.last.effects
        self.trace += self.last.trace
        return self.last

    def event(self, name: str, /, **properties: Any) -> Outcome:
        return self.tell(Happened(name, properties))

    def go(self, **properties: Any) -> Outcome:
        return self.event("Go", **properties)

    def write(self, text: str, *files: str) -> Outcome:
        return self.tell(Wrote(text, files=files))

    def press(self, label: str) -> Outcome:
        message = self.all(SendChat)[-1]
        option = next(option for option in message.options if option.label == label)
        return self.tell(Chose(message.id, option.id))

    def submit(self, **fields: Any) -> Outcome:
        return self.tell(PopupEnded(self.state.popup, "submitted", fields))

    def click(self) -> Outcome:
        return self.tell(PopupEnded(self.state.popup, "clicked"))

    def dismiss(self) -> Outcome:
        return self.tell(PopupEnded(self.state.popup, "closed"))

    def operator_writes(self, operator: str = "olga") -> Outcome:
        return self.tell(OperatorWrote(operator))

    def dialog(self, dialog: str, **more: Any) -> Outcome:
        return self.tell(DialogMoved(dialog, **more))

    def change(self, *, tags: tuple[str, ...] = (), **properties: Any) -> Outcome:
        return self.tell(PropertiesChanged(properties, tags))

    def coupon(self, code: str) -> Outcome:
        return self.tell(CouponTaken(self.all(TakeCoupon)[-1].run, code))

    def reply(self, ok: bool = True, **more: Any) -> Outcome:
        return self.tell(Delivered(self.all(Send)[-1].run, ok, **more))

    def advance(self, duration: str) -> None:
        """Lets time pass, stopping at each moment at which something is due, as the server does."""
        passed = parse_duration(duration)
        assert passed is not None
        end = self.now + passed
        while (due := self.state.next_wake()) and due <= end:
            self.now = max(self.now, due)
            self.tell(TimePassed())
        self.now = end

    def until(self, local: str, zone: str = "UTC") -> None:
        """Sets the clock to a local time (`2026-03-29 10:00`), without anything happening in between."""
        self.now = moment(local, zone)

    def publish(self, *texts: str | Scenario, **more: Any) -> None:
        old = self.scenarios
        self.scenarios = [scenario(text) if isinstance(text, str) else text for text in texts]
        self.segments = tuple(more.pop("segments", self.segments))
        self.catalog = Catalog.of(
            self.scenarios, older=more.pop("older", old), segments=self.segments, **more
        )

    def refresh(self) -> None:
        """What the desk does for every visitor after a publication."""
        self.state = refresh(self.state, self.catalog, self.now, self.world)

    def all(self, kind: type[E]) -> list[E]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    def got(self, kind: type[E]) -> list[E]:
        """Effects of that kind in the last outcome."""
        return [effect for effect in self.last.effects if isinstance(effect, kind)]

    @property
    def said(self) -> list[str]:
        return [message.text for message in self.all(SendChat)]

    @property
    def popups(self) -> list[str]:
        return [popup.title for popup in self.all(ShowPopup)]

    @property
    def hidden(self) -> list[str]:
        return [popup.reason for popup in self.all(HidePopup)]

    @property
    def mails(self) -> list[str]:
        return [row.content["subject"] for row in self.all(Send) if row.channel == "email"]

    @property
    def events(self) -> list[str]:
        return [event.name for event in self.all(EmitEvent)]

    @property
    def moves(self) -> list[str]:
        """The segments that he entered (+) and left (-), in order."""
        signs = {"Segment Entered": "+", "Segment Left": "-"}
        return [
            signs[event.name] + event.properties["segment"]
            for event in self.all(EmitEvent)
            if event.name in signs
        ]

    @property
    def goals(self) -> list[str]:
        return [line.result for line in self.trace if line.phase == "goal"]

    @property
    def run(self) -> Run:
        assert len(self.state.runs) == 1, self.state.runs
        return self.state.runs[0]

    @property
    def ended(self) -> list[str]:
        return [line.result for line in self.trace if line.phase == "ended"]

    @property
    def started(self) -> list[str]:
        return [line.scenario for line in self.trace if line.phase == "started"]

    @property
    def refused(self) -> list[str]:
        return [line.result for line in self.trace if line.phase == "refused"]

    @property
    def steps(self) -> list[str]:
        return [line.result for line in self.trace if line.phase == "step"]


def moment(local: str, zone: str = "UTC", fold: int = 0) -> int:
    """Milliseconds of a local time that exists."""
    return int(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp() * 1000)


@pytest.fixture
def play() -> Callable[..., Play]:
    """Makes a visitor with these scenarios."""
    return Play


@pytest.fixture
def read() -> Callable[..., Scenario]:
    """Makes a scenario of a YAML text."""
    return scenario


@pytest.fixture
def at() -> Callable[..., int]:
    """The moment of a local time."""
    return moment


@pytest.fixture
def group() -> Callable[..., Segment]:
    """Makes a segment of its slug and conditions."""
    return segment
