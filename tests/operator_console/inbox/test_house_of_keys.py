"""The table of actions, the themes, the panes: what holds for the whole inbox."""

from __future__ import annotations

import itertools

import pytest
from textual.color import Color

from operator_console.actions import ACTIONS, PLACES, TEXT_PLACES, at_place, hints, shown_key
from operator_console.designer.figures.behind_screen import BehindScreen
from operator_console.designer.figures.screen import FiguresScreen
from operator_console.designer.launch.conditions import ConditionsScreen
from operator_console.designer.launch.form import LaunchField
from operator_console.designer.launch.messages import MessagesScreen
from operator_console.designer.library.screen import LibraryScreen
from operator_console.designer.play.line import PlayLine
from operator_console.designer.play.pane import PlayPane
from operator_console.designer.play.screen import PlayScreen
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.screen import TreeScreen
from operator_console.designer.tree.text_view import TextView
from operator_console.designer.tree.view import TreeView
from operator_console.designer.versions.screen import VersionsScreen
from operator_console.designer.widget_look.screen import WidgetLookScreen
from operator_console.inbox.composer import Composer
from operator_console.inbox.dialog_list import DialogList
from operator_console.inbox.feed_view import FeedView
from operator_console.inbox.screen import InboxScreen
from operator_console.inbox.search_field import SearchField
from operator_console.inbox.sheets import help_text
from operator_console.inbox.visitor_card import CardBody, CardField
from operator_console.outbox.screen import OutboxScreen
from operator_console.person.screen import PersonScreen
from operator_console.replies.screen import RepliesScreen
from operator_console.themes import DARK, LIGHT, Palette
from operator_console.visitors.screen import VisitorsScreen
from operator_console.why.screen import WhyScreen

OWNERS = {
    "inbox": InboxScreen,
    "list": DialogList,
    "dialogs": DialogList,
    "search": SearchField,
    "conversation": FeedView,
    "composer": Composer,
    "card": CardBody,
    "field": CardField,
    "outbox": OutboxScreen,
    "why": WhyScreen,
    "aside": CardBody,
    "person": PersonScreen,
    "visitors": VisitorsScreen,
    "replies": RepliesScreen,
    "scenarios": ScenariosScreen,
    "library": LibraryScreen,
    "launch": ConditionsScreen,
    "launch_field": LaunchField,
    "launch_look": MessagesScreen,
    "widget_look": WidgetLookScreen,
    "player": PlayScreen,
    "play": PlayPane,
    "play_line": PlayLine,
    "tree": TreeScreen,
    "rows": TreeView,
    "versions": VersionsScreen,
    "figures": FiguresScreen,
    "behind": BehindScreen,
    "text": TextView,
}


class TestTheTableOfActions:
    @pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
    def test_every_action_is_there_has_words_and_stands_in_the_help(self, action) -> None:
        name = action.run.partition("(")[0]
        assert callable(getattr(OWNERS[action.place], f"action_{name}", None))
        assert action.title
        assert action.help
        assert action.help in help_text(200).plain
        assert shown_key(action.keys[0]) in help_text(200).plain

    @pytest.mark.parametrize("place", PLACES)
    def test_no_key_means_two_things_in_one_place(self, place) -> None:
        keys = list(itertools.chain.from_iterable(action.keys for action in at_place(place)))
        assert len(keys) == len(set(keys))

    def test_ids_are_unique_and_what_changes_is_known(self) -> None:
        ids = [action.id for action in ACTIONS]
        assert len(ids) == len(set(ids))
        assert {action.id for action in ACTIONS if action.changes} >= {"dialog.reply", "visitor.edit"}

    def test_a_console_for_reading_only_is_not_offered_what_changes(self) -> None:
        assert not [action.id for action in hints("list", read_only=True) if action.changes]

    def test_where_letters_are_text_no_letter_is_offered_as_a_key(self) -> None:
        for place in TEXT_PLACES:
            assert all(
                len(shown_key(action.keys[0])) > 1 or action.keys[0] == "enter" for action in hints(place)
            )

    def test_every_key_stands_in_the_readme_of_the_folder(self) -> None:
        from pathlib import Path

        import operator_console.actions as table

        readme = (Path(table.__file__).parent / "README.md").read_text()
        missing = [action.id for action in ACTIONS if action.title not in readme]
        assert missing == []


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [part / 255 for part in Color.parse(colour).rgb]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *itertools.product(["text", "soft"], ["ground", "paper", "raised", "cursor", "cursor_away", "hover"]),
    *itertools.product(["faint", "good", "warm", "hot"], ["ground", "paper"]),
    *itertools.product(["visitor", "operator", "bot"], ["ground", "cursor", "cursor_away", "hover"]),
    *itertools.product(["visitor", "operator", "bot", "note", "accent"], ["paper"]),
    *itertools.product(
        ["text", "soft", "accent"], ["bubble_visitor", "bubble_operator", "bubble_bot", "bubble_note"]
    ),
    *itertools.product(
        ["faint"], ["cursor", "cursor_away", "hover", "raised", "bubble_visitor", "bubble_operator"]
    ),
    *itertools.product(["warm", "good"], ["cursor", "cursor_away", "hover", "raised"]),
    *itertools.product(["accent", "visitor", "faint"], ["raised"]),
    *itertools.product(["hot", "note"], ["ground", "paper", "cursor", "cursor_away", "hover"]),
    *itertools.product(["on_accent"], ["accent", "visitor", "warm"]),
    ("on_hot", "hot"),
]


