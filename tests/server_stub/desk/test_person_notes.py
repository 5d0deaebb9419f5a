"""Notes on the person: kept with him whatever the dialog, seen by operators alone."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from server_stub.protocol import VisitorNote, VisitorNoted, WriteVisitorNote
from server_stub.work import AddOperator, OperatorNotesVisitor, OperatorRemovesVisitorNote, Rejected


async def note(
    shop: Any, text: str, *, operator: str = "o1", client_id: str = "", who: str = "a1"
) -> VisitorNote:
    request = WriteVisitorNote(client_id or shop.fresh("n"), text)
    return await shop.desk.submit(
        OperatorNotesVisitor(operator=operator, visitor=shop.visitor(who), request=request, at=shop.now)
    )


async def remove(shop: Any, note: str, operator: str = "o1", who: str = "a1") -> None:
    work = OperatorRemovesVisitorNote(operator=operator, visitor=shop.visitor(who), note=note, at=shop.now)
    await shop.desk.submit(work)


async def hire_plain(shop: Any, operator: str) -> None:
    """An operator who is no admin."""
    await shop.desk.submit(
        AddOperator(operator=operator, name=operator, role="operator", token_hash=operator, at=shop.now)
    )


@pytest.fixture(autouse=True)
async def visited(shop: Any) -> None:
    await shop.hire()
    await shop.page("/")


class TestNotesOnThePerson:
    async def test_they_stand_on_the_card_the_newest_first(self, shop: Any) -> None:
        for text in ("Likes lamps", "Calls after six"):
            shop.now += 1000
            await note(shop, text)
        assert [n.text for n in shop.card().notes] == ["Calls after six", "Likes lamps"]
        assert shop.card().notes[0].by.name == "Ann"

    async def test_consoles_hear_of_them_and_his_chat_does_not(self, shop: Any) -> None:
        written = await note(shop, "Likes lamps")
        assert shop.published[-1].what == VisitorNoted(written)
        assert shop.said() == []

    async def test_a_repeat_is_the_same_note(self, shop: Any) -> None:
        first = await note(shop, "Once", client_id="c1")
        assert await note(shop, "Once", client_id="c1") == first
        assert len(shop.all(VisitorNoted)) == 1

    @pytest.mark.parametrize("text", ["", "  \n", "x" * 20_001])
    async def test_one_that_says_nothing_or_too_much_is_refused(self, shop: Any, text: str) -> None:
        with pytest.raises(Rejected) as refused:
            await note(shop, text)
        assert refused.value.field == "text"

    async def test_its_author_takes_it_away(self, shop: Any) -> None:
        await hire_plain(shop, "o2")
        written = await note(shop, "Wrong person", operator="o2")
        await remove(shop, written.id, "o2")
        assert shop.card().notes == ()
        assert shop.last(VisitorNoted) == VisitorNoted(replace(written, text=""), removed=True)

    async def test_an_admin_may_take_away_what_others_wrote_and_others_may_not(self, shop: Any) -> None:
        await hire_plain(shop, "o2")
        written = await note(shop, "By the admin")
        with pytest.raises(Rejected) as refused:
            await remove(shop, written.id, "o2")
        assert refused.value.status == 403
        of_other = await note(shop, "By the other", operator="o2")
        await remove(shop, of_other.id, "o1")
        assert [n.text for n in shop.card().notes] == ["By the admin"]

    async def test_a_note_on_somebody_else_is_not_found(self, shop: Any) -> None:
        await shop.page("/", "a2")
        written = await note(shop, "Of the first")
        with pytest.raises(Rejected) as refused:
            await remove(shop, written.id, who="a2")
        assert refused.value.status == 404

    async def test_they_go_along_when_two_visitors_turn_out_to_be_one(self, shop: Any) -> None:
        await note(shop, "Seen at the fair")
        await shop.identify(user="u1", name="Ann")
        await shop.identify("a1", "u1")
        assert [n.text for n in shop.card().notes] == ["Seen at the fair"]
        await remove(shop, shop.card().notes[0].id)
        assert shop.card().notes == ()
