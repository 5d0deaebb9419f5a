"""Merge two visitors, export one, erase one: from the full card, over a real server."""

from __future__ import annotations

import json
import stat

import pytest

from operator_console.errors import Refused


class TestMergingTwoVisitors:
    async def both(self, served) -> None:
        anna = await served.visitor("Anna Petrova", email="anna@mail.example", city="Tartu")
        await anna.writes("Hello")
        other = await served.visitor("Anna P.", phone="+37255501", city="Tallinn")
        await other.writes("It is me again")

    async def to_the_table(self, it, full_card) -> None:
        await full_card(it, "Anna Petrova")
        await it.press("J")
        await it.shows("Who becomes part of him?")
        await it.type("anna p.")
        await it.until(lambda: len(it.app.screen._found) == 1)
        await it.press("enter")
        await it.until(lambda: getattr(it.app.screen, "_plan", None) is not None)

    async def test_each_field_is_shown_with_what_stays_what_goes_and_the_result(
        self, served, full_card
    ) -> None:
        await self.both(served)
        async with served.console() as it:
            await self.to_the_table(it, full_card)
            table = [line.split("│")[1] for line in it.text().splitlines() if line.count("│") == 2]
            [line] = [line for line in table if line.strip().startswith("city ")]
            assert line.split() == ["city", "Tartu", "Tallinn", "Tartu"]
            await it.shows("1 dialog moves along.")
            await it.shows("Both have a dialog")
        assert (await served.owner.visitors(query="anna")).total == 2, "a rehearsal changes nothing"

    async def test_another_value_is_chosen_for_a_field_and_the_two_become_one(
        self, served, full_card, card_of
    ) -> None:
        await self.both(served)
        async with served.console() as it:
            await self.to_the_table(it, full_card)
            fields = [one.name for one in it.app.screen._plan.fields]
            for _ in range(fields.index("city")):
                await it.press("down")
            await it.press("space")
            await it.until(
                lambda: {one.name: one.result for one in it.app.screen._plan.fields}["city"] == "Tallinn"
            )
            await it.press("M")
            await it.until(lambda: it.app.screen.PLACE == "person")
            await it.shows("Tallinn")
            await it.shows("+37255501")
        card = await card_of(served, "anna")
        assert (card.name, card.phone, card.properties["city"]) == ("Anna Petrova", "+37255501", "Tallinn")
        assert len(card.merged) == 1

    async def test_what_is_added_up_cannot_be_chosen(self, served, full_card) -> None:
        await self.both(served)
        async with served.console() as it:
            await self.to_the_table(it, full_card)
            sheet = it.app.screen
            fields = [one.name for one in sheet._plan.fields]
            for _ in range(fields.index("visits")):
                await it.press("down")
            await it.press("space")
            await it.shows("Here nothing is to be chosen")
            assert sheet._take == set()

    async def test_escape_leaves_them_apart(self, served, full_card) -> None:
        await self.both(served)
        async with served.console() as it:
            await self.to_the_table(it, full_card)
            await it.press("escape")
            await it.until(lambda: it.app.screen.PLACE == "person")
        assert (await served.owner.visitors(query="anna")).total == 2


class TestExport:
    async def test_all_that_is_known_of_him_is_saved_for_nobody_else_to_read(self, served, full_card) -> None:
        anna = await served.visitor("Anna", email="anna@mail.example")
        await anna.writes("Is it oak?")
        async with served.console() as it:
            screen = await full_card(it, "Anna")
            await it.press("E")
            [path] = await it.until(lambda: list(screen.downloads.glob("Anna *.json")))
            await it.shows("Saved as")
        known = json.loads(path.read_text())
        assert "anna@mail.example" in json.dumps(known)
        assert "Is it oak?" in json.dumps(known)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


class TestErasing:
    async def test_nothing_is_erased_until_the_word_stands_there(self, served, full_card) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            await full_card(it, "Anna")
            await it.press("D")
            await it.shows("1 dialog with all messages, notes and files")
            await it.type("erase")
            await it.press("enter")
            await it.shows("Nothing is erased until ERASE stands there")
            await it.press("escape")
            await it.until(lambda: it.app.screen.PLACE == "person")
        assert (await served.owner.visitors(query="Anna")).total == 1

    async def test_he_is_taken_away_with_his_dialogs_and_the_list_forgets_him(
        self, served, full_card, card_of
    ) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            await full_card(it, "Anna")
            visitor = (await card_of(served, "Anna")).id
            await it.press("D")
            await it.shows("type ERASE and press Enter")
            await it.press("E", "R", "A", "S", "E", "enter")
            await it.until(lambda: it.app.screen is it.inbox)
            await it.until(lambda: not it.inbox.mirror.rows)
            await it.shows("Erased:")
        with pytest.raises(Refused):
            await served.owner.visitor(visitor)

    @pytest.mark.parametrize("key", ["D", "E", "J"])
    async def test_who_is_no_admin_is_told_so_at_once(self, served, full_card, key) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console(await served.operator("Ben")) as it:
            await full_card(it, "Anna")
            await it.press(key)
            await it.shows("Only admins may")
            assert it.app.screen.PLACE == "person"
