"""The widget's look, set at the console by keys, on a real server."""

from __future__ import annotations

import httpx
import pytest

from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.widget_look.colours import PRESETS, READABLE, contrast, ink_on
from operator_console.designer.widget_look.picture import Shown, frame_of, picture
from operator_console.designer.widget_look.screen import WidgetLookScreen
from server_stub.protocol import WriteLook


async def opened(it) -> None:
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    await it.press("K")
    await it.until(lambda: isinstance(it.app.screen, WidgetLookScreen))


class TestTheLookByKeys:
    async def test_what_is_typed_and_chosen_is_kept_at_the_desk(self, served) -> None:
        async with served.console() as it:
            await opened(it)
            await it.press("end", "ctrl+u")
            await it.type("Lamps")
            await it.press("tab", "tab", "right")
            await it.shows("Changed, and not kept yet")
            await it.press("ctrl+s")
            await it.shows("So it stands on the shop's pages")
            look = await served.owner.look()
            assert (look.title, look.colour) == ("Lamps", PRESETS[1][0])

    async def test_what_cannot_be_is_said_below_its_field_and_nothing_is_kept(self, served) -> None:
        async with served.console() as it:
            await opened(it)
            before = await served.owner.look()
            await it.press("tab", "end", "ctrl+u")
            await it.type("red")
            await it.press("ctrl+s")
            said = it.app.screen.query_one("#said-colour")
            await it.until(lambda: said.display)
            assert await served.owner.look() == before

    async def test_escape_asks_where_something_is_not_kept(self, served) -> None:
        async with served.console() as it:
            await opened(it)
            await it.type("x")
            await it.press("escape")
            await it.shows("The look is changed and not kept")
            await it.press("down", "enter")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
            assert "x" not in (await served.owner.look()).title

    async def test_keeping_it_on_the_way_out(self, served) -> None:
        async with served.console() as it:
            await opened(it)
            await it.type("Lamps")
            await it.press("escape")
            await it.shows("The look is changed and not kept")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
            assert (await served.owner.look()).title == "Lamps"

    async def test_what_a_colleague_has_set_meanwhile_is_not_written_over_unasked(self, served) -> None:
        async with served.console() as it:
            await opened(it)
            await served.owner.write_look(WriteLook(greeting="From Maria"))
            await it.type("Lamps")
            await it.press("ctrl+s")
            await it.shows("Somebody has set another look meanwhile.")
            assert (await served.owner.look()).greeting == "From Maria"
            await it.press("ctrl+s")
            await it.shows("So it stands on the shop's pages")
            look = await served.owner.look()
            assert (look.title, look.greeting) == ("Lamps", "")

    async def test_an_operator_only_reads_it(self, served) -> None:
        anna = await served.operator("Anna")
        async with served.console(anna) as it:
            await opened(it)
            await it.shows("To be read: it is changed by marketers and admins.")
            await it.press("x", "ctrl+s")
            assert not it.app.screen.is_changed
            await it.press("escape")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))

    async def test_the_page_in_the_browser_follows_what_is_typed(self, served, monkeypatch) -> None:
        opened_at: list[str] = []

        async def open_address(address: str) -> None:
            opened_at.append(address)

        monkeypatch.setattr("operator_console.designer.widget_look.browsing.open_address", open_address)
        async with served.console() as it, httpx.AsyncClient() as browser:
            await opened(it)
            await it.press("ctrl+o")
            await it.until(lambda: opened_at)
            assert (await browser.get(opened_at[0])).status_code == 200
            asked = it.app.screen._request().look
            await it.type("Z")
            await it.until(lambda: it.app.screen._request().look != asked)
            await it.app.screen._change_page()
            assert it.app.screen._page_id, "the page is still there"


class TestThePicture:
    @pytest.mark.parametrize("colour", [colour for colour, _name in PRESETS])
    def test_letters_can_be_read_on_every_colour_that_is_offered(self, colour) -> None:
        assert contrast(colour, ink_on(colour)) >= READABLE

    @pytest.mark.parametrize("size", [(96, 40), (38, 18)])
    def test_it_is_as_large_as_there_is_room_and_the_heading_has_the_colour(self, size) -> None:
        canvas = picture(Shown("Lamps", "#0f766e", False, False, "Hello!"), *size)
        assert (canvas.width, canvas.height) <= size
        colours = {part.style.bgcolor.name for y in range(canvas.height) for part in canvas.strip(y)}
        assert "#0f766e" in colours
        assert frame_of(*size, is_left=False).scale >= 720 / (2 * size[1])
