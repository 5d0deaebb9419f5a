"""A draft over the past: who would have entered, what each would have got, what was held back, what nobody knows."""

from __future__ import annotations

import pickle
from typing import Any

import msgspec
import pytest

from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.engine.state import World
from scenarios_yaml.engine.stimuli import Happened, PropertiesChanged
from scenarios_yaml.engine.stimuli import PopupEnded as Ended
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.past.backtest import NOT_KNOWN, backtest
from scenarios_yaml.tools.past.backtest_report import ANSWERS, BacktestReport, report_of
from scenarios_yaml.tools.past.log import (
    Around,
    BecameOne,
    Heard,
    LogItem,
    Presence,
    Publication,
    VisitorLog,
    VisitorWrote,
)
from scenarios_yaml.tools.past.surroundings import Surroundings, Trial
from scenarios_yaml.tools.past.tally import Tally

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
BEGIN = 1_772_452_800_000
"""2026-03-02 12:00 UTC, a Monday: the period begins."""
UNTIL = BEGIN + 7 * DAY

LETTER = """scenario: letter
title: A letter
trigger: [{event: Product Added}]
audience:
  - email is known
  - cart.total > 10
exit: [{event: Order Completed}]
reentry: {not_sooner_than: 2d}
goal: {event: Order Completed, within: 3d}
steps:
  - id: pause
    wait: 1h
  - id: mail
    email: {subject: "Your {{ cart.items[0].name }}", body: Still there}
"""
QUESTION = """scenario: question
title: A question
trigger: [{event: Exit Intent}]
steps:
  - id: ask
    say: Why do you go?
    timeout: 1h
    no_answer: [{tag: silent}, {say: Come back}]
    options: [{label: Too dear, id: dear, steps: [{say: Here is a code}]}]
"""
POPUP = """scenario: popup
title: A pop-up
trigger: [{event: Exit Intent}]
steps:
  - id: shown
    popup: {size: small, title: Wait, text: Please}
    timeout: 10m
    on_close: [{say: Bye}]
"""


def log(visitor: str, *items: tuple[int, Any], **more: Any) -> VisitorLog:
    return VisitorLog(visitor, [LogItem(at, visitor, what) for at, what in items], **more)


def event(event_name: str, **properties: Any) -> Happened:
    return Happened(event_name, properties)


def added(price: float = 20) -> Happened:
    return event("Product Added", product_id="p1", name="Lamp", price=price)


def known(email: str = "ann@shop.example") -> PropertiesChanged:
    return PropertiesChanged({"email": email})


def ordered() -> Happened:
    return event("Order Completed", order_id="o1", total=20)


def live(text: str, at: int = 1) -> Publication:
    scenario = read_scenario(text).scenario
    assert scenario is not None
    return Publication(at, "scenario", scenario.slug, text.replace("\ntrigger", "\nstatus: live\ntrigger"))


ALONE = Around()


def tried(draft: str, *logs: VisitorLog, around: Around = ALONE) -> BacktestReport:
    result = read_scenario(draft)
    assert result.scenario is not None, result.problems
    trial = Trial(result.scenario, BEGIN, UNTIL)
    surroundings = Surroundings(around, trial)
    tally = Tally()
    for one in logs:  # each as if from another process
        tally.add(pickle.loads(pickle.dumps(backtest([one], surroundings))))
    return report_of(tally, trial, around, live=surroundings.live(result.scenario.slug, BEGIN))


