"""The full card behind the name: all that is known of a visitor, over a real server."""

from __future__ import annotations

from server_stub.protocol import ChangeVisitor

HOUR = 3_600_000


class TestTheFullCard:
    async def test_v_opens_it_with_who_he_is_what_he_buys_and_what_he_did(self, served, full_card) -> None:
        anna = await served.visitor(
            "Anna Petrova", email="anna@mail.example", city="Tartu", company="Petrova OÜ"
        )
        await anna.does(
            "Product Added", product_id="L1", name="Lamp Fjord", price=89, quantity=2, currency="EUR"
        )
        await anna.writes("Hello")
        async with served.console() as it:
            await full_card(it, "Anna Petrova")
            for text in ("anna@mail.example", "Tartu", "Petrova OÜ", "Lamp Fjord", "2 × 89", "178 EUR"):
                await it.shows(text)
            await it.shows("Visit 1 · today")
            await it.press("escape")
            await it.until(lambda: it.app.screen is it.inbox)

    async def test_enter_in_the_card_opens_it_too(self, served) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            await it.press("j")
            await it.until(lambda: it.inbox.shown_card is not None)
            it.inbox.card_pane.body.focus()
            await it.press("enter")
            await it.until(lambda: it.app.screen is not it.inbox)
            assert it.app.screen.PLACE == "person"

    async def test_a_click_on_the_name_above_the_conversation_opens_it_too(self, served) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            await it.press("j")
            await it.until(lambda: it.inbox.shown_card is not None)
            await it.pilot.click("#dialog-header", offset=(4, 0))
            await it.until(lambda: it.app.screen is not it.inbox)
            assert it.app.screen.PLACE == "person"

    async def test_in_a_small_terminal_tab_goes_from_pane_to_pane(self, served, full_card) -> None:
        anna = await served.visitor("Anna", email="anna@mail.example")
        await anna.does("Product Added", product_id="L1", name="Lamp Fjord", price=89, currency="EUR")
        await anna.writes("Hello")
        async with served.console(size=(80, 24)) as it:
            await full_card(it, "Anna")
            await it.shows("anna@mail.example")
            await it.press("tab")
            await it.shows("89 EUR")
            await it.press("tab")
            await it.shows("Product Added")
            await it.press("tab")
            await it.shows("anna@mail.example")

    async def test_the_cart_is_live(self, served, full_card) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            await full_card(it, "Anna")
            await it.shows("The cart is empty.")
            await anna.does("Product Added", product_id="L1", name="Lamp Fjord", price=89, currency="EUR")
            await it.shows("Lamp Fjord")
            await it.shows("89 EUR")

    async def test_orders_are_told_with_their_products_and_totals(self, served, full_card) -> None:
        anna = await served.visitor("Anna")
        products = [
            {"product_id": "L1", "name": "Lamp Fjord", "price": 89, "quantity": 1},
            {"product_id": "B1", "name": "Bulb", "price": 4.5, "quantity": 3},
        ]
        await anna.does("Order Completed", order_id="A17", total=102.5, currency="EUR", products=products)
        await anna.writes("Hello")
        async with served.console() as it:
            await full_card(it, "Anna")
            for text in ("1 · 102.50", "A17 · 2 products · 102.50 EUR", "3 × Bulb", "13.50 EUR"):
                await it.shows(text)

    async def test_what_he_did_is_grouped_by_visit_with_its_source_and_length(
        self, served, full_card
    ) -> None:
        anna = await served.visitor("Anna")
        await served.advance(50 * HOUR)
        link = "https://shop.example/sale?utm_source=google&utm_medium=cpc"
        await anna.does("Page Viewed", url=link, path="/sale", title="Sale")
        await served.advance(6 * 60_000)
        await anna.views("/delivery", "Delivery")
        await anna.writes("Hello")
        async with served.console() as it:
            await full_card(it, "Anna")
            await it.shows("Visit 2 · today")
            await it.shows("· 6m")
            await it.shows("from google / cpc")
            await it.shows("Visit 1 ·")

    async def test_links_of_his_are_offered_and_nothing_else(self, served, full_card, monkeypatch) -> None:
        anna = await served.visitor(
            "Anna", instagram="https://www.instagram.com/anna", site="javascript:alert(1)"
        )
        await anna.writes("Hello")
        async with served.console() as it:
            opened: list[str] = []
            monkeypatch.setattr(it.app, "open_url", opened.append)
            await full_card(it, "Anna")
            await it.press("o")
            await it.shows("https://www.instagram.com/anna")
            assert "javascript" not in it.text().split("Open in the browser")[1]
            await it.type("instagram")
            await it.press("enter")
            await it.until(lambda: opened == ["https://www.instagram.com/anna"])

    async def test_why_can_be_asked_from_it(self, served, full_card) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            await full_card(it, "Anna")
            await it.press("W")
            await it.shows("Why · Anna")

    async def test_d_goes_to_his_dialog(self, served, full_card) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            await full_card(it, "Anna")
            await it.press("d")
            await it.until(lambda: it.app.screen is it.inbox and it.inbox.row is not None)
            assert it.inbox.row.visitor_name == "Anna"


