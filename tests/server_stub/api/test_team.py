"""The team over real sockets: presets, roles, being away, and who looks at which dialog."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from server_stub.api.lookers import Looks
from server_stub.app import TOPICS
from server_stub.protocol import (
    Ack,
    CaughtUp,
    Erased,
    Lookers,
    Me,
    Operator,
    OperatorChanged,
    Presence,
    Preset,
    PresetChanged,
)

Token = Callable[..., Awaitable[str]]


@pytest.fixture
def token(desk: Any) -> Token:
    """`await token("Ann", "marketer")`: a new operator's token."""

    async def add(name: str, role: str = "operator") -> str:
        answer = await desk.http.post("/api/operators", json={"name": name, "role": role}, headers=desk.auth)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    return add


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def ask(desk: Any, method: str, path: str, token: str = "", body: Any = None) -> Any:
    """The answer's status and body."""
    answer = await desk.http.request(method, path, json=body, headers=bearer(token or desk.token))
    return answer.status_code, answer.json() if answer.content else None


def reply(text: str = "Hello!", **more: Any) -> dict[str, Any]:
    return {"kind": "reply", "name": "Hello", "text": text} | more


class TestPresets:
    async def test_written_listed_and_taken_away(self, desk: Any) -> None:
        status, written = await ask(desk, "PUT", "/api/presets/hello", body=reply())
        assert (status, msgspec.convert(written, Preset).text) == (200, "Hello!")
        assert await ask(desk, "GET", "/api/presets") == (200, [written])
        assert await ask(desk, "GET", "/api/presets?kind=macro") == (200, [])
        assert await ask(desk, "DELETE", "/api/presets/hello") == (204, None)
        assert await ask(desk, "GET", "/api/presets") == (200, [])

    async def test_ones_own_are_listed_for_nobody_else(self, desk: Any, token: Token) -> None:
        ann, bob = await token("Ann"), await token("Bob")
        await ask(desk, "PUT", "/api/presets/mine", ann, reply(is_shared=False))
        await ask(desk, "PUT", "/api/presets/all", ann, reply())
        assert [one["id"] for one in (await ask(desk, "GET", "/api/presets", ann))[1]] == ["all", "mine"]
        assert [one["id"] for one in (await ask(desk, "GET", "/api/presets", bob))[1]] == ["all"]

    async def test_what_is_refused_names_the_field(self, desk: Any) -> None:
        status, problem = await ask(desk, "PUT", "/api/presets/hello", body=reply("{{ visitor.name"))
        assert (status, problem["field"]) == (400, "text")
        status, problem = await ask(desk, "PUT", "/api/presets/hello", body=reply(kind="poem"))
        assert (status, problem["field"]) == (400, "kind")


class TestPresetsOnTheStream:
    async def test_another_ones_own_never_comes_and_no_number_is_missing(
        self, desk: Any, token: Token
    ) -> None:
        ann, bob = await token("Ann"), await token("Bob")
        async with desk.stream(token=ann) as hers, desk.stream(token=bob) as his:
            await hers.until(CaughtUp)
            await his.until(CaughtUp)
            await ask(desk, "PUT", "/api/presets/mine", ann, reply("Secret", is_shared=False))
            await ask(desk, "PUT", "/api/presets/all", ann, reply("Shared"))
            mine = await hers.until_entry(lambda entry: isinstance(entry.what, PresetChanged))
            assert mine.what.preset.text == "Secret"
            shared = await his.until_entry(lambda entry: isinstance(entry.what, PresetChanged))
            assert shared.what.preset.text == "Shared"
            seqs = [entry.seq for entry in his.entries]
            assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
            assert [entry.seq for entry in his.entries if isinstance(entry.what, Erased)] == [mine.seq]

    async def test_nor_in_the_backlog(self, desk: Any, token: Token) -> None:
        ann, bob = await token("Ann"), await token("Bob")
        await ask(desk, "PUT", "/api/presets/mine", ann, reply("Secret", is_shared=False))
        for who, kinds in ((ann, [PresetChanged]), (bob, [Erased])):
            async with desk.stream(0, token=who) as stream:
                await stream.until(CaughtUp)
                seqs = [entry.seq for entry in stream.entries]
                assert seqs == list(range(1, len(seqs) + 1))
                found = [type(e.what) for e in stream.entries if isinstance(e.what, PresetChanged | Erased)]
                assert found == kinds

    async def test_one_that_was_shared_is_taken_from_the_others(self, desk: Any, token: Token) -> None:
        ann, bob = await token("Ann"), await token("Bob")
        await ask(desk, "PUT", "/api/presets/hello", ann, reply("Shared"))
        async with desk.stream(token=bob) as his:
            await his.until(CaughtUp)
            await ask(desk, "PUT", "/api/presets/hello", ann, reply("Mine now", is_shared=False))
            gone = await his.until_entry(lambda entry: isinstance(entry.what, PresetChanged))
            assert (gone.what.removed, gone.what.preset.text) == (True, "Shared")
            await his.until_entry(lambda entry: isinstance(entry.what, Erased))


