"""From the library to a scenario that runs, by four key presses; and everything that one may do on the way."""

from __future__ import annotations

import pytest

from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.launch.conditions import ConditionsScreen
from operator_console.designer.launch.draft import LaunchDraft
from operator_console.designer.launch.messages import MessagesScreen
from operator_console.designer.launch.sheet import LaunchSheet
from operator_console.designer.library.screen import LibraryScreen
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.screen import TreeScreen
from operator_console.designer.tree.view import TreeView
from scenarios_yaml.library.index import library
from server_stub.protocol import PublishScenario

TEXTS = {item.slug: item.text for item in library()}
BONUS = TEXTS["site_bonus_popup"]
SHELVES = ("exit_promo_popup", "wholesale_bot", "cart_help_chat", "review_request_email", "come_back_push")
"""One of each shelf of the library."""


def live(text: str) -> str:
    return text.replace("status: draft", "status: live", 1)


@pytest.fixture
async def shop(serve):
    async with serve({}) as served:
        yield served


@pytest.fixture
async def with_bonus(serve):
    """A desk that has launched one of the library's already."""
    async with serve({"site_bonus_popup": BONUS}) as served:
        yield served


async def scenarios_of(it) -> ScenariosScreen:
    if not isinstance(it.app.screen, ScenariosScreen):
        await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    return it.app.screen


async def library_of(it, slug: str = "site_bonus_popup") -> LibraryScreen:
    """The library with the cursor on a scenario, by the keys that a marketer presses."""
    await scenarios_of(it)
    await it.press("n")
    await it.until(lambda: isinstance(it.app.screen, LibraryScreen) and it.app.screen._shown_slug)
    screen = it.app.screen
    screen.listing.point_to(slug)
    await it.until(lambda: screen._shown_slug == slug)
    return screen


async def conditions_of(it, slug: str = "site_bonus_popup") -> ConditionsScreen:
    await library_of(it, slug)
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, ConditionsScreen) and it.app.screen.facts.line_count)
    return it.app.screen


async def messages_of(it, slug: str = "site_bonus_popup") -> MessagesScreen:
    await conditions_of(it, slug)
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, MessagesScreen) and it.app.screen.listing.rows)
    return it.app.screen


async def sheet_of(it, slug: str = "site_bonus_popup") -> LaunchSheet:
    await messages_of(it, slug)
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, LaunchSheet))
    return it.app.screen


async def launched(it) -> ScenariosScreen:
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen), "back at the scenarios")
    return it.app.screen


def is_tree(screen) -> bool:
    """Whether it is a tree that shows its rows."""
    return isinstance(screen, TreeScreen) and any(view.row for view in screen.query(TreeView))


class TestFourKeyPresses:
    async def test_pick_conditions_preview_launch_and_it_runs(self, shop, tmp_path) -> None:
        async with shop.console() as it:
            await library_of(it)
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, ConditionsScreen))
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, MessagesScreen))
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, LaunchSheet))
            await it.press("enter")
            screen = await launched(it)
            await it.until(lambda: screen.listing.cursor == "site_bonus_popup")
            await it.shows("is live")
            assert screen.rows.rows["site_bonus_popup"].status.status == "live"
            [file] = (tmp_path / "data" / "scenarios").rglob("site_bonus_popup.yaml")
            assert file.read_text(encoding="utf-8") == live(BONUS)
            assert (await shop.owner.versions("site_bonus_popup"))[
                0
            ].why == "From the library: site_bonus_popup"

    async def test_in_a_small_terminal_l_launches_and_the_rest_is_the_same(self, shop) -> None:
        async with shop.console(size=(80, 24)) as it:
            await library_of(it)
            await it.press("enter")
            await it.shows("What the visitor sees")
            await it.press("l")
            await it.until(lambda: isinstance(it.app.screen, ConditionsScreen))
            await it.shows("Whom would this reach")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, MessagesScreen))
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, LaunchSheet))
            await it.press("enter")
            await launched(it)
            assert (await shop.owner.scenario_file("site_bonus_popup")).text == live(BONUS)

    @pytest.mark.slow
    async def test_one_of_each_shelf_is_launched_so_one_after_the_other(self, shop) -> None:
        async with shop.console() as it:
            for slug in SHELVES:
                await sheet_of(it, slug)
                await it.press("enter")
                screen = await launched(it)
                await it.until(lambda screen=screen, slug=slug: screen.listing.cursor == slug, slug)
                assert (await shop.owner.scenario_file(slug)).text == live(TEXTS[slug]), slug

    async def test_the_desk_takes_every_scenario_of_the_library_as_a_launch_writes_it(self, shop) -> None:
        for slug, text in TEXTS.items():
            draft = LaunchDraft(text, ())
            publication = await shop.owner.publish(slug, PublishScenario(draft.text("live"), rehearse=True))
            assert publication.problems == (), slug

    async def test_an_operator_is_told_that_it_is_not_his(self, shop) -> None:
        anna = await shop.operator("Anna")
        async with shop.console(anna) as it:
            await library_of(it)
            await it.press("enter")
            await it.shows("Scenarios are changed by marketers and admins.")
            assert isinstance(it.app.screen, LibraryScreen)


