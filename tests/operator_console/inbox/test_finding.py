"""Search over dialogs, messages and visitors as one types: what is found, how it is opened, and what is dropped."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from operator_console.inbox.found_lines import (
    FoundDialog,
    FoundPerson,
    FoundText,
    Heading,
    WholeList,
    marked_line,
)
from operator_console.mirror import Filter
from server_stub.protocol import ChangeDialog, SendMessage


@pytest.fixture
async def shop(served):
    """Anna asks about a lamp, Boris about an order; Clara's closed dialog has the word deep in its past."""
    served.dialogs = {}
    for name, text in (("Anna Lang", "Is the blue lamp in stock?"), ("Boris Petrov", "Where is my order?")):
        visitor = await served.visitor(name, email=f"{name.split()[0].lower()}@mail.example")
        served.dialogs[name] = (await visitor.writes(text)).dialog
    clara = await served.visitor("Clara Zimt")
    first = await clara.writes("The walnut lamp arrived broken")
    served.dialogs["Clara Zimt"] = first.dialog
    for number in range(130):
        await served.owner.send(first.dialog, SendMessage(f"c{number}", f"Answer number {number}"))
    await served.owner.change_dialog(first.dialog, ChangeDialog(status="closed"))
    return served


@asynccontextmanager
async def searching(shop, words: str):
    async with shop.console() as it:
        await it.until(lambda: len(it.inbox.mirror.rows) == 3 and it.inbox.dialogs.count == 2)
        await it.press("slash")
        await it.type(words)
        await it.until(lambda: it.inbox._words == words and it.inbox._answered == words)
        yield it


def found(it, kind):
    return [part for part in it.inbox.found_list.parts() if isinstance(part, kind)]


async def choose(it, kind) -> None:
    """Go down to the first one of that kind."""
    for _ in range(20):
        if isinstance(it.inbox.found_list.chosen, kind):
            return
        await it.press("down")
    raise AssertionError(f"no {kind.__name__} in {it.text()}")


class TestSearchOverDialogsMessagesAndVisitors:
    async def test_results_stand_in_groups_in_the_lists_place(self, shop) -> None:
        async with searching(shop, "lamp") as it:
            await it.shows("In this list · 1")
            await it.shows("Messages · 1")
            assert [part.title for part in found(it, Heading)] == ["In this list", "Messages"]
            assert [part.message.dialog for part in found(it, FoundText)] == [shop.dialogs["Clara Zimt"]], (
                "Anna's is her dialog's last message, which stands there already"
            )
            assert not it.inbox.dialogs.display

    async def test_people_by_name_and_email_and_the_last_word_half_typed(self, shop) -> None:
        async with searching(shop, "boris@ma") as it:
            await it.shows("People · 1")
            assert [part.visitor.name for part in found(it, FoundPerson)] == ["Boris Petrov"]

    async def test_words_that_nobody_wrote_say_so(self, shop) -> None:
        async with searching(shop, "zebra") as it:
            await it.shows("Nothing has these words")

    async def test_escape_shows_the_list_again(self, shop) -> None:
        async with searching(shop, "lamp") as it:
            await it.press("escape")
            await it.until(lambda: it.inbox.dialogs.display and it.app.focused is it.inbox.dialogs)
            assert not it.inbox.is_searching
            assert it.inbox._filter == Filter()

    async def test_what_came_into_the_list_meanwhile_is_there_afterwards(self, shop) -> None:
        async with searching(shop, "lamp") as it:
            late = await shop.visitor("Late")
            dialog = (await late.writes("Anybody?")).dialog
            await it.until(lambda: dialog in it.inbox.mirror.rows)
            await it.press("escape")
            await it.until(lambda: dialog in it.inbox.dialogs.order())


