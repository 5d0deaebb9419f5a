"""Scenarios at work: what they say and show, what visitors answer, timers, versions and broken files."""

from __future__ import annotations

import time

import pytest

from server_stub.protocol import (
    DialogChanged,
    EventHappened,
    MessageChanged,
    OutboxChanged,
    PopupEnded,
    PopupShown,
    QuestionClosed,
    RunProgress,
    ScenarioChanged,
    ScenarioProblem,
    VisitorChanged,
)
from server_stub.work import Rejected, ScenariosRead

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000

BOT = """scenario: helper
title: Helper
status: live
trigger:
  - event: Page Viewed
reentry: {times: once}
steps:
  - wait: 30s
  - id: ask
    say: Shall I help?
    timeout: 1h
    options:
      - label: "Yes"
        steps:
          - say: A colleague is coming.
          - tag: wants-help
          - handoff: {team: sales, note: "answered {{ run.answer }}"}
      - label: "No"
        steps:
          - close: no help wanted
"""
NOTE = """scenario: note
title: Note
status: live
trigger:
  - event: Page Viewed
reentry: {times: once}
steps:
  - note: Is on the first page
"""
EMAIL = """scenario: email
title: Asks for the email
status: live
trigger:
  - keyword: [bonus]
steps:
  - ask: What is your email?
    input: email
    save_to: visitor.email
    timeout: 1h
  - coupon: {pool: bonus, save_to: run.code}
  - say: "Your code: {{ run.code }}"
"""
POPUP = """scenario: promo
title: Promo
status: live
trigger:
  - event: Exit Intent
reentry: {times: once}
steps:
  - popup:
      size: large
      title: Wait!
      text: Leave your email
      fields:
        - {input: email, label: Email, save_to: visitor.email, required: true}
      button: {label: Send}
    timeout: 30m
    on_submit:
      - email: {subject: "Your code", body: "Hello"}
"""


@pytest.fixture(autouse=True)
async def operators(shop) -> None:
    await shop.hire("o1", "Ann")


