"""Where bots and people meet in one dialog: hand-over, take-over, notes, closing."""

from __future__ import annotations

from scenarios_yaml.engine.effects import (
    AddNote,
    AssignDialog,
    CloseDialog,
    HandOff,
    QuestionClosed,
    SendChat,
)
from scenarios_yaml.engine.state import World

HANDS_OVER = """
steps:
  - say: One moment.
  - handoff: {team: support, note: "came from {{ page.path }}"}
    no_operator:
      - ask: Leave your email.
        input: email
        save_to: visitor.email
        timeout: 1h
  - say: below
"""
ASKS = "steps: [{say: Well?, options: [{label: 'Yes', steps: [{say: Good}]}]}]"


class TestHandoff:
    def test_gives_the_dialog_to_people_and_ends_the_run(self, play):
        visitor = play(HANDS_OVER)
        visitor.event("Page Viewed", path="/delivery")
        visitor.go()
        assert visitor.got(HandOff) == [HandOff("test", "support", "", "came from /delivery")]
        assert visitor.state.dialog.holder == "people"
        assert (visitor.said, visitor.ended) == (["One moment."], ["handed over"])

    def test_with_nobody_online_takes_its_other_branch_and_goes_on_below(self, play):
        visitor = play(HANDS_OVER, world=World(operators_online=0))
        visitor.go()
        visitor.write("ann@shop.example")
        assert visitor.all(HandOff) == []
        assert visitor.said == ["One moment.", "Leave your email.", "below"]

    def test_with_nobody_online_and_no_other_branch_people_get_it_nevertheless(self, play):
        visitor = play("steps: [{handoff: {team: support}}]", world=World(operators_online=0))
        visitor.go()
        assert visitor.all(HandOff) == [HandOff("test", "support")]
        assert visitor.state.dialog.id

    def test_a_named_operator_becomes_the_assignee(self, play):
        visitor = play("steps: [{handoff: {operator: olga}}]")
        visitor.go()
        assert visitor.state.dialog.assignee == "olga"


class TestAssign:
    def test_gives_the_open_dialog_to_people_while_the_run_goes_on(self, play):
        visitor = play(
            "steps: [{ask: Well?, input: text, save_to: run.a, timeout: 1d}, {assign: {team: sales}}, {wait: 1h}]"
        )
        visitor.go()
        visitor.write("I need help")
        assert visitor.state.dialog.holder == "people"
        assert (visitor.ended, len(visitor.state.runs)) == ([], 1)


class TestTakeOver:
    def test_an_operator_who_writes_takes_the_dialog(self, play):
        visitor = play(ASKS)
        visitor.go()
        visitor.operator_writes("olga")
        assert visitor.ended == ["taken over"]
        assert visitor.got(QuestionClosed) == [QuestionClosed(visitor.all(SendChat)[0].id)]
        assert (visitor.state.dialog.holder, visitor.state.dialog.assignee) == ("people", "olga")

    def test_an_operator_to_whom_it_is_given_takes_it_too(self, play):
        visitor = play(ASKS)
        visitor.go()
        visitor.dialog("d1", holder="people", assignee="olga")
        assert visitor.ended == ["taken over"]

    def test_no_bot_talks_into_a_dialog_that_people_hold(self, play):
        visitor = play("steps: [{say: Hello}]")
        visitor.operator_writes()
        visitor.go()
        visitor.advance("10d")
        visitor.go()
        assert visitor.said == []
        assert visitor.ended == ["dropped: busy with people who hold the dialog"] * 2

    def test_a_dialog_that_is_handed_back_is_the_bots_again(self, play):
        visitor = play("steps: [{say: Hello}]")
        visitor.operator_writes()
        visitor.dialog("d1", holder="bot")
        visitor.go()
        assert visitor.said == ["Hello"]

    def test_the_servers_own_id_for_the_dialog_disturbs_no_question(self, play):
        visitor = play(ASKS)
        visitor.go()
        visitor.dialog("d1", holder="bot")
        visitor.press("Yes")
        assert visitor.said == ["Well?", "Good"]
        assert visitor.state.dialog.id == "d1"


class TestClosing:
    def test_a_closed_dialog_ends_the_bots_in_it(self, play):
        visitor = play(ASKS, "scenario: other\nsteps: [{wait: 1h}, {set: {visitor.later: 1}}]")
        visitor.go()
        visitor.dialog("", reason="solved")
        assert visitor.ended == ["dialog closed"]
        visitor.advance("1h")
        assert visitor.state.properties["later"] == 1

    def test_a_bot_that_pauses_does_not_open_it_again(self, play):
        visitor = play("""
            steps:
              - say: Hello
              - wait: 10s
              - say: Well?
                options: [{label: "Yes"}]
            """)
        visitor.go()
        visitor.dialog("")
        visitor.advance("1m")
        assert visitor.said == ["Hello"]

    def test_its_end_is_an_event_that_starts_scenarios(self, play):
        series = "scenario: warm-up\ntrigger: [{event: Dialog Closed}]\nsteps: [{set: {visitor.warm: 1}}]"
        visitor = play("steps: [{say: Hello}]", series)
        visitor.go()
        visitor.dialog("", reason="solved")
        assert visitor.started == ["test", "warm-up"]

    def test_close_ends_run_and_dialog(self, play):
        visitor = play("steps: [{say: Bye}, {close: solved}, {say: never}]")
        visitor.go()
        assert visitor.got(CloseDialog) == [CloseDialog("test", "solved")]
        assert (visitor.state.dialog.id, visitor.ended) == ("", ["closed: solved"])

    def test_close_leaves_a_dialog_that_people_hold_open(self, play):
        visitor = play("steps: [{wait: 1h}, {close: solved}]")
        visitor.go()
        visitor.operator_writes()
        visitor.advance("1h")
        assert visitor.all(CloseDialog) == []
        assert visitor.state.dialog.holder == "people"