class TestWhoWouldHaveEntered:
    def test_those_who_meet_the_audience_at_that_moment(self) -> None:
        ann = log("ann", (BEGIN, known()), (BEGIN + HOUR, added()))
        too_late = log("bob", (BEGIN, added()), (BEGIN + HOUR, known()))
        report = tried(LETTER, ann, too_late)
        assert (report.visitors, report.considered_visitors, report.entered, report.runs) == (2, 2, 1, 1)
        assert report.sample[0].visitor == "ann"
        assert report.sample[0].at == (BEGIN + HOUR,)

    def test_state_from_before_the_period_counts_and_what_happened_then_lets_nobody_in(self) -> None:
        ann = log("ann", (BEGIN - DAY, known()), (BEGIN - HOUR, added(9)), (BEGIN + HOUR, added(9)))
        report = tried(LETTER, ann)
        assert report.runs == 1
        assert report.sample[0].at == (BEGIN + HOUR,)

    def test_nothing_is_looked_at_after_the_period(self) -> None:
        assert tried(LETTER, log("ann", (BEGIN, known()), (UNTIL, added()))).considered == 0

    def test_reentry_holds_within_the_period(self) -> None:
        ann = log("ann", (BEGIN, known()), *((BEGIN + hour * HOUR, added()) for hour in (1, 3, 60)))
        report = tried(LETTER, ann)
        assert (report.entered, report.runs) == (1, 2)
        (refusal,) = report.refusals
        assert (refusal.kind, refusal.text, refusal.saw) == (
            "re-entry",
            "the last run ended too short a time ago",
            ("1h ago",),
        )

    def test_each_refusal_names_its_line_its_condition_and_what_it_saw(self) -> None:
        logs = [log(f"v{number}", (BEGIN, added()), (BEGIN + 1, added())) for number in range(3)]
        report = tried(LETTER, *logs, log("ann", (BEGIN, known()), (BEGIN + 1, added(3))))
        first, second = report.refusals
        assert (first.kind, first.line, first.text) == ("audience", 5, "email is known")
        assert (first.times, first.visitors, first.saw) == (6, 3, ("unknown",))
        assert (second.line, second.text, second.times, second.saw) == (6, "cart.total > 10", 1, ("3",))

    def test_a_person_who_was_two_visitors_counts_once(self) -> None:
        one = VisitorLog(
            "ann",
            [
                LogItem(BEGIN, "ann", known()),
                LogItem(BEGIN + 1, "phone", added()),
                LogItem(BEGIN + 2, "ann", BecameOne("phone")),
                LogItem(BEGIN + 3, "ann", added()),
            ],
        )
        report = tried(LETTER, one)
        assert (report.visitors, report.entered, report.runs) == (1, 1, 1)


class TestWhatTheyWouldHaveGot:
    def test_messages_are_rendered_with_the_state_of_their_moment(self) -> None:
        report = tried(LETTER, log("ann", (BEGIN, known()), (BEGIN + HOUR, added())))
        (got,) = report.sample[0].got
        assert (got.at, got.step, got.channel, got.subject) == (
            BEGIN + 2 * HOUR,
            "mail",
            "email",
            "Your Lamp",
        )
        assert report.messages == {"email": 1}

    def test_messages_are_counted_by_the_projects_days_without_gaps(self) -> None:
        around = Around(world=World(timezone="Asia/Tokyo"))
        report = tried(
            LETTER, log("ann", (BEGIN, known()), (BEGIN + 2 * HOUR + MINUTE, added())), around=around
        )
        assert len(report.days) == 8
        assert {day for day, count in report.days.items() if count} == {"2026-03-03"}

    def test_the_funnel_counts_each_run_once_at_each_step(self) -> None:
        bought = log("bob", (BEGIN, known()), (BEGIN + 1, added()), (BEGIN + MINUTE, ordered()))
        waits = log("cat", (BEGIN, known()), (UNTIL - MINUTE, added()))
        report = tried(LETTER, log("ann", (BEGIN, known()), (BEGIN + 1, added())), bought, waits)
        pause, mail = report.steps
        assert (pause.reached, pause.standing) == (3, 1)
        assert (mail.reached, mail.sent) == (1, 1)
        assert report.endings == {"done": 1, "exit: Order Completed": 1}
        assert report.goals == 1

    def test_a_goal_is_seen_after_the_run_has_ended(self) -> None:
        ann = log("ann", (BEGIN, known()), (BEGIN + 1, added()), (BEGIN + 2 * DAY, ordered()))
        assert tried(LETTER, ann).goals == 1


