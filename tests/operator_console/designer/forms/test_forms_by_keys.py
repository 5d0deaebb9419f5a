"""A form filled in by real keys: what fits is offered, what is wrong is told; all of it is taken, or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from textual.widgets import Input, TextArea

from operator_console.designer.forms.pairs import PairName

BOT = """\
scenario: helper
title: Shall I help?
trigger:
  - event: Lamp Tried
audience:
  - email is unknown
steps:
  - wait: 30s  # not at once
  - id: question
    say: Shall I help?
    timeout: 1d
    options:
      - label: Of course
        steps:
          - say: With pleasure.
      # He may say no.
      - label: No, thanks
  - set: {visitor.plan: gold}
  - wait: {at: 10:00, weekdays: [mon, tue]}
  - if:
      - email is known
    then:
      - jump: question
  - email: {subject: Your cart, body: "Hello!"}
"""
RUSSIAN = """\
scenario: helper
title: {en: Help, ru: Помощь}
trigger:
  - event: Lamp Tried
steps:
  - say: {en: Hello, ru: Привет}
    options:
      - label: {en: "Yes", ru: Да}
"""


class TestWhatIsOffered:
    async def test_stands_below_the_field_and_is_taken_by_enter(self, form: Any) -> None:
        async with form(BOT, "trigger.0") as it:
            await it.press("end", "ctrl+u")
            await it.type("Lamp Trie")
            assert it.offered == ["Lamp Tried"]
            await it.type("d")
            assert it.offered == []  # what is typed out is in nobody's way
            await it.press("ctrl+u")
            await it.type("ord")
            assert it.offered[0] == "Order Completed"
            await it.press("enter")
            assert it.sheet.query_one("#field-0-all", Input).value == "Order Completed"
            assert it.offered == []
            await it.press("enter")
            assert it.app.result == [True]
            assert it.document.text == BOT.replace("Lamp Tried", "Order Completed")

    async def test_is_gone_through_by_the_arrows_and_taken_by_tab(self, form: Any) -> None:
        async with form(BOT, "trigger.0") as it:
            await it.press("end", "ctrl+u")
            await it.type("order")
            second = it.offered[1]
            await it.press("down", "tab")
            assert it.sheet.query_one("#field-0-all", Input).value == second
            assert it.sheet.focused.id == "field-0-all"

    async def test_escape_closes_the_list_and_then_the_form(self, form: Any) -> None:
        async with form(BOT, "trigger.0") as it:
            await it.press("end", "ctrl+u")
            await it.type("ord")
            await it.press("escape")
            assert it.offered == []
            assert it.app.result == []
            await it.type("e")
            assert it.offered == []  # it was not wanted here
            await it.press("escape")
            assert it.app.result == [False]
            assert it.document.text == BOT

    async def test_arrow_down_offers_all_there_is(self, form: Any) -> None:
        async with form(BOT, "steps.5") as it:
            await it.press(*["tab"] * 2, "down")
            assert it.offered == ["cart-reminder.html"]

    async def test_where_nothing_is_known_arrow_down_goes_on(self, form: Any) -> None:
        async with form(BOT, "steps.0") as it:
            await it.press("down")
            assert it.sheet.focused.id == "field-1-all"

    async def test_a_condition_is_completed_word_by_word(self, form: Any) -> None:
        async with form(BOT, "audience.0") as it:
            await it.press("end", "ctrl+u")
            await it.type("visitor.sho")
            await it.press("enter")  # the path, with a blank behind it: what may follow is offered at once
            assert "is known" in it.offered
            await it.type("= 4")
            await it.press("enter")
            assert it.app.result == [True]
            assert it.document.value("audience.0") == "visitor.shoe_size = 4"

    async def test_braces_are_filled_and_closed(self, form: Any) -> None:
        async with form(BOT, "steps.1") as it:
            await it.type(" {{ visitor.na")
            await it.press("enter")
            assert it.sheet.query_one("#field-0-all", TextArea).text == "Shall I help? {{ visitor.name }}"
            await it.press("ctrl+s")
            assert it.document.value("steps.1.say") == "Shall I help? {{ visitor.name }}"


class TestWhatIsTold:
    async def test_a_duration_in_words_beside_it(self, form: Any) -> None:
        async with form(BOT, "steps.0") as it:
            assert it.said(0) == "30 s"
            await it.press("ctrl+u")
            await it.type("1 day 12h")
            await it.pilot.pause(0.3)
            assert it.said(0) == "1 day 12 h"
            await it.press("enter")
            assert "- wait: 1d12h  # not at once\n" in it.document.text

    async def test_what_is_wrong_as_one_types_and_nothing_is_taken(self, form: Any) -> None:
        async with form(BOT, "steps.0") as it:
            await it.press("ctrl+u")
            await it.type("soon")
            await it.press("ctrl+s")
            assert it.app.result == []
            assert "is no duration" in it.said(0)
            assert it.document.text == BOT
            await it.press("ctrl+u")
            await it.type("2m")
            await it.press("ctrl+s")
            assert it.document.text == BOT.replace("30s", "2m")

    async def test_how_a_text_reads_for_a_sample_visitor(self, form: Any) -> None:
        async with form(
            BOT.replace("Shall I help?\n    timeout", '"{{ visitor.name }}?"\n    timeout'), "steps.1"
        ) as it:
            assert it.said(0) == "→ Ann?"

    async def test_what_conditions_mean(self, form: Any) -> None:
        async with form(BOT, "steps.4") as it:
            assert it.said(0) == "email known"

    async def test_when_more_is_written_than_is_shown(self, form: Any) -> None:
        async with form(BOT.replace("Your cart", "Your cart " * 8), "steps.5") as it:
            assert it.said(0) == "79 of 60 characters that are shown"

    async def test_a_row_that_has_a_value_and_no_name(self, form: Any) -> None:
        async with form(BOT, "steps.2") as it:
            await it.press("tab", "tab", "tab")
            await it.type("42")
            await it.press("ctrl+s")
            assert it.app.result == []
            assert "has no name" in str(it.sheet.query_one(".problem").render())


class TestAnswersInOneGo:
    async def test_each_line_is_an_answer(self, form: Any) -> None:
        async with form(BOT.replace("    options:\n", "    option:\n", 0), "steps.1") as it:
            await it.press("tab", "enter")
            await it.type("Later")
            await it.press("ctrl+s")
            assert it.document.text == BOT.replace(
                "      - label: No, thanks\n", "      - label: No, thanks\n      - label: Later\n"
            )

    async def test_one_is_called_otherwise_and_keeps_what_follows(self, form: Any) -> None:
        async with form(BOT, "steps.1") as it:
            await it.press("tab", "up", "end")
            await it.type("!")
            await it.press("ctrl+s")
            assert it.document.text == BOT.replace("Of course", "Of course!")

    async def test_one_that_something_follows_is_not_lost_with_its_line(self, form: Any) -> None:
        async with form(BOT, "steps.1") as it:
            await it.press("tab", "up", "home", "ctrl+k", "delete", "ctrl+s")
            assert it.app.result == []
            assert "steps follow" in it.said(1)
            assert it.document.text == BOT

    async def test_in_a_file_of_two_languages_the_first_one_is_edited(self, form: Any) -> None:
        async with form(RUSSIAN, "steps.0") as it:
            await it.press("tab", "tab", "end")
            await it.type("!")
            await it.press("ctrl+s")
            assert it.document.value("steps.0.options.0.label") == {"en": "Yes!", "ru": "Да"}

    async def test_conditions_are_lines_too(self, form: Any) -> None:
        async with form(BOT, "steps.4") as it:
            await it.press("enter")
            await it.type("visits > 2")
            await it.press("ctrl+s")
            assert it.document.value("steps.4.if") == ["email is known", "visits > 2"]


class TestFieldsOfTheirOwn:
    async def test_values_are_rows(self, form: Any) -> None:
        async with form(BOT, "steps.2") as it:
            await it.press("tab", "tab")
            await it.type("visitor.size")
            await it.press("tab")
            await it.type("42")
            assert len(it.sheet.query(PairName)) == 3  # another one waits to be filled in
            await it.press("ctrl+s")
            assert it.document.value("steps.2.set") == {"visitor.plan": "gold", "visitor.size": "42"}

    async def test_a_row_is_taken_away(self, form: Any) -> None:
        async with form(
            BOT.replace("{visitor.plan: gold}", "{visitor.plan: gold, visitor.size: 42}"), "steps.2"
        ) as it:
            await it.press("ctrl+d", "ctrl+s")
            assert it.document.value("steps.2.set") == {"visitor.size": "42"}

    async def test_days_are_taken_by_blanks(self, form: Any) -> None:
        async with form(BOT, "steps.3") as it:
            await it.press(*["tab"] * 4, "right", "space", "right", "space", "ctrl+s")
            assert it.document.value("steps.3.wait") == {"at": "10:00", "weekdays": ["mon", "wed"]}

    async def test_a_way_to_wait_is_changed_for_another(self, form: Any) -> None:
        async with form(BOT, "steps.0") as it:
            await it.press("ctrl+u", "tab", "tab", "tab")
            await it.type("9:30")
            await it.press("ctrl+s")
            assert it.document.value("steps.0.wait") == {"at": "09:30"}

    async def test_a_new_name_of_a_step_is_followed_by_what_leads_there(self, form: Any) -> None:
        async with form(BOT, "steps.1") as it:
            await it.press(*["tab"] * 5, "end")
            await it.type("-2")
            await it.press("ctrl+s")
            assert it.document.value("steps.1.id") == "question-2"
            assert it.document.value("steps.4.then.0.jump") == "question-2"

    async def test_all_of_a_form_is_one_step_of_undo(self, form: Any) -> None:
        async with form(BOT, "steps.1") as it:
            await it.type("!")
            await it.press("tab", "enter")
            await it.type("Later")
            await it.press("ctrl+s")
            assert it.document.text != BOT
            it.document.undo()
            assert it.document.text == BOT

    async def test_the_first_letter_replaces_what_stands_in_for_something_new(self, form: Any) -> None:
        async with form(BOT, "steps.5", is_new=True) as it:
            await it.type("Hi")
            await it.press("ctrl+s")
            assert it.document.value("steps.5.email.subject") == "Hi"

    @pytest.mark.parametrize("key", ["ctrl+s", "escape"])
    async def test_something_new_that_is_kept_as_it_is_is_a_change(self, form: Any, key: str) -> None:
        async with form(BOT, "steps.5", is_new=True) as it:
            await it.press(key)
            assert it.app.result == [key == "ctrl+s"]

    async def test_what_is_pasted_brings_no_control_characters(self, form: Any) -> None:
        from textual import events

        async with form(BOT, "steps.1") as it:
            it.sheet.focused.post_message(events.Paste("\x1b[2Jhi\u202e"))
            await it.pilot.pause()
            await it.press("ctrl+s")
            assert "\x1b" not in it.document.text
            assert "\u202e" not in it.document.text