NEEDS = {
    ("PUT", "/api/scenarios/{slug}"): "marketer",
    ("PATCH", "/api/scenarios/{slug}"): "marketer",
    ("PUT", "/api/scenarios/{slug}/tests"): "marketer",
    ("PUT", "/api/segments/{slug}"): "marketer",
    ("POST", "/api/reach"): "marketer",
    ("POST", "/api/previews"): "marketer",
    ("PUT", "/api/previews/{preview}"): "marketer",
    ("PUT", "/api/look"): "marketer",
    ("POST", "/api/operators"): "admin",
    ("DELETE", "/api/operators/{gone}"): "admin",
    ("POST", "/api/visitors/{visitor}/merge"): "admin",
    ("GET", "/api/visitors/{visitor}/export"): "admin",
    ("DELETE", "/api/visitors/{visitor}"): "admin",
}
"""Every endpoint that is not for everybody with a token, and the least role that may ask it."""
RANKS = ("operator", "marketer", "admin")


class TestRoles:
    def test_each_endpoint_names_its_role(self) -> None:
        """One that is added for marketers or admins is to be written down here, too."""
        named = {
            (route.method, route.path): route.role
            for topic in TOPICS
            for route in topic.all
            if route.role != "operator"
        }
        assert named == NEEDS

    async def test_the_server_refuses_who_may_not(self, desk: Any, token: Token) -> None:
        """Whatever the console shows: each endpoint is asked with each role's token."""
        tokens = {role: await token(role.title(), role) for role in RANKS}
        for (method, path), least in NEEDS.items():
            place = path.format(slug="none", gone="none", visitor="none", preview="none")
            for role in RANKS:
                status, answer = await ask(desk, method, place, tokens[role], {})
                is_refused = RANKS.index(role) < RANKS.index(least)
                assert (status == 403) == is_refused, (method, path, role, answer)
                if is_refused:
                    assert answer["error"] == "forbidden"
                    assert role in answer["detail"]

    async def test_the_rest_is_for_everybody_with_a_token(self, desk: Any, token: Token) -> None:
        """No endpoint that reads answers an operator with 403, and none answers without a token."""
        ann = await token("Ann")
        reading = [route for topic in TOPICS for route in topic.all if route.method == "GET"]
        for route in reading:
            place = "/".join("none" if part.startswith("{") else part for part in route.path.split("/"))
            status, _ = await ask(desk, "GET", place, ann)
            assert (status == 403) == (("GET", route.path) in NEEDS), route.path
            assert (await desk.http.get(place)).status_code == 401

    async def test_a_refused_role_is_told_before_the_body_is_read(self, desk: Any, token: Token) -> None:
        ann = await token("Ann")
        answer = await desk.http.post("/api/operators", content=b"{", headers=bearer(ann))
        assert answer.status_code == 403

    async def test_a_marketer_is_one_in_the_list(self, desk: Any, token: Token) -> None:
        await token("Mia", "marketer")
        found = [msgspec.convert(one, Operator) for one in await desk.get("/api/operators")]
        assert [(one.name, one.role) for one in found] == [("Owner", "owner"), ("Mia", "marketer")]

    async def test_the_schema_tells_the_role(self, desk: Any) -> None:
        document = (await desk.http.get("/schema")).json()
        assert "admins" in document["paths"]["/api/operators"]["post"]["description"]


