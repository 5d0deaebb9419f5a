"""The rows of the visitor card, one class each: who somebody is, what he does, what operators do with it."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

import msgspec
import pytest
from PIL import Image

from operator_console.errors import Refused
from operator_console.person import fetching
from server_stub.protocol import ChangeDialog, WriteFrame
from server_stub.protocol import Refused as RefusedFrame
from server_stub.settings import Settings

MINUTE = 60_000
HOUR = 60 * MINUTE

SEGMENT = "segment: lamp-lovers\ntitle: Loves lamps\nconditions:\n  - did product_viewed >= 1 times in 7d\n"

GREETING = """\
scenario: greeting
title: "Lamps: a greeting"
status: live
trigger:
  - event: Page Viewed
    where:
      - page.path = "/lamps"
audience:
  - email is unknown
steps:
  - say: May I help you with the lamps?
"""


async def wrote(served, name: str, text: str = "Hello?", **traits):
    """A visitor who has written."""
    visitor = await served.visitor(name, **traits)
    await visitor.writes(text)
    return visitor


async def card_of(served, query: str):
    """The card of the visitor whom the search finds, as the REST API tells it."""
    [brief] = (await served.owner.visitors(query=query)).visitors
    return await served.owner.visitor(brief.id)


async def beside(it, name: str) -> None:
    """The visitor's dialog is open, and his card beside it has come."""
    await it.opens(name)
    await it.until(lambda: it.inbox.shown_card is not None and it.inbox.shown_card.name == name, "his card")


async def full_card(it, name: str) -> None:
    """The full card behind the name."""
    await beside(it, name)
    await it.press("V")
    await it.until(lambda: it.app.screen is not it.inbox and it.app.screen.shown_card, "the full card")