class TestThemes:
    @pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
    def test_every_pair_of_text_and_ground_can_be_read(self, palette: Palette) -> None:
        weak = {
            f"{text} on {ground}": round(contrast(getattr(palette, text), getattr(palette, ground)), 2)
            for text, ground in PAIRS
            if contrast(getattr(palette, text), getattr(palette, ground)) < 4.5
        }
        assert weak == {}

    async def test_a_key_changes_between_light_and_dark(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.press("ctrl+l")
            assert it.app.theme == "desk-light"
            await it.press("ctrl+l")
            assert it.app.theme == "desk-dark"


class TestPanes:
    async def test_tab_goes_round_the_panes(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            places = []
            for _ in range(4):
                await it.press("tab")
                await it.pilot.pause()
                places.append(it.inbox._place(it.app.focused))
            assert places == ["conversation", "composer", "card", "list"]

    async def test_below_120_columns_the_card_goes_and_v_shows_it(self, desks, console) -> None:
        async with console(desks.lively(), size=(100, 30)) as it:
            assert not it.inbox.card_pane.region
            await it.press("v")
            await it.until(lambda: it.inbox.card_pane.region)
            await it.press("escape")
            await it.until(lambda: not it.inbox.card_pane.region)

    async def test_below_80_columns_there_is_one_pane_and_escape_goes_back(self, desks, console) -> None:
        async with console(desks.lively(), size=(70, 24)) as it:
            assert not it.inbox.feed_view.region
            await it.press("enter")
            await it.until(lambda: it.inbox.feed_view.region and not it.inbox.dialogs.region)
            await it.press("escape")
            await it.until(lambda: it.inbox.dialogs.region and not it.inbox.feed_view.region)

    async def test_the_footer_shows_what_the_keys_do_here(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            assert "⏎ open" in it.lines()[-1]
            await it.press("r")
            await it.until(lambda: "⏎ send" in it.lines()[-1])
            assert "c close" not in it.lines()[-1], "letters are text while one writes"

    async def test_help_and_palette_open_and_close(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.press("question_mark")
            await it.sees("Everywhere", "Go to whoever waits longest")
            await it.press("escape")
            await it.press("ctrl+p")
            await it.type("close")
            await it.sees("dialog: close")
            await it.press("escape")

    async def test_a_tab_of_the_list_is_chosen_by_a_click(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.sees("Mine 1")
            await it.pilot.click("#list-header", offset=(3, 0))
            await it.until(lambda: it.inbox.dialogs.count == 1)


class TestTheWindow:
    async def test_its_title_tells_how_many_wait_and_who_waits_longest(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.until(lambda: it.app.window_title == "(3) Mihkel Saar waits · Sales desk")

    async def test_a_crash_prints_no_local_variables(self, desks, tmp_path, capsys) -> None:
        from operator_console.app import OperatorApp

        desk = desks.lively()
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock)

        def explode() -> None:
            token = "tok_" + "secret"
            raise RuntimeError(f"broken\x1b[2J {len(token)}")

        with pytest.raises(RuntimeError):
            async with app.run_test() as pilot:
                app.call_later(explode)
                await pilot.pause(0.5)
        printed = "".join(str(part) for part in app._exit_renderables) + capsys.readouterr().err
        assert "tok_secret" not in printed
        assert "\x1b[2J" not in printed
        assert app.return_code == 1
