"""Who is who, from the ids that callers give."""

from __future__ import annotations

import pytest

from server_stub.protocol import VisitorChanged, VisitorMerged
from server_stub.work import Rejected

MINUTE = 60_000


class TestOneVisitor:
    async def test_the_same_browser_is_the_same_visitor(self, shop) -> None:
        await shop.page("/")
        await shop.page("/cart")
        assert shop.store.counts()["visitors"] == 1

    async def test_a_visitor_needs_an_id(self, shop) -> None:
        with pytest.raises(Rejected) as refused:
            await shop.track("Page Viewed", "")
        assert refused.value.error == "missing"
        assert shop.journal() == []

    async def test_identifying_makes_the_anonymous_visitor_known(self, shop) -> None:
        await shop.page("/")
        before = shop.visitor()
        await shop.identify("a1", "u1", email="ann@shop.example", name="Ann")
        card = shop.card()
        assert (card.id, card.user_id, card.email, card.name) == (before, "u1", "ann@shop.example", "Ann")
        assert shop.all(VisitorMerged) == []

    async def test_a_new_browser_of_a_known_user_is_him(self, shop) -> None:
        await shop.identify("a1", "u1")
        await shop.identify("a2", "u1")
        assert shop.visitor("a1") == shop.visitor("a2")


class TestMerging:
    async def test_an_anonymous_visitor_who_turns_out_to_be_known_becomes_him_once(self, shop) -> None:
        await shop.identify("a1", "u1", name="Ann")
        await shop.page("/blog", "a2")
        gone, kept = shop.visitor("a2"), shop.visitor("a1")
        await shop.identify("a2", "u1")
        await shop.identify("a2", "u1")
        assert shop.visitor("a2") == kept
        assert [what.gone for what in shop.all(VisitorMerged)] == [gone]
        assert shop.card("a2").merged == (gone,)
        assert shop.desk.card(gone).id == kept

    async def test_his_dialogs_messages_and_name_come_along(self, shop) -> None:
        await shop.hire()
        await shop.identify("a1", "u1", name="Ann")
        await shop.write("Hello", "a2")
        assert shop.dialog.visitor_name == ""
        await shop.identify("a2", "u1")
        assert (shop.dialog.visitor, shop.dialog.visitor_name) == (shop.visitor("a1"), "Ann")
        assert shop.said("a1") == ["Hello"]
        await shop.send(shop.dialog.id, "Hi Ann")
        assert (await shop.greet("a1")).messages[-1].text == "Hi Ann"
        assert shop.card("a1").dialogs == (shop.dialog.id,)

    async def test_what_was_known_of_him_is_told_to_the_consoles(self, shop) -> None:
        await shop.identify("a1", "u1", name="Ann")
        await shop.track("Email Captured", "a2", properties={"email": "ann@shop.example"})
        await shop.identify("a2", "u1")
        assert shop.card("a1").email == "ann@shop.example"
        assert shop.last(VisitorChanged).changes["email"] == "ann@shop.example"

    async def test_of_two_open_dialogs_the_later_one_goes_on(self, shop) -> None:
        await shop.identify("a1", "u1")
        await shop.write("first", "a1")
        shop.now += MINUTE
        await shop.write("second", "a2")
        await shop.identify("a2", "u1")
        assert shop.dialog.last_text == "second"
        assert [dialog.last_text for dialog in shop.dialogs("closed")] == ["first"]
        await shop.write("third", "a1")
        assert shop.dialog.last_text == "third"

    async def test_all_of_it_within_one_commit(self, shop) -> None:
        """Nothing of the one who goes has been stored when the merge comes."""
        works = [
            shop.event("Page Viewed", "a2", properties={"url": "https://shop.example/"}),
            shop.event("Page Viewed", "a1", user="u1", properties={"url": "https://shop.example/"}),
            shop.event("Page Viewed", "a2", user="u1", properties={"url": "https://shop.example/cart"}),
        ]
        await shop.desk.submit_all(works)
        assert shop.visitor("a1") == shop.visitor("a2")
        assert shop.card("a1").visits == 2
        assert len(shop.all(VisitorMerged)) == 1


class TestKnownPeopleStayApart:
    async def test_a_shared_email_makes_nobody_one(self, shop) -> None:
        await shop.identify("a1", "u1", email="family@shop.example")
        await shop.identify("a2", "u2", email="family@shop.example")
        await shop.track("Email Captured", "a3", properties={"email": "family@shop.example"})
        assert len({shop.visitor("a1"), shop.visitor("a2"), shop.visitor("a3")}) == 3

    async def test_a_shared_browser_moves_on_to_whoever_uses_it(self, shop) -> None:
        await shop.identify("a1", "u1", name="Ann")
        ann = shop.visitor()
        await shop.identify("a1", "u2", name="Bob")
        bob = shop.visitor()
        assert bob != ann
        assert shop.all(VisitorMerged) == []
        assert (shop.desk.card(ann).name, shop.desk.card(bob).name) == ("Ann", "Bob")
        await shop.identify("a1", "u1")
        assert shop.visitor() == ann

    async def test_alias_says_that_two_are_one(self, shop) -> None:
        await shop.page("/", "a1")
        await shop.alias("a1", "u1")
        assert shop.card("a1").user_id == "u1"
        await shop.identify("", "old-name", name="Ann")
        await shop.alias("old-name", "u1")
        assert shop.card("a1").name == "Ann"
        assert len(shop.all(VisitorMerged)) == 2
        await shop.track("Order Completed", "", user="old-name", source="server")
        assert shop.card("a1").orders == 1
