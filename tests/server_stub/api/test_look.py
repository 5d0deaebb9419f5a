"""How the widget looks is set at the desk: it stands in the settings file, and the next page has it."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from operator_console.client import DeskClient, Refused
from server_stub.look_file import with_look
from server_stub.protocol import WidgetLook, WriteLook
from server_stub.settings_file import commented_settings
from server_stub.work import Rejected

GREEN = {"title": "Ask us", "colour": "#2b8a3e", "theme": "dark", "side": "left", "greeting": "Hello!"}

BY_HAND = """\
# Our desk. Ask Maria before you change the hours!
[site]
name   = 'Lamps'      # as on the door

[look]  # spring
colour = "#AA0000" # the brand's red
  title = ""

[coupons]
first = "A#1"
"""


class Looks:
    """The look of one server's widget, as its door has it, and the file in which it stands."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.file: Path = desk.data / "settings.toml"

    async def get(self) -> dict[str, Any]:
        """What is not told is the default."""
        return {**BLUE, **await self.desk.get("/api/look")}

    async def put(self, auth: dict[str, str] | None = None, **look: Any) -> httpx.Response:
        return await self.desk.http.put("/api/look", json=look, headers=auth or self.desk.auth)


BLUE = {"title": "", "colour": "#3b5bdb", "theme": "auto", "side": "right", "greeting": ""}


@pytest.fixture
def looks(desk: Any) -> Looks:
    return Looks(desk)


@pytest.fixture
def token(desk: Any) -> Callable[[str], Awaitable[dict[str, str]]]:
    """`await token("operator")`: the header of a new one."""

    async def added(role: str) -> dict[str, str]:
        body = {"name": "Ann", "role": role}
        answer = await desk.http.post("/api/operators", json=body, headers=desk.auth)
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    return added


class TestSettingIt:
    async def test_the_first_one_is_that_of_the_settings(self, looks: Looks) -> None:
        assert await looks.get() == BLUE

    async def test_it_is_answered_and_read_again(self, looks: Looks) -> None:
        answer = await looks.put(**GREEN)
        assert (answer.status_code, answer.json()) == (200, GREEN)
        assert await looks.get() == GREEN

    async def test_pages_that_connect_from_now_on_get_it(self, desk: Any, looks: Looks) -> None:
        async with desk.widget() as before:
            assert before.welcome.look == WidgetLook(title="My shop")
        await looks.put(**GREEN)
        async with desk.widget() as after:
            assert after.welcome.look == WidgetLook(**GREEN)

    async def test_without_a_title_pages_get_the_shops_name(self, desk: Any, looks: Looks) -> None:
        await looks.put(**{**GREEN, "title": "  "})
        assert (await looks.get())["title"] == ""
        async with desk.widget() as page:
            assert page.welcome.look.title == "My shop"

    async def test_it_outlives_the_server(self, data: Path, start_desk: Callable[..., Any]) -> None:
        async with start_desk(data) as first:
            await Looks(first).put(**GREEN)
        async with start_desk(data) as second:
            assert await Looks(second).get() == GREEN

    async def test_letters_take_its_colour(self, desk: Any, looks: Looks) -> None:
        body = {
            "text": "scenario: s\ntitle: S\ntrigger: [{event: E}]\nsteps:\n"
            '  - id: mail\n    email: {subject: Hi, body: "Our [shop](https://shop.example)"}\n',
            "step": "mail",
        }
        for colour in ("#2b8a3e", "#123456"):
            await looks.put(colour=colour)
            made = await desk.http.post("/api/previews", json=body, headers=desk.auth)
            letter = await desk.http.get(made.json()["url"] + "letter")
            assert f"color:{colour}" in letter.text

    async def test_the_console_sets_it(self, desk: Any) -> None:
        client = DeskClient(desk.url, desk.token)
        try:
            wanted = WriteLook("Ask us", "#2b8a3e", base=await client.look())
            assert await client.write_look(wanted) == WidgetLook("Ask us", "#2b8a3e")
            assert await client.look() == WidgetLook("Ask us", "#2b8a3e")
            with pytest.raises(Refused) as refused:
                await client.write_look(WriteLook(colour="green"))
            assert (refused.value.status, refused.value.problem.field) == (422, "colour")
        finally:
            await client.close()


