"""What strangers call themselves, their products and their pages is text, wherever the screens of visitors show it."""

from __future__ import annotations

from operator_console.person.links import links_of
from server_stub.protocol import (
    Cart,
    CartItem,
    OpenProfile,
    PageNow,
    ProfileLink,
    VisitorCard,
    WriteVisitorNote,
)

NASTY = "\x1b]52;c;aGk=\x07[@click=app.quit]x[/] \x9b2J\u202e[/"


def is_clean(text: str) -> bool:
    return not any(
        (ord(char) < 32 and char != "\n") or 127 <= ord(char) < 160 or char == "\u202e" for char in text
    )


class TestHostilePeople:
    async def test_on_the_full_card_its_sheets_and_the_list(self, served, full_card, card_of) -> None:
        anna = await served.visitor("Anna", email="anna@mail.example", company=NASTY, **{NASTY[:40]: "x"})
        await anna.views(f"/{NASTY}", NASTY)
        product = {
            "product_id": NASTY,
            "name": NASTY,
            "price": 1,
            "currency": NASTY,
            "url": f"javascript:{NASTY}",
        }
        await anna.does("Product Added", **product)
        await anna.does("Order Completed", order_id=NASTY, total=1, currency=NASTY, products=[product])
        await anna.does(NASTY, **{NASTY: NASTY})
        await anna.writes(NASTY)
        other = await served.visitor("Anna 2", company=f"other {NASTY}")
        await other.tells(name=f"Anna 2 {NASTY}")
        card = await card_of(served, "anna@mail.example")
        await served.owner.note_visitor(card.id, WriteVisitorNote("n1", NASTY))
        async with served.console() as it:
            await full_card(it, "Anna")
            assert is_clean(it.text())
            for key in ("N", "o", "D"):
                await it.press(key)
                await it.until(lambda: it.app.screen.__class__.__name__ != "PersonScreen")
                assert is_clean(it.text()), key
                await it.press("escape")
                await it.until(lambda: it.app.screen.__class__.__name__ == "PersonScreen")
            await it.press("J")
            await it.until(lambda: getattr(it.app.screen, "_found", None))
            assert is_clean(it.text())
            await it.press("enter")
            await it.until(lambda: getattr(it.app.screen, "_plan", None))
            assert is_clean(it.text())
            await it.press("escape", "escape")
            await it.press("L")
            await it.until(lambda: len(it.app.screen.rows.order) == 2)
            assert is_clean(it.text())

    def test_only_addresses_of_the_web_are_offered(self) -> None:
        card = VisitorCard(
            "v",
            1,
            properties={
                "site": "https://a.example/",
                "evil": "javascript:alert(1)",
                "file": "file:///etc/passwd",
            },
            page=PageNow(f"https://b.example/\n{NASTY}"),
            cart=Cart((CartItem("p", url="data:text/html,x"), CartItem("q", url="https://c.example/q"))),
            profiles=(
                OpenProfile("g", 1, "https://d.example/me", links=(ProfileLink("m", "ssh://e.example"),)),
            ),
        )
        assert [url for _, url in links_of(card)] == [
            "https://d.example/me",
            "https://c.example/q",
            "https://a.example/",
        ]