class TestOpeningWhatIsFound:
    async def test_enter_opens_the_dialog_at_that_message_however_far_back(self, shop) -> None:
        async with searching(shop, "walnut") as it:
            await it.press("enter")
            await it.until(lambda: it.inbox._opened == shop.dialogs["Clara Zimt"])
            await it.until(lambda: it.inbox.feed_view.selected is not None)
            assert it.inbox.feed_view.selected.message.text == "The walnut lamp arrived broken"
            await it.shows("The walnut lamp arrived broken")
            assert it.app.focused is it.inbox.feed_view

    async def test_escape_goes_back_to_what_was_found_and_again_to_the_list(self, shop) -> None:
        async with searching(shop, "walnut") as it:
            await it.press("enter")
            await it.until(lambda: it.app.focused is it.inbox.feed_view)
            await it.press("escape")
            await it.until(lambda: it.app.focused is it.inbox.search_field)
            assert found(it, FoundText)
            await it.press("escape")
            await it.until(lambda: it.app.focused is it.inbox.dialogs)

    async def test_the_arrows_choose_and_a_person_leads_to_his_dialog(self, shop) -> None:
        async with searching(shop, "boris") as it:
            assert isinstance(it.inbox.found_list.chosen, FoundDialog)
            await choose(it, FoundPerson)
            await it.press("enter")
            await it.until(lambda: it.inbox._opened == shop.dialogs["Boris Petrov"])

    async def test_a_person_without_a_dialog_leads_to_his_card(self, shop) -> None:
        await shop.visitor("Dora Quiet")
        async with searching(shop, "dora") as it:
            await it.press("enter")
            await it.until(lambda: type(it.app.screen).__name__ == "PersonScreen")

    async def test_a_click_opens_it(self, shop) -> None:
        async with searching(shop, "walnut") as it:
            await it.pilot.click("#found", offset=(6, 2))
            await it.until(lambda: it.inbox._opened == shop.dialogs["Clara Zimt"])

    async def test_all_of_them_become_a_list_with_an_address_on_which_keys_act(self, shop) -> None:
        async with searching(shop, "i") as it:
            await choose(it, WholeList)
            await it.press("enter")
            await it.until(lambda: it.inbox.dialogs.count == 2)
            await it.shows("open/all?q=i")
            await it.press("asterisk")
            await it.shows("✓ 2 marked")
            await it.press("escape", "escape")
            await it.until(lambda: it.inbox._filter == Filter())


class TestAsOneTypes:
    async def test_an_answer_for_words_that_have_changed_is_dropped(self, shop) -> None:
        async with shop.console() as it:
            await it.until(lambda: it.inbox.dialogs.count == 2)
            late, asked = asyncio.Event(), []
            real = it.client.find

            async def slow_first(query: str, limit: int = 20):
                asked.append(query)
                results = await real(query, limit)
                if query == "order":
                    await late.wait()
                return results

            it.client.find = slow_first
            await it.press("slash")
            await it.type("order")
            await it.until(lambda: "order" in asked)
            for _ in range(5):
                await it.press("backspace")
            await it.type("walnut")
            await it.until(lambda: it.inbox._answered == "walnut")
            late.set()
            await it.pilot.pause()
            assert [part.message.dialog for part in found(it, FoundText)] == [shop.dialogs["Clara Zimt"]]

    async def test_dialogs_of_the_list_are_there_before_the_desk_answers(self, shop) -> None:
        async with shop.console() as it:
            await it.until(lambda: it.inbox.dialogs.count == 2)
            never = asyncio.Event()

            async def silent(query: str, limit: int = 20):
                await never.wait()

            it.client.find = silent
            await it.press("slash")
            await it.type("blue")
            await it.shows("In this list · 1")
            await it.shows("Searching…")
            await it.press("enter")
            await it.until(lambda: it.inbox._opened == shop.dialogs["Anna Lang"])

    async def test_without_a_desk_it_says_that_this_is_only_what_is_here(self, shop) -> None:
        async with shop.console() as it:
            await it.until(lambda: it.inbox.dialogs.count == 2)
            await shop.server.stop()
            await it.press("slash")
            await it.type("blue")
            await it.shows("In this list · 1")
            await it.shows("The desk does not answer")
            await shop.server.start()

    async def test_an_address_with_words_asks_the_desk_too(self, shop) -> None:
        async with shop.console() as it:
            await it.until(lambda: len(it.inbox.mirror.rows) == 3)
            it.inbox.go_to_address("all/all?q=walnut")
            await it.until(lambda: it.inbox.dialogs.order() == [shop.dialogs["Clara Zimt"]])


class TestTheWordsAreMarked:
    def test_the_line_begins_a_little_before_the_first_one(self) -> None:
        text = "Good afternoon, I have a question about the blue lamp that you sell"
        at = text.index("blue")
        pieces = marked_line(text, [(at, at + 4)], 40)
        assert ("blue", "marked") in pieces
        before = pieces[0][0]
        assert before.startswith("…")
        assert cell_len(before) < 40

    @given(
        st.text(max_size=80),
        st.lists(st.tuples(st.integers(-3, 90), st.integers(-3, 90)), max_size=5),
        st.integers(8, 60),
    )
    def test_whatever_somebody_wrote_it_is_one_clean_line(self, text, marks, width) -> None:
        line = "".join(piece for piece, _look in marked_line(text, marks, width))
        assert "\n" not in line
        assert "\x1b" not in line