class TestWhoMay:
    @pytest.mark.parametrize(("role", "status"), [("operator", 403), ("marketer", 200), ("admin", 200)])
    async def test_marketers_and_up(
        self, looks: Looks, token: Callable[[str], Awaitable[dict[str, str]]], role: str, status: int
    ) -> None:
        assert (await looks.put(await token(role), **GREEN)).status_code == status

    async def test_operators_read_it(
        self, desk: Any, token: Callable[[str], Awaitable[dict[str, str]]]
    ) -> None:
        answer = await desk.http.get("/api/look", headers=await token("operator"))
        assert answer.status_code == 200


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("colour", "blue"),
            ("colour", "#3b5bd"),
            ("colour", "#3b5bdb;} * {display:none"),
            ("title", "x" * 101),
            ("greeting", "x" * 101),
            ("greeting", "Hello\nthere"),
            ("title", "a\x1b[31m"),
            ("theme", "black"),
            ("side", "top"),
        ],
    )
    async def test_it_names_the_field_and_what_to_do(self, looks: Looks, field: str, value: str) -> None:
        before = looks.file.read_bytes()
        answer = await looks.put(**{**GREEN, field: value})
        assert answer.status_code == 422
        assert answer.json()["field"] == field
        assert answer.json()["hint"]
        assert looks.file.read_bytes() == before
        assert await looks.get() == BLUE

    async def test_texts_of_a_hundred_characters_are_taken(self, looks: Looks) -> None:
        assert (await looks.put(title="ж" * 100, greeting='"\\' * 50)).status_code == 200
        assert tomllib.loads(looks.file.read_text())["look"]["greeting"] == '"\\' * 50


class TestTheFile:
    async def test_keeps_its_rights_and_is_replaced_in_one_step(self, looks: Looks) -> None:
        looks.file.chmod(0o640)
        await looks.put(**GREEN)
        assert looks.file.stat().st_mode & 0o7777 == 0o640
        assert not list(looks.file.parent.glob(".settings.toml.*"))

    async def test_a_link_stays_one(self, looks: Looks, tmp_path: Path) -> None:
        real = looks.file.rename(tmp_path / "kept.toml")
        looks.file.symlink_to(real)
        assert (await looks.put(**GREEN)).status_code == 200
        assert looks.file.is_symlink()
        assert tomllib.loads(real.read_text())["look"] == GREEN

    async def test_one_that_cannot_be_read_is_left_alone(self, looks: Looks) -> None:
        broken = '[site]\nname = "My shop"\n[look\n'
        looks.file.write_text(broken)
        answer = await looks.put(**GREEN)
        assert answer.status_code == 422
        assert "settings.toml, line 3" in answer.json()["detail"]
        assert looks.file.read_text() == broken
        assert await looks.get() == BLUE

    @pytest.mark.parametrize("content", [b"[look]\ntitle = '\xff'\n", None])
    async def test_neither_other_bytes_nor_none_at_all(self, looks: Looks, content: bytes | None) -> None:
        if content is None:
            looks.file.unlink()
        else:
            looks.file.write_bytes(content)
        answer = await looks.put(**GREEN)
        assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
        assert (looks.file.read_bytes() if looks.file.exists() else None) == content

    async def test_a_look_changed_by_hand_is_not_written_over(self, desk: Any, looks: Looks) -> None:
        looks.file.write_text('[look]\ncolour = "#aa0000"\n')
        answer = await looks.put(**GREEN, base=BLUE)
        assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
        assert looks.file.read_text() == '[look]\ncolour = "#aa0000"\n'
        red = await looks.get()
        assert red["colour"] == "#aa0000"  # which is in force now: who has seen it can set another
        async with desk.widget() as page:
            assert page.welcome.look.colour == "#aa0000"
        assert (await looks.put(**GREEN, base=red)).status_code == 200

    async def test_other_settings_changed_by_hand_stay(self, looks: Looks) -> None:
        text = looks.file.read_text().replace("# show_typing = false", "show_typing = true")
        looks.file.write_text(text)
        assert (await looks.put(**GREEN)).status_code == 200
        assert tomllib.loads(looks.file.read_text()) == {
            "site": {},
            "look": GREEN,
            "chat": {"show_typing": True},
            "messages": {},
            "team": {},
            "enrichment": {},
            "limits": {},
        }


