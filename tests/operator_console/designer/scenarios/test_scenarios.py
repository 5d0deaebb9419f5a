"""The screen of all scenarios, over a real server: by group, with triggers in words, paused and launched by a key."""

from __future__ import annotations

import pytest

from operator_console.designer.scenarios.screen import ScenariosScreen
from server_stub.protocol import ChangeScenario, PublishScenario

BONUS = """\
scenario: bonus
title: {en: A bonus for an email, ru: Бонус за почту}
status: live
group: lead_generation
# Greets whoever is new.
trigger:
  - event: Session Started
audience:
  - email is unknown
steps:
  - id: pause
    wait: 3d
  - say: Hello!
"""
BOT = """\
scenario: helper
title: Shall I help?
status: draft
group: chat_bots
trigger:
  - event: Product Viewed
steps:
  - say: Shall I help?
"""
BROKEN = (
    BOT.replace("scenario: helper", "scenario: broken")
    .replace("event:", "evnt:")
    .replace("chat_bots", "sales")
)


@pytest.fixture
async def shop(serve):
    """A server with three scenarios, one of them with an error."""
    async with serve({"bonus": BONUS, "helper": BOT, "broken": BROKEN}) as served:
        yield served


async def opened(it) -> ScenariosScreen:
    """Open the screen, and wait until every file is read."""
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    return screen


def status_of(screen: ScenariosScreen, slug: str) -> str:
    return screen.rows.rows[slug].status.status