class TestWhatNobodyKnows:
    def test_a_question_counts_as_asked_and_is_not_answered_by_silence(self) -> None:
        report = tried(
            QUESTION, log("ann", (BEGIN, event("Exit Intent")), (BEGIN + DAY, event("Page Viewed")))
        )
        (ask, *rest) = report.steps
        assert (ask.reached, ask.asked) == (1, 1)
        assert all(step.reached == 0 for step in rest)
        assert report.endings == {NOT_KNOWN: 1}
        assert report.messages == {"chat": 1}
        assert ANSWERS in report.unknown

    def test_a_popup_counts_as_shown_and_is_not_closed_by_its_timeout(self) -> None:
        report = tried(POPUP, log("ann", (BEGIN, event("Exit Intent")), (BEGIN + DAY, event("Page Viewed"))))
        assert report.steps[0].asked == 1
        assert report.messages == {"popup": 1}
        assert report.endings == {NOT_KNOWN: 1}

    def test_what_he_then_wrote_is_not_taken_for_the_answer(self) -> None:
        wrote = VisitorWrote("Too dear", "m1", "d1")
        report = tried(QUESTION, log("ann", (BEGIN, event("Exit Intent")), (BEGIN + MINUTE, wrote)))
        assert report.messages == {"chat": 1}
        assert report.endings == {NOT_KNOWN: 1}

    def test_what_was_answered_to_the_live_version_is_not_assumed(self) -> None:
        answer = LogItem(BEGIN + MINUTE, "ann", Ended("ann.1.1", "closed"), scenario="popup")
        one = VisitorLog("ann", [LogItem(BEGIN, "ann", event("Exit Intent")), answer])
        report = tried(POPUP, one, around=Around(publications=(live(POPUP),)))
        assert report.messages == {"popup": 1}

    def test_a_question_that_stands_at_the_end_stands_there(self) -> None:
        report = tried(QUESTION, log("ann", (UNTIL - MINUTE, event("Exit Intent"))))
        assert report.steps[0].standing == 1
        assert report.endings == {}


class TestAmongOthers:
    OTHER = POPUP.replace("scenario: popup", "scenario: other")

    def test_another_scenarios_popup_holds_the_draft_back(self) -> None:
        around = Around(
            publications=(live(self.OTHER.replace("trigger", "delivery: {priority: 90}\ntrigger")),)
        )
        report = tried(POPUP, log("ann", (BEGIN, event("Exit Intent"))), around=around)
        (held,) = report.held
        assert (held.what, held.by, held.messages) == ("dropped", "the pop-up of other", 1)
        assert report.messages == {}

    def test_the_frequency_cap_and_quiet_hours_hold_back(self) -> None:
        world = World(frequency_cap=(1, 7 * DAY), quiet_hours=("22:00", "08:00"))
        again = LETTER.replace("{not_sooner_than: 2d}", "{while_running: parallel}")
        times = (BEGIN + HOUR, BEGIN + 2 * HOUR, BEGIN + 9 * HOUR + 30 * MINUTE)
        ann = log("ann", (BEGIN, known()), *((at, added()) for at in times))
        report = tried(again, ann, around=Around(world=world))
        assert {(held.what, held.by): held.messages for held in report.held} == {
            ("skipped", "the frequency cap"): 2,
            ("delayed", "quiet hours"): 1,
        }
        assert report.messages == {"email": 1}

    def test_answers_to_others_find_their_runs_though_numbers_have_moved(self) -> None:
        """The draft's run is the visitor's first, so that the other's, which was his first, is the second."""
        thanks = self.OTHER.replace("on_close: [{say: Bye}]", "on_close: [{emit: {event: Closed}}]")
        draft = LETTER.replace("Product Added", "Session Started").replace("  - cart.total > 10\n", "")
        on_closed = QUESTION.replace("scenario: question", "scenario: closed").replace(
            "Exit Intent", "Closed"
        )
        one = VisitorLog(
            "ann",
            [
                LogItem(BEGIN, "ann", known()),
                LogItem(BEGIN + 1, "ann", event("Session Started")),
                LogItem(BEGIN + SECOND, "ann", event("Exit Intent")),
                LogItem(BEGIN + MINUTE, "ann", Ended("ann.1.1", "closed"), scenario="other"),
            ],
        )
        around = Around(publications=(live(thanks), live(on_closed)))
        kept = draft.replace("exit: [{event: Order Completed}]", "exit: [{event: Closed}]")
        assert tried(kept, one, around=around).endings == {"exit: Closed": 1}

    def test_who_was_online_counts_at_its_moment(self) -> None:
        draft = POPUP.replace("steps", "audience: [operators online > 0]\nsteps")
        around = Around(presences=(Presence(BEGIN + HOUR, 1), Presence(BEGIN + 2 * HOUR, 0)))
        logs = [log(f"v{hour}", (BEGIN + hour * HOUR + 1, event("Exit Intent"))) for hour in range(3)]
        assert [one.visitor for one in tried(draft, *logs, around=around).sample] == ["v1"]

    def test_a_drafts_broadcast_comes_at_its_moments_to_those_who_are_known(self) -> None:
        draft = LETTER.replace("[{event: Product Added}]", '[{schedule: "0 9 * * tue"}]')
        early = log("ann", (BEGIN, known()), (BEGIN + 1, added()))
        late = log("bob", (BEGIN + 3 * DAY, known("bob@shop.example")), (BEGIN + 3 * DAY + 1, added()))
        report = tried(draft, early, late)
        assert [(one.visitor, one.at) for one in report.sample] == [("ann", (BEGIN + 21 * HOUR,))]


