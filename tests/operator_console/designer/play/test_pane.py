"""The player on the screen: by Enter alone, by keys, by lines; with a draft that changes under it."""

from __future__ import annotations

import pytest

from operator_console.designer.play.line import COMMANDS, CommandSuggester
from operator_console.designer.play.people import Person
from scenarios_yaml.tools.playing.player_lines import COMMANDS as PLAYERS_COMMANDS


class TestByEnterAlone:
    async def test_it_is_started_made_to_fit_waited_for_and_answered(self, played) -> None:
        async with played() as it:
            await it.shows("A bot", "⏎ starts it", "not started yet")
            await it.press("enter")
            await it.shows("not let in: audience: email is known", "⏎ makes him one who is let in")
            await it.press("enter")
            await it.shows("started on Page Viewed", "stands at pause", "⏎ lets 15s pass")
            await it.press("enter")
            await it.shows("How can I help?", "2026-03-02 12:00:15", "a number, an answer, or anything else")
            await it.enter("2")
            await it.shows("Where do you live?", "Town", "fill in the pop-up: city=…")
            await it.enter("Prague")
            await it.shows("fills in the pop-up: city = Prague", "Hello Prague", "Welcome", "over")

    async def test_whoever_is_around_hears_where_the_run_stands(self, played) -> None:
        async with played() as it:
            await it.enter("", "", "")
            await it.until(lambda: it.moves and it.moves[-1].standing, "a move")
            assert [one.step for one in it.moves[-1].standing] == ["menu"]
            assert {"pause", "menu"} <= it.moves[-1].walked


class TestByKeys:
    async def test_one_thing_back_from_the_story(self, played) -> None:
        async with played() as it:
            await it.enter("", "", "", "1")
            await it.shows("Cheap.")
            await it.press("tab", "U")
            await it.until(lambda: "Cheap." not in it.text(), "the answer is gone")
            await it.press("U", "U", "U", "U")
            await it.shows("not started yet")

    async def test_the_steps_are_shown_and_hidden(self, played) -> None:
        async with played() as it:
            await it.enter("", "", "")
            assert "pause: waited" not in it.text()
            await it.press("tab", "t")
            await it.shows("pause: waited")
            await it.press("t")
            await it.until(lambda: "pause: waited" not in it.text(), "they are hidden")

    async def test_the_pop_up_stands_on_a_page(self, played) -> None:
        async with played() as it:
            await it.enter("", "", "", "a form")
            await it.press("tab", "p")
            await it.shows("on a telephone")

    async def test_somebody_else_takes_the_visitors_place(self, played) -> None:
        async with played() as it:
            await it.press("tab", "s")
            await it.shows("not let in")
            await it.press("v")
            await it.shows("A customer whose email is known · ru")
            await it.press("down", "down", "down", "down", "enter")
            await it.shows("started on Page Viewed", "A customer whose email is known · ru")

    async def test_what_is_known_of_him_and_beginning_anew(self, played) -> None:
        async with played() as it:
            await it.enter(":as city=Prague")
            await it.press("tab", "i")
            await it.shows("What is known of the visitor", "city")
            await it.press("X")
            await it.until(lambda: "Prague" not in it.text(), "it began anew")

    async def test_a_test_is_recorded_under_a_name(self, played) -> None:
        async with played() as it:
            await it.enter("", "", "")
            await it.press("tab", "R")
            await it.shows("What does it show?")
            await it.enter("asks")
            await it.shows("Kept asks")
            assert [case.name for case in it.kept] == ["asks"]

    async def test_escape_leaves_the_line_and_then_the_player(self, played) -> None:
        async with played() as it:
            await it.press("escape")
            await it.until(lambda: it.pane.story.has_focus, "the story")
            await it.press("escape")
            await it.until(lambda: not it.app.is_running, "the end")