class TestConditions:
    async def test_what_the_shop_sets_is_all_that_changes_of_the_file(self, shop) -> None:
        async with shop.console() as it:
            await conditions_of(it, "abandoned_cart_series")
            await it.shows("How long after the cart was")
            await it.press("end", "ctrl+u")
            await it.type("36h")
            await it.shows("1 day 12 h")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, MessagesScreen))
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, LaunchSheet))
            await it.press("enter")
            await launched(it)
            text = (await shop.owner.scenario_file("abandoned_cart_series")).text
            assert text == live(TEXTS["abandoned_cart_series"]).replace("default: 3d", "default: 36h", 1)

    async def test_a_text_is_asked_for_in_each_language(self, shop) -> None:
        async with shop.console() as it:
            screen = await conditions_of(it)
            await it.shows("What he gets · en")
            await it.shows("What he gets · ru")
            await it.press("down", "end", "ctrl+u")
            await it.type("20%")
            await it.until(lambda: "ru: 20%" in screen.launch.draft.document.text)
            assert screen.launch.draft.document.text == BONUS.replace("ru: скидка 10%", "ru: 20%", 1)

    async def test_what_cannot_stand_there_is_said_as_one_types_and_holds_the_launch_up(self, shop) -> None:
        async with shop.console() as it:
            screen = await conditions_of(it, "abandoned_cart_series")
            await it.press("end", "ctrl+u")
            await it.type("soon")
            await it.shows("is no duration")
            await it.press("enter")
            assert it.app.screen is screen
            assert screen.launch.draft.document.text == TEXTS["abandoned_cart_series"]
            await it.press("end", "ctrl+u")
            await it.type("2d")
            await it.until(lambda: "is no duration" not in it.text())
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, MessagesScreen))

    async def test_a_pool_of_codes_that_the_desk_does_not_have_is_doubted(self, shop) -> None:
        async with shop.console() as it:
            await conditions_of(it)
            await it.press("down", "down", "end", "ctrl+u")
            await it.type("spring")
            await it.shows("Your desk has no promo codes of this name.")

    async def test_names_of_the_desk_are_offered(self, shop) -> None:
        async with shop.console() as it:
            screen = await conditions_of(it)
            await it.until(lambda: screen.form._names)
            await it.press("down", "down", "end", "ctrl+u")
            await it.type("first")
            await it.until(lambda: it.app.focused._suggestion)
            await it.press("right")
            await it.until(lambda: "default: first-order-10" in screen.launch.draft.document.text)

    async def test_escape_goes_back_and_what_was_set_is_there_again(self, shop) -> None:
        async with shop.console() as it:
            await conditions_of(it, "abandoned_cart_series")
            await it.press("end", "ctrl+u")
            await it.type("5d")
            await it.press("down", "end", "ctrl+u")
            await it.type("soon")
            await it.press("escape")
            await it.until(lambda: isinstance(it.app.screen, LibraryScreen))
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, ConditionsScreen))
            await it.shows("5 days")
            await it.shows("is no duration")

    async def test_a_name_that_is_taken_gets_a_number_and_so_does_the_title(self, with_bonus) -> None:
        async with with_bonus.console() as it:
            await sheet_of(it)
            await it.shows("site_bonus_popup-2.yaml")
            await it.press("enter")
            screen = await launched(it)
            await it.until(lambda: screen.listing.cursor == "site_bonus_popup-2")
            await it.shows("A bonus in exchange for an email 2")
            assert (await with_bonus.owner.scenario_file("site_bonus_popup")).text == BONUS