@asynccontextmanager
async def web_server(pages: dict[str, tuple[int, bytes]]) -> AsyncIterator[tuple[str, list[str]]]:
    """A web server on this machine: its address, and what it was asked for. `pages` are status and body by path."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split(" ")[1]
        asked.append(path)
        status, body = pages.get(path, (404, b"{}"))
        head = f"HTTP/1.1 {status} Answer\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


class TestNameEmailPhoneTheOperatorEditsThem:
    """name, email, phone (the operator edits them)"""

    @pytest.mark.slow
    async def test_in_place_and_what_is_wrong_is_told_at_the_field(self, served, seat) -> None:
        await wrote(served, "Anna")
        async with seat(served) as it:
            await beside(it, "Anna")
            await it.press("e")
            await it.until(lambda: getattr(it.app.focused, "id", "") == "card-email", "the first empty field")
            await it.type("anna@mail")
            await it.press("enter")
            await it.sees("An email looks like anna@shop.example.")
            await it.type(".example")
            await it.press("enter")
            await it.sees("Email kept.")
            assert (await card_of(served, "anna@mail.example")).email == "anna@mail.example"
            await it.press("e")
            await it.until(lambda: getattr(it.app.focused, "id", "") == "card-phone")
            await it.type("+372 5550 123")
            await it.press("enter")
            await it.sees("Phone kept.")
            card = await card_of(served, "anna@mail.example")
            assert card.phone.replace(" ", "") == "+3725550123"
            await it.press("e")
            await it.until(lambda: getattr(it.app.focused, "id", "") == "card-name")
            await it.press("ctrl+u")
            await it.type("Anna Petrova")
            await it.press("enter")
            await it.sees("Name kept.")
            await it.row_shows("Anna Petrova", "Hello?")


class TestLiveSegments:
    """live segments"""

    @pytest.mark.slow
    async def test_a_segment_stands_in_the_card_by_its_title_as_soon_as_he_is_in_it(
        self, serve, seat
    ) -> None:
        async with serve({"segments/lamp-lovers": SEGMENT}) as served:
            anna = await wrote(served, "Anna")
            async with seat(served) as it:
                await beside(it, "Anna")
                await it.sees("Visit 1")
                assert "Loves lamps" not in it.text()
                await anna.does(
                    "Product Viewed", product_id="L1", name="Lamp Fjord", price=89, currency="EUR"
                )
                await it.sees("Segments", "Loves lamps")


class TestWhatHeDidOnTheSiteAsItHappens:
    """what he did on the site (pages, products, cart, orders) as it happens"""

    async def test_each_comes_into_the_open_card_by_itself(self, served, seat) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            await beside(it, "Anna")
            await anna.views("/lamps", "All lamps")
            await it.sees("Page Viewed  All lamps")
            lamp = {"product_id": "L1", "name": "Lamp Fjord", "price": 89, "currency": "EUR"}
            await anna.does("Product Viewed", **lamp)
            await it.sees("Product Viewed", "Lamp Fjord")
            await anna.does("Product Added", quantity=2, **lamp)
            await it.sees("Product Added", "178 EUR", "2 × Lamp Fjord")
            products = [{**lamp, "quantity": 2}]
            await anna.does("Order Completed", order_id="A17", total=178, currency="EUR", products=products)
            await it.sees("Order Completed", "A17", "1 order before")


class TestFirstReferrerAndChannel:
    """first referrer and channel, UTM"""

    async def test_where_he_came_from_first_and_now(self, served, seat) -> None:
        first = {
            "url": "https://shop.example/sale?utm_source=letter&utm_medium=email&utm_campaign=spring",
            "path": "/sale",
            "title": "Sale",
            "referrer": "https://mail.example/inbox",
        }
        anna = await served.visitor("Anna", landing=first)
        await served.advance(50 * HOUR)
        await anna.does(
            "Page Viewed",
            url="https://shop.example/lamps",
            path="/lamps",
            title="Lamps",
            referrer="https://www.google.com/",
        )
        await anna.writes("Hello")
        async with seat(served) as it:
            await beside(it, "Anna")
            await it.sees("Came from", "first", "email · mail.example")
            for words in ("letter", "spring", "/sale"):
                await it.sees(words)
            await it.sees("now", "google.com")
            await it.sees_in_order("email · mail.example", "google.com")
            card = await card_of(served, "Anna")
            assert (card.first_touch.channel, card.first_touch.utm["campaign"]) == ("email", "spring")


class TestSocialAccounts:
    """social accounts"""

    async def test_an_address_of_his_stands_in_the_card_and_opens_by_a_key(
        self, served, seat, monkeypatch
    ) -> None:
        await wrote(served, "Anna", instagram="https://www.instagram.com/anna", site="javascript:alert(1)")
        async with seat(served) as it:
            opened: list[str] = []
            monkeypatch.setattr(it.app, "open_url", lambda url, **_: opened.append(url))
            await full_card(it, "Anna")
            await it.sees("instagram", "www.instagram.com/anna")
            await it.press("o")
            await it.sees("Open in the browser")
            assert "javascript" not in it.text().split("Open in the browser")[1]
            await it.type("instagram")
            await it.press("enter")
            await it.until(lambda: opened == ["https://www.instagram.com/anna"])


class TestHistoryOfDialogs:
    """history of dialogs"""

    async def test_the_full_card_lists_them_and_leads_to_one(self, served, seat) -> None:
        anna = await wrote(served, "Anna", "In spring")
        first = (await served.owner.dialogs()).dialogs[0].id
        await served.owner.change_dialog(first, ChangeDialog(status="closed"))
        await served.advance(60 * 24 * HOUR)
        await anna.writes("In summer")
        async with seat(served) as it:
            await beside(it, "Anna")
            await it.sees("2 · h shows all")
            await it.press("V")
            await it.sees("Dialogs", "open · In summer", "closed · In spring")
            await it.press("d")
            await it.until(lambda: it.app.screen is it.inbox and it.inbox.row.last_text == "In summer")


class TestFullCardBehindTheName:
    """a full card behind the name"""

    @pytest.mark.slow
    async def test_enter_on_the_card_and_a_click_on_the_name_open_it(self, served, seat) -> None:
        anna = await wrote(served, "Anna", city="Tartu", company="Petrova OÜ")
        await anna.does("Product Added", product_id="L1", name="Lamp Fjord", price=89, currency="EUR")
        async with seat(served) as it:
            await beside(it, "Anna")
            it.inbox.card_pane.body.focus()
            await it.press("enter")
            await it.until(lambda: it.app.screen is not it.inbox)
            await it.sees("Tartu", "Petrova OÜ", "Lamp Fjord", "Visit 1 · today", "Product Added")
            await it.press("escape")
            await it.until(lambda: it.app.screen is it.inbox)
            await it.pilot.click("#dialog-header", offset=(4, 0))
            await it.until(lambda: it.app.screen is not it.inbox, "a click on the name leads there, too")


class TestDataFromOpenSources:
    """data from open sources once an email is known (name, avatar, links), switched off by default"""

    PROFILE: ClassVar = {
        "display_name": "Anna P.",
        "profile_url": "https://gravatar.com/annap",
        "location": "Brno",
        "description": "Restores old lamps.",
        "verified_accounts": [
            {"service_label": "Mastodon", "url": "https://social.example/@anna", "is_hidden": False}
        ],
    }

    async def test_switched_on_the_card_shows_what_gravatar_tells(self, serve, seat) -> None:
        path = f"/{hashlib.sha256(b'anna@mail.example').hexdigest()}"
        async with web_server({path: (200, json.dumps(self.PROFILE).encode())}) as (url, asked):
            settings = f'[enrichment]\ngravatar = true\ngravatar_url = "{url}/"\n'
            async with serve({}, settings) as served:
                anna = await wrote(served, "Anna")
                async with seat(served) as it:
                    await beside(it, "Anna")
                    assert asked == [], "nobody is asked for before an email is known"
                    await anna.tells(email="Anna@Mail.example ")
                    await it.sees("Profiles", "Anna P.", "Restores old lamps.", "social.example/@anna")
                    assert asked == [path]

    async def test_it_is_switched_off_by_default(self, served) -> None:
        await wrote(served, "Anna", email="anna@mail.example")
        assert (await card_of(served, "Anna")).profiles == ()
        assert Settings().enrichment.gravatar is False


class TestCustomProperties:
    """custom properties"""

    @pytest.mark.slow
    async def test_p_sets_one_and_an_empty_value_removes_it(self, served, seat) -> None:
        await wrote(served, "Anna")
        async with seat(served) as it:
            await beside(it, "Anna")
            await it.press("p")
            await it.sees("Set a property of the visitor")
            await it.type("shoe size")
            await it.press("enter")
            await it.type("39")
            await it.press("enter")
            await it.sees("shoe size is kept.")
            await it.until(lambda: any("shoe size" in line and "39" in line for line in it.pane("CardBody")))
            assert str((await card_of(served, "Anna")).properties["shoe size"]) == "39"
            await it.press("p")
            await it.type("shoe size")
            await it.press("enter", "enter")
            await it.sees("shoe size is removed.")
            assert "shoe size" not in (await card_of(served, "Anna")).properties


class TestNotesOnThePerson:
    """notes on the person"""

    @pytest.mark.slow
    async def test_one_stands_in_the_card_of_every_operator_until_it_is_taken_away(
        self, served, seat
    ) -> None:
        await wrote(served, "Anna")
        tom = await served.operator("Tom Berg")
        async with seat(served) as it, seat(served, tom) as his:
            await beside(it, "Anna")
            await beside(his, "Anna")
            await it.press("N")
            await it.sees("No note yet.")
            await it.type("Likes oak")
            await it.press("enter")
            await it.until(lambda: it.app.screen.notes)
            await it.press("escape")
            await it.sees("Likes oak")
            await his.sees("Likes oak", "Owner · Today")
            await it.press("N", "tab", "d")
            await it.sees("d again takes it away")
            await it.press("d")
            await it.sees("No note yet.")
            await his.sees_no("Likes oak")


class TestVisits:
    """visits"""

    async def test_how_many_since_when_and_each_with_its_source_and_length(self, served, seat) -> None:
        anna = await served.visitor("Anna")
        await served.advance(26 * HOUR)
        link = "https://shop.example/sale?utm_source=google&utm_medium=cpc"
        await anna.does("Page Viewed", url=link, path="/sale", title="Sale")
        await served.advance(6 * MINUTE)
        await anna.writes("Hello")
        await anna.views("/delivery", "Delivery")
        async with seat(served) as it:
            await beside(it, "Anna")
            await it.sees("visits", "2, first")
            await it.press("V")
            await it.sees("Visit 2 ·", "· 6m", "from google / cpc", "Visit 1 ·")
            await it.sees_in_order("Visit 2 ·", "Visit 1 ·")


class TestDevicesPlaceLanguageLocalTime:
    """devices, place, language, local time"""

    async def test_they_stand_in_the_card(self, served, seat) -> None:
        await wrote(served, "Anna", city="Tartu", country="Estonia")
        async with seat(served) as it:
            await beside(it, "Anna")
            await it.sees("device", "desktop", "place", "Tartu", "language", "local time", "at his place")
            # He is in Prague, the desk in UTC: an hour or two before.
            [line] = [line for line in it.pane("CardBody") if "at his place" in line]
            his, ours = int(line.split()[2][:2]), served.clock() // HOUR % 24
            assert (his - ours) % 24 in (1, 2)
            card = await card_of(served, "Anna")
            assert (card.locale, card.timezone) == ("en", "Europe/Prague")


class TestBlock:
    """block"""

    async def test_what_a_blocked_visitor_writes_is_refused_until_he_is_let_in_again(
        self, served, seat
    ) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            await full_card(it, "Anna")
            await it.press("X")
            await it.sees("⊘ blocked")
            refused = await anna.page.ask(WriteFrame(anna.page.next_id(), "Buy my pills"))
            assert isinstance(refused, RefusedFrame)
            await it.press("X")
            await it.sees_no("⊘ blocked")
            await anna.writes("I am sorry")
            await it.press("escape")
            await it.row_shows("Anna", "I am sorry")
            assert "pills" not in it.text()


class TestMergeTwoVisitors:
    """merge two visitors, with what will become of each field"""

    @pytest.mark.slow
    async def test_field_by_field_rehearsed_and_then_one(self, served, seat) -> None:
        await wrote(served, "Anna Petrova", email="anna@mail.example", city="Tartu")
        await wrote(served, "Anna P.", "It is me", phone="+37255501", city="Tallinn")
        async with seat(served) as it:
            await full_card(it, "Anna Petrova")
            await it.press("J")
            await it.sees("Who becomes part of him?")
            await it.type("anna p.")
            await it.until(lambda: len(it.app.screen._found) == 1)
            await it.press("enter")
            await it.until(lambda: getattr(it.app.screen, "_plan", None), "the table")
            table = [line.split() for line in it.text().splitlines() if " city " in line]
            assert any({"Tartu", "Tallinn"} <= set(words) for words in table), it.text()
            assert (await served.owner.visitors(query="anna")).total == 2, "a rehearsal changes nothing"
            await it.press("M")
            await it.sees("They are one now.", "+37255501", "anna@mail.example")
            assert (await served.owner.visitors(query="anna")).total == 1
            card = await card_of(served, "anna")
            assert (card.name, card.properties["city"]) == ("Anna Petrova", "Tartu")


class TestExport:
    """export"""

    async def test_all_that_is_known_of_him_is_saved_as_a_file(self, served, seat) -> None:
        await wrote(served, "Anna", "Is it oak?", email="anna@mail.example")
        async with seat(served) as it:
            await full_card(it, "Anna")
            await it.press("E")
            await it.sees("Saved as")
            [path] = it.inbox.downloads.glob("Anna *.json")
            known = json.dumps(json.loads(path.read_text()))
            for words in ("anna@mail.example", "Is it oak?", "Page Viewed"):
                assert words in known


class TestErase:
    """erase"""

    @pytest.mark.slow
    async def test_after_the_typed_word_he_is_gone_from_every_screen_and_search(self, served, seat) -> None:
        await wrote(served, "Anna", "A zebra lamp", email="anna@mail.example")
        anna = (await card_of(served, "Anna")).id
        tom = await served.operator("Tom Berg")
        async with seat(served) as it, seat(served, tom) as his:
            await his.opens("Anna")
            await full_card(it, "Anna")
            await it.press("D")
            await it.sees("type ERASE and press Enter")
            await it.press("enter")
            await it.sees("Nothing is erased until ERASE stands there")
            await it.press(*"ERASE", "enter")
            await it.sees("Erased:")
            await it.until(lambda: not it.row("Anna"))
            await his.until(lambda: not his.row("Anna"))
            await his.sees_no("A zebra lamp")
            with pytest.raises(Refused):
                await served.owner.visitor(anna)
            found = await served.owner.find("zebra")
            assert (found.messages, found.visitors, found.dialogs) == ((), (), ())


class TestCartWithPicturesAndTotalsLive:
    """the cart with pictures and totals, live"""

    @pytest.mark.slow
    async def test_products_come_and_go_with_their_pictures_and_the_total_follows(
        self, served, seat, monkeypatch
    ) -> None:
        held = io.BytesIO()
        Image.new("RGB", (40, 40), "#c03020").save(held, "PNG")
        anna = await wrote(served, "Anna")
        async with web_server({"/lamp.png": (200, held.getvalue())}) as (url, _asked), seat(served) as it:
            # The shop's own host may be in this house; other addresses of it are never asked.
            it.inbox.me = msgspec.structs.replace(it.inbox.me, site_url=url)
            await full_card(it, "Anna")
            await it.sees("The cart is empty.")
            lamp = {"product_id": "L1", "name": "Lamp Fjord", "price": 89, "currency": "EUR"}
            await anna.does("Product Added", quantity=2, image_url=f"{url}/lamp.png", **lamp)
            await it.sees("Lamp Fjord", "2 × 89", "178 EUR", "▀▀▀")
            await anna.does(
                "Product Added", product_id="B1", name="Bulb", price=4.5, quantity=1, currency="EUR"
            )
            await it.sees("Bulb", "182.50 EUR")
            await anna.does("Product Removed", quantity=2, **lamp)
            await it.sees("4.50 EUR")
            assert fetching.MAX_BYTES <= 2 * 1024 * 1024


class TestWhichScenariosHeWentThroughAndWhy:
    """which scenarios he went through and why (or why not) each message reached him"""

    @pytest.mark.slow
    async def test_the_card_tells_what_ran_and_w_the_line_that_let_him_in_or_kept_him_out(
        self, serve, seat
    ) -> None:
        async with serve({"greeting": GREETING}) as served:
            anna = await served.visitor("Anna")
            await anna.views("/lamps", "Lamps")
            await anna.writes("Yes, please")
            boris = await served.visitor("Boris", email="boris@mail.example")
            await boris.views("/lamps", "Lamps")
            await boris.writes("Hello?")
            async with seat(served) as it:
                await beside(it, "Anna")
                await it.sees("May I help you with the lamps?")
                await it.sees("Dialog opened by the scenario Lamps: a greeting")
                await it.sees("Scenarios", "Lamps: a greeting")
                await it.press("W")
                await it.sees("Why · Anna", "Lamps: a greeting", "email is unknown")
                await it.press("escape")
                await beside(it, "Boris")
                await it.press("W")
                await it.sees("Why · Boris", "email is unknown", "boris@mail.example")
