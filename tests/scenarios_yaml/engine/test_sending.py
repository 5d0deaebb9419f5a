"""Mail, push, messenger, webhooks and coupons: what leaves, what does not, and why."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.effects import Send, TakeCoupon
from scenarios_yaml.engine.state import World

LETTER = """
steps:
  - id: letter
    email:
      subject: "{{ visitor.name | default: 'Hello' }}, your cart"
      body: "Total {{ cart.total }}"
      preheader: Look
  - say: sent
"""


def known(play, *texts, **more):
    visitor = play(*texts, **more)
    visitor.change(email="ann@shop.example", name="Ann")
    return visitor


class TestEmail:
    def test_leaves_rendered_and_complete(self, play):
        visitor = known(play, LETTER)
        visitor.event("Product Added", product_id="1", price=12.5, quantity=2)
        visitor.go()
        (row,) = visitor.all(Send)
        assert row.channel == "email"
        assert row.content == {
            "to": "ann@shop.example",
            "subject": "Ann, your cart",
            "body": "Total 25.0",
            "preheader": "Look",
            "from": "",
            "attachments": [],
            "kind": "marketing",
            "locale": "en",
        }

    def test_goes_on_at_once(self, play):
        visitor = known(play, LETTER)
        visitor.go()
        assert visitor.said == ["sent"]

    def test_a_subject_is_one_line(self, play):
        visitor = known(play, LETTER)
        visitor.change(name="Ann\r\nBcc: all@shop.example")
        visitor.go()
        assert visitor.mails == ["Ann Bcc: all@shop.example, your cart"]

    def test_a_template_gets_the_variables_with_it(self, play):
        visitor = known(play, "steps: [{email: {template: reminder, subject: x}}]")
        visitor.go()
        (row,) = visitor.all(Send)
        assert row.content["template"] == "reminder"
        assert row.content["variables"]["visitor"]["name"] == "Ann"

    def test_without_an_address_the_run_stops_with_its_reason(self, play):
        visitor = play(LETTER)
        visitor.go()
        assert (visitor.all(Send), visitor.said, visitor.ended) == ([], [], ["no address"])

    def test_without_an_address_on_error_is_taken_where_there_is_one(self, play):
        visitor = play("steps: [{email: {subject: x, body: x}, on_error: [{say: no mail}]}, {say: below}]")
        visitor.go()
        assert visitor.said == ["no mail", "below"]

    def test_who_has_unsubscribed_gets_no_marketing(self, play):
        marketing, service = known(play, LETTER), known(play, "delivery: {kind: service}\n" + LETTER.strip())
        for visitor in (marketing, service):
            visitor.event("Unsubscribed")
            visitor.go()
        assert (marketing.mails, marketing.ended) == ([], ["unsubscribed"])
        assert service.mails == ["Ann, your cart"]

    def test_who_subscribes_again_gets_it_again(self, play):
        visitor = known(play, LETTER)
        visitor.event("Unsubscribed")
        visitor.event("Subscribed", list="news")
        visitor.go()
        assert visitor.mails == ["Ann, your cart"]

    def test_what_was_received_is_remembered_by_scenario_and_step(self, play):
        after = "scenario: after\ntrigger: [{event: Ask}]\naudience: [received test in 1d]\nsteps: [{say: x}]"
        visitor = known(play, LETTER, after)
        visitor.event("Ask")
        visitor.go()
        visitor.advance("1h")
        visitor.event("Ask")
        visitor.advance("1d")
        visitor.event("Ask")
        assert visitor.started == ["test", "after"]
        assert visitor.state.received["test.letter"]


class TestQuietHours:
    WORLD = World(operators_online=1, timezone="Europe/Berlin", quiet_hours=("22:00", "08:00"))

    @pytest.mark.parametrize(
        ("start", "sent"),
        [
            ("2026-03-02 23:30", "2026-03-03 08:00"),
            ("2026-03-03 03:00", "2026-03-03 08:00"),
            ("2026-03-03 08:00", "2026-03-03 08:00"),
            ("2026-03-02 21:59", "2026-03-02 21:59"),
            ("2026-03-28 23:00", "2026-03-29 08:00"),
            ("2026-10-24 23:00", "2026-10-25 08:00"),
        ],
    )
    def test_over_midnight_and_both_clock_changes(self, play, at, start, sent):
        visitor = known(play, LETTER, world=self.WORLD)
        visitor.until(start, "Europe/Berlin")
        visitor.go()
        visitor.advance("2d")
        (line,) = [line for line in visitor.trace if line.result.startswith("email to")]
        assert line.at == at(sent, "Europe/Berlin")

    def test_are_those_of_the_visitor(self, play):
        visitor = known(play, LETTER, world=self.WORLD)
        visitor.change(timezone="Asia/Tokyo")
        visitor.until("2026-03-02 15:00", "Europe/Berlin")
        visitor.go()
        assert visitor.mails == []

    def test_skip_leaves_the_message_out_and_goes_on(self, play):
        visitor = known(play, "delivery: {quiet_hours: skip}\n" + LETTER.strip(), world=self.WORLD)
        visitor.until("2026-03-02 23:00", "Europe/Berlin")
        visitor.go()
        assert (visitor.mails, visitor.said) == ([], ["sent"])

    @pytest.mark.parametrize("delivery", ["{quiet_hours: ignore}", "{kind: service}"])
    def test_ignore_and_service_are_sent_at_night(self, play, delivery):
        visitor = known(play, f"delivery: {delivery}\n" + LETTER.strip(), world=self.WORLD)
        visitor.until("2026-03-02 23:00", "Europe/Berlin")
        visitor.go()
        assert visitor.mails == ["Ann, your cart"]

    def test_the_audience_is_asked_again_when_they_are_over(self, play):
        visitor = known(play, "audience: [not tagged buyer]\n" + LETTER.strip(), world=self.WORLD)
        visitor.until("2026-03-02 23:00", "Europe/Berlin")
        visitor.go()
        visitor.change(tags=("buyer",))
        visitor.advance("1d")
        assert visitor.mails == []

    def test_a_timer_that_is_late_does_not_disturb_at_night(self, play):
        visitor = known(play, "steps: [{wait: 1h}, {email: {subject: x, body: x}}]", world=self.WORLD)
        visitor.until("2026-03-02 12:00", "Europe/Berlin")
        visitor.go()
        visitor.until("2026-03-03 02:00", "Europe/Berlin")
        visitor.event("Page Viewed")
        assert visitor.mails == []
        visitor.advance("6h")
        assert visitor.mails == ["x"]


class TestFrequencyCap:
    WORLD = World(operators_online=1, frequency_cap=(2, 86_400_000))

    def test_leaves_out_what_is_too_much_and_says_so(self, play):
        visitor = known(play, LETTER, world=self.WORLD)
        for _ in range(3):
            visitor.go()
            visitor.advance("1h")
        assert len(visitor.mails) == 2
        assert "skipped: frequency cap, 2 of 2" in visitor.steps
        visitor.advance("1d")
        visitor.go()
        assert len(visitor.mails) == 3

    def test_an_exempt_scenario_is_not_held_back(self, play):
        exempt = "scenario: exempt\ndelivery: {frequency_cap: exempt}\n" + LETTER.strip()
        visitor = known(play, exempt, world=self.WORLD)
        for _ in range(3):
            visitor.go()
            visitor.advance("1h")
        assert len(visitor.mails) == 3


class TestOtherChannels:
    def test_push_needs_the_visitors_leave(self, play):
        visitor = play("steps: [{push: {title: New, text: x, link: 'https://shop.example'}}]")
        visitor.go()
        assert visitor.ended == ["no push subscription"]
        visitor.event("Push Subscribed")
        visitor.go()
        assert visitor.all(Send)[0].content["title"] == "New"

    def test_a_messenger_needs_an_address_there(self, play):
        visitor = play("steps: [{message: Hello}]")
        visitor.go()
        assert visitor.ended == ["no messenger"]
        visitor.change(messenger="tg:1")
        visitor.go()
        assert visitor.all(Send)[0].content == {"to": "tg:1", "text": "Hello"}


class TestWebhook:
    TEXT = """
        steps:
          - webhook:
              url: https://shop.example/orders
              headers: {X-Key: "{{ visitor.name }}"}
              send: {name: "{{ visitor.name }}", total: 5, lines: ["{{ visitor.email }}"]}
              save_to: run.order
            on_error: [{say: "Failed: {{ run.error }}"}]
          - say: "Order {{ run.order.number }}"
        """

    def test_holds_the_run_until_its_reply_and_saves_it(self, play):
        visitor = known(play, self.TEXT)
        visitor.go()
        (row,) = visitor.all(Send)
        assert row.content["body"] == {"name": "Ann", "total": 5, "lines": ["ann@shop.example"]}
        assert row.content["headers"] == {"X-Key": "Ann"}
        assert visitor.said == []
        visitor.reply(reply={"number": 7}, id=row.id)
        assert visitor.said == ["Order 7"]

    def test_a_failure_takes_on_error_and_goes_on_below(self, play):
        visitor = known(play, self.TEXT)
        visitor.go()
        visitor.reply(ok=False, error="500")
        assert visitor.said == ["Failed: 500", "Order "]

    def test_a_failure_without_on_error_stops_the_run(self, play):
        visitor = play("steps: [{webhook: {url: 'https://shop.example'}}, {say: never}]")
        visitor.go()
        visitor.reply(ok=False, error="timed out")
        assert visitor.ended == ["timed out"]

    def test_a_reply_that_never_comes_does_not_stall(self, play):
        visitor = play("steps: [{webhook: {url: 'https://shop.example'}}]")
        visitor.go()
        visitor.advance("2h")
        assert visitor.ended == ["no reply"]

    def test_the_outcome_of_another_row_moves_nothing(self, play):
        visitor = known(play, self.TEXT)
        visitor.go()
        visitor.reply(id="another")
        assert visitor.run.waiting.kind == "reply"


class TestCoupon:
    TEXT = "steps: [{coupon: {pool: ten, save_to: run.code}}, {say: 'Code {{ run.code }}'}]"

    def test_is_waited_for_though_late_timers_caught_up_over_days(self, play):
        visitor = play(
            "steps: [{wait: 1d}, {coupon: {pool: ten, save_to: run.code}}, {say: 'Code {{ run.code }}'}]"
        )
        visitor.go()
        visitor.now += 9 * 86_400_000
        visitor.event("Page Viewed")
        visitor.coupon("ABC")
        assert visitor.said == ["Code ABC"]

    def test_waits_for_its_code(self, play):
        visitor = play(self.TEXT)
        visitor.go()
        assert visitor.all(TakeCoupon) == [TakeCoupon("ann.1", "ten")]
        visitor.coupon("ABC")
        assert visitor.said == ["Code ABC"]

    def test_an_empty_pool_stops_the_run(self, play):
        visitor = play(self.TEXT)
        visitor.go()
        visitor.coupon("")
        assert visitor.ended == ["no coupon left in ten"]

    def test_or_takes_on_error_and_goes_on_below(self, play):
        visitor = play("""
            steps:
              - coupon: {pool: ten, save_to: run.code}
                on_error: [{say: "Sorry, {{ run.error }}"}]
              - say: Below
        """)
        visitor.go()
        visitor.coupon("")
        assert visitor.said == ["Sorry, no coupon left in ten", "Below"]
        visitor.advance("1m")
        visitor.go()
        visitor.coupon("ABC")
        assert visitor.said[2:] == ["Below"]

    def test_a_pool_that_never_answers_takes_it_too(self, play):
        visitor = play("steps: [{coupon: {pool: ten, save_to: run.code}, on_error: [{say: Sorry}]}]")
        visitor.go()
        visitor.advance("61m")
        assert visitor.said == ["Sorry"]
