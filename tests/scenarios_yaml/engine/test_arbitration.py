"""One pop-up or proactive chat message at a time: who goes first, who is dropped, who waits for his turn."""

from __future__ import annotations

from scenarios_yaml.engine.effects import SendChat
from scenarios_yaml.engine.stimuli import TimePassed


def popup(name, **head):
    lines = "".join(f"{key}: {value}\n" for key, value in head.items())
    return (
        f"scenario: {name}\n{lines}steps: [{{popup: {{size: mini, title: {name}, text: x}}, timeout: 10m}}]"
    )


def question(name, **head):
    lines = "".join(f"{key}: {value}\n" for key, value in head.items())
    return f"scenario: {name}\n{lines}steps: [{{say: {name}, timeout: 10m, options: [{{label: 'Yes'}}]}}]"


def message(name, **head):
    lines = "".join(f"{key}: {value}\n" for key, value in head.items())
    return f"scenario: {name}\n{lines}steps: [{{say: {name}}}]"


def with_code(name, **head):
    lines = "".join(f"{key}: {value}\n" for key, value in head.items())
    return (
        f"scenario: {name}\n{lines}steps:\n- coupon: {{pool: ten, save_to: run.code}}\n- tag: has-code\n"
        f"- popup: {{size: mini, title: {name}, text: x}}\n"
    )


STRONG = {"delivery": "{priority: 60}"}


class TestAPromoCodeOnTheWay:
    """A pop-up that shows a code asks for it first, and is answered within the same moment."""

    def test_no_weaker_one_slips_in_before_it(self, play):
        visitor = play(with_code("discount", **STRONG), popup("weak"), message("chat"))
        visitor.go()
        visitor.coupon("ABC")
        assert (visitor.popups, visitor.said) == (["discount"], [])
        assert visitor.ended == ["dropped: busy with the message of discount"] * 2

    def test_nor_where_both_waited_for_the_same_moment(self, play):
        late = with_code("discount", **STRONG).replace("steps:", "steps:\n- wait: 5m")
        weak = popup("weak").replace("[{popup", "[{wait: 5m}, {popup")
        visitor = play(weak, late)
        visitor.go()
        visitor.advance("5m")
        visitor.coupon("ABC")
        assert visitor.popups == ["discount"]

    def test_a_weaker_one_that_may_wait_gets_its_turn(self, play):
        weak = popup("weak", delivery="{if_busy: queue}")
        visitor = play(with_code("discount", **STRONG), weak)
        visitor.go()
        visitor.coupon("ABC")
        visitor.dismiss()
        visitor.advance("1m")
        assert visitor.popups == ["discount", "weak"]

    def test_one_whose_pool_is_empty_gives_the_turn_on(self, play):
        weak = popup("weak", delivery="{if_busy: queue}")
        visitor = play(with_code("discount", **STRONG), weak)
        visitor.go()
        visitor.coupon("")
        visitor.advance("1m")
        assert visitor.popups == ["weak"]

    def test_a_stronger_one_does_not_wait_for_it(self, play):
        visitor = play(with_code("discount", delivery="{priority: 10}"), popup("strong"))
        visitor.go()
        visitor.coupon("ABC")
        assert visitor.popups == ["strong"]

    def test_a_code_for_a_letter_holds_nobody_off(self, play):
        letter = with_code("letter", **STRONG).replace(
            "popup: {size: mini, title: letter, text: x}", "email: {subject: Code, body: x}"
        )
        visitor = play(letter, popup("weak"))
        visitor.go()
        assert visitor.popups == ["weak"]


class TestWhoGoesFirst:
    def test_those_due_together_by_priority(self, play):
        visitor = play(popup("a"), popup("b", delivery="{priority: 90}"))
        visitor.go()
        assert visitor.popups == ["b"]
        assert visitor.ended == ["dropped: busy with the pop-up of b"]

    def test_then_by_trigger_time(self, play):
        late = "scenario: a\ntrigger: [{event: Late}]\nsteps: [{wait: 4m}, {say: a}]"
        early = "scenario: b\ntrigger: [{event: Early}]\nsteps: [{wait: 5m}, {say: b}]"
        visitor = play(late, early)
        visitor.event("Early")
        visitor.advance("1m")
        visitor.event("Late")
        visitor.advance("4m")
        assert visitor.said == ["b"]

    def test_then_by_scenario(self, play):
        visitor = play(message("b"), message("a"))
        visitor.go()
        assert visitor.said == ["a"]
        assert visitor.ended == ["done", "dropped: busy with the message of a"]

    def test_timers_of_one_moment_go_by_priority_whichever_was_first(self, play):
        low = "scenario: low\nsteps: [{wait: 10s}, {say: low}]"
        high = "scenario: high\ndelivery: {priority: 80}\nsteps: [{wait: 10s}, {say: high}]"
        visitor = play(low, high)
        visitor.go()
        visitor.now += 10_000
        visitor.tell(TimePassed())
        assert visitor.said == ["high"]