class TestTheList:
    async def test_it_shows_groups_titles_and_triggers_in_words(self, shop) -> None:
        async with shop.console() as it:
            await opened(it)
            for text in (
                "Lead generation",
                "A bonus for an email",
                "Session Started · email unknown",
                "Chat-bots",
            ):
                await it.shows(text)

    async def test_one_with_errors_stands_in_its_group_and_says_what_is_wrong(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            assert screen.rows.rows["broken"].group == "sales"
            await it.shows("line 6: ")
            assert "evnt" in it.text()

    async def test_the_cursor_goes_over_headings(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            seen = []
            for _ in range(4):
                seen.append(screen.listing.cursor)
                await it.press("j")
            assert seen == ["bonus", "helper", "broken", "broken"]
            await it.press("g")
            assert screen.listing.cursor == "bonus"

    async def test_who_is_on_his_way_is_counted(self, shop) -> None:
        await shop.visitor("Anna")
        await shop.visitor("Ben")
        async with shop.console() as it:
            await opened(it)
            await it.shows("2 on their way")

    async def test_who_entered_lately_and_who_came_to_the_goal_stands_beside(self, serve) -> None:
        with_goal = BONUS.replace("steps:", "goal: {event: Order Completed, within: 7d}\nsteps:")
        async with serve({"bonus": with_goal}) as shop:
            anna, _ben = await shop.visitor("Anna"), await shop.visitor("Ben")
            await anna.does("Order Completed", order_id="o1", total=10)
            async with shop.console() as it:
                await opened(it)
                await it.shows("2 → 1 · 50.0 %")
                await it.shows("2 entered · 1 came to the goal · 50.0 %")

    async def test_x_asks_for_another_period(self, shop) -> None:
        await shop.visitor("Anna")
        async with shop.console() as it:
            screen = await opened(it)
            await it.shows("last 30 days")
            await it.press("x")
            await it.shows("last 90 days")
            await it.until(lambda: len(screen.rows.rows["bonus"].status.totals.days) == 90)

    async def test_where_nobody_entered_no_figure_is_shown(self, shop) -> None:
        async with shop.console() as it:
            await opened(it)
            assert "→" not in it.text()
            assert " % " not in it.text()

    async def test_a_tab_shows_one_status_and_a_search_finds_words(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            await it.press("2")
            await it.until(lambda: screen.listing.row_count == 1)
            await it.press("F", "slash")
            await it.type("product viewed")
            await it.until(lambda: screen.listing.order() == ["group:chat_bots", "helper"])
            await it.press("escape")
            await it.until(lambda: screen.listing.row_count == 3)


class TestTheFile:
    async def test_it_stands_beside_the_list_with_comments_and_who_stands_where(self, shop) -> None:
        await shop.visitor("Anna")
        async with shop.console() as it:
            await opened(it)
            await it.shows("# Greets whoever is new.")
            await it.shows("starts on")
            await it.shows("pause")
            await it.shows("1 visitor")

    async def test_tab_reads_it_at_full_width_and_escape_goes_back(self, shop) -> None:
        async with shop.console(size=(80, 24)) as it:
            screen = await opened(it)
            await it.press("tab")
            await it.until(lambda: screen.beside.has_focus and not screen.listing.region)
            await it.shows("scenario: bonus")
            await it.press("escape")
            await it.until(lambda: screen.listing.has_focus)
            await it.press("escape")
            await it.until(lambda: it.app.screen is it.inbox)


class TestSwitching:
    async def test_p_pauses_at_once_and_changes_one_word_of_the_file(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            await it.press("p")
            await it.until(lambda: status_of(screen, "bonus") == "paused")
            file = await shop.owner.scenario_file("bonus")
            assert file.text == BONUS.replace("status: live", "status: paused")
            await it.shows("paused")
            await it.press("p")
            await it.until(lambda: status_of(screen, "bonus") == "live")

    async def test_a_draft_is_launched_after_a_question(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            await it.press("j", "p")
            await it.shows("Launch “Shall I help?”?")
            await it.press("enter")
            await it.until(lambda: it.app.screen is screen)
            assert status_of(screen, "helper") == "draft"
            await it.press("p", "down", "enter")
            await it.until(lambda: status_of(screen, "helper") == "live")

    async def test_an_archived_one_is_let_go_after_a_question(self, shop) -> None:
        await shop.visitor("Anna")
        async with shop.console() as it:
            screen = await opened(it)
            await it.shows("1 on the way")
            await it.press("A")
            await it.shows("ends for 1 on his way")
            await it.press("down", "enter")
            await it.until(lambda: status_of(screen, "bonus") == "archived")

    async def test_one_with_errors_is_not_launched_and_says_so(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            await it.press("G", "p", "down", "enter")
            await it.until(lambda: it.app._notifications)
            assert status_of(screen, "broken") != "live"

    async def test_an_operator_sees_and_changes_nothing(self, shop) -> None:
        operator = await shop.operator("Ben")
        async with shop.console(operator) as it:
            screen = await opened(it)
            assert "pause, resume" not in it.text()
            await it.press("p")
            await it.shows("marketers")
            assert status_of(screen, "bonus") == "live"

    async def test_a_console_for_reading_only_changes_nothing(self, shop) -> None:
        async with shop.console(read_only=True) as it:
            screen = await opened(it)
            await it.press("p")
            await it.shows("reading only")
            assert status_of(screen, "bonus") == "live"


class TestLive:
    async def test_what_a_colleague_publishes_is_here_at_once(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            file = await shop.owner.scenario_file("bonus")
            text = BONUS.replace("Session Started", "Exit Intent")
            await shop.owner.publish("bonus", PublishScenario(text=text, base=file.base))
            await it.until(lambda: screen.rows.rows["bonus"].triggers == ("Exit Intent",))
            await it.shows("event: Exit Intent")

    async def test_a_new_one_comes_into_its_group(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            await shop.owner.publish("thanks", PublishScenario(text=BOT.replace("helper", "thanks")))
            await it.until(lambda: screen.listing.row_count == 4)

    async def test_the_cursor_stays_on_its_scenario(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            await it.press("j")
            await shop.owner.change_scenario("bonus", ChangeScenario("paused"))
            await it.until(lambda: status_of(screen, "bonus") == "paused")
            assert screen.listing.cursor == "helper"


class TestHostileText:
    async def test_a_file_that_somebody_else_wrote_moves_nothing_on_the_screen(self, serve) -> None:
        title = '"[@click=app.quit]x[/] \\e]0;owned\\a \\u202e"'
        text = BONUS.replace("title: {en: A bonus for an email, ru: Бонус за почту}", f"title: {title}")
        async with serve({"bonus": text}) as shop, shop.console() as it:
            await opened(it)
            await it.shows("[@click=app.quit]x[/]")
            assert not {"\x1b", "\x07", "\u202e"} & set(it.text())


class TestSecondThoughts:
    async def test_what_was_paused_stays_under_the_cursor_of_the_live_ones_until_it_moves(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            await it.press("2")
            await it.until(lambda: screen.listing.row_count == 1)
            await it.press("p")
            await it.until(lambda: status_of(screen, "bonus") == "paused")
            assert screen.listing.cursor == "bonus", "the same key lets it go on"
            await it.press("p")
            await it.until(lambda: status_of(screen, "bonus") == "live")

    async def test_a_filter_that_nothing_fits_says_so_and_the_way_out(self, shop) -> None:
        async with shop.console() as it:
            screen = await opened(it)
            await it.press("5")
            await it.shows("No scenario has this status. F shows all.")
            await it.press("j", "G", "enter", "p")
            await it.press("F")
            await it.until(lambda: screen.listing.row_count == 3)