class TestTwoAtATime:
    async def test_the_second_has_not_seen_the_firsts(self, looks: Looks) -> None:
        assert (await looks.put(**GREEN, base=BLUE)).status_code == 200
        answer = await looks.put(colour="#aa0000", base=BLUE)
        assert (answer.status_code, answer.json()["field"]) == (409, "base")
        assert await looks.get() == GREEN

    async def test_the_same_once_more_is_no_conflict(self, looks: Looks) -> None:
        assert (await looks.put(**GREEN, base=BLUE)).status_code == 200
        assert (await looks.put(**GREEN, base=BLUE)).status_code == 200

    async def test_at_once_one_of_them_wins(self, looks: Looks) -> None:
        colours = [f"#00000{digit}" for digit in range(8)]
        answers = await asyncio.gather(*(looks.put(colour=colour, base=BLUE) for colour in colours))
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
        [won] = [answer.json()["colour"] for answer in answers if answer.status_code == 200]
        assert tomllib.loads(looks.file.read_text())["look"]["colour"] == won


class TestTheText:
    def test_of_the_first_start_gets_each_setting_below_its_own_words(self) -> None:
        before, after = commented_settings(), with_look(commented_settings(), WidgetLook(**GREEN))
        added = [f'{name} = "{value}"\n' for name, value in GREEN.items()]
        lines = after.splitlines(keepends=True)
        for line in added:
            assert lines[lines.index(line) - 1].startswith(f"# {line.split()[0]} = ")
        assert [line for line in lines if line not in added] == before.splitlines(keepends=True)

    def test_by_hand_stays_as_it_is_but_for_the_values(self) -> None:
        assert with_look(BY_HAND, WidgetLook(title="Ask us", colour="#2b8a3e", side="left")) == (
            BY_HAND.replace('"#AA0000"', '"#2b8a3e"')
            .replace('title = ""', 'title = "Ask us"')
            .replace("# spring\n", '# spring\nside = "left"\n')
        )

    def test_with_the_line_ends_of_windows_keeps_them(self) -> None:
        text = BY_HAND.replace("\n", "\r\n")
        after = with_look(text, WidgetLook(colour="#2b8a3e", side="left"))
        assert after.count("\r\n") == after.count("\n") == text.count("\n") + 1

    @pytest.mark.parametrize(
        "text",
        [
            "",
            'look = { colour = "#aa0000" }\n',
            'look.colour = "#aa0000"',
            '[site]\nname = "Lamps"',
            "[look]",
            '[[sections]]\npath = "/blog"\n',
        ],
    )
    def test_in_any_other_way_takes_it_too(self, text: str) -> None:
        after = tomllib.loads(with_look(text, WidgetLook(**GREEN)))
        assert after == {**tomllib.loads(text), "look": GREEN}

    @pytest.mark.parametrize("end", ["", "[look]\n"])
    def test_that_would_change_elsewhere_is_refused(self, end: str) -> None:
        text = f'coupons = {{ a = """\n[look]\n""" }}\n{end}'
        with pytest.raises(Rejected) as refused:
            with_look(text, WidgetLook(**GREEN))
        assert "by hand" in refused.value.hint

    def test_goes_back_to_the_defaults(self) -> None:
        after = with_look(with_look(BY_HAND, WidgetLook(**GREEN)), WidgetLook())
        assert tomllib.loads(after)["look"] == {name: BLUE[name] for name in tomllib.loads(after)["look"]}
