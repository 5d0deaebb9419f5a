"""A dialog is sent as a letter: what was said, by whom and when, and no note."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.protocol import OutboxChanged, OutboxItem, SendTranscript
from server_stub.settings import Settings, SiteSettings
from server_stub.work import OperatorSendsTranscript, Rejected

HOUR = 3_600_000


async def send(
    shop: Any, to: str = "clara@shop.example", *, client_id: str = "t1", dialog: str = ""
) -> OutboxItem:
    request = SendTranscript(client_id, to)
    work = OperatorSendsTranscript(
        operator="o1", dialog=dialog or shop.dialog.id, request=request, at=shop.now
    )
    return await shop.desk.submit(work)


def letter(shop: Any, item: OutboxItem) -> dict[str, Any]:
    return shop.store.outbox_rows([item.id])[item.id].item.content


@pytest.fixture(autouse=True)
async def talk(shop: Any) -> None:
    await shop.hire()
    await shop.identify("a1", name="Clara", timezone="Europe/Prague")
    await shop.write("Does it *fit*?\nI am <b>tall</b>")
    await shop.send(shop.dialog.id, "It does")
    await shop.send(shop.dialog.id, "She is tall", note=True)


class TestTheLetter:
    async def test_it_says_what_was_said_by_whom_and_when_in_his_own_time(self, shop: Any) -> None:
        body = letter(shop, await send(shop))["body"]
        assert "### 2 March 2026" in body
        assert "**Clara** · 13:00" in body
        assert "**Ann** · 13:00\nIt does" in body
        assert body.index("fit") < body.index("It does")

    async def test_a_note_is_never_in_it(self, shop: Any) -> None:
        assert "She is tall" not in str(letter(shop, await send(shop)))

    async def test_what_people_wrote_is_no_markup(self, shop: Any) -> None:
        body = letter(shop, await send(shop))["body"]
        assert "Does it \\*fit\\*?\nI am \\<b\\>tall\\</b\\>" in body

    async def test_a_new_day_has_its_mark(self, shop: Any) -> None:
        shop.now += 12 * HOUR
        await shop.write("Good night")
        body = letter(shop, await send(shop))["body"]
        assert body.index("### 2 March 2026") < body.index("### 3 March 2026") < body.index("Good night")

    async def test_it_speaks_his_language(self, shop: Any) -> None:
        await shop.identify("a1", locale="ru-RU")
        content = letter(shop, await send(shop))
        assert content["subject"] == "Ваша переписка с магазином My shop"
        assert "### 2 марта 2026" in content["body"]

    async def test_files_are_links_to_the_desk(self, store: Any, make_shop: Any) -> None:
        settings = Settings(site=SiteSettings(desk_url="https://desk.example/"))
        shop = await make_shop(store, settings).open()
        await shop.write("This one", files=(await shop.upload("a b.png"),))
        content = letter(shop, await send(shop))
        assert "[a b.png](https://desk.example/files/t" in content["body"]
        await shop.desk.stop()


class TestSending:
    async def test_it_waits_in_the_outbox_and_the_journal_says_so(self, shop: Any) -> None:
        item = await send(shop, " clara@shop.example ")
        assert (item.channel, item.status, item.to, item.called) == (
            "email",
            "waiting",
            "clara@shop.example",
            "Clara",
        )
        assert shop.last(OutboxChanged).id == item.id
        assert letter(shop, item)["kind"] == "service"

    async def test_a_repeat_is_the_same_letter(self, shop: Any) -> None:
        first, again = await send(shop), await send(shop)
        assert first == again
        await shop.restart()
        assert await send(shop) == first
        assert len(shop.store.outbox(10)) == 1

    @pytest.mark.parametrize("to", ["", "clara", "a@b.c, d@e.f", "a@b.c\nBcc: x@y.z", "x" * 400 + "@b.cd"])
    async def test_what_is_no_address_is_refused(self, shop: Any, to: str) -> None:
        with pytest.raises(Rejected) as refused:
            await send(shop, to)
        assert refused.value.field == "to"

    async def test_a_dialog_in_which_nobody_spoke_is_no_letter(self, shop: Any) -> None:
        await shop.page("/", "a2")
        dialog = await shop.start_dialog(shop.visitor("a2"))
        with pytest.raises(Rejected) as refused:
            await send(shop, dialog=dialog.id)
        assert refused.value.error == "empty"
