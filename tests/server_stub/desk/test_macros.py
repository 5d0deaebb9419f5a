"""Macros: what is said and what becomes of the dialog, in one commit."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.protocol import ChangeDialog
from server_stub.work import Rejected


@pytest.fixture(autouse=True)
async def operators(shop: Any) -> None:
    await shop.hire("o1", "Ann")
    await shop.hire("o2", "Bob")
    await shop.write("Hello")


class TestRunningOne:
    async def test_it_answers_tags_and_closes_at_once(self, shop: Any) -> None:
        change = ChangeDialog(status="closed", add_tags=("solved",), note="by macro", ask_rating=True)
        await shop.preset("thanks", "macro", text="Thank you, {{ visitor.name }}!", change=change)
        before = len(shop.commits)
        row = await shop.macro(shop.dialog.id, "thanks", "Thank you, Zoë!")
        assert len(shop.commits) == before + 1
        assert (row.status, row.tags, row.assignee) == ("closed", ("solved",), "o1")
        assert shop.said()[:2] == ["Hello", "Thank you, Zoë!"]
        assert shop.last_question().input == "rating"

    async def test_without_words_it_only_changes(self, shop: Any) -> None:
        await shop.preset("mine", "macro", change=ChangeDialog(assignee="me"))
        row = await shop.macro(shop.dialog.id, "mine")
        assert (row.assignee, row.last_text) == ("o1", "Hello")

    async def test_the_same_client_id_again_does_nothing(self, shop: Any) -> None:
        await shop.preset("hi", "macro", text="Hi", change=ChangeDialog(note="said hi"))
        for _ in range(2):
            await shop.macro(shop.dialog.id, "hi", "Hi", client_id="c1")
        before = shop.journal()
        await shop.restart()
        await shop.macro(shop.dialog.id, "hi", "Hi", client_id="c1")
        assert shop.said() == ["Hello", "Hi"]
        assert shop.journal() == before

    async def test_where_a_part_of_it_cannot_be_nothing_is_done(self, shop: Any) -> None:
        await shop.preset("give", "macro", text="Bob will help", change=ChangeDialog(assignee="o2"))
        await shop.dismiss("o2")
        with pytest.raises(Rejected) as refused:
            await shop.macro(shop.dialog.id, "give", "Bob will help")
        assert refused.value.field == "assignee"
        assert shop.said() == ["Hello"]


class TestWhatIsNoMacroOfHis:
    async def test_is_not_found(self, shop: Any) -> None:
        await shop.preset("hi", "reply", text="Hi")
        await shop.preset("own", "macro", "o2", text="Hi", is_shared=False)
        for macro in ("hi", "own", "none"):
            with pytest.raises(Rejected) as refused:
                await shop.macro(shop.dialog.id, macro, "Hi")
            assert (refused.value.error, refused.value.field) == ("not_found", "macro")
        assert (await shop.macro(shop.dialog.id, "own", "Hi", "o2")).last_text == "Hi"
