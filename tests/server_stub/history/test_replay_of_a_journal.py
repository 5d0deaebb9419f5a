"""What a desk has lived through is lived through again from its journal: the same runs, steps, results and moments."""

from __future__ import annotations

import pytest

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.past.surroundings import Trial
from server_stub.settings import MessageSettings, Settings

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000

SERIES = """scenario: series
title: Series
status: live
trigger: [{event: Product Added}]
exit: [{event: Order Completed}]
reentry: {while_running: parallel}
steps:
  - wait: 10m
  - id: letter
    email: {subject: "Your cart, {{ visitor.name }}", body: Hello}
  - emit: {event: Reminded}
  - wait: 1h
  - tag: reminded
"""
ON_REMINDED = """scenario: on-reminded
title: After a reminder
status: live
trigger: [{event: Reminded}]
reentry: {while_running: parallel}
steps: [{tag: was-reminded}]
"""
NOTE = """scenario: note
title: Note
status: live
trigger: [{event: Exit Intent}]
steps: [{note: "Leaves {{ page.path }}"}]
"""
NOTE_AND_WORD = NOTE.replace("scenario: note", "scenario: word").replace('"}]', '"}, {say: Good bye}]')
BOT = """scenario: bot
title: Bot
status: live
trigger: [{event: Chat Opened}, {keyword: [help]}]
reentry: {not_sooner_than: 1h}
steps:
  - id: menu
    say: What is it?
    timeout: 1d
    options:
      - label: Delivery
        steps: [{say: By courier.}, {ask: Your city?, input: text, save_to: visitor.city, timeout: 1h}]
      - label: A person
        steps: [{handoff: {team: support}, no_operator: [{say: Nobody is here.}]}]
"""
POPUP = """scenario: offer
title: Offer
status: live
trigger: [{event: Exit Intent}]
audience: [email is unknown]
steps:
  - id: popup
    popup:
      size: large
      title: Wait
      text: Ten percent
      fields: [{input: email, label: Email, save_to: visitor.email}]
      button: {label: Send}
    timeout: 30m
    on_submit: [{coupon: {pool: first-order-10, save_to: run.code}}, {say: "{{ run.code }}"}]
"""
HOOK = """scenario: hook
title: Hook
status: live
trigger: [{event: Order Completed}]
steps:
  - id: ask
    webhook: {url: "https://hooks.example/x", save_to: run.found}
    on_error: [{tag: broken}]
  - if: [run.found.vip = true]
    then: [{tag: vip}]
"""
NEWS = """scenario: news
title: News
status: live
trigger: [{at: "2026-03-02 18:00"}]
audience: [did "Page Viewed"]
steps: [{say: News of the evening}]
"""
SILENT = """scenario: silent
title: Silent
status: live
trigger: [{inactive: 2d}]
steps: [{tag: silent}]
"""
LOYAL = """segment: loyal
title: Loyal
conditions: ['did "Page Viewed" >= 3 times in 1h']
"""
GREETS_LOYAL = """scenario: greets-loyal
title: Greets
status: live
trigger: [{segment: loyal}]
steps: [{say: Welcome back}]
"""
NOBODYS = """scenario: nobodys
title: Nobody's
trigger: [{event: Never}]
steps: [{tag: never}]
"""


async def same(shop, who: str = "a1", least: int = 2) -> None:
    """Live, replayed, and in a backtest of a draft that lets nobody in."""
    lived = shop.lived(who)
    assert shop.replayed(who) == lived
    assert shop.replayed(who, Trial(read_scenario(NOBODYS).scenario, 0, shop.now + 1)) == lived
    assert len(lived) >= least


