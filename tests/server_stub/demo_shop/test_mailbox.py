"""The demo's mailbox: what visitors would have got, shown without a letter ever doing anything."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.async_api import Page

from server_stub.demo_shop.mailbox import Post, is_near
from server_stub.demo_shop.pages import demo_shop
from server_stub.protocol import OutboxItem
from tests.server_stub.serving import served

Ask = Callable[..., httpx.Response]
HOST = {"host": "127.0.0.1:8701"}
EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
LETTER = f"<!doctype html><title>l</title><p style='color:#123'>Hello Anna</p>{EVIL}"
ROWS = [
    OutboxItem(
        "o3", "webhook", "failed", 3_000, "v3", "lead", "https://crm.example", error="answered 500",
        content={"method": "POST", "url": "https://crm.example", "headers": {"X-A": "1"}, "body": {"a": EVIL}},
        reply={"why": "broken"},
    ),
    OutboxItem(
        "o2", "push", "kept", 2_000, "v2", "stock", "Back in stock", called="Zoe",
        content={"title": "Back in stock", "text": EVIL, "link": "javascript:alert(1)"},
    ),
    OutboxItem(
        "o1", "email", "kept", 1_000, "v1", "cart", f"Your cart {EVIL}", to="anna@mail.example", called="Anna",
        content={"to": "anna@mail.example", "html": LETTER},
    ),
]  # fmt: skip


@pytest.fixture
def shop():
    """A demo shop whose desk has sent a letter, a push and a webhook."""
    by_id = {row.id: row for row in ROWS}
    return demo_shop("write-key", "https://desk.example", post=Post(lambda limit: ROWS[:limit], by_id.get))


class TestTheList:
    def test_has_everything_newest_first_and_says_that_nothing_leaves(self, shop, ask: Ask) -> None:
        page = ask(shop, "/mailbox", headers=HOST).text
        assert page.index("https://crm.example") < page.index("Back in stock") < page.index("Your cart")
        assert "Nothing leaves this machine." in page
        assert "<script>document" not in page

    def test_of_one_address(self, shop, ask: Ask) -> None:
        page = ask(shop, "/mailbox?to=anna@mail", headers=HOST).text
        assert "Your cart" in page
        assert "Back in stock" not in page
        assert "Nothing went to this address." in ask(shop, "/mailbox?to=nobody", headers=HOST).text

    def test_can_be_read_alone_to_bring_itself_up_to_date(self, shop, ask: Ask) -> None:
        part = ask(shop, "/mailbox/list", headers=HOST).text
        assert part.startswith("<ul>")
        assert part.count("<li>") == 3

    def test_speaks_russian(self, shop, ask: Ask) -> None:
        assert "С этого компьютера ничего не уходит." in ask(shop, "/mailbox?lang=ru", headers=HOST).text

    def test_the_shops_footer_leads_there(self, shop, ask: Ask) -> None:
        assert 'href="/mailbox"' in ask(shop, "/", headers=HOST).text


class TestAMessage:
    def test_a_letter_is_a_page_of_its_own_that_may_do_nothing(self, shop, ask: Ask) -> None:
        page = ask(shop, "/mailbox?id=o1", headers=HOST).text
        assert 'src="/mailbox/letter?id=o1" sandbox="allow-popups' in page
        assert "allow-scripts" not in page
        letter = ask(shop, "/mailbox/letter?id=o1", headers=HOST)
        assert letter.text == LETTER
        policy = letter.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "sandbox allow-popups" in policy
        assert "script-src" not in policy

    def test_a_push_and_a_webhook_are_text(self, shop, ask: Ask) -> None:
        push = ask(shop, "/mailbox?id=o2", headers=HOST).text
        assert "javascript:" not in push
        assert "&lt;script&gt;" in push
        hook = ask(shop, "/mailbox?id=o3", headers=HOST).text
        for part in ("<b>POST</b> https://crm.example", "X-A: 1", "answered 500", "broken"):
            assert part in hook

    def test_that_is_not_there_says_so(self, shop, ask: Ask) -> None:
        answer = ask(shop, "/mailbox?id=none", headers=HOST)
        assert answer.status_code == 404
        assert "This message is not there." in answer.text
        assert ask(shop, "/mailbox/letter?id=o2", headers=HOST).status_code == 404


class TestWhoSeesIt:
    def test_a_shop_without_an_outbox_has_no_mailbox(self, ask: Ask) -> None:
        bare = demo_shop("write-key", "https://desk.example")
        assert ask(bare, "/mailbox", headers=HOST).status_code == 404
        assert "/mailbox" not in ask(bare, "/", headers=HOST).text

    def test_a_page_that_reached_this_machine_by_a_name_of_its_own_reads_nothing(
        self, shop, ask: Ask
    ) -> None:
        assert ask(shop, "/mailbox", headers={"host": "evil.example:8701"}).status_code == 403
        assert ask(shop, "/mailbox/letter?id=o1", headers={"host": "evil.example"}).status_code == 403

    @pytest.mark.parametrize("host", ["127.0.0.1:8701", "localhost", "[::1]:80"])
    def test_this_machine_does(self, host: str) -> None:
        assert is_near(host)

    @pytest.mark.parametrize(
        "host", ["", "evil.example", "127.0.0.1.evil.example", "[", "localhost.evil.example:1"]
    )
    def test_nobody_else_does(self, host: str) -> None:
        assert not is_near(host)


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
class TestInABrowser:
    async def test_a_letter_is_shown_and_its_script_never_runs(self, shop, page: Page) -> None:
        async with served(shop) as url:
            await page.goto(f"{url}/mailbox?id=o1")
            letter = page.frame_locator("iframe")
            await letter.get_by_text("Hello Anna").wait_for()
            assert await letter.locator("title").text_content() == "l"
