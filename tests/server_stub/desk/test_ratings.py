"""Closing with a question: how did we do?"""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.protocol import DialogRated, MessageChanged
from server_stub.work import Rejected


@pytest.fixture(autouse=True)
async def operators(shop: Any) -> None:
    await shop.hire("o1", "Ann")


async def asked(shop: Any, **traits: Any) -> Any:
    """A dialog that was closed with the question; the question."""
    if traits:
        await shop.identify("a1", **traits)
    await shop.write("Hello")
    await shop.change(shop.dialog.id, status="closed", ask_rating=True)
    return shop.last_question()


class TestTheQuestion:
    async def test_it_has_five_answers_and_leaves_the_dialog_closed(self, shop: Any) -> None:
        question = await asked(shop)
        assert (question.input, [option.label for option in question.options]) == ("rating", list("12345"))
        assert question.author.name == "Assistant"
        assert shop.dialogs("open") == []
        assert (await shop.greet()).messages[-1] == question

    @pytest.mark.parametrize(
        ("locale", "begins"), [("ru-RU", "Как"), ("en-GB", "How"), ("de", "How"), (7, "How")]
    )
    async def test_it_speaks_his_language_where_it_can(self, shop: Any, locale: Any, begins: str) -> None:
        assert (await asked(shop, locale=locale)).text.startswith(begins)

    async def test_closing_again_does_not_ask_again(self, shop: Any) -> None:
        question = await asked(shop)
        await shop.change(question.dialog, status="closed", ask_rating=True)
        assert shop.last_question() == question

    async def test_who_is_blocked_is_not_asked(self, shop: Any) -> None:
        await shop.write("Hello")
        await shop.edit(shop.visitor(), blocked=True)
        await shop.change(shop.dialog.id, status="closed", ask_rating=True)
        assert shop.said() == ["Hello"]

    async def test_only_who_closes_may_ask(self, shop: Any) -> None:
        await shop.write("Hello")
        with pytest.raises(Rejected) as refused:
            await shop.change(shop.dialog.id, ask_rating=True)
        assert refused.value.field == "ask_rating"


class TestTheAnswer:
    async def test_it_is_the_dialogs_and_opens_nothing(self, shop: Any) -> None:
        question = await asked(shop)
        await shop.choose(question.id, "4")
        (row,) = shop.dialogs("closed")
        assert (row.rating, row.waiting_since) == (4, 0)
        told = shop.last(DialogRated)
        assert (told.message, told.score) == (question.id, 4)
        assert shop.store.messages([question.id])[question.id].chosen == "4"
        assert shop.all(MessageChanged) == []

    async def test_the_first_one_counts(self, shop: Any) -> None:
        question = await asked(shop)
        await shop.choose(question.id, "4", frame="f1")
        await shop.choose(question.id, "4", frame="f1")
        await shop.choose(question.id, "4")
        with pytest.raises(Rejected) as refused:
            await shop.choose(question.id, "1")
        assert refused.value.error == "conflict"
        assert len(shop.all(DialogRated)) == 1

    @pytest.mark.parametrize("option", ["0", "6", "", "x"])
    async def test_there_are_no_others(self, shop: Any, option: str) -> None:
        question = await asked(shop)
        with pytest.raises(Rejected):
            await shop.choose(question.id, option)

    async def test_it_stays_with_a_dialog_that_goes_on(self, shop: Any) -> None:
        question = await asked(shop)
        await shop.choose(question.id, "5")
        await shop.write("One more thing")
        assert (shop.dialog.id, shop.dialog.rating) == (question.dialog, 5)
