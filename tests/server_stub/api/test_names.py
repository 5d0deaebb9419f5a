"""Whoever writes a scenario is offered the names that there are: of events, properties, tags, pages, files."""

from __future__ import annotations

from typing import Any

import msgspec

from server_stub.protocol import KnownNames

USES = """\
scenario: uses
title: Uses
status: draft
trigger:
  - event: Price Dropped
audience:
  - did "Product Shared" >= 2 times
  - visitor.loyalty_level = "gold"
steps:
  - tag: bargain-hunter
  - subscribe: price-alerts
  - set: {visitor.favourite: lamps}
  - handoff: {team: wholesale}
"""


async def names(desk: Any) -> KnownNames:
    return msgspec.convert(await desk.get("/api/names"), KnownNames)


async def happens(desk: Any, event: str, user: str = "u1", **properties: Any) -> None:
    body = {"userId": user, "event": event, "properties": properties}
    assert (await desk.call("track", body)).status_code == 200


class TestWhatWasSeen:
    async def test_events_come_with_how_often_when_and_their_properties(self, desk: Any) -> None:
        for price in (10, 20):
            await happens(desk, "Lamp Dimmed", level=price, room="hall")
        await happens(desk, "lamp_dimmed", level=30)
        [lamp] = [one for one in (await names(desk)).events if one.name == "lamp_dimmed"]
        assert (lamp.times, lamp.properties) == (3, ("level", "room"))
        assert lamp.last_at > 0

    async def test_what_came_since_is_added_to_what_was_read(self, desk: Any) -> None:
        await happens(desk, "Lamp Dimmed")
        assert [one.times for one in (await names(desk)).events if one.name == "Lamp Dimmed"] == [1]
        await happens(desk, "Lamp Dimmed")
        await happens(desk, "Lamp Broken")
        seen = {one.name: one.times for one in (await names(desk)).events}
        assert (seen["Lamp Dimmed"], seen["Lamp Broken"]) == (2, 1)

    async def test_properties_and_tags_of_visitors(self, desk: Any) -> None:
        traits = {"userId": "u1", "traits": {"email": "ann@shop.example", "loyalty": "gold"}}
        assert (await desk.call("identify", traits)).status_code == 200
        visitor = (await desk.get("/api/visitors", q="ann@"))["visitors"][0]["id"]
        body = {"add_tags": ["vip"]}
        await desk.http.patch(f"/api/visitors/{visitor}", json=body, headers=desk.auth)
        found = await names(desk)
        assert {"email", "loyalty"} <= {one.name for one in found.properties}
        assert [(one.name, one.times) for one in found.tags] == [("vip", 1)]

    async def test_pages_without_their_queries_and_sections(self, desk: Any) -> None:
        for number in range(2):
            await happens(desk, "Page Viewed", path=f"/catalog/lamps?token=secret{number}")
        found = await names(desk)
        assert [(one.name, one.times) for one in found.paths] == [("/catalog/lamps", 2)]
        assert {"lamps", "blog"} <= {one.name for one in found.sections}

    async def test_what_somebody_named_who_is_erased_is_forgotten(self, desk: Any) -> None:
        await happens(desk, "Page Viewed", path="/orders/of-ann")
        await happens(desk, "Page Viewed", "u2", path="/lamps")
        assert {one.name for one in (await names(desk)).paths} == {"/orders/of-ann", "/lamps"}
        visitor = (await desk.get("/api/visitors", q="u1"))["visitors"][0]["id"]
        assert (await desk.http.delete(f"/api/visitors/{visitor}", headers=desk.auth)).status_code == 200
        assert {one.name for one in (await names(desk)).paths} == {"/lamps"}

    async def test_foreign_names_are_told_raw(self, desk: Any) -> None:
        await happens(desk, "Lamp \x1b[31mRed\u202e", **{"\x1b]0;title\x07": 1})
        [event] = [one for one in (await names(desk)).events if one.name.startswith("Lamp")]
        assert (event.name, event.properties) == ("Lamp \x1b[31mRed\u202e", ("\x1b]0;title\x07",))


class TestWhatIsUsed:
    async def test_names_of_scenarios_count_though_nobody_has_done_them(self, desk: Any) -> None:
        body = {"text": USES}
        assert (await desk.http.put("/api/scenarios/uses", json=body, headers=desk.auth)).status_code == 200
        found = await names(desk)
        assert {"Price Dropped", "Product Shared"} <= {one.name for one in found.events if not one.times}
        assert {"loyalty_level", "favourite"} <= {one.name for one in found.properties}
        assert [one.name for one in found.tags] == ["bargain-hunter"]
        assert [one.name for one in found.lists] == ["price-alerts"]
        assert [one.name for one in found.teams] == ["wholesale"]

    async def test_segments_with_their_titles_and_what_they_ask_for(self, desk: Any) -> None:
        text = "segment: vips\ntitle: The good ones\nconditions:\n  - tagged vip\n"
        await desk.http.put("/api/segments/vips", json={"text": text}, headers=desk.auth)
        found = await names(desk)
        assert found.segments == {"vips": "The good ones"}
        assert [one.name for one in found.tags] == ["vip"]

    async def test_promo_codes_files_and_letters(self, desk: Any) -> None:
        folder = desk.data / "scenarios"
        (folder / "files" / "guides").mkdir(parents=True)
        (folder / "files" / "guides" / "lamps.pdf").write_bytes(b"%PDF")
        (folder / "files" / ".hidden").write_bytes(b"")
        (folder / "templates").mkdir()
        for name in ("cart-reminder.md", "cart-reminder.ru.md", "thanks.ru.md"):
            (folder / "templates" / name).write_text("Hello")
        found = await names(desk)
        assert found.files == ("guides/lamps.pdf",)
        assert found.templates == ("cart-reminder", "thanks")
        assert "cart-5" in found.coupon_pools