class TestEditingOnTheFullCard:
    async def test_a_phone_is_kept_and_a_wrong_one_is_told_at_its_field(
        self, served, full_card, card_of
    ) -> None:
        anna = await served.visitor("Anna", email="anna@mail.example")
        await anna.writes("Hello")
        async with served.console() as it:
            screen = await full_card(it, "Anna")
            await it.press("e")
            await it.until(lambda: it.app.focused is screen.query_one("#card-phone"))
            await it.type("12")
            await it.press("enter")
            problem = screen.query_one("#problem-phone")
            await it.until(lambda: problem.display)
            assert problem.region.y == screen.query_one("#card-phone").region.y + 1
            await it.type("34567")
            await it.until(lambda: not problem.display)
            await it.press("enter")
            await it.until(lambda: screen.shown_card.phone == "1234567")
        assert (await card_of(served, "Anna")).phone == "1234567"

    async def test_properties_and_tags(self, served, full_card, card_of) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            screen = await full_card(it, "Anna")
            await it.press("p")
            await it.type("size")
            await it.press("enter")
            await it.type("M")
            await it.press("enter")
            await it.until(lambda: screen.shown_card.properties.get("size") == "M")
            await it.press("T")
            await it.type("vip")
            await it.press("enter")
            await it.until(lambda: screen.shown_card.tags == ("vip",))
            await it.press("T")
            await it.shows("✓ vip")
            await it.press("enter")
            await it.until(lambda: screen.shown_card.tags == ())

    async def test_a_console_for_reading_only_changes_nothing(self, served, full_card) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console(read_only=True) as it:
            await full_card(it, "Anna")
            for key in ("e", "p", "T", "X", "J", "D"):
                await it.press(key)
                assert it.app.screen.PLACE == "person", key
            await it.shows("This console was opened for reading only.")


class TestNotesOnThePerson:
    async def test_one_is_written_seen_by_everybody_and_taken_away(self, served, card_of) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            await it.press("j")
            await it.until(lambda: it.inbox.shown_card is not None)
            await it.press("N")
            await it.shows("No note yet.")
            await it.type("Likes oak")
            await it.press("enter")
            await it.until(lambda: it.app.screen.notes)
            await it.press("escape")
            await it.shows("Likes oak")
            [note] = (await card_of(served, "Anna")).notes
            assert note.text == "Likes oak"
            await it.press("N", "tab", "d")
            await it.shows("d again takes it away")
            await it.press("d")
            await it.shows("No note yet.")
        assert (await card_of(served, "Anna")).notes == ()

    async def test_anothers_note_comes_by_the_stream_and_only_an_admin_takes_it_away(
        self, served, card_of
    ) -> None:
        from server_stub.protocol import WriteVisitorNote

        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        ben = await served.operator("Ben")
        card = await card_of(served, "Anna")
        async with served.console(ben) as it:
            await it.press("j")
            await it.until(lambda: it.inbox.shown_card is not None)
            await served.owner.note_visitor(card.id, WriteVisitorNote("n1", "Asks for\ninvoices"))
            await it.shows("Asks for")
            await it.press("N", "tab", "d")
            await it.shows("Only its author, or an admin, takes a note away.")
        assert len((await card_of(served, "Anna")).notes) == 1


class TestBlocking:
    async def test_x_blocks_and_unblocks_and_the_card_says_so(self, served, full_card, card_of) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            screen = await full_card(it, "Anna")
            await it.press("X")
            await it.shows("⊘ blocked")
            assert (await card_of(served, "Anna")).blocked
            await it.press("X")
            await it.until(lambda: not screen.shown_card.blocked)
        assert not (await card_of(served, "Anna")).blocked

    async def test_somebody_else_blocks_him_and_the_card_follows(self, served, full_card, card_of) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Hello")
        async with served.console() as it:
            await full_card(it, "Anna")
            card = await card_of(served, "Anna")
            await served.owner.change_visitor(card.id, ChangeVisitor(blocked=True))
            await it.shows("⊘ blocked")