class TestWhomItWouldReach:
    async def test_it_says_how_many_fit_now_and_how_many_would_have_entered(self, shop) -> None:
        await shop.visitor("Ann", email="ann@shop.example")
        nobody = await shop.visitor()
        await nobody.does("Session Started")
        async with shop.console() as it:
            await conditions_of(it)
            await it.shows("1 of 2 known visitors fit")
            await it.shows("30 days")
            await it.shows("visitors would have entered")

    async def test_it_asks_again_after_a_change(self, shop) -> None:
        await shop.visitor("Ann", email="ann@shop.example")
        async with shop.console() as it:
            screen = await conditions_of(it, "order_value_upsell_popup")
            await it.until(lambda: screen.launch.draft.reach.state == "done")
            before = screen.launch.draft.reach.past
            await it.press("end", "ctrl+u")
            await it.type("10")
            await it.until(lambda: screen.launch.draft.reach.past not in (before, None))
            assert screen.launch.draft.reach.is_known(screen.launch.draft.document.text)

    async def test_going_on_takes_the_question_back(self, shop) -> None:
        async with shop.console() as it:
            screen = await conditions_of(it)
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, MessagesScreen))
            await it.until(lambda: not [one for one in it.app.workers if one.group == "reach"])
            assert screen.launch.draft.reach.state in ("idle", "done")


class TestMessages:
    async def test_each_is_shown_as_the_visitor_sees_it_in_each_language(self, shop) -> None:
        async with shop.console() as it:
            screen = await messages_of(it)
            await it.shows("What the visitor sees")
            assert [row.mark for row in screen.listing.rows] == ["▣", "▣", "✉", "▣", "▣"]
            await it.press("down")
            await it.shows("Large pop-up · ru")
            await it.shows("Приятно познакомиться")

    async def test_a_text_is_edited_where_it_stands(self, shop) -> None:
        async with shop.console() as it:
            screen = await messages_of(it, "write_us_chat")
            await it.press("down", "enter")
            await it.until(lambda: isinstance(it.app.screen, FormSheet))
            await it.press("ctrl+end", *["backspace"] * 3)
            await it.type("Yes")
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is screen)
            await it.until(lambda: "Yes" in screen.launch.draft.document.text)
            await it.shows("Yes")
            before, after = (
                TEXTS["write_us_chat"].splitlines(),
                screen.launch.draft.document.text.splitlines(),
            )
            assert len([line for line in after if line not in before]) == 1

    async def test_a_page_in_the_browser_follows_the_cursor(self, shop, monkeypatch) -> None:
        async with shop.console() as it:
            opened: list[str] = []

            async def open_address(address: str) -> None:
                opened.append(address)

            # What would start a browser on the machine of the test.
            monkeypatch.setattr("operator_console.designer.launch.browsing.open_address", open_address)
            screen = await messages_of(it)
            await it.press("w")
            await it.until(lambda: opened)
            assert opened[0].startswith(f"{shop.url}/")
            changed = []
            real = screen.desk.change_preview

            async def change(preview_id, request):
                preview = await real(preview_id, request)
                changed.append(preview.kind)
                return preview

            monkeypatch.setattr(screen.desk, "change_preview", change)
            await it.press("down", "down", "down")
            await it.until(lambda: changed[-1:] == ["email"])
            assert len(opened) == 1

    async def test_escape_goes_one_step_back_at_a_time(self, shop) -> None:
        async with shop.console() as it:
            await sheet_of(it)
            for screen in (MessagesScreen, ConditionsScreen, LibraryScreen, ScenariosScreen):
                await it.press("escape")
                await it.until(lambda screen=screen: isinstance(it.app.screen, screen))


