"""The library: every ready-made scenario by goal, and beside it how it looks to the visitor."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from operator_console.designer.library.items import LibraryRows
from operator_console.designer.library.parts import Part, parts_of
from operator_console.designer.library.preview_lines import PreviewPainter
from operator_console.designer.library.screen import LibraryScreen
from operator_console.designer.look.of_steps import step_look
from operator_console.designer.look.sample import Sample
from operator_console.designer.look.views import ChatLook, MailLook, PopupLook, PushLook
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.themes import DARK
from scenarios_yaml.engine.inside import every
from scenarios_yaml.engine.rendering import variables
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.library.index import library

NOW = 1_772_460_000_000
SITE = {"name": "Lamp & Co", "url": "https://lamp.example"}
SLUGS = [item.slug for item in library()]


def scope_of(scenario, language: str = "en"):
    return Sample(language, SITE, now=NOW).scope(scenario)


def parts(slug: str, language: str = "en") -> list[Part]:
    scenario = LibraryRows(language).rows[slug].scenario
    return parts_of(scenario, scope_of(scenario, language), language)


class TestTheSampleVisitor:
    @pytest.mark.parametrize("language", ["en", "ru"])
    @pytest.mark.parametrize("slug", SLUGS)
    def test_every_text_of_the_library_has_something_to_fill_in(self, slug, language) -> None:
        scenario = LibraryRows(language).rows[slug].scenario
        scope = scope_of(scenario, language)
        given = {**variables(scope), "products": [{"name": "Lamp", "price": 1}]}
        holes = [
            problem
            for step in all_steps([scenario.steps, *(steps for _name, steps in scenario.blocks)])
            for text in every(step, Text)
            if (problem := text.render_checked(given, language)[1])
        ]
        assert holes == []


class TestParts:
    def test_a_pop_up_a_letter_and_the_wait_before_stand_in_the_order_of_the_file(self) -> None:
        found = parts("site_bonus_popup")
        looks = [type(part.look) for part in found if part.look is not None]
        assert looks[:2] == [PopupLook, PopupLook]
        assert MailLook in looks
        assert found[0].words == "after 10 s"
        assert found[1].look.title == "A small welcome: 10% off"

    def test_the_branches_of_a_bot_are_called_by_what_the_visitor_answers(self) -> None:
        words = [part.words for part in parts("wholesale_bot") if part.kind == "branch"]
        assert "“Wholesale, 10 pieces or more”" in words
        assert "“Go to the catalog”" in words

    def test_blocks_stand_below_by_their_names(self) -> None:
        assert [part.words for part in parts("wholesale_bot") if part.kind == "block"][:2] == [
            "“for-shops”",
            "“wholesale-operator”",
        ]

    def test_texts_are_in_the_language_of_the_console(self) -> None:
        [offer, *_] = [part.look for part in parts("site_bonus_popup", "ru") if part.look is not None]
        assert offer.title == "Приятно познакомиться: скидка 10%"

    def test_every_step_that_speaks_is_there(self) -> None:
        for slug in SLUGS:
            scenario = LibraryRows("en").rows[slug].scenario
            scope = scope_of(scenario)
            steps = all_steps([scenario.steps, *(inside for _name, inside in scenario.blocks)])
            speaking = [step.key for step in steps if step_look(step, scope) is not None]
            assert [part.step for part in parts(slug) if part.look is not None] == speaking

    def test_what_is_switched_off_is_left_out(self) -> None:
        text = "scenario: s\ntitle: S\ntrigger:\n  - event: A\nsteps:\n  - say: One\n  - say: Two\n    enabled: false\n"
        scenario = read_scenario(text).scenario
        looks = [part.look for part in parts_of(scenario, scope_of(scenario), "en")]
        assert looks == [ChatLook(text="One")]

    def test_a_push_is_one(self) -> None:
        assert any(isinstance(part.look, PushLook) for part in parts("come_back_push"))


class TestTheDrawing:
    @pytest.mark.parametrize("width", [30, 78, 110])
    def test_every_scenario_is_drawn_at_every_width(self, width) -> None:
        rows = LibraryRows("en").rows
        for slug, row in rows.items():
            strips = PreviewPainter(DARK, width, NOW, "Lamp & Co").paint(row, parts(slug), is_here=True)
            assert {sum(cell_len(one.text) for one in strip) for strip in strips} == {width}, slug

    def test_the_chats_head_stands_there_once(self) -> None:
        row = LibraryRows("en").rows["wholesale_bot"]
        strips = PreviewPainter(DARK, 90, NOW, "Lamp & Co").paint(row, parts("wholesale_bot"), is_here=False)
        assert sum("Lamp & Co" in strip.text for strip in strips) == 1


class TestTheRows:
    def test_all_of_them_are_there_by_goal_with_the_key_ones_first(self) -> None:
        rows = LibraryRows("en")
        shown = rows.view("", "group:")
        assert len(rows.rows) == len(SLUGS) == 51
        assert shown[0] == "group:lead_generation"
        stars = [rows.rows[key].is_starter for key in shown[1 : shown.index("group:chat_bots")]]
        assert stars == sorted(stars, reverse=True)
        assert any(stars)

    def test_a_search_finds_words_anywhere(self) -> None:
        rows = LibraryRows("en")
        assert rows.view("abandoned cart", "group:") == ["group:sales", "abandoned_cart_series"]
        assert rows.view("nothing of the kind", "group:") == []

    def test_each_says_where_it_speaks(self) -> None:
        assert LibraryRows("en").rows["site_bonus_popup"].channels == ("popup", "email")


class TestTheScreen:
    async def opened(self, it) -> LibraryScreen:
        await it.press("d")
        await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
        await it.press("n")
        await it.until(lambda: isinstance(it.app.screen, LibraryScreen) and it.app.screen._shown_slug)
        return it.app.screen

    async def test_it_shows_what_the_visitor_will_see_of_the_one_under_the_cursor(self, served) -> None:
        async with served.console() as it:
            screen = await self.opened(it)
            await it.shows("51 scenarios")
            first = screen.listing.cursor
            await it.press("slash")
            await it.type("exchange")
            await it.until(lambda: screen._shown_slug == "site_bonus_popup" != first)
            await it.shows("Get my code")

    async def test_enter_reads_it_alone_in_a_small_terminal_and_escape_goes_all_the_way_back(
        self, served
    ) -> None:
        async with served.console(size=(80, 24)) as it:
            screen = await self.opened(it)
            await it.press("enter")
            await it.shows("What the visitor sees")
            await it.press("escape")
            await it.until(lambda: screen.listing.has_focus)
            await it.press("escape")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
