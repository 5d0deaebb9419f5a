"""Send later: a message waits for its moment, whether anybody is there or not, and goes out once."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.protocol import MessageScheduled, MessageSent, ScheduleCancelled
from server_stub.work import AlarmsDue, Rejected

HOUR = 3_600_000


@pytest.fixture(autouse=True)
async def operators(shop: Any) -> None:
    await shop.hire("o1", "Ann")
    await shop.hire("o2", "Bob")
    await shop.write("Hello")


async def later(shop: Any, text: str = "Good morning", hours: int = 8, **more: Any) -> Any:
    return await shop.send(shop.dialogs()[0].id, text, send_at=shop.now + hours * HOUR, **more)


class TestWaiting:
    async def test_nobody_but_operators_knows_of_it(self, shop: Any) -> None:
        before = shop.dialog
        message = await later(shop)
        assert (message.send_at, message.seq) == (shop.now + 8 * HOUR, 0)
        assert shop.last(MessageScheduled).message == message
        assert shop.dialog == before
        assert shop.said() == ["Hello"]
        assert [row.message for row in shop.store.alarms_of(before.id)] == [message]

    async def test_the_same_client_id_again_is_the_same_message(self, shop: Any) -> None:
        first = await later(shop, client_id="c1")
        assert await later(shop, client_id="c1") == first
        await shop.wait(8 * HOUR)
        sent = await later(shop, client_id="c1")
        assert (sent.id, sent.send_at) == (first.id, 0)
        assert shop.said() == ["Hello", "Good morning"]

    async def test_a_moment_that_has_passed_is_now(self, shop: Any) -> None:
        await later(shop, hours=-1)
        assert shop.said() == ["Hello", "Good morning"]

    async def test_too_many_are_refused(self, shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("server_stub.desk.scheduled.MOST", 2)
        await later(shop)
        await later(shop)
        with pytest.raises(Rejected) as refused:
            await later(shop)
        assert refused.value.error == "too_many"

    async def test_a_year_is_far_enough(self, shop: Any) -> None:
        with pytest.raises(Rejected) as refused:
            await later(shop, hours=24 * 400)
        assert refused.value.field == "send_at"


class TestItsMoment:
    async def test_it_is_an_answer_like_any_other(self, shop: Any) -> None:
        file = await shop.upload("a.png", by="operator")
        waiting = await later(shop, files=(file,))
        await shop.wait(8 * HOUR)
        sent = shop.store.messages([waiting.id])[waiting.id]
        assert (sent.text, sent.at, sent.send_at, sent.author.name) == ("Good morning", shop.now, 0, "Ann")
        assert sent.files == waiting.files
        row = shop.dialog
        assert (row.last_text, row.waiting_since, row.assignee) == ("Good morning", 0, "o1")
        assert row.unread == 1, "nobody was there to read what the visitor wrote"
        assert shop.store.alarms() == []

    async def test_a_server_that_was_down_sends_it_once(self, shop: Any) -> None:
        waiting = await later(shop)
        shop.now += 24 * HOUR
        await shop.restart()
        await shop.desk.fire_due()
        await shop.desk.submit(AlarmsDue(alarms=(waiting.id,), at=shop.now))
        await shop.restart()
        await shop.desk.fire_due()
        assert shop.said() == ["Hello", "Good morning"]

    async def test_it_rings_by_itself(self, shop: Any, eventually: Any) -> None:
        await shop.send(shop.dialog.id, "Soon", send_at=shop.now + 20)
        shop.now += 20
        await eventually(lambda: shop.said() == ["Hello", "Soon"])

    async def test_a_closed_dialog_is_opened_by_it(self, shop: Any) -> None:
        await later(shop)
        closed = shop.dialog.id
        await shop.change(closed, status="closed")
        await shop.wait(8 * HOUR)
        assert (shop.dialog.id, shop.dialog.last_text) == (closed, "Good morning")

    async def test_where_he_has_another_open_dialog_it_is_said_there(self, shop: Any) -> None:
        await later(shop, hours=30)
        await shop.change(shop.dialog.id, status="closed")
        shop.now += 25 * HOUR
        await shop.write("Something else")
        await shop.wait(5 * HOUR)
        assert shop.dialog.last_text == "Good morning"
        assert len(shop.dialogs("open")) == 1

    async def test_an_operator_who_has_left_says_nothing_any_more(self, shop: Any) -> None:
        waiting = await later(shop)
        await shop.dismiss("o1")
        await shop.wait(8 * HOUR)
        told = shop.last(ScheduleCancelled)
        assert (told.message, told.reason) == (waiting.id, "its author is gone")
        assert shop.said() == ["Hello"]

    async def test_several_go_out_in_their_order(self, shop: Any) -> None:
        for hours, text in ((3, "three"), (1, "one"), (2, "two")):
            await later(shop, text, hours)
        shop.now += 4 * HOUR
        await shop.restart()
        await shop.desk.fire_due()
        assert shop.said() == ["Hello", "one", "two", "three"]


class TestChangingIt:
    async def test_its_text_and_its_moment(self, shop: Any) -> None:
        waiting = await later(shop)
        edited = await shop.rewrite(waiting.id, "Good evening", send_at=shop.now + 20 * HOUR)
        assert (edited.id, edited.text, edited.edited_at) == (waiting.id, "Good evening", 0)
        assert shop.last(MessageScheduled).message == edited
        await shop.wait(19 * HOUR)
        assert shop.said() == ["Hello"]
        await shop.wait(HOUR)
        assert shop.said() == ["Hello", "Good evening"]

    async def test_now_sends_it(self, shop: Any) -> None:
        waiting = await later(shop)
        sent = await shop.rewrite(waiting.id, "At once", send_at=0)
        assert (sent.id, sent.send_at, sent.seq > 0) == (waiting.id, 0, True)
        await shop.wait(9 * HOUR)
        assert shop.said() == ["Hello", "At once"]

    async def test_cancelling_it_frees_its_files(self, shop: Any) -> None:
        file = await shop.upload("a.png", by="operator")
        waiting = await later(shop, files=(file,), client_id="c1")
        await shop.take_away(waiting.id)
        assert shop.last(ScheduleCancelled).by.name == "Ann"
        await shop.wait(9 * HOUR)
        assert shop.said() == ["Hello"]
        await shop.send(shop.dialog.id, "", files=(file,))
        with pytest.raises(Rejected) as refused:
            await later(shop, client_id="c1")
        assert refused.value.error == "conflict"

    async def test_it_is_its_authors(self, shop: Any) -> None:
        waiting = await later(shop)
        for attempt in (shop.rewrite(waiting.id, "x", "o2"), shop.take_away(waiting.id, "o2")):
            with pytest.raises(Rejected) as refused:
                await attempt
            assert refused.value.error == "forbidden"

    async def test_one_that_has_just_gone_out_is_not_put_off(self, shop: Any) -> None:
        waiting = await later(shop)
        await shop.wait(8 * HOUR)
        with pytest.raises(Rejected) as refused:
            await shop.rewrite(waiting.id, "x", send_at=shop.now + HOUR)
        assert refused.value.error == "conflict"

    async def test_of_a_visitor_who_has_become_another(self, shop: Any) -> None:
        waiting = await later(shop)
        await shop.identify("", "u1", name="Zoë")
        await shop.identify("a1", "u1")
        edited = await shop.rewrite(waiting.id, "Hello Zoë")
        assert edited.visitor == shop.visitor()
        await shop.wait(8 * HOUR)
        assert shop.last(MessageSent).message.visitor == shop.visitor()
        assert shop.said() == ["Hello", "Hello Zoë"]
