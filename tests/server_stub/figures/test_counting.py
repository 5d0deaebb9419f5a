"""What happens at the steps of a scenario is counted when it happens, on either store."""

from __future__ import annotations

from typing import Any

from server_stub.protocol import DayFigures, OutboxChanged, PopupShown, VariantFigures
from server_stub.settings import Settings, SiteSettings
from server_stub.work import RowTried

HOUR = 3_600_000
DAY = 24 * HOUR
HEAD = "scenario: test\ntitle: Test\nstatus: live\n"
GO = HEAD + "trigger: [{event: Go}]\n"
BOT = (
    GO
    + """
steps:
  - id: menu
    say: What is it?
    timeout: 1h
    options:
      - {label: Delivery, id: delivery, steps: [{id: told, say: By courier}]}
      - {label: Nothing, id: nothing, steps: [{stop: nothing}]}
    no_answer: [{id: silence, tag: silent}]
"""
)
POPUP = (
    GO
    + """
steps:
  - id: offer
    popup:
      size: small
      title: A bonus
      text: Your email?
      fields: [{input: email, label: Email, save_to: visitor.email}]
      button: {label: Get it}
    timeout: 1h
"""
)
LETTER = GO + "steps: [{id: letter, email: {subject: Hi, body: There}}, {id: pause, wait: 2d}]\n"
GOAL = "goal: {event: Order Completed, within: 7d}\n"


async def come(shop: Any, *people: str, event: str = "Go") -> None:
    for who in people:
        await shop.track(event, who)


async def tried(shop: Any, status: Any, error: str = "") -> None:
    row = shop.last(OutboxChanged).id
    await shop.desk.submit(RowTried(row=row, status=status, error=error, at=shop.now))


class TestChat:
    async def test_a_question_counts_who_came_what_they_answered_and_who_waits(self, shop, counted):
        await shop.publish(BOT)
        await come(shop, "a1", "a2", "a3")
        menu = shop.last_question()
        await shop.choose(menu.id, "delivery", "a3")
        step = counted.step("menu")
        assert (step.reached, step.waiting, step.answered) == (3, 2, 1)
        assert step.branches == {"delivery": 1}
        assert counted.step("told").reached == 1
        assert counted.of().running == 2

    async def test_silence_counts_where_it_leads(self, shop, counted):
        await shop.publish(BOT)
        await come(shop, "a1")
        await shop.wait(HOUR)
        step = counted.step("menu")
        assert (step.timed_out, step.waiting, step.branches) == (1, 0, {"no_answer": 1})
        assert counted.of().ended == {"done": 1}

    async def test_the_visitors_receipts_count_each_message_once(self, shop, counted):
        await shop.publish(BOT)
        await come(shop, "a1")
        question = shop.last_question()
        await shop.see(question.seq, "delivered")
        assert (counted.step("menu").delivered, counted.step("menu").seen) == (1, 0)
        await shop.see(question.seq)
        await shop.see(question.seq)
        assert (counted.step("menu").delivered, counted.step("menu").seen) == (1, 1)

    async def test_what_is_seen_at_once_was_delivered_too(self, shop, counted):
        await shop.publish(BOT)
        await come(shop, "a1")
        await shop.see(shop.last_question().seq)
        assert (counted.step("menu").delivered, counted.step("menu").seen) == (1, 1)

    async def test_the_page_is_not_told_where_a_message_comes_from(self, shop, counted):
        await shop.publish(BOT)
        await come(shop, "a1")
        assert shop.last_question().origin is not None
        (message,) = (await shop.greet("a1")).messages
        assert message.origin is None

    async def test_a_click_counts_for_the_message_of_that_visitor_alone(self, shop, counted):
        await shop.publish(BOT)
        await come(shop, "a1", "a2")
        question = shop.last_question()
        for who in ("a1", "a2"):
            await shop.track("Message Clicked", who, properties={"message": question.id, "url": "/"})
        await shop.track("Message Clicked", "a2", properties={"message": ["no", "id"]})
        assert counted.step("menu").clicked == 1

    async def test_a_click_long_ago_by_the_visitors_clock_counts_today(self, shop, counted):
        await shop.publish(BOT)
        await come(shop, "a1")
        clicked = {"message": shop.last_question().id}
        await shop.track("Message Clicked", "a1", properties=clicked, happened_at=999_999_999_999_999)
        today = shop.desk.days.of(shop.now)
        (step,) = [one for one in counted.of(days=(today, today)).steps if one.step == "menu"]
        assert step.clicked == 1


class TestPopup:
    async def test_it_is_delivered_when_it_is_shown_and_counts_how_it_ended(self, shop, counted):
        await shop.publish(POPUP)
        await come(shop, "a1", "a2")
        await shop.end_popup(shop.last(PopupShown).popup.id, "submitted", "a2", email="b@shop.example")
        step = counted.step("offer")
        assert (step.reached, step.delivered, step.submitted, step.waiting) == (2, 2, 1, 1)
        await shop.wait(HOUR)
        step = counted.step("offer")
        assert (step.timed_out, step.ended_why) == (1, {"pop-up timed out": 1})


