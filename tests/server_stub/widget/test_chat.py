"""The chat: questions and answers, messages both ways, files, and what is found again on the next page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from server_stub import protocol as wire
from tests.server_stub.widget.chatting import composer, feed, open_chat, window

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


class TestABotsQuestion:
    """A message with answer buttons."""

    async def test_shows_beside_the_launcher_and_a_press_answers_it(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        """The press is a frame with the message's and the option's id; the window opens; the buttons go."""
        await page.goto(shop.url)
        await desk.connected()
        question = await desk.ask("Shall I help you choose?", "Yes", "No")
        await expect(page.get_by_role("button", name="Open chat, unread: 1")).to_be_visible()
        await page.get_by_role("button", name="Yes").click()
        chosen = await desk.frame(wire.ChooseFrame)
        assert (chosen.message, chosen.option) == (question.id, "o1")
        await expect(window(page)).to_be_visible()
        await expect(page.get_by_role("button", name="No")).to_have_count(0)
        await expect(feed(page).locator(".mine .bubble")).to_have_text("Yes")

    async def test_that_waits_no_longer_loses_its_buttons(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        question = await desk.ask("Shall I help you choose?", "Yes", "No")
        await expect(page.get_by_role("button", name="Yes")).to_be_visible()
        await desk.send(wire.OptionsClosed(question.id))
        await expect(page.get_by_role("button", name="Yes")).to_have_count(0)

    async def test_answered_in_another_tab_shows_the_answer(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        question = await desk.ask("Shall I help you choose?", "Yes", "No")
        await expect(page.get_by_role("button", name="No")).to_be_visible()
        await desk.send(wire.OptionTaken(question.id, "o2"))
        await expect(feed(page).locator(".mine .bubble")).to_have_text("No")

    async def test_answered_by_typing_the_words_shows_them_once(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        question = await desk.ask("Shall I help you choose?", "Yes", "No")
        await composer(page).fill("yes")
        await composer(page).press("Enter")
        await desk.frame(wire.WriteFrame)
        await desk.send(wire.OptionTaken(question.id, "o1"))
        await expect(page.get_by_role("button", name="No")).to_have_count(0)
        await expect(feed(page).locator(".mine .bubble")).to_have_text(["yes"])

    async def test_refused_by_the_server_gives_the_choice_up(
        self, desk: Any, shop: Any, page: Page, complaints: list[str]
    ) -> None:
        desk.refusals[wire.ChooseFrame] = wire.Problem("conflict", "The question waits no longer.")
        await open_chat(page, shop.url, desk)
        await desk.ask("Shall I help you choose?", "Yes", "No")
        await page.get_by_role("button", name="Yes").click()
        await expect(page.get_by_role("button", name="Yes")).to_have_count(0)
        await expect(feed(page).locator(".mine")).to_have_count(0)
        assert complaints == []

    async def test_for_an_email_checks_it_before_it_is_sent(self, desk: Any, shop: Any, page: Page) -> None:
        """The field stands below the question; the answer is an ordinary message."""
        await open_chat(page, shop.url, desk)
        await desk.say("Where shall we write to?", input="email")
        field = page.get_by_label("Your email")
        await field.fill("ann@")
        await field.press("Enter")
        await expect(feed(page).get_by_role("alert")).to_have_text("Please check this")
        assert desk.of(wire.WriteFrame) == []
        await field.fill("ann@shop.example")
        await field.press("Enter")
        assert (await desk.frame(wire.WriteFrame)).text == "ann@shop.example"
        await expect(field).to_have_count(0)


class TestMessages:
    """Text both ways."""

    async def test_are_sent_with_enter_and_marked_sent_then_seen(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        desk.silent = True
        await open_chat(page, shop.url, desk)
        await composer(page).fill("Do you have it in green?")
        await composer(page).press("Enter")
        own = feed(page).locator(".mine")
        await expect(own.get_by_text("Sending")).to_have_count(1)
        frame = await desk.frame(wire.WriteFrame)
        assert frame.text == "Do you have it in green?"
        stored = wire.Message(
            "m1", "d1", "v1", wire.Author("visitor"), 1, seq=7, text=frame.text, client_id=frame.id
        )
        await desk.send(wire.NewMessage(stored))
        await desk.send(wire.Ack(frame.id, stored))
        await expect(own.get_by_text("Sent", exact=True)).to_have_count(1)
        await desk.send(wire.OperatorSeen(7))
        await expect(own.get_by_text("Seen", exact=True)).to_have_count(1)
        await expect(own.locator(".bubble")).to_have_count(1)

    async def test_keep_their_lines_and_shift_enter_makes_one(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        await composer(page).type("first")
        await composer(page).press("Shift+Enter")
        await composer(page).type("second")
        await composer(page).press("Enter")
        assert (await desk.frame(wire.WriteFrame)).text == "first\nsecond"
        await expect(composer(page)).to_have_value("")

    async def test_refused_by_the_server_say_why(self, desk: Any, shop: Any, page: Page) -> None:
        desk.refusals[wire.WriteFrame] = wire.Problem("too_long", "The message is too long.")
        await open_chat(page, shop.url, desk)
        await composer(page).fill("hello")
        await composer(page).press("Enter")
        await expect(feed(page).get_by_text("Not sent: The message is too long.")).to_be_visible()

    async def test_of_an_operator_show_his_name_and_that_he_types(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        await desk.send(wire.OperatorTyping("Nina"))
        await expect(page.get_by_text("Nina is typing")).to_have_count(1)
        await desk.say("Hello, I am here.", "operator", "Nina")
        await expect(feed(page).locator(".who")).to_have_text("Nina")
        await expect(page.get_by_text("Nina is typing")).to_have_count(0)

    async def test_make_links_of_addresses_and_of_link_buttons(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        """The shop's own pages open in place, others in a new tab that knows nothing of this one."""
        await open_chat(page, shop.url, desk)
        text = "See https://news.example/linen?a=1, please. Not ftp://old.example or javascript:alert(1)"
        await desk.say(text, buttons=(wire.Button("The catalog", "/catalog"),))
        outside = feed(page).get_by_role("link", name="https://news.example/linen?a=1", exact=True)
        assert await outside.get_attribute("target") == "_blank"
        assert "noopener" in str(await outside.get_attribute("rel"))
        inside = feed(page).get_by_role("link", name="The catalog")
        assert await inside.get_attribute("href") == f"{shop.url}/catalog"
        assert await inside.get_attribute("target") is None
        await expect(feed(page).get_by_role("link")).to_have_count(2)
        await inside.click()
        await page.wait_for_url("**/catalog")
        assert (await desk.event("Message Clicked"))["url"] == "/catalog"

    async def test_are_delivered_at_once_and_seen_when_the_window_is_open(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await page.goto(shop.url)
        await desk.connected()
        message = await desk.say("Hello")
        await desk.frame(wire.SeenFrame, state="delivered", up_to=message.seq)
        assert desk.of(wire.SeenFrame, state="seen") == []
        await page.get_by_role("button", name="Open chat").click()
        await desk.frame(wire.SeenFrame, state="seen", up_to=message.seq)
        await expect(page.locator(".badge")).to_have_count(0)

    async def test_typing_is_told_but_not_at_every_key(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        await composer(page).type("green please", delay=10)
        await desk.frame(wire.VisitorTyping)
        assert len(desk.of(wire.VisitorTyping)) <= 2


class TestTheNextPage:
    """What outlives a page change."""

    async def test_finds_the_window_open_the_feed_there_and_the_half_typed_text(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        await desk.say("Hello")
        await composer(page).fill("half a sent")
        await page.goto(f"{shop.url}/next")
        await desk.connected(2)
        await expect(composer(page)).to_have_value("half a sent")
        await expect(feed(page).locator(".bubble")).to_have_text(["Hello"])
        assert desk.hellos[1].after == 1
        assert desk.hellos[1].token == "visitor.1.signature"
        assert len(desk.events("Chat Opened")) == 1

    async def test_shows_what_came_meanwhile_once(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        await desk.say("one")
        await desk.hang_up()
        await desk.say("two")
        await page.reload()
        await expect(feed(page).locator(".bubble")).to_have_text(["one", "two"])

    async def test_of_another_visitor_does_not_show_the_last_ones_messages(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        """The server may know the visitor as somebody else: the tab drops what it kept, and asks anew."""
        await open_chat(page, shop.url, desk)
        await desk.say("one")
        await expect(feed(page).locator(".bubble")).to_have_text(["one"])
        desk.messages.clear()
        desk.identity = "other.signature"
        await page.reload()
        await desk.until(lambda: [hello.after for hello in desk.hellos] == [0, 1, 0])
        await expect(feed(page).locator(".bubble")).to_have_count(0)


class TestABrokenConnection:
    """Nothing lost, nothing doubled."""

    async def test_resends_what_was_not_answered_with_the_same_id_in_order(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        await desk.event("Chat Opened")
        desk.silent = True
        for text in ("one", "two"):
            await composer(page).fill(text)
            await composer(page).press("Enter")
        await desk.until(lambda: len(desk.of(wire.WriteFrame)) == 2)
        desk.silent = False
        await desk.hang_up()
        await desk.until(lambda: len(desk.of(wire.WriteFrame)) == 4)
        frames = desk.of(wire.WriteFrame)
        assert [frame.text for frame in frames] == ["one", "two", "one", "two"]
        assert [frame.id for frame in frames[:2]] == [frame.id for frame in frames[2:]]
        await expect(feed(page).locator(".pending")).to_have_count(0)
        await expect(feed(page).locator(".bubble")).to_have_text(["one", "two"])
        await desk.hang_up()
        await desk.connected(3)
        await page.wait_for_timeout(300)
        assert len(desk.of(wire.WriteFrame)) == 4

    async def test_keeps_what_was_written_over_a_page_change(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        desk.away = True
        await desk.hang_up()
        await composer(page).fill("are you there?")
        await composer(page).press("Enter")
        await page.reload()
        await expect(feed(page).locator(".pending .bubble")).to_have_text("are you there?")
        desk.away = False
        frame = await desk.frame(wire.WriteFrame)
        assert frame.text == "are you there?"
        await expect(feed(page).locator(".bubble")).to_have_text(["are you there?"])

    async def test_says_so_in_the_window_until_it_is_back(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        desk.away = True
        await desk.hang_up()
        notice = page.get_by_text("No connection.")
        await expect(notice).to_be_visible(timeout=8000)
        desk.away = False
        await expect(notice).to_be_hidden(timeout=15000)

    async def test_resumes_after_the_last_message_heard(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        await desk.say("one")
        await desk.say("two")
        await expect(feed(page).locator(".bubble")).to_have_count(2)
        await desk.hang_up()
        await desk.say("three")
        await desk.connected(2)
        assert desk.hellos[1].after == 2
        await expect(feed(page).locator(".bubble")).to_have_text(["one", "two", "three"])


class TestFiles:
    """Up to 2 MB, both ways."""

    async def test_are_uploaded_with_the_visitors_token_and_sent_as_a_message(
        self, desk: Any, shop: Any, page: Page, complaints: list[str]
    ) -> None:
        await open_chat(page, shop.url, desk)
        chosen = {"name": "my photo.png", "mimeType": "image/png", "buffer": b"a picture"}
        await page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
        frame = await desk.frame(wire.WriteFrame)
        assert frame.files == ("f1",)
        assert desk.uploads == [("name=my%20photo.png", "Bearer visitor.1.signature", b"a picture")]
        await expect(feed(page).locator(".mine img")).to_have_count(1)
        await expect(feed(page).locator(".pending")).to_have_count(0)
        assert complaints == []

    async def test_over_2_mb_are_refused_at_once(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        chosen = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"x" * (wire.MAX_FILE_BYTES + 1)}
        await page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
        await expect(feed(page).get_by_text("Not sent: larger than 2 MB")).to_be_visible()
        assert desk.uploads == []

    async def test_of_the_shop_are_links_to_the_server(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        file = wire.FileRef("f9", "size chart.pdf", "application/pdf", 183_000, "/files/f9")
        await desk.say("Our sizes", files=(file,))
        link = feed(page).get_by_role("link", name="size chart.pdf")
        assert await link.get_attribute("href") == f"{desk.url}/files/f9"
        await expect(link).to_contain_text("183 KB")


HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


class TestHostileText:
    """What others write is text on the page, whatever it looks like."""

    async def test_stays_text_in_messages_names_options_buttons_and_file_names(
        self, desk: Any, shop: Any, page: Page, complaints: list[str]
    ) -> None:
        await open_chat(page, shop.url, desk)
        await desk.say(
            HOSTILE,
            "operator",
            HOSTILE,
            options=(wire.Option("o1", HOSTILE),),
            buttons=(wire.Button(HOSTILE, "javascript:window.hacked=1"),),
            files=(wire.FileRef("f1", HOSTILE, "text/plain", 5, "javascript:window.hacked=1"),),
            image="data:text/html,hacked",
        )
        await expect(feed(page).locator(".bubble")).to_have_text(HOSTILE)
        await expect(feed(page).locator(".who")).to_have_text(HOSTILE)
        await expect(feed(page).get_by_role("button", name=HOSTILE)).to_have_count(1)
        await expect(feed(page).locator("a, img, script")).to_have_count(0)
        assert await page.evaluate("window.hacked") is None
        assert complaints == []

    async def test_stays_text_in_the_look_of_the_widget(self, desk: Any, shop: Any, page: Page) -> None:
        """A colour that is none falls back; a title is a title."""
        desk.look = wire.WidgetLook(title=HOSTILE, colour="red;} * {display:none", greeting=HOSTILE)
        await open_chat(page, shop.url, desk)
        await expect(window(page).get_by_role("heading")).to_have_text(HOSTILE)
        await expect(feed(page).locator(".bubble")).to_have_text(HOSTILE)
        colour = await page.locator(".head").evaluate("element => getComputedStyle(element).backgroundColor")
        assert colour == "rgb(59, 91, 219)"


class TestTheLook:
    """Language, colours and side."""

    async def test_speaks_the_pages_language(self, desk: Any, shop: Any, page: Page) -> None:
        shop.language = "ru"
        await page.goto(shop.url)
        await desk.connected()
        await expect(page.get_by_role("button", name="Открыть чат")).to_be_visible()
        assert desk.hellos[0].locale == "ru"

    async def test_follows_the_site_in_colour_side_and_theme(self, desk: Any, shop: Any, page: Page) -> None:
        """On a light colour the text is dark."""
        desk.look = wire.WidgetLook(colour="#ffd54a", side="left", theme="dark")
        await open_chat(page, shop.url, desk)
        head = "element => [getComputedStyle(element).backgroundColor, getComputedStyle(element).color]"
        await expect(page.locator(".root.dark.left")).to_have_count(1)
        assert await page.locator(".head").evaluate(head) == ["rgb(255, 213, 74)", "rgb(20, 23, 28)"]
        box = await page.locator(".launcher").bounding_box()
        assert box is not None
        assert box["x"] == 24

    async def test_fills_a_telephones_screen(self, desk: Any, shop: Any, visitor: BrowserContext) -> None:
        page = await visitor.new_page()
        await page.set_viewport_size({"width": 390, "height": 700})
        await open_chat(page, shop.url, desk)
        assert await window(page).bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 700}
        await expect(page.locator(".launcher")).to_be_hidden()