class TestNotes:
    def test_a_note_is_for_operators_only(self, play):
        visitor = play("steps: [{note: 'Cart {{ cart.total }}'}]")
        visitor.go()
        visitor.dialog("d1")
        visitor.go()
        assert visitor.got(AddNote) == [AddNote("test", "Cart 0.0")]
        assert visitor.said == []

    def test_the_first_one_opens_a_dialog_for_people(self, play):
        visitor = play(
            "steps: [{note: Left his email}]",
            "scenario: hears\ntrigger: [{event: Dialog Opened}]\nsteps: [{tag: heard}]",
        )
        visitor.go()
        assert visitor.all(AddNote) == [AddNote("test", "Left his email", opens=True)]
        assert visitor.state.dialog.holder == "people"
        assert visitor.state.tags == ["heard"]

    def test_it_holds_no_bot_off_whose_the_dialog_then_is(self, play):
        visitor = play(
            "steps: [{note: Is back}]",
            "scenario: bot\ntrigger: [{event: Later}]\nsteps: [{say: Hello, options: [{label: Hi}]}, {say: Nice}]",
        )
        visitor.go()
        visitor.advance("1m")
        visitor.event("Later")
        assert (visitor.state.dialog.holder, visitor.state.dialog.noted) == ("bot", False)
        visitor.write("hi")
        assert visitor.said == ["Hello", "Nice"]

    def test_nor_a_pop_up_nor_a_keyword(self, play):
        popup = "scenario: offer\nsteps: [{wait: 1m}, {popup: {size: mini, title: Offer, text: x}}]"
        keyword = "scenario: bot\ntrigger: [{keyword: [help]}]\nsteps: [{say: Here}]"
        visitor = play("steps: [{note: Is back}]", popup, keyword)
        visitor.go()
        visitor.advance("1m")
        assert visitor.popups == ["Offer"]
        visitor.write("help")
        assert visitor.said == ["Here"]

    def test_once_he_has_written_what_no_bot_takes_it_is_theirs(self, play):
        bot = "scenario: bot\ntrigger: [{keyword: [help]}]\nsteps: [{say: Here}]"
        visitor = play("steps: [{note: Is back}]", bot)
        visitor.go()
        assert not visitor.write("Is anybody there?").taken
        visitor.write("help")
        assert visitor.said == []
        assert visitor.state.dialog.holder == "people"

    def test_one_after_a_closed_dialog_opens_none(self, play):
        visitor = play("steps: [{note: Left his email}]")
        visitor.dialog("d1")
        visitor.dialog("")
        visitor.go()
        assert visitor.all(AddNote) == [AddNote("test", "Left his email")]
        assert visitor.state.dialog.id == ""

    def test_an_empty_one_opens_none(self, play):
        visitor = play("steps: [{note: '{{ visitor.name }}'}]")
        visitor.go()
        assert visitor.state.dialog.id == ""

    def test_assign_leaves_the_run_going(self, play):
        visitor = play("steps: [{say: Hi}, {assign: {operator: olga}}, {wait: 1h}]")
        visitor.go()
        assert visitor.all(AssignDialog) == [AssignDialog("test", "", "olga")]
        assert visitor.state.dialog.assignee == "olga"
        assert len(visitor.state.runs) == 1

    def test_a_visitors_words_after_a_proactive_message_may_call_a_person(self, play):
        visitor = play("""
            steps:
              - say: Can I help?
              - wait_for: {event: Message Written, up_to: 1d}
                then: [{note: invite to a meeting}, {handoff: {team: sales}}]
                on_timeout: [{stop: no answer}]
            """)
        visitor.go()
        visitor.advance("1m")
        assert visitor.write("Yes please").taken
        assert visitor.got(HandOff) == [HandOff("test", "sales")]

    def test_what_a_scenario_writes_on_the_dialog_ends_with_it(self, play):
        visitor = play("steps: [{say: Hi}, {set: {dialog.topic: delivery}}, {say: '{{ dialog.topic }}'}]")
        visitor.go()
        assert visitor.said == ["Hi", "delivery"]
        visitor.dialog("")
        assert visitor.state.dialog.properties == {}
