"""The same timeline gives the same trace, whoever tells it: a test, the player, or a bare loop over `advance`.

The timelines are those of the library's own tests.
"""

from __future__ import annotations

import json
from collections import deque
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from scenarios_yaml.engine import clock
from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.effects import Effect, Send, SendChat, ShowPopup, TakeCoupon, TraceLine
from scenarios_yaml.engine.engine import advance, refresh
from scenarios_yaml.engine.schedule import next_due
from scenarios_yaml.engine.state import VisitorState
from scenarios_yaml.engine.stimuli import (
    BroadcastDue,
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
from scenarios_yaml.language.durations import format_duration
from scenarios_yaml.language.model import OnSchedule, Popup, Scenario, Segment
from scenarios_yaml.tools.playing.player import Player, Refused, Settings
from scenarios_yaml.tools.stage import visitor_named
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.case_files import Shelf
from scenarios_yaml.tools.testing.cases import Case
from scenarios_yaml.tools.testing.expecting import in_language
from scenarios_yaml.tools.testing.run_cases import CaseRunner, world_of

LIBRARY = Path(__file__).parents[3] / "scenarios_yaml" / "library"
PLAIN = Case(name="", line=0)
"""What a case does not set can be played as well."""


@cache
def library() -> tuple[tuple[Scenario, tuple[Case, ...]], ...]:
    shelf = Shelf()
    files = [shelf.open(path) for path in sorted(LIBRARY.rglob("*.test.yaml"))]
    return tuple((file.scenario, file.tests.cases) for file in files if file.scenario is not None)


@cache
def segments() -> tuple[Segment, ...]:
    return tuple(Shelf().segments(LIBRARY / "win_back"))


def plain_cases() -> list[tuple[Scenario, Case]]:
    """Cases in the world in which the player plays, too."""
    unset = ("tags", "lists", "variants", "held_out", "quiet_hours", "business_hours", "frequency_cap", "beside",
             "site", "operators_online")  # fmt: skip
    return [
        (scenario, case)
        for scenario, all_cases in library()
        for case in all_cases
        if all(getattr(case, name) == getattr(PLAIN, name) for name in unset)
    ]


# --- As the player is told ----------------------------------------------------------------------------------


def typed(values: dict[str, object]) -> str:
    return " ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in values.items())


def as_line(item: cases.TimelineItem, locale: str) -> str:
    """The line that tells the player the same; empty for what is only looked at."""
    match item:
        case cases.Happens():
            return f":event {item.event} {typed(in_language(item.properties, locale))}"
        case cases.Advance():
            return f":advance {format_duration(item.duration)}"
        case cases.AdvanceTo():
            return f":until {item.until}"
        case cases.Answers():
            return item.answer.render({}, locale)
        case cases.Writes():
            return item.text.render({}, locale)
        case cases.Submits():
            return ":submit " + typed({name: text.render({}, locale) for name, text in item.fields})
        case cases.Touches():
            return f":{item.how}"
        case cases.OperatorWrites():
            return ":operator hello"
    return as_change(item, locale)


def as_change(item: cases.TimelineItem, locale: str) -> str:
    match item:
        case cases.Changes():
            tags = [f":tag {tag}" for tag in item.tags_added] + [f":untag {tag}" for tag in item.tags_removed]
            return tags[0] if tags else f":as {typed(in_language(item.properties, locale))}"
        case cases.Online():
            return f":operators {item.operators}"
        case cases.FailsNext():
            return f":fail {item.reason}"
        case cases.Replies():
            return f":webhook error={item.error}" if item.error else f":webhook {json.dumps(item.reply)}"
    return ""


def played(scenario: Scenario, case: Case, locale: str) -> list[TraceLine] | None:
    """None where the case writes what the player takes for an answer: there the button is pressed instead."""
    given = in_language(case.given, locale)
    player = Player(
        [scenario], segments(), Settings(locale=locale, at=case.at, timezone=case.timezone, given=given)
    )
    for item in case.timeline:
        lines = (
            [f":coupon {pool}={code}" for pool, code in item.codes.items()]
            if isinstance(item, cases.Coupons)
            else []
        )
        offered = {option.id: option.label for option in player.answers()}
        for line in lines or [as_line(item, locale)]:
            if isinstance(item, cases.Writes) and (
                line.isdecimal() or line.casefold() in str(offered).casefold()
            ):
                return None
            line = offered.get(line, line) if isinstance(item, cases.Answers) else line
            refused = [thing for thing in player.feed(line) if isinstance(thing, Refused)]
            assert not refused, (case.name, line, refused)
    return player.trace


# --- As a bare loop tells it --------------------------------------------------------------------------------


class Bare:
    """No stage, no rehearsal: `advance`, and what effects ask for."""

    def __init__(self, scenario: Scenario, case: Case, locale: str) -> None:
        self.catalog = Catalog.of([replace(scenario, status="live")], segments=segments())
        self.scenario = scenario
        self.world = world_of(case, locale)
        self.zone = clock.project_zone(self.world)
        self.now = clock.parse_moment(case.at, self.zone) or 0
        visitor = visitor_named(self.catalog.programs.values())
        state = VisitorState(id=visitor, properties={**in_language(case.given, locale), "locale": locale})
        self.state = refresh(state, self.catalog, self.now, self.world)
        self.locale = locale
        self.effects: list[Effect] = []
        self.trace: list[TraceLine] = []
        self.fails: list[str] = []
        self.codes: dict[str, str] = {}
        self.reply: tuple[object, str] = ({}, "")

    def tell(self, stimulus: Stimulus) -> bool:
        waiting: deque[Stimulus] = deque([stimulus])
        taken = False
        while waiting:
            outcome = advance(self.state, self.catalog, waiting.popleft(), self.now, self.world)
            self.state, taken = outcome.state, taken or outcome.taken
            self.trace += outcome.trace
            self.effects += outcome.effects
            for effect in outcome.effects:
                if isinstance(effect, TakeCoupon):
                    waiting.append(CouponTaken(effect.run, self.codes.get(effect.pool, effect.pool.upper())))
                elif isinstance(effect, Send):
                    waiting.append(self.delivered(effect))
        return taken

    def delivered(self, send: Send) -> Delivered:
        reply, error = self.reply if send.channel == "webhook" else (None, "")
        error = self.fails.pop(0) if self.fails else error
        return Delivered(send.run, ok=not error, reply=None if error else reply, error=error, id=send.id)

    def until(self, end: int) -> None:
        schedules = [trigger for trigger in self.scenario.trigger if isinstance(trigger, OnSchedule)]
        while True:
            broadcast = min(
                (at for trigger in schedules if (at := next_due(trigger, self.now, self.zone))), default=0
            )
            due = self.state.next_wake()
            if due and due <= end and (not broadcast or due <= broadcast):
                self.now = max(self.now, due)
                self.tell(TimePassed())
            elif broadcast and broadcast <= end:
                self.now = broadcast
                self.tell(BroadcastDue(self.scenario.slug, broadcast))
            else:
                self.now = end
                return

    def do(self, item: cases.TimelineItem) -> None:
        match item:
            case cases.Happens():
                self.tell(Happened(item.event, in_language(item.properties, self.locale)))
            case cases.Advance():
                self.until(self.now + item.duration)
            case cases.AdvanceTo():
                self.until(clock.parse_moment(item.until, self.zone) or 0)
            case cases.Answers():
                self.answer(item.answer.render({}, self.locale))
            case cases.Writes():
                self.write(item.text.render({}, self.locale))
            case cases.Submits():
                self.submit({name: text.render({}, self.locale) for name, text in item.fields})
            case cases.Touches():
                self.touch(item.how)
            case cases.OperatorWrites():
                self.tell(OperatorWrote("operator"))
            case cases.Changes():
                changes = in_language(item.properties, self.locale)
                self.tell(PropertiesChanged(changes, item.tags_added, item.tags_removed))
            case _:
                self.change_world(item)

    def change_world(self, item: cases.TimelineItem) -> None:
        match item:
            case cases.Online():
                self.world = replace(self.world, operators_online=item.operators)
            case cases.FailsNext():
                self.fails.append(item.reason)
            case cases.Replies():
                self.reply = (item.reply, item.error)
            case cases.Coupons():
                self.codes |= item.codes

    def answer(self, label: str) -> None:
        waits = {
            run.waiting.message
            for run in self.state.runs
            if run.waiting and run.waiting.kind in ("answer", "input")
        }
        question = next(
            chat for chat in reversed(self.effects) if isinstance(chat, SendChat) and chat.id in waits
        )
        if not question.options:
            self.write(label)
            return
        option = next(one for one in question.options if label in (one.id, one.label))
        self.tell(Chose(question.id, option.id))

    def write(self, text: str) -> None:
        if not self.state.dialog.id:
            takes = advance(self.state, self.catalog, Wrote(text), self.now, self.world).taken
            self.tell(DialogMoved("dialog", "bot" if takes else "people"))
        if not self.tell(Wrote(text)) and self.state.dialog.id and self.state.dialog.holder == "bot":
            self.tell(DialogMoved(self.state.dialog.id, "people", self.state.dialog.assignee))

    def submit(self, fields: dict[str, str]) -> None:
        popup = next(one for one in reversed(self.effects) if isinstance(one, ShowPopup))
        step = self.catalog.programs[popup.scenario].places[popup.step].step
        assert isinstance(step, Popup)
        names = {field.save_to: shown.name for field, shown in zip(step.fields, popup.fields, strict=True)}
        given = {names.get(name, name): text for name, text in fields.items()}
        self.tell(PopupEnded(popup.id, "submitted", given))

    def touch(self, how: str) -> None:
        if how == "close" or (how == "click" and self.state.popup):
            self.tell(PopupEnded(self.state.popup, "closed" if how == "close" else "clicked"))
            return
        channels = ("email",) if how == "open" else ("email", "push")
        sent = next(
            one for one in reversed(self.effects) if isinstance(one, Send) and one.channel in channels
        )
        name = (
            "Email Opened"
            if how == "open"
            else "Email Clicked"
            if sent.channel == "email"
            else "Message Clicked"
        )
        about = {"scenario": sent.scenario, "step": sent.step, "channel": sent.channel, "id": sent.id}
        self.tell(Happened(name, about))


# --- The three together -------------------------------------------------------------------------------------


class TestTheSameTimeline:
    @pytest.mark.parametrize("group", ["chat_bots", "lead_generation", "sales", "retention", "win_back"])
    def test_gives_the_same_trace_in_a_test_in_play_and_in_a_bare_loop(self, group: str) -> None:
        compared = 0
        for scenario, case in plain_cases():
            if scenario.group != group:
                continue
            for locale in case.locales:
                tested = CaseRunner(scenario, segments()).run_in(case, locale)
                assert tested.failure is None, (scenario.slug, case.name, tested.failure)
                bare = Bare(scenario, case, locale)
                for item in case.timeline:
                    bare.do(item)
                assert bare.trace == list(tested.trace), (scenario.slug, case.name)
                in_play = played(scenario, case, locale)
                if in_play is not None:
                    assert in_play == list(tested.trace), (scenario.slug, case.name)
                    compared += 1
        assert compared > 20


def test_variants_fall_as_the_engine_lets_them_fall() -> None:
    splits = [
        (scenario, case)
        for scenario, all_cases in library()
        for case in all_cases
        if case.variants
    ]  # fmt: skip
    for scenario, case in splits:
        result = CaseRunner(scenario, segments()).run_in(case, case.locales[0])
        wanted = {f"variant {name}" for name in case.variants.values()}
        assert wanted & {line.result for line in result.trace}