class TestAway:
    async def test_he_says_so_and_everybody_hears_it(self, desk: Any, token: Token) -> None:
        ann = await token("Ann")
        async with desk.stream() as stream, desk.stream(token=ann):
            await stream.until(CaughtUp)
            status, me = await ask(desk, "PATCH", "/api/me", ann, {"away": True})
            assert (status, msgspec.convert(me, Me).away) == (200, True)
            told = await stream.until_entry(
                lambda entry: isinstance(entry.what, OperatorChanged) and entry.what.away
            )
            assert (told.what.name, told.what.online) == ("Ann", True)
            assert (await ask(desk, "GET", "/api/me", ann))[1]["away"] is True
            found = {one["name"]: one.get("away", False) for one in await desk.get("/api/operators")}
            assert found == {"Owner": False, "Ann": True}
            await ask(desk, "PATCH", "/api/me", ann, {"away": False})
            await stream.until_entry(
                lambda entry: (
                    isinstance(entry.what, OperatorChanged) and entry.seq > told.seq and not entry.what.away
                )
            )

    async def test_visitors_find_nobody_while_all_are_away(self, desk: Any) -> None:
        async with desk.stream(), desk.widget() as widget:
            if not widget.welcome.online:
                await widget.until(Presence, online=True)
            await ask(desk, "PATCH", "/api/me", body={"away": True})
            await widget.until(Presence, online=False)
            await ask(desk, "PATCH", "/api/me", body={"away": False})
            await widget.until(Presence, online=True)

    async def test_it_lasts_until_he_takes_it_back(
        self, desk: Any, token: Token, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A connection that was cut does not make him available behind his back."""
        ann = await token("Ann")
        monkeypatch.setattr(desk.server.app.consoles, "_grace", 0.0)
        async with desk.stream() as stream:
            async with desk.stream(token=ann) as hers:
                await hers.until(CaughtUp)
                await ask(desk, "PATCH", "/api/me", ann, {"away": True})
            gone = await stream.until_entry(
                lambda entry: (
                    isinstance(entry.what, OperatorChanged) and entry.what.away and not entry.what.online
                )
            )
            async with desk.stream(token=ann):
                back = await stream.until_entry(
                    lambda entry: isinstance(entry.what, OperatorChanged) and entry.seq > gone.seq
                )
                assert (back.what.online, back.what.away) == (True, True)


class TestOperatorsDialogs:
    async def test_counts_the_open_ones(self, desk: Any) -> None:
        async with desk.widget() as widget:
            id_ = await widget.say("write", text="Hello")
            dialog = (await widget.until(Ack, id=id_)).message.dialog
        owner = (await desk.get("/api/me"))["id"]
        for body, count in (({"assignee": "me"}, 1), ({"status": "closed"}, 0)):
            await ask(desk, "PATCH", f"/api/dialogs/{dialog}", body=body)
            found = {one["id"]: one.get("dialogs", 0) for one in await desk.get("/api/operators")}
            assert found[owner] == count


class TestWhoLooks:
    async def look(self, stream: Any, dialog: str) -> None:
        await stream.socket.send(msgspec.json.encode({"type": "looking", "dialog": dialog}).decode())

    async def test_everybody_hears_who_shows_a_dialog(self, desk: Any, token: Token) -> None:
        ann = await token("Ann")
        ids = {one["name"]: one["id"] for one in await desk.get("/api/operators")}
        async with desk.stream() as owners, desk.stream(token=ann) as hers:
            await owners.until(CaughtUp)
            await hers.until(CaughtUp)
            await self.look(hers, "d1")
            for stream in (owners, hers):
                assert (await stream.until(Lookers)) == Lookers("d1", (ids["Ann"],))
            await self.look(owners, "d1")
            assert (await hers.until(Lookers)) == Lookers("d1", (ids["Ann"], ids["Owner"]))
            await self.look(hers, "d2")
            told = [await hers.until(Lookers), await hers.until(Lookers)]
            assert told == [Lookers("d1", (ids["Owner"],)), Lookers("d2", (ids["Ann"],))]
            await self.look(hers, "")
            assert (await hers.until(Lookers)) == Lookers("d2", ())

    async def test_who_connects_is_told_how_it_is(self, desk: Any) -> None:
        owner = (await desk.get("/api/me"))["id"]
        async with desk.stream() as first:
            await first.until(CaughtUp)
            await self.look(first, "d1")
            await first.until(Lookers)
            async with desk.stream() as second:
                assert (await second.until(Lookers)) == Lookers("d1", (owner,))

    async def test_it_ends_with_the_connection(self, desk: Any) -> None:
        async with desk.stream() as stays:
            await stays.until(CaughtUp)
            async with desk.stream() as goes:
                await goes.until(CaughtUp)
                await self.look(goes, "d1")
                assert (await stays.until(Lookers)).operators
            assert (await stays.until(Lookers)) == Lookers("d1", ())

    def test_two_consoles_of_one_operator_are_one_looker(self) -> None:
        told: list[Lookers] = []
        looks: Looks[str] = Looks(lambda console: console[0], told.append)
        looks.looks("a1", "d1")
        looks.looks("a2", "d1")
        looks.looks("a1", "")
        assert told == [Lookers("d1", ("a",))]
        looks.looks("b1", "d1")
        looks.looks("a2", "d2")
        assert told[1:] == [Lookers("d1", ("a", "b")), Lookers("d1", ("b",)), Lookers("d2", ("a",))]
        assert looks.all() == [Lookers("d1", ("b",)), Lookers("d2", ("a",))]

    async def test_nothing_of_it_is_kept(self, desk: Any) -> None:
        async with desk.stream() as stream:
            # That he is there now is kept: it comes first.
            await stream.until_entry(lambda e: getattr(e.what, "online", False))
            before = await desk.last_seq()
            await self.look(stream, "d1")
            await stream.until(Lookers)
            assert await desk.last_seq() == before

    async def test_an_endless_id_is_passed_on_to_nobody(self, desk: Any) -> None:
        async with desk.stream() as stream:
            await stream.until(CaughtUp)
            await self.look(stream, "d" * 10_000)
            await self.look(stream, "d1")
            assert (await stream.until(Lookers)).dialog == "d1"