class TestTheLastWord:
    async def test_it_says_what_will_happen(self, shop) -> None:
        async with shop.console() as it:
            await sheet_of(it)
            await it.shows("Session Started")
            await it.shows("email unknown")
            await it.shows("Large pop-up")
            await it.shows("visitors meet it from now on")

    async def test_it_may_stay_a_draft(self, shop) -> None:
        async with shop.console() as it:
            await sheet_of(it)
            await it.press("down", "enter")
            await launched(it)
            await it.shows("is a draft")
            assert (await shop.owner.scenario_file("site_bonus_popup")).text == BONUS

    async def test_a_draft_may_be_opened_as_a_tree_at_once(self, shop) -> None:
        async with shop.console() as it:
            await sheet_of(it)
            await it.press("down", "down", "enter")
            await it.until(lambda: is_tree(it.app.screen))
            assert it.app.screen.slug == "site_bonus_popup"

    async def test_the_segment_that_it_asks_for_comes_along(self, shop) -> None:
        async with shop.console() as it:
            await sheet_of(it, "holiday_broadcast")
            await it.shows("Brings its segment along: bought_flowers_in_late_may")
            await it.press("enter")
            await launched(it)
            assert "bought_flowers_in_late_may" in {one.slug for one in await shop.owner.segments()}

    async def test_a_broadcast_whose_moment_is_over_is_doubted(self, shop) -> None:
        async with shop.console() as it:
            await sheet_of(it, "new_article_push")
            await it.shows("The moment of this broadcast is over")

    async def test_a_name_that_a_colleague_takes_meanwhile_is_given_up(self, shop) -> None:
        async with shop.console() as it:
            await messages_of(it)
            it.app.screen.launch.draft.taken = ()
            await shop.owner.publish("site_bonus_popup", PublishScenario(BONUS))
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, LaunchSheet))
            await it.press("enter")
            await it.shows("A colleague has just taken its name: it is called site_bonus_popup-2 now.")
            await it.press("enter")
            await launched(it)
            assert (await shop.owner.scenario_file("site_bonus_popup")).text == BONUS
            assert (await shop.owner.scenario_file("site_bonus_popup-2")).status == "live"


class TestCopiesAndEmptyOnes:
    async def test_a_copy_is_a_draft_with_a_name_of_its_own_opened_as_a_tree(self, with_bonus) -> None:
        async with with_bonus.console() as it:
            screen = await scenarios_of(it)
            await it.until(lambda: screen.rows.rows and not screen.rows.unread())
            await it.press("c")
            await it.until(lambda: is_tree(it.app.screen))
            await it.shows("A bonus in exchange for an email (copy)")
            assert it.app.screen.slug == "site_bonus_popup-2"
            text = (await with_bonus.owner.scenario_file("site_bonus_popup-2")).text
            assert len(text.splitlines()) == len(BONUS.splitlines())

    async def test_an_empty_one_asks_what_it_is_called_and_opens_its_tree(self, shop) -> None:
        async with shop.console() as it:
            await scenarios_of(it)
            await it.press("N")
            await it.shows("What it is called")
            await it.type("Spring: -20%")
            await it.press("enter")
            await it.until(lambda: is_tree(it.app.screen))
            file = await shop.owner.scenario_file("spring-20")
            assert file.status == "draft"
            assert 'title: "Spring: -20%"' in file.text
            assert not it.app.screen.document.reading.errors

    async def test_without_a_title_it_is_not_made(self, shop) -> None:
        async with shop.console() as it:
            await scenarios_of(it)
            await it.press("N", "enter")
            await it.shows("It needs a title.")
            assert await shop.owner.scenarios() == ()