class TestLetters:
    async def test_one_that_left_is_delivered(self, shop, counted):
        await shop.publish(LETTER)
        await shop.identify("a1", email="ann@shop.example")
        await come(shop, "a1")
        await tried(shop, "sent")
        assert (counted.step("letter").delivered, counted.step("pause").waiting) == (1, 1)

    async def test_without_a_channel_it_is_kept_and_not_delivered(self, shop, counted):
        await shop.publish(LETTER)
        await shop.identify("a1", email="ann@shop.example")
        await come(shop, "a1")
        await tried(shop, "kept")
        assert (counted.step("letter").kept, counted.step("letter").delivered) == (1, 0)

    async def test_a_failure_counts_once_and_not_in_the_words_of_strangers(self, shop, counted):
        await shop.publish(LETTER)
        await shop.identify("a1", email="ann@shop.example")
        await come(shop, "a1")
        await tried(shop, "failed", error="550 ann@shop.example is unknown here")
        letter = counted.step("letter")
        assert (letter.failed, letter.failed_why) == (1, {"could not be sent": 1})
        assert counted.of().ended == {"could not be sent": 1}

    async def test_without_an_address_it_fails_before_it_leaves(self, shop, counted):
        await shop.publish(LETTER)
        await come(shop, "a1")
        assert counted.step("letter").failed_why == {"no address": 1}


class TestEntering:
    async def test_counts_days_of_the_shops_time_zone(self, store, make_shop):
        shop = await make_shop(store, Settings(site=SiteSettings(timezone="Asia/Kolkata"))).open()
        await shop.publish(GO + "steps: [{tag: x}]\n")
        await come(shop, "a1")
        shop.now += 7 * HOUR  # 19:00 UTC is 00:30 of the next day in Kolkata
        await come(shop, "a2")
        seq, counts = store.figure_counts("test", -9, 99_999)
        entered = {count.day: count.times for count in counts if count.figure == "entered"}
        first = shop.desk.days.of(shop.now) - 1
        assert entered == {first: 1, first + 1: 1}
        assert seq == store.last_seq()
        await shop.desk.stop()

    async def test_a_restart_is_no_further_entry(self, shop, counted):
        restarts = "reentry: {times: always, while_running: restart}\nsteps: [{id: pause, wait: 1d}]\n"
        await shop.publish(GO + restarts)
        await come(shop, "a1", "a1", "a1")
        figures = counted.of()
        assert (figures.entered, figures.running, figures.ended) == (1, 1, {})

    async def test_who_was_dropped_before_he_was_spoken_to_has_not_entered(self, shop, counted):
        asks = BOT.replace("scenario: test", "scenario: asks")
        asks = asks.replace("title: Test", "title: T\ndelivery: {priority: 90}")
        await shop.publish(asks, GO + "steps: [{id: hello, say: Hello}]\n")
        await come(shop, "a1")
        figures = counted.of()
        assert (figures.entered, counted.step("hello").suppressed) == (0, 1)
        assert counted.step("hello").suppressed_why == {"busy with the question of asks": 1}

    async def test_versions_are_told_apart(self, shop, counted):
        await shop.publish(GO + "steps: [{id: a, tag: x}]\n")
        await come(shop, "a1")
        older = shop.desk.statuses()[0].version
        await shop.publish(GO + "steps: [{id: a, tag: y}]\n")
        await come(shop, "a2", "a3")
        assert counted.of().entered == 3
        assert counted.of(version=older).entered == 1


class TestGoal:
    async def test_is_compared_with_those_who_were_held_out(self, shop, counted):
        await shop.publish(GO + GOAL + "holdout: 50%\nsteps: [{id: x, tag: x}]\n")
        people = [f"a{number}" for number in range(40)]
        await come(shop, *people)
        await shop.wait(HOUR)
        await come(shop, *people, event="Order Completed")
        figures = counted.of()
        assert figures.entered + figures.held_out == 40
        assert 0 < figures.held_out < 40
        assert (figures.goal, figures.held_out_goal) == (figures.entered, figures.held_out)

    async def test_counts_for_the_variant_that_led_to_it(self, shop, counted):
        variants = "[{name: a, weight: 1, steps: [{tag: a}]}, {name: b, weight: 1, steps: [{tag: b}]}]"
        await shop.publish(GO + GOAL + f"steps:\n  - id: half\n    split: {variants}\n")
        people = [f"a{number}" for number in range(20)]
        await come(shop, *people)
        tags = {who: shop.card(who).tags for who in people}
        for who in people:
            if "a" in tags[who]:
                await come(shop, who, event="Order Completed")
        in_a = sum("a" in tags[who] for who in people)
        version = shop.desk.statuses()[0].version
        assert counted.of().variants == (
            VariantFigures("half", version, "a", in_a, in_a),
            VariantFigures("half", version, "b", 20 - in_a, 0),
        )

    async def test_has_its_day(self, shop, counted):
        await shop.publish(GO + GOAL + "steps: [{id: x, tag: x}]\n")
        await come(shop, "a1")
        shop.now += DAY
        await come(shop, "a1", event="Order Completed")
        assert counted.of().days == (DayFigures("2026-03-02", 1, 0), DayFigures("2026-03-03", 0, 1))


class TestStanding:
    async def test_goes_on_where_it_was_after_a_restart(self, shop, counted):
        await shop.publish(LETTER)
        await shop.identify("a1", email="ann@shop.example")
        await come(shop, "a1")
        before = counted.of()
        await shop.restart()
        assert counted.of().steps == before.steps
        assert (counted.of().running, counted.step("pause").waiting) == (1, 1)

    async def test_a_merge_leaves_one_of_two_runs(self, shop, counted):
        await shop.publish(GO + "steps: [{id: pause, wait: 1d}]\n")
        await shop.track("Go", user="u1", who="a1")
        await come(shop, "a2")
        assert counted.step("pause").waiting == 2
        await shop.alias("a2", "u1")
        assert (counted.step("pause").waiting, counted.of().running) == (1, 1)
