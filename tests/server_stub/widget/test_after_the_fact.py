"""What becomes of a conversation afterwards: messages are edited and taken away, and the visitor says how it was."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from server_stub import protocol as wire
from tests.server_stub.widget.chatting import composer, feed, open_chat, window

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def again(desk: Any, message: wire.Message, **changes: Any) -> None:
    """The server tells that the message is another one now."""
    await desk.send(wire.MessageAgain(replace(message, **changes)))


async def rate(desk: Any, **more: Any) -> wire.Message:
    """The question how we did, as the desk asks it."""
    options = tuple(wire.Option(str(score), str(score)) for score in range(1, 6))
    return await desk.say("How did we do?", options=options, input="rating", **more)


class TestAMessageAgain:
    """An operator edits or takes away what he has said."""

    async def test_that_was_edited_says_the_new_words_in_its_place_and_that_it_was(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        first = await desk.say("It costs 10", "operator", "Nina")
        await desk.say("Shall I put one aside?", "operator", "Nina")
        await expect(feed(page).locator(".bubble")).to_have_count(2)
        await again(desk, first, text="It costs 12", edited_at=first.at + 1)
        await expect(feed(page).locator(".bubble")).to_have_text(["It costs 12", "Shall I put one aside?"])
        await expect(feed(page).get_by_text("edited")).to_have_count(1)

    async def test_that_was_taken_away_is_gone_also_on_the_next_page(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        wrong = await desk.say("To the wrong visitor", "operator", "Nina")
        await desk.say("Hello", "operator", "Nina")
        await expect(feed(page).locator(".bubble")).to_have_count(2)
        await again(desk, wrong, text="", deleted=True)
        await expect(feed(page).locator(".bubble")).to_have_text(["Hello"])
        await page.goto(f"{shop.url}/next")
        await desk.connected(2)
        await expect(feed(page).locator(".bubble")).to_have_text(["Hello"])

    async def test_that_is_shown_beside_the_launcher_changes_there_and_goes(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await page.goto(shop.url)
        await desk.connected()
        message = await desk.say("Hello, Bob", "operator", "Nina")
        teaser = page.locator(".teaser")
        await expect(teaser).to_contain_text("Hello, Bob")
        await again(desk, message, text="Hello, Ann", edited_at=1)
        await expect(teaser).to_contain_text("Hello, Ann")
        await again(desk, message, text="", deleted=True)
        await expect(teaser).to_have_count(0)
        await expect(page.get_by_role("button", name="Open chat", exact=True)).to_be_visible()
        await expect(page.locator(".badge")).to_have_count(0)

    async def test_that_this_page_never_had_changes_nothing(
        self, desk: Any, shop: Any, page: Page, complaints: list[str]
    ) -> None:
        await open_chat(page, shop.url, desk)
        known = await desk.say("Hello", "operator", "Nina")
        await again(desk, replace(known, id="m0", seq=0), text="From long ago", edited_at=1)
        await desk.say("Still there?", "operator", "Nina")
        await expect(feed(page).locator(".bubble")).to_have_text(["Hello", "Still there?"])
        assert complaints == []

    async def test_keeps_an_answer_that_was_given(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        question = await desk.ask("Shall I help you choose?", "Yes", "No")
        await page.get_by_role("button", name="Yes").click()
        await desk.frame(wire.ChooseFrame)
        await again(desk, question, text="May I help you choose?", chosen="o1", edited_at=1)
        await expect(feed(page).locator(".mine .bubble")).to_have_text("Yes")
        await expect(feed(page).locator(".bubble").first).to_have_text("May I help you choose?")


class TestHowWeDid:
    """A closed dialog that asks."""

    async def test_it_shows_five_stars_in_one_row_and_a_press_answers(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        await desk.say("Goodbye", "operator", "Nina")
        await desk.send(wire.DialogState("closed"))
        question = await rate(desk)
        stars = feed(page).locator(".stars .option")
        await expect(stars).to_have_text(["1", "2", "3", "4", "5"])
        boxes = [await stars.nth(index).bounding_box() for index in range(5)]
        assert len({box["y"] for box in boxes if box}) == 1
        assert len({round(box["width"]) for box in boxes if box}) == 1
        star = "button => getComputedStyle(button, '::before').content.slice(1, 2)"
        await stars.nth(2).hover()
        assert [await stars.nth(index).evaluate(star) for index in range(5)] == ["★", "★", "★", "☆", "☆"]
        await feed(page).get_by_role("button", name="4").click()
        chosen = await desk.frame(wire.ChooseFrame)
        assert (chosen.message, chosen.option) == (question.id, "4")
        await expect(stars).to_have_count(0)
        await expect(feed(page).locator(".mine .bubble")).to_have_text("★★★★☆ 4")

    async def test_it_says_that_the_conversation_has_ended_until_somebody_writes(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        await desk.send(wire.DialogState("closed"))
        await rate(desk)
        ended = page.get_by_text("This conversation has ended.")
        await expect(ended).to_be_visible()
        await composer(page).fill("One more thing")
        await composer(page).press("Enter")
        await desk.frame(wire.WriteFrame)
        await expect(ended).to_have_count(0)
        await expect(feed(page).locator(".stars .option")).to_have_count(5)

    async def test_beside_the_launcher_it_can_be_answered_at_once(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await page.goto(shop.url)
        await desk.connected()
        await rate(desk)
        await page.locator(".teaser .stars").get_by_role("button", name="5").click()
        assert (await desk.frame(wire.ChooseFrame)).option == "5"
        await expect(window(page)).to_be_visible()
        await expect(feed(page).locator(".mine .bubble")).to_have_text("★★★★★ 5")

    async def test_answered_in_another_tab_it_shows_the_answer(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        question = await rate(desk)
        await expect(feed(page).locator(".stars .option")).to_have_count(5)
        await desk.send(wire.OptionTaken(question.id, "1"))
        await expect(feed(page).locator(".mine .bubble")).to_have_text("★☆☆☆☆ 1")

    async def test_a_scenarios_question_for_a_rating_is_answered_by_a_message(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        await desk.say("Did you like the dress?", input="rating")
        await feed(page).get_by_role("button", name="3").click()
        assert (await desk.frame(wire.WriteFrame)).text == "3"
        await expect(feed(page).locator(".stars")).to_have_count(0)


class TestNobodyIsThere:
    """Outside business hours, or while all are away."""

    async def test_who_has_written_is_told_that_he_need_not_wait(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        desk.online = False
        await open_chat(page, shop.url, desk)
        await expect(page.locator(".head p")).to_have_text("Write to us, we will answer here")
        note = page.get_by_text("you need not wait")
        await expect(note).to_have_count(0)
        await composer(page).fill("Is anybody there?")
        await composer(page).press("Enter")
        await expect(note).to_be_visible()
        await desk.say("Good morning!", "operator", "Nina")
        await expect(note).to_have_count(0)

    async def test_it_goes_when_somebody_comes(self, desk: Any, shop: Any, page: Page) -> None:
        desk.online = False
        await open_chat(page, shop.url, desk)
        await composer(page).fill("Is anybody there?")
        await composer(page).press("Enter")
        note = page.get_by_text("you need not wait")
        await expect(note).to_be_visible()
        await desk.send(wire.Presence(True))
        await expect(note).to_have_count(0)
        await expect(page.locator(".head p")).to_have_text("We are online")

    async def test_while_somebody_is_there_nothing_is_said(self, desk: Any, shop: Any, page: Page) -> None:
        await open_chat(page, shop.url, desk)
        await composer(page).fill("Is anybody there?")
        await composer(page).press("Enter")
        await expect(feed(page).get_by_text("Sent", exact=True)).to_have_count(1)
        await expect(page.get_by_text("you need not wait")).to_have_count(0)

    async def test_it_is_said_in_the_pages_language(self, desk: Any, shop: Any, page: Page) -> None:
        shop.language = "ru"
        desk.online = False
        await page.goto(shop.url)
        await desk.connected()
        await page.get_by_role("button", name="Открыть чат").click()
        await composer(page).fill("Есть кто?")
        await composer(page).press("Enter")
        await expect(page.get_by_text("ждать не нужно")).to_be_visible()


class TestFilesDropped:
    """Files come by the button, by pasting, and by dropping them on the window."""

    async def test_one_is_uploaded_and_one_over_2_mb_is_refused(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await open_chat(page, shop.url, desk)
        await window(page).evaluate(
            """(target, size) => {
                const data = new DataTransfer();
                data.items.add(new File(['a picture'], 'photo.png', { type: 'image/png' }));
                data.items.add(new File([new Uint8Array(size)], 'film.mp4', { type: 'video/mp4' }));
                target.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            }""",
            wire.MAX_FILE_BYTES + 1,
        )
        frame = await desk.frame(wire.WriteFrame)
        assert frame.files == ("f1",)
        assert [body for _, _, body in desk.uploads] == [b"a picture"]
        await expect(feed(page).get_by_text("Not sent: larger than 2 MB")).to_be_visible()