class TestTheSameTraceFromTheJournal:
    async def test_of_a_series_with_waits_letters_and_an_exit(self, shop) -> None:
        await shop.publish(SERIES, ON_REMINDED)
        await shop.page("/")
        await shop.identify("a1", name="Ann", email="ann@shop.example")
        await shop.track("Product Added", properties={"product_id": "p1", "price": 5})
        await shop.wait(30 * MINUTE)
        await shop.tried("sent", channel="email")
        await shop.track("Order Completed", properties={"order_id": "o1", "total": 5})
        await shop.track("Product Added", properties={"product_id": "p2", "price": 5})
        await shop.wait(3 * HOUR)
        await same(shop, least=8)

    async def test_of_a_bot_whose_buttons_are_pressed_or_typed(self, shop) -> None:
        await shop.publish(BOT)
        await shop.page("/")
        await shop.track("Chat Opened")
        await shop.see()
        await shop.wait(5 * SECOND)
        await shop.choose("delivery")
        await shop.wait(5 * SECOND)
        await shop.write("Prague")
        await shop.wait(2 * HOUR)
        await shop.write("help")
        await shop.wait(MINUTE)
        await shop.write("a person")
        await same(shop, least=8)

    async def test_of_a_note_that_opens_a_dialog_for_people(self, shop) -> None:
        await shop.publish(NOTE, BOT)
        await shop.page("/")
        await shop.track("Exit Intent")
        await shop.wait(MINUTE)
        await shop.write("good morning")  # from here on the dialog is people's: the bot is silent
        await shop.track("Chat Opened")
        await shop.write("help")
        await shop.hire()
        await shop.change(status="closed")
        await shop.wait(HOUR)
        await shop.track("Exit Intent")
        await shop.track("Chat Opened")
        await same(shop, least=8)

    async def test_of_a_note_that_opens_a_dialog_for_the_bot(self, shop) -> None:
        await shop.publish(NOTE_AND_WORD, BOT)
        await shop.page("/")
        await shop.track("Exit Intent")
        assert shop.last_message().text == "Good bye"
        await shop.wait(MINUTE)
        await shop.write("help")
        await shop.write("a person")
        await same(shop, least=6)

    async def test_of_a_note_whose_dialog_another_bot_takes(self, shop) -> None:
        await shop.publish(NOTE, BOT)
        await shop.page("/")
        await shop.track("Exit Intent")
        await shop.wait(MINUTE)
        await shop.track("Chat Opened")
        await shop.choose("delivery")
        await same(shop, least=7)

    async def test_of_words_that_no_scenario_answers(self, shop) -> None:
        await shop.publish(BOT)
        await shop.write("good morning")
        await shop.wait(MINUTE)
        await shop.write("help")
        assert shop.lived() == []
        assert shop.replayed() == []

    async def test_of_a_question_where_something_else_is_written(self, shop) -> None:
        await shop.publish(BOT)
        await shop.track("Chat Opened")
        await shop.write("hm")
        await same(shop)

    async def test_of_a_takeover_by_an_operator_and_of_a_closed_dialog(self, shop) -> None:
        await shop.publish(BOT)
        await shop.hire()
        await shop.track("Chat Opened")
        await shop.wait(MINUTE)
        await shop.send("I am here")
        await shop.wait(MINUTE)
        await shop.write("thank you")
        await shop.change(status="closed", reason="solved")
        await shop.wait(2 * HOUR)
        await shop.write("help")
        await same(shop, least=2)

    async def test_of_a_hand_over_that_depends_on_who_is_online(self, shop) -> None:
        await shop.publish(BOT)
        await shop.track("Chat Opened")
        await shop.choose("a-person")
        await shop.wait(2 * HOUR)
        await shop.hire()
        await shop.track("Chat Opened")
        await shop.choose("a-person")
        await shop.come(online=False)
        await same(shop, least=6)

    async def test_of_a_popup_with_a_field_and_a_coupon(self, shop) -> None:
        await shop.publish(POPUP)
        await shop.track("Exit Intent")
        await shop.wait(MINUTE)
        await shop.end_popup("submitted", email="ann@shop.example")
        await shop.track("Exit Intent")
        await same(shop, least=4)

    async def test_of_a_popup_that_times_out(self, shop) -> None:
        await shop.publish(POPUP)
        await shop.track("Exit Intent")
        await shop.wait(HOUR)
        await shop.track("Exit Intent")
        await shop.end_popup("closed")
        await same(shop, least=6)

    @pytest.mark.parametrize("status", ["sent", "failed"])
    async def test_of_a_webhook_and_its_reply(self, shop, status) -> None:
        await shop.publish(HOOK)
        await shop.track("Order Completed", properties={"order_id": "o1", "total": 5})
        await shop.wait(MINUTE)
        await shop.tried(
            status, channel="webhook", reply={"vip": True}, error="" if status == "sent" else "HTTP 500"
        )
        await same(shop, least=4)

    async def test_of_two_visitors_who_become_one(self, shop) -> None:
        await shop.publish(SERIES, BOT)
        await shop.identify("phone", user="u1", name="Ann")
        await shop.track("Product Added", "phone", properties={"product_id": "p1", "price": 5})
        await shop.page("/", "laptop")
        await shop.track("Product Added", "laptop", properties={"product_id": "p2", "price": 7})
        await shop.track("Chat Opened", "laptop")
        await shop.wait(5 * MINUTE)
        await shop.identify("laptop", user="u1", email="ann@shop.example")
        await shop.wait(5 * HOUR)
        assert shop.desk.visitor_of("phone") == shop.desk.visitor_of("laptop")
        await same(shop, "phone", least=8)

    async def test_of_two_open_dialogs_of_which_a_merge_closes_one(self, shop) -> None:
        await shop.publish(BOT)
        await shop.identify("phone", user="u1", name="Ann")
        await shop.track("Chat Opened", "phone")
        await shop.wait(MINUTE)
        await shop.write("hello?", "laptop")
        await shop.wait(MINUTE)
        await shop.identify("laptop", user="u1")
        await shop.write("delivery", "laptop")
        await shop.wait(3 * DAY)
        await same(shop, "phone", least=2)

    async def test_of_an_operators_edit_that_ends_a_run(self, shop) -> None:
        await shop.publish(SERIES.replace("{event: Order Completed}", "visitor.blocked = true"))
        await shop.hire()
        await shop.identify("a1", email="ann@shop.example")
        await shop.track("Product Added", properties={"product_id": "p1", "price": 5})
        await shop.wait(MINUTE)
        await shop.edit(properties={"blocked": True}, add_tags=("rude",))
        await same(shop)

    async def test_of_a_dialog_that_an_operator_starts(self, shop) -> None:
        listening = (
            "scenario: listening\ntitle: L\nstatus: live\ntrigger: [{event: Dialog Opened}]\n"
            "audience: [dialog.assignee = o1]\nsteps: [{wait: 5m}, {tag: ours}]\n"
        )
        await shop.publish(listening)
        await shop.hire()
        await shop.page("/")
        await shop.start_dialog()
        await shop.send("Hello")
        await shop.wait(HOUR)
        await same(shop, least=3)

    async def test_of_a_dialog_that_is_put_off_while_its_bot_waits(self, shop) -> None:
        await shop.publish(BOT)
        await shop.hire()
        await shop.track("Chat Opened")
        await shop.wait(MINUTE)
        await shop.change(status="snoozed", snooze_until=shop.now + HOUR)
        await shop.wait(HOUR)
        await shop.change(status="snoozed", priority="high")
        await shop.wait(MINUTE)
        await shop.choose("delivery")
        await shop.change(status="snoozed", snooze_until=shop.now + 3 * HOUR, note="Wait for him")
        await shop.wait(2 * HOUR)
        await same(shop, least=4)

    async def test_of_a_dialog_that_is_handed_back_to_the_bot(self, shop) -> None:
        await shop.publish(BOT)
        await shop.hire()
        await shop.write("good morning")
        await shop.send("Hello")
        await shop.change(status="snoozed")
        await shop.write("help")
        await shop.change(holder="bot", note="The bot knows")
        await shop.wait(MINUTE)
        await shop.write("help")
        await shop.choose("delivery")
        await shop.wait(2 * HOUR)
        await same(shop, least=4)

    async def test_of_an_answer_that_is_sent_later(self, shop) -> None:
        await shop.publish(BOT)
        await shop.hire()
        await shop.track("Chat Opened")
        await shop.send("Good morning", send_at=shop.now + HOUR)
        await shop.wait(MINUTE)
        await shop.choose("delivery")
        await shop.wait(2 * HOUR)
        await shop.write("Prague")
        await same(shop, least=4)

    async def test_of_a_dialog_that_was_rated_and_taken_up_again(self, shop) -> None:
        await shop.publish(BOT)
        await shop.hire()
        await shop.write("good morning")
        await shop.change(status="closed", ask_rating=True)
        await shop.choose("5")
        await shop.wait(MINUTE)
        await shop.write("help")
        await shop.choose("delivery")
        await same(shop, least=3)

    async def test_of_two_dialogs_that_become_one(self, shop) -> None:
        await shop.publish(BOT)
        await shop.hire()
        await shop.write("good morning")
        old = shop.dialog()
        await shop.change(status="closed")
        await shop.wait(2 * DAY)
        await shop.write("help")
        await shop.merge_dialogs(old, shop.dialog())
        assert shop.dialog() == old
        await shop.choose("delivery")
        await shop.wait(5 * SECOND)
        await shop.write("Prague")
        await shop.wait(DAY)
        await same(shop, least=4)

    async def test_of_two_visitors_whose_open_dialogs_become_one(self, shop) -> None:
        await shop.publish(BOT)
        await shop.hire()
        await shop.write("help")
        await shop.wait(MINUTE)
        await shop.write("good morning", "a2")
        await shop.wait(MINUTE)
        await shop.page(
            "/"
        )  # the bot's dialog is that of the visitor who was here last, people's has the last message
        await shop.merge_visitors("a2", "a1")
        await shop.write("help")
        await shop.wait(2 * DAY)
        await shop.write("help")
        await same(shop, least=2)

    async def test_of_a_broadcast(self, shop) -> None:
        await shop.publish(NEWS)
        await shop.page("/")
        await shop.page("/", "a2")
        await shop.wait(7 * HOUR)
        await shop.settle()
        await same(shop, "a1")
        await same(shop, "a2")

    async def test_of_segments_and_silence_that_are_published_later(self, shop) -> None:
        await shop.page("/")
        await shop.page("/b")
        await shop.publish(SILENT, GREETS_LOYAL, segments=(LOYAL,))
        await shop.settle()
        await shop.wait(MINUTE)
        await shop.page("/c")
        await shop.page("/d")
        await shop.wait(3 * DAY)
        await same(shop, least=4)

    async def test_of_a_new_version_while_a_run_waits(self, shop) -> None:
        await shop.publish(SERIES)
        await shop.identify("a1", email="ann@shop.example")
        await shop.track("Product Added", properties={"product_id": "p1", "price": 5})
        await shop.wait(MINUTE)
        await shop.publish(SERIES.replace("tag: reminded", "tag: reminded-anew"))
        await shop.wait(3 * HOUR)
        await shop.publish(SERIES.replace("status: live", "status: paused"))
        await shop.track("Product Added", properties={"product_id": "p1", "price": 5})
        await same(shop, least=5)

    async def test_of_a_server_that_was_down(self, shop) -> None:
        await shop.publish(SERIES)
        await shop.identify("a1", email="ann@shop.example")
        await shop.track("Product Added", properties={"product_id": "p1", "price": 5})
        shop.now += 9 * HOUR
        await shop.restart()
        await shop.wait(9 * HOUR)
        await same(shop, least=5)

    async def test_of_a_server_that_caught_up_in_quiet_hours(self, tmp_path, make_shop) -> None:
        settings = Settings(messages=MessageSettings(quiet_hours="22:00-08:00"))
        shop = await make_shop(tmp_path / "quiet.sqlite", settings).open()
        await shop.publish(SERIES)
        await shop.identify("a1", email="ann@shop.example")
        await shop.track("Product Added", properties={"product_id": "p1", "price": 5})
        shop.now += 11 * HOUR
        await shop.restart()
        await shop.wait(12 * HOUR)
        assert any("quiet" in line[6] for line in shop.lived())
        await same(shop, least=5)
        await shop.close()

    async def test_of_a_message_that_was_seen(self, shop) -> None:
        on_seen = SERIES.replace("Product Added", "Message Seen").replace(
            "scenario: series", "scenario: seen"
        )
        await shop.publish(BOT, on_seen)
        await shop.track("Chat Opened")
        await shop.wait(MINUTE)
        await shop.see()
        await shop.wait(MINUTE)
        assert any(line[1] == "seen" for line in shop.lived())
        await same(shop)

    async def test_of_somebody_who_was_silent_before_that_was_asked_for(self, shop) -> None:
        await shop.page("/")
        await shop.wait(HOUR)
        await shop.publish(SILENT)
        await shop.settle()
        await shop.wait(3 * DAY)
        await same(shop)

    async def test_of_events_that_come_late(self, shop) -> None:
        await shop.publish(SERIES)
        await shop.track("Product Added", properties={"product_id": "p1"}, happened_at=shop.now - HOUR)
        await shop.wait(10 * MINUTE)
        await same(shop)