class TestBesideTheLiveVersion:
    def was(self, run: str, at: int) -> TraceLine:
        return TraceLine(at=at, scenario="letter", version="v", phase="started", run=run)

    def test_both_and_either_are_told_apart(self) -> None:
        both = log("ann", (BEGIN, known()), (BEGIN + 1, added()), was=[self.was("ann.1", BEGIN + 1)])
        both.heard = [Heard(BEGIN + HOUR, "ann.1", "email", "Old")]
        only_live = log("bob", (BEGIN, added()), was=[self.was("bob.1", BEGIN)])
        only_draft = log("cat", (BEGIN, known()), (BEGIN + 1, added()))
        before = log("dan", (BEGIN - 2, added()), was=[self.was("dan.1", BEGIN - 1)])
        before.heard = [Heard(BEGIN + 1, "dan.1", "email", "Of a run from before")]
        around = Around(publications=(live(LETTER.replace("10", "1")),))
        counted = tried(LETTER, both, only_live, only_draft, before, around=around).live
        assert (counted.entered, counted.runs) == (2, 2)
        assert (counted.entered_by_both, counted.only_by_draft, counted.only_by_live) == (1, 1, 1)
        assert counted.messages == {"email": 1}
        assert counted.version

    def test_the_draft_stands_in_the_place_of_the_live_version(self) -> None:
        loud = LETTER.replace("Your {{ cart.items[0].name }}", "LIVE")
        around = Around(publications=(live(loud),))
        report = tried(LETTER, log("ann", (BEGIN, known()), (BEGIN + 1, added())), around=around)
        assert [got.subject for got in report.sample[0].got] == ["Your Lamp"]

    def test_who_is_on_his_way_with_the_live_version_is_not_counted(self) -> None:
        around = Around(publications=(live(LETTER),))
        ann = log("ann", (BEGIN - DAY, known()), (BEGIN - MINUTE, added()), (BEGIN + DAY, added(1)))
        report = tried(LETTER, ann, around=around)
        assert (report.runs, report.messages) == (0, {})
        assert report.refusals[0].kind == "re-entry"


class TestTheReport:
    def test_it_can_be_written_as_json_and_says_when_it_is_not_whole(self) -> None:
        result = read_scenario(LETTER)
        assert result.scenario is not None
        trial = Trial(result.scenario, BEGIN, UNTIL)
        tally = backtest([log("ann", (BEGIN, known()))], Surroundings(Around(), trial))
        report = report_of(tally, trial, Around(), live=None, in_all=10)
        assert not report.complete
        assert (report.visitors, report.visitors_in_all) == (1, 10)
        assert msgspec.json.decode(msgspec.json.encode(report))["scenario"] == "letter"

    def test_the_sample_is_the_same_in_whatever_order_visitors_come(self) -> None:
        logs = [log(f"v{number}", (BEGIN, known()), (BEGIN + 1, added())) for number in range(80)]
        forwards, backwards = tried(LETTER, *logs), tried(LETTER, *reversed(logs))
        assert forwards.sample == backwards.sample
        assert len(forwards.sample) == 25

    def test_surroundings_that_try_nothing_out_are_refused(self) -> None:
        with pytest.raises(ValueError, match="try"):
            backtest([], Surroundings(Around()))