class TestBusy:
    def test_a_pop_up_on_screen_holds_off_pop_ups_and_messages(self, play):
        visitor = play(popup("shown", trigger="[{event: First}]"), popup("other"), message("chat"))
        visitor.event("First")
        visitor.advance("1m")
        visitor.go()
        assert (visitor.popups, visitor.said) == (["shown"], [])
        assert visitor.ended == ["dropped: busy with the pop-up of shown"] * 2

    def test_an_open_question_holds_off_pop_ups(self, play):
        visitor = play(question("asks", trigger="[{event: First}]"), popup("other"))
        visitor.event("First")
        visitor.advance("1m")
        visitor.go()
        assert visitor.ended == ["dropped: busy with the question of asks"]
        visitor.advance("10m")
        visitor.go()
        assert visitor.popups == ["other"]

    def test_a_message_that_is_merely_ignored_holds_off_nothing(self, play):
        visitor = play(message("chat", trigger="[{event: First}]"), popup("other"))
        visitor.event("First")
        visitor.advance("2s")
        visitor.go()
        assert visitor.popups == ["other"]

    def test_the_pop_up_that_answers_the_visitor_opens_while_people_hold_the_dialog(self, play):
        visitor = play("""
            steps:
              - popup:
                  size: large
                  title: Leave your email
                  text: The code comes at once.
                  fields: [{input: email, label: Email, save_to: visitor.email, required: true}]
                on_submit:
                  - coupon: {pool: bonus, save_to: run.code}
                  - popup: {size: mini, title: "{{ run.code }}", text: Yours}
        """)
        visitor.go()
        visitor.write("Hello, is anybody there?")
        visitor.dialog("d1", holder="people")
        visitor.submit(email="ann@shop.example")
        visitor.coupon("WELCOME")
        assert visitor.popups == ["Leave your email", "WELCOME"]

    def test_people_in_conversation_hold_off_pop_ups_for_a_while(self, play):
        visitor = play(popup("other"))
        visitor.operator_writes()
        visitor.advance("29m")
        visitor.go()
        assert visitor.popups == []
        visitor.advance("2m")
        visitor.go()
        assert visitor.popups == ["other"]

    def test_a_bot_answers_the_visitor_whatever_is_on_screen(self, play):
        asks = """
            scenario: asks
            trigger: [{keyword: [order]}]
            steps: [{say: What?, options: [{label: A, steps: [{say: Good}]}]}]
            """
        visitor = play(popup("shown"), asks)
        visitor.go()
        visitor.write("order")
        assert visitor.said == ["What?"]
        visitor.press("A")
        assert visitor.said == ["What?", "Good"]

    def test_a_bot_in_conversation_is_not_dropped_after_a_webhook(self, play):
        bot = """
            scenario: bot
            steps:
              - {ask: Name?, input: text, save_to: run.name, timeout: 1h}
              - webhook: {url: 'https://shop.example'}
              - say: Done
            """
        visitor = play(bot, popup("other", trigger="[{event: Later}]"))
        visitor.go()
        visitor.write("Ann")
        visitor.event("Later")
        assert visitor.popups == []
        visitor.reply()
        assert visitor.said == ["Name?", "Done"]


class TestQueue:
    def test_goes_on_as_soon_as_the_other_is_gone(self, play):
        visitor = play(popup("shown", trigger="[{event: First}]"), popup("next", delivery="{if_busy: queue}"))
        visitor.event("First")
        visitor.go()
        assert "queued: busy with the pop-up of shown" in visitor.steps
        visitor.advance("1m")
        visitor.dismiss()
        assert visitor.popups == ["shown", "next"]

    def test_the_strongest_of_those_who_wait_goes_first(self, play):
        visitor = play(
            popup("shown", trigger="[{event: First}]"),
            popup("weak", delivery="{if_busy: queue, priority: 10}"),
            popup("strong", delivery="{if_busy: queue, priority: 20}"),
        )
        visitor.event("First")
        visitor.go()
        visitor.advance("1m")
        visitor.dismiss()
        visitor.dismiss()
        assert visitor.popups == ["shown", "strong"]
        visitor.advance("1s")
        assert visitor.popups == ["shown", "strong", "weak"]

    def test_due_together_means_one_after_the_other(self, play):
        visitor = play(message("a"), message("b", delivery="{if_busy: queue}"))
        visitor.go()
        assert visitor.said == ["a"]
        visitor.advance("1s")
        assert visitor.said == ["a", "b"]

    def test_waits_until_people_are_done(self, play):
        visitor = play(message("a", delivery="{if_busy: queue}"))
        visitor.operator_writes()
        visitor.go()
        visitor.advance("2h")
        visitor.dialog("")
        assert visitor.said == ["a"]

    def test_asks_its_audience_again_when_its_turn_comes(self, play):
        visitor = play(message("a", delivery="{if_busy: queue}", audience="[not tagged buyer]"))
        visitor.operator_writes()
        visitor.go()
        visitor.advance("1h")
        visitor.change(tags=("buyer",))
        visitor.dialog("")
        assert visitor.said == []
        assert visitor.ended == ["audience: not tagged buyer (tagged)"]

    def test_gives_up_after_a_day(self, play):
        visitor = play(message("a", delivery="{if_busy: queue}"))
        visitor.operator_writes()
        visitor.go()
        visitor.advance("1d")
        assert visitor.ended == ["dropped: still busy with people who hold the dialog"]
        assert visitor.state.next_wake() == 0


class TestWhatIsHeldIsLetGo:
    def test_a_dropped_run_leaves_no_trace_on_screen(self, play):
        visitor = play(question("a"), question("b"))
        visitor.go()
        assert [chat.text for chat in visitor.all(SendChat)] == ["a"]
        assert [run.scenario for run in visitor.state.runs] == ["a"]