class TestByLines:
    async def test_what_cannot_be_done_is_said_and_nothing_happens(self, played) -> None:
        async with played() as it:
            await it.enter(":close", ":advance soon")
            await it.shows("no duration")
            assert not it.pane.session.turns

    async def test_commands_of_the_pane_itself(self, played) -> None:
        async with played() as it:
            await it.enter("", "", "", ":why")
            await it.shows("Nobody was refused so far")
            await it.enter(":back", ":record waits")
            await it.shows("Kept waits")
            await it.enter(":help")
            await it.shows("this list")
            await it.enter(":reset")
            await it.shows("not started yet")

    async def test_what_was_typed_comes_back(self, played) -> None:
        async with played() as it:
            await it.enter("Hello", "Hello again")
            await it.press("up", "up")
            assert it.pane.line.value == "Hello"
            await it.press("down", "down")
            assert it.pane.line.value == ""

    async def test_a_command_is_completed_by_the_right_arrow(self, played) -> None:
        async with played() as it:
            await it.press(*":eve")
            await it.until(lambda: it.pane.line._suggestion, "an offer")
            await it.press("right")
            assert it.pane.line.value == ":event Order Completed total=1200"

    @pytest.mark.parametrize(
        ("begun", "offered"),
        [
            (":", None),
            (":sub", ":submit email=ann@shop.example"),
            (":event Pa", ":event Page Viewed"),
            (":advance ", ":advance 3d"),
            (":advance 5", None),
            ("::e", None),
            ("e", None),
        ],
    )
    async def test_what_is_offered(self, begun: str, offered: str | None) -> None:
        assert await CommandSuggester(lambda: ["Page Viewed"]).get_suggestion(begun) == offered

    def test_every_command_of_the_player_is_there_but_leaving(self) -> None:
        assert set(PLAYERS_COMMANDS) - {"quit"} == set(COMMANDS) - {"back", "record"}

    async def test_hostile_text_does_nothing_to_the_screen(self, played) -> None:
        text = "scenario: a\ntitle: A\ntrigger: [{event: Go}]\nsteps: [{say: 'x {{ event.name }}'}]\n"
        async with played(text) as it:
            await it.enter(":start")
            it.pane.line.value = ":event Go name=\x1b]0;pwned\x07[@click=app.quit]x[/]"
            await it.press("enter")
            await it.shows("[@click=app.quit]x[/]")
            assert "\x1b" not in it.text()


class TestADraftThatChanges:
    async def test_what_was_played_is_played_again(self, played) -> None:
        async with played() as it:
            await it.enter("", "", "", "1")
            it.file = it.file.replace("Cheap.", "Very cheap.")
            await it.press("ctrl+r")
            await it.shows("Very cheap.")

    async def test_what_no_longer_fits_is_told(self, played) -> None:
        async with played() as it:
            await it.enter("", "", "", "1")
            it.file = it.file.replace("label: {en: Prices", "label: {en: Costs")
            await it.press("ctrl+r")
            await it.shows("From here on it no longer fits", "Left out: 1")
            assert "Cheap." not in it.text()

    async def test_a_draft_with_a_mistake_is_played_on_as_it_was(self, played) -> None:
        async with played() as it:
            await it.enter("", "")
            it.file = it.file.replace("wait: 15s", "wait: soon")
            await it.press("ctrl+r")
            await it.shows("error: “soon” is no duration")
            await it.press("enter")
            await it.shows("How can I help?")

    async def test_where_there_was_never_one_that_could_be_read_nothing_is_played(self, played) -> None:
        async with played("scenario: a\n") as it:
            await it.shows("There is nothing to play yet")
            await it.enter("", "Hello", ":start")
            assert it.pane.session is None

    async def test_a_test_that_cannot_be_kept_is_told(self, played) -> None:
        async with played() as it:
            it.keeps = False
            await it.enter("", ":record asks")
            await it.shows("the disk is full")


class TestAVisitorOfTheDesk:
    async def test_he_does_what_the_one_before_did(self, played) -> None:
        async with played() as it:
            await it.enter("")
            await it.shows("not let in")
            it.pane.play_as(Person(called="Ann \x1b[31m", given={"email": "ann@shop.example"}))
            await it.shows("started on Page Viewed", "Ann")
            assert "\x1b" not in it.text()


class TestASmallTerminal:
    async def test_everything_has_its_place_at_80_by_24(self, played) -> None:
        async with played(size=(80, 24)) as it:
            await it.enter("", "", "", "2")
            await it.shows("Send", "fill in the pop-up", "do it")