class TestABotInTheChat:
    async def test_it_asks_after_its_wait_in_a_dialog_of_its_own(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        assert await shop.wait(29 * SECOND) == 0
        assert await shop.wait(SECOND) == 1
        dialog = shop.dialog
        assert (dialog.holder, dialog.answered, dialog.waiting_since, dialog.last_author) == (
            "bot",
            False,
            0,
            "bot",
        )
        (question,) = (await shop.greet()).messages
        assert [option.label for option in question.options] == ["Yes", "No"]
        assert (question.author.id, question.author.name) == ("helper", "Assistant")
        assert shop.desk.statuses()[0].running == 1

    async def test_yes_hands_the_visitor_to_people_with_a_note(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        await shop.wait(30 * SECOND)
        question = (await shop.greet()).messages[0]
        await shop.choose(question.id, "yes")
        dialog = shop.dialog
        assert (dialog.holder, dialog.team, dialog.waiting_since, dialog.answered) == (
            "people",
            "sales",
            shop.now,
            True,
        )
        assert dialog.tags == ("wants-help",)
        assert shop.last(MessageChanged).chosen == "yes"
        assert [message.chosen for message in (await shop.greet()).messages] == ["yes", ""]
        feed = shop.store.feed(dialog=dialog.id, before=0, limit=1)
        assert (feed[0].what.message.note, feed[0].what.message.text) == (True, "answered Yes")
        assert shop.desk.statuses()[0].running == 0

    async def test_a_note_where_nobody_has_talked_yet_opens_a_dialog_for_people(self, shop) -> None:
        await shop.publish(NOTE)
        await shop.page("/")
        dialog = shop.dialog
        assert (dialog.status, dialog.holder) == ("open", "people")
        (entry,) = shop.store.feed(dialog=dialog.id, before=0, limit=1)
        assert (entry.what.message.note, entry.what.message.text) == (True, "Is on the first page")
        assert (await shop.greet()).messages == ()
        await shop.write("Hello?")
        assert (shop.dialog.id, shop.dialog.holder) == (dialog.id, "people")

    async def test_a_bot_that_speaks_takes_a_dialog_that_a_note_has_opened(self, shop) -> None:
        await shop.publish(NOTE, BOT)
        await shop.page("/")
        noted = shop.dialog
        await shop.wait(30 * SECOND)
        assert (shop.dialog.id, shop.dialog.holder) == (noted.id, "bot")
        question = (await shop.greet()).messages[0]
        await shop.choose(question.id, "yes")
        assert shop.dialog.holder == "people"

    async def test_no_closes_the_dialog_with_its_reason(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        await shop.wait(30 * SECOND)
        await shop.choose((await shop.greet()).messages[0].id, "no")
        assert shop.dialogs("open") == []
        assert shop.last(DialogChanged).reason == "no help wanted"

    async def test_a_label_that_is_typed_is_that_answer(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        await shop.wait(30 * SECOND)
        await shop.write("yes")
        assert shop.last(MessageChanged).chosen == "yes"
        assert (shop.dialog.holder, shop.dialog.team) == ("people", "sales")

    async def test_anything_else_that_he_types_is_for_people(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        await shop.wait(30 * SECOND)
        await shop.write("do you ship to Norway?")
        assert (shop.dialog.holder, shop.dialog.waiting_since) == ("people", shop.now)

    async def test_an_operator_who_writes_takes_over_and_the_buttons_go(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        await shop.wait(30 * SECOND)
        question = (await shop.greet()).messages[0]
        await shop.send(shop.dialog.id, "Let me help you myself")
        assert (shop.dialog.holder, shop.dialog.assignee) == ("people", "o1")
        assert shop.all(QuestionClosed) == [QuestionClosed(question.id)]
        assert (await shop.greet()).messages[0].closed
        with pytest.raises(Rejected) as refused:
            await shop.choose(question.id, "yes")
        assert (refused.value.error, refused.value.status) == ("conflict", 409)

    async def test_an_answer_counts_once_and_a_second_one_is_refused(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        await shop.wait(30 * SECOND)
        question = (await shop.greet()).messages[0].id
        await shop.choose(question, "yes", frame="f1")
        entries = len(shop.journal())
        await shop.choose(question, "yes", frame="f1")
        await shop.choose(question, "yes", frame="f2")
        assert len(shop.journal()) == entries
        with pytest.raises(Rejected):
            await shop.choose(question, "no")

    @pytest.mark.parametrize(
        ("message", "option", "who", "error"),
        [
            ("m_none", "yes", "a1", "not_found"),
            ("", "maybe", "a1", "invalid"),
            ("", "yes", "a2", "not_found"),
        ],
    )
    async def test_only_his_own_questions_have_answers(self, shop, message, option, who, error) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        await shop.page("/", "a2")
        await shop.wait(30 * SECOND)
        question = (await shop.greet()).messages[0].id
        with pytest.raises(Rejected) as refused:
            await shop.choose(message or question, option, who)
        assert refused.value.error == error

    async def test_a_keyword_starts_a_bot_that_holds_the_dialog(self, shop) -> None:
        await shop.publish(EMAIL)
        await shop.write("a bonus, please")
        assert (shop.dialog.holder, shop.dialog.waiting_since) == ("bot", 0)
        await shop.write("no idea")
        await shop.write("ann@shop.example")
        assert shop.said()[-1] == "Your code: BONUS"
        assert shop.card().email == "ann@shop.example"
        assert shop.last(VisitorChanged).by.id == "email"

    async def test_every_step_is_in_the_trace(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        await shop.wait(30 * SECOND)
        assert [(what.phase, what.step) for what in shop.all(RunProgress)] == [
            ("started", ""),
            ("step", "steps.0"),
            ("step", "steps.0"),
            ("step", "ask"),
        ]


class TestPopups:
    async def test_it_is_shown_and_waits_on_the_screen_of_the_next_page(self, shop) -> None:
        await shop.publish(POPUP)
        await shop.page("/")
        await shop.track("Exit Intent")
        shown = shop.last(PopupShown).popup
        assert (shown.size, shown.fields[0].name, shown.fields[0].required) == ("large", "email", True)
        assert (await shop.greet()).popup == shown

    async def test_what_is_submitted_is_saved_and_the_letter_planned(self, shop) -> None:
        await shop.publish(POPUP)
        await shop.page("/")
        await shop.track("Exit Intent")
        popup = shop.last(PopupShown).popup.id
        await shop.end_popup(popup, "submitted", email="ann@shop.example", sneaky="x")
        assert shop.last(PopupEnded).fields == {"email": "ann@shop.example"}
        assert (await shop.greet()).popup is None
        assert shop.card().email == "ann@shop.example"
        (letter,) = shop.store.outbox(10)
        assert (letter.channel, letter.status, letter.summary) == ("email", "waiting", "Your code")
        assert shop.last(OutboxChanged).id == letter.id

    async def test_a_field_that_must_be_filled_is_named(self, shop) -> None:
        await shop.publish(POPUP)
        await shop.page("/")
        await shop.track("Exit Intent")
        popup = shop.last(PopupShown).popup.id
        with pytest.raises(Rejected) as refused:
            await shop.end_popup(popup, "submitted", email=" ")
        assert refused.value.field == "fields.email"
        assert (await shop.greet()).popup is not None

    async def test_it_goes_by_itself_and_closing_it_late_hurts_nobody(self, shop) -> None:
        await shop.publish(POPUP)
        await shop.page("/")
        await shop.track("Exit Intent")
        popup = shop.last(PopupShown).popup.id
        await shop.wait(30 * MINUTE)
        assert shop.last(PopupEnded).outcome == "timed_out"
        await shop.end_popup(popup)
        assert len(shop.all(PopupEnded)) == 1


class TestTimers:
    async def test_a_timer_fires_once(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        assert await shop.wait(30 * SECOND) == 1
        assert await shop.wait(0) == 0
        assert len(shop.said()) == 1

    async def test_what_fell_due_while_the_server_was_down_fires_once_when_it_is_back(
        self, shop, until
    ) -> None:
        await shop.publish(BOT)
        for number in range(20):
            await shop.page("/", f"a{number}")
        shop.now += HOUR // 2
        await shop.restart()
        await until(lambda: len(shop.dialogs("open")) == 20, 5)
        await shop.restart()
        await shop.wait(SECOND)
        assert all(shop.said(f"a{number}") == ["Shall I help?"] for number in range(20))

    async def test_the_desk_wakes_them_by_itself(self, store, make_shop, until) -> None:
        shop = make_shop(store)
        shop.desk._clock = lambda: time.time_ns() // 1_000_000
        await shop.open()
        shop.now = shop.desk._clock()
        await shop.publish(BOT.replace("30s", "1s"))
        shop.now = shop.desk._clock()
        await shop.page("/")
        await until(lambda: shop.published and shop.dialogs("open"), 5)
        lateness = shop.dialog.opened_at - shop.now - 1000
        assert 0 <= lateness < 500
        await shop.desk.stop()

    async def test_a_wait_goes_on_over_a_restart_with_its_due_time(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        shop.now += 20 * SECOND
        await shop.restart()
        assert shop.desk.statuses()[0].running == 1
        assert await shop.wait(9 * SECOND) == 0
        assert await shop.wait(SECOND) == 1

    async def test_timers_move_along_with_a_merge(self, shop) -> None:
        await shop.publish(BOT)
        await shop.identify("a1", "u1")
        await shop.page("/", "a2")
        await shop.identify("a2", "u1")
        assert await shop.wait(30 * SECOND) == 1
        assert shop.said("a1") == ["Shall I help?"]


class TestPublishing:
    async def test_reading_the_same_folder_again_changes_nothing(self, shop) -> None:
        await shop.publish(BOT, POPUP)
        entries = len(shop.journal())
        await shop.publish(BOT, POPUP)
        assert len(shop.journal()) == entries
        assert [(row.slug, row.status) for row in shop.desk.statuses()] == [
            ("helper", "live"),
            ("promo", "live"),
        ]

    async def test_a_broken_file_leaves_its_last_good_version_live_and_shows_where(self, shop) -> None:
        await shop.publish(BOT)
        version = shop.desk.statuses()[0].version
        await shop.publish(BOT.replace("say: Shall", "sya: Shall"))
        (status,) = shop.desk.statuses()
        assert (status.version, status.status) == (version, "live")
        assert (status.problems[0].line, bool(status.problems[0].text)) == (10, True)
        assert shop.last(ScenarioChanged).problems == status.problems
        await shop.page("/")
        await shop.wait(30 * SECOND)
        assert shop.said() == ["Shall I help?"]
        await shop.publish(BOT)
        assert shop.desk.statuses()[0].problems == ()

    async def test_also_after_a_restart(self, shop) -> None:
        await shop.publish(BOT)
        broken = (("helper.yaml", (ScenarioProblem(3, 1, "no"),)),)
        await shop.publish(broken=broken)
        await shop.restart()
        await shop.publish(broken=broken)
        assert shop.desk.statuses()[0].problems[0].line == 3
        await shop.page("/")
        await shop.wait(30 * SECOND)
        assert shop.said() == ["Shall I help?"]

    @pytest.mark.parametrize("file", ["help_me.yaml", "bots/help_me.yaml", "help-me.yaml"])
    async def test_it_is_found_by_its_file_and_after_a_restart_by_its_name(self, shop, file) -> None:
        text = BOT.replace("scenario: helper", "scenario: help_me")
        await shop.desk.submit(ScenariosRead(good=((file, text),), at=shop.now))
        broken = ((file, (ScenarioProblem(3, 1, "no"),)),)
        for _ in range(2):
            await shop.publish(broken=broken)
            (status,) = shop.desk.statuses()
            assert (status.slug, status.status, len(status.problems)) == ("help_me", "live", 1)
            await shop.restart()

    async def test_one_that_was_never_good_is_shown_as_broken(self, shop) -> None:
        await shop.publish("scenario: new\ntitle: ")
        (status,) = shop.desk.statuses()
        assert (status.slug, status.status, status.version) == ("new", "broken", "")
        assert status.problems

    async def test_a_file_that_is_gone_lets_nobody_in_and_says_nothing_more(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        await shop.publish()
        assert shop.desk.statuses() == []
        assert shop.last(ScenarioChanged).status == "removed"
        await shop.page("/", "a2")
        await shop.wait(30 * SECOND)
        assert (shop.said("a1"), shop.said("a2")) == ([], [])
        assert [what.phase for what in shop.all(RunProgress)] == ["started", "step", "step", "ended"]

    async def test_a_new_version_takes_the_place_of_the_old_one_alone(self, shop) -> None:
        await shop.publish(BOT, POPUP)
        await shop.publish(BOT.replace("Shall I", "May I"), POPUP)
        changed = [what.slug for what in shop.all(ScenarioChanged)]
        assert changed == ["helper", "promo", "helper"]
        await shop.page("/")
        await shop.wait(30 * SECOND)
        assert shop.said() == ["May I help?"]
        assert [(row.slug, row.live) for row in shop.store.scenarios() if row.slug == "helper"] == [
            ("helper", False),
            ("helper", True),
        ]

    async def test_a_draft_lets_nobody_in(self, shop) -> None:
        await shop.publish(BOT.replace("status: live", "status: draft"))
        await shop.page("/")
        assert shop.all(RunProgress) == []

    async def test_scenarios_hear_of_the_life_of_the_chat(self, shop) -> None:
        """Dialog Closed is no event entry of the journal; scenarios listen to it all the same."""
        await shop.publish("""scenario: thanks
title: Thanks
status: live
trigger:
  - event: Dialog Closed
steps:
  - emit: {event: Thanked, properties: {why: closed}}
""")
        await shop.write("Hello")
        await shop.change(shop.dialog.id, status="closed", reason="solved")
        assert [what.name for what in shop.all(EventHappened)] == ["Thanked"]
