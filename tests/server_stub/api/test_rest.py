"""The operators' REST API, as the console uses it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from server_stub.protocol import Ack, DialogPage, DialogSummary, EventPage, FeedPage, Me, Message, VisitorCard


async def ask(desk: Any, text: str = "Is it in stock?") -> Message:
    """A visitor writes; his message."""
    async with desk.widget(traits={"name": "Ann", "email": "ann@shop.example"}) as widget:
        id_ = await widget.say("write", text=text)
        message: Message = (await widget.until(Ack, id=id_)).message
        return message


async def send(desk: Any, method: str, path: str, body: Any, type_: Any = None) -> Any:
    answer = await desk.http.request(method, path, json=body, headers=desk.auth)
    assert answer.status_code < 300, answer.text
    return msgspec.json.decode(answer.content, type=type_) if type_ else None


class TestWhoAsks:
    async def test_me(self, desk: Any) -> None:
        me = msgspec.convert(await desk.get("/api/me"), Me)
        assert (me.name, me.role, me.site) == ("Owner", "owner", "My shop")

    async def test_an_operator_may_not_add_others(self, desk: Any) -> None:
        added = await desk.http.post("/api/operators", json={"name": "Ann"}, headers=desk.auth)
        token = {"Authorization": f"Bearer {added.json()['token']}"}
        assert (await desk.http.get("/api/me", headers=token)).json()["name"] == "Ann"
        refused = await desk.http.post("/api/operators", json={"name": "Bob"}, headers=token)
        assert (refused.status_code, refused.json()["error"]) == (403, "forbidden")
        twice = await desk.http.post("/api/operators", json={"name": "Ann"}, headers=desk.auth)
        assert (twice.status_code, twice.json()["error"]) == (409, "conflict")

    async def test_the_owner_cannot_be_removed(self, desk: Any) -> None:
        me = await desk.get("/api/me")
        answer = await desk.http.delete(f"/api/operators/{me['id']}", headers=desk.auth)
        assert answer.status_code == 403


class TestDialogs:
    async def test_the_list_filters_and_pages(self, desk: Any) -> None:
        asked = [await ask(desk, f"Question {number}") for number in range(5)]
        first = msgspec.convert(await desk.get("/api/dialogs", limit=3), DialogPage)
        rest = msgspec.convert(await desk.get("/api/dialogs", limit=3, cursor=first.cursor), DialogPage)
        assert [d.id for d in first.dialogs + rest.dialogs] == [m.dialog for m in reversed(asked)]
        assert (first.total, rest.cursor) == (5, "")
        await send(desk, "PATCH", f"/api/dialogs/{asked[0].dialog}", {"assignee": "me", "add_tags": ["vip"]})
        await send(desk, "PATCH", f"/api/dialogs/{asked[1].dialog}", {"status": "closed", "reason": "spam"})
        for filters, ids in (
            ({"assignee": "me"}, [0]),
            ({"assignee": "none", "status": "open"}, [4, 3, 2]),
            ({"tag": "vip"}, [0]),
            ({"status": "closed"}, [1]),
            ({"visitor": asked[2].visitor}, [2]),
        ):
            page = msgspec.convert(await desk.get("/api/dialogs", **filters), DialogPage)
            assert [d.id for d in page.dialogs] == [asked[i].dialog for i in ids], filters

    async def test_its_number_is_where_to_listen_from(self, desk: Any) -> None:
        await ask(desk)
        page = await desk.get("/api/dialogs")
        message = await ask(desk, "Another")
        assert message.seq in [entry.seq for entry in await desk.entries(page["seq"])]

    async def test_a_feed_pages_backwards(self, desk: Any) -> None:
        asked = await ask(desk)
        for number in range(5):
            body = {"client_id": f"c{number}", "text": str(number)}
            await send(desk, "POST", f"/api/dialogs/{asked.dialog}/messages", body, Message)
        newest = msgspec.convert(await desk.get(f"/api/dialogs/{asked.dialog}/feed", limit=3), FeedPage)
        assert newest.more
        assert [e.seq for e in newest.entries] == sorted(e.seq for e in newest.entries)
        older = msgspec.convert(
            await desk.get(f"/api/dialogs/{asked.dialog}/feed", before=newest.entries[0].seq, limit=100),
            FeedPage,
        )
        assert not older.more
        assert older.entries[-1].seq < newest.entries[0].seq
        everything = msgspec.convert(await desk.get(f"/api/visitors/{asked.visitor}/feed"), FeedPage)
        assert {e.seq for e in older.entries + newest.entries} <= {e.seq for e in everything.entries}

    async def test_a_message_sent_twice_is_one(self, desk: Any) -> None:
        asked = await ask(desk)
        body = {"client_id": "c1", "text": "Yes, it is."}
        path = f"/api/dialogs/{asked.dialog}/messages"
        first, again = [await send(desk, "POST", path, body, Message) for _ in range(2)]
        assert first == again
        found = await desk.get("/api/find", q="Yes, it is")
        assert [message["message"] for message in found["messages"]] == [first.id]

    async def test_closing_and_taking_up_again(self, desk: Any) -> None:
        asked = await ask(desk)
        path = f"/api/dialogs/{asked.dialog}"
        closed = await send(desk, "PATCH", path, {"status": "closed"}, DialogSummary)
        assert closed.status == "closed"
        opened = await send(desk, "PATCH", path, {"status": "open", "assignee": "me"}, DialogSummary)
        assert opened.status == "open"
        assert opened.assignee == (await desk.get("/api/me"))["id"]


class TestVisitors:
    async def test_the_card_is_edited(self, desk: Any) -> None:
        asked = await ask(desk)
        path = f"/api/visitors/{asked.visitor}"
        body = {"properties": {"name": "Anna", "phone": "+49 30 1", "size": 38}, "add_tags": ["vip"]}
        card = await send(desk, "PATCH", path, body, VisitorCard)
        assert (card.name, card.phone, card.tags) == ("Anna", "+49 30 1", ("vip",))
        body = {"properties": {"phone": None}, "remove_tags": ["vip"]}
        card = await send(desk, "PATCH", path, body, VisitorCard)
        assert (card.phone, card.tags) == ("", ())
        assert msgspec.convert(await desk.get(path), VisitorCard).properties["size"] == 38

    async def test_events_page_backwards(self, desk: Any) -> None:
        for number in range(7):
            await desk.call("track", {"anonymousId": "a", "event": f"E{number}"})
        [(entry, _)] = await desk.events("E0")
        path = f"/api/visitors/{entry.visitor}/events"
        newest = msgspec.convert(await desk.get(path, limit=4), EventPage)
        older = msgspec.convert(await desk.get(path, limit=4, before=newest.entries[-1].seq), EventPage)
        names = [e.what.name for e in newest.entries + older.entries]  # type: ignore[union-attr]
        assert names == [f"E{number}" for number in reversed(range(7))]
        assert (newest.more, older.more) == (True, False)

    async def test_starting_a_dialog_twice_is_one(self, desk: Any) -> None:
        await desk.call("track", {"anonymousId": "a", "event": "E"})
        [(entry, _)] = await desk.events("E")
        path = f"/api/visitors/{entry.visitor}/dialogs"
        first, again = [await send(desk, "POST", path, {"client_id": "c"}, DialogSummary) for _ in range(2)]
        assert first.id == again.id
        assert first.holder == "people"

    async def test_a_merged_visitor_leads_to_whom_he_has_become(self, desk: Any) -> None:
        await desk.call("track", {"anonymousId": "phone", "event": "E"})
        [(entry, _)] = await desk.events("E")
        await desk.call("identify", {"userId": "u1", "traits": {"name": "Ann"}})
        await desk.call("identify", {"anonymousId": "phone", "userId": "u1"})
        card = msgspec.convert(await desk.get(f"/api/visitors/{entry.visitor}"), VisitorCard)
        assert card.user_id == "u1"
        assert entry.visitor in (card.id, *card.merged)
        await desk.get(f"/api/visitors/{entry.visitor}/feed")


class TestTheHouse:
    async def test_scenarios_show_their_state(self, desk: Any) -> None:
        found = {one["slug"]: one for one in await desk.get("/api/scenarios")}
        assert found.keys() == {"greeting", "bonus"}
        assert found["greeting"]["status"] == "live"

    async def test_the_outbox_is_a_list(self, desk: Any) -> None:
        assert await desk.get("/api/outbox", limit=5) == []

    async def test_the_schema_describes_every_path(self, desk: Any) -> None:
        document = (await desk.http.get("/schema")).json()
        assert document["openapi"].startswith("3.1")
        paths = document["paths"]
        assert {"/api/me", "/api/dialogs", "/api/visitors/{visitor}", "/api/files"} <= paths.keys()
        operation = paths["/api/dialogs/{dialog}/messages"]["post"]
        assert operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith(
            "SendMessage"
        )
        text = json.dumps(document)
        for name in {ref.split('"')[0] for ref in text.split("#/components/schemas/")[1:]}:
            assert name in document["components"]["schemas"]
