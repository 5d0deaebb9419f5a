"""Pictures of the screens about visitors, frozen. `pytest --snapshot-update` takes new ones; look at them first."""

from __future__ import annotations

import io
from datetime import UTC
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw
from textual.widgets import Input, TextArea

from operator_console.app import OperatorApp
from operator_console.person import thumbnails
from operator_console.preferences import Preferences
from server_stub.protocol import (
    Author,
    CartItem,
    EventPage,
    MergedField,
    OpenProfile,
    PageNow,
    ProfileLink,
    SegmentStatus,
    VisitorBrief,
    VisitorMergePlan,
    VisitorNote,
    VisitorPage,
)

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


def product(lamp: str) -> bytes:
    """A picture of a lamp in that colour."""
    picture = Image.new("RGB", (200, 150), "#f4efe4")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(60, 70), (140, 70), (118, 20), (82, 20)], fill=lamp)
    draw.rectangle((96, 70, 104, 128), fill="#7a5a3a")
    draw.ellipse((68, 120, 132, 142), fill="#7a5a3a")
    held = io.BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()


def enrich(desk) -> None:
    """Let Anna be somebody who was here often, and of whom much is known."""
    now = desk.now
    desk.now = now - 2 * DAY
    utm = {"source": "google", "medium": "cpc", "campaign": "autumn"}
    desk.happen("v_anna", "Session Started", channel="paid", utm=utm)
    desk.happen("v_anna", "Page Viewed", title="Sale", path="/sale")
    desk.happen("v_anna", "Page Scrolled", path="/sale", depth=75)
    desk.advance(4 * MINUTE)
    goods = [
        {"name": "Lamp “Fjord”, birch", "price": 79.0, "quantity": 1},
        {"name": "Bulb E27, warm", "price": 5.0, "quantity": 3},
    ]
    desk.happen("v_anna", "Order Completed", order_id="10351", total=94.0, currency="EUR", products=goods)
    desk.now = now - 5 * MINUTE
    desk.happen("v_anna", "Session Started", channel="social", referrer="https://www.instagram.com/")
    desk.happen("v_anna", "Product Viewed", name="Lamp “Fjord”, oak", price=89.0, currency="EUR")
    desk.advance(3 * MINUTE)
    desk.happen("v_anna", "Cart Viewed", total=118.5, currency="EUR")
    desk.now = now
    card = desk.cards["v_anna"]
    tom = Author("operator", "o_tom", "Tom Brandt")
    items = [
        CartItem(
            "p1", "Lamp “Fjord”, oak", 89.0, 1, "https://lamp.example/p/1", "https://lamp.example/1.png"
        ),
        CartItem(
            "p2", "Linen shade, sand", 19.5, 1, "https://lamp.example/p/2", "https://lamp.example/2.png"
        ),
        CartItem("p3", "Bulb E27, warm", 5.0, 2),
    ]
    desk.cards["v_anna"] = replace(
        card,
        notes=(
            VisitorNote("n2", now - DAY, tom, "Her daughter orders from the same address."),
            VisitorNote("n1", now - 40 * DAY, tom, "Prefers to be called after six.\nAsks for invoices."),
        ),
        devices=("desktop · Firefox, Linux", "mobile · Safari, iOS"),
        place="Tartu, Estonia",
        cart=replace(card.cart, items=tuple(items)),
        profiles=(
            OpenProfile(
                "gravatar",
                now,
                "https://gravatar.com/annap",
                "Anna P.",
                "https://gravatar.com/annap.png",
                "Architect, three cats.",
                "Tartu",
                (ProfileLink("Mastodon", "https://social.example/@anna"),),
            ),
        ),
    )
    desk.visitors = visitors_of(desk)
    desk.events = in_order(desk.events)
    desk.merge_visitors = merging
    desk.segments = segments


def in_order(events):
    """The desk's events by their moments: the older visits were told of last."""

    async def ordered(visitor_id: str, before: int = 0, limit: int = 100) -> EventPage:
        entries = sorted((await events(visitor_id)).entries, key=lambda entry: entry.at, reverse=True)
        count = len(entries)
        return EventPage(tuple(replace(entry, seq=count - number) for number, entry in enumerate(entries)))

    return ordered


async def segments() -> tuple[SegmentStatus, ...]:
    return (SegmentStatus("Returning", "Returning visitors", "v1", "returning.yaml", 2),)


def visitors_of(desk):
    """Who is at the desk's shop, as the server lists them."""
    now = desk.now
    known = (
        VisitorBrief(
            "v_anna", now, "Anna Petrova", "anna.petrova@mail.example", online=True, since=now - 5 * MINUTE,
            page=PageNow(title="Lamp “Fjord”, oak, linen shade"), visits=7, cart_items=4, cart_total=118.5,
            currency="EUR", orders=2, revenue=214.0, channel="search", device="desktop · Firefox, Linux", dialog="d",
        ),
        VisitorBrief(
            "v_sofia", now - MINUTE, "Sofia", online=True, since=now - 3 * MINUTE, page=PageNow(title="Gifts"),
            visits=1, channel="social", device="mobile · Safari, iOS", dialog="d2",
        ),
        VisitorBrief(
            "v_8c17f0", now - 2 * MINUTE, online=True, since=now - 70 * MINUTE, page=PageNow("/lamps"),
            visits=2, cart_items=1, cart_total=240.0, currency="EUR", channel="direct", device="Chrome, macOS",
        ),
        VisitorBrief(
            "v_rosa", now - 5 * MINUTE, "Café Rosa, purchasing", "buy@rosa.example", online=True,
            since=now - 6 * MINUTE, page=PageNow(title="Wholesale"), visits=31, orders=9, revenue=4_310.0,
            currency="EUR", channel="email", device="desktop · Edge, Windows",
        ),
    )  # fmt: skip

    async def visitors(**asked) -> VisitorPage:
        return VisitorPage(desk.seq if hasattr(desk, "seq") else 1, known, "", len(known))

    return visitors


async def merging(visitor_id, merge) -> VisitorMergePlan:
    """The server's rehearsal."""
    fields = (
        MergedField("name", "Anna Petrova", "Sofia", "Anna Petrova"),
        MergedField("email", "anna.petrova@mail.example", None, "anna.petrova@mail.example"),
        MergedField("city", "Tartu", "Tallinn", "Tartu"),
        MergedField("tags", ["regular"], ["vip"], ["regular", "vip"]),
        MergedField("visits", 7, 1, 8),
    )
    return VisitorMergePlan(visitor_id, merge.gone, not merge.rehearse, fields, 1, "d2")


async def until(pilot, condition) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


@pytest.fixture
def picture(desks, snap_compare, tmp_path: Path, monkeypatch):
    """Takes a picture after `act(pilot, inbox)`, with Anna's dialog open."""

    async def fetched(url: str, own_host: str) -> bytes:
        return product("#b5533c" if url.endswith("1.png") else "#c9b27c")

    monkeypatch.setattr(thumbnails, "fetch_picture", fetched)

    def take(act, *, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        desk = desks.lively()
        enrich(desk)
        app = OperatorApp(
            desk,
            keep_in=lambda me: tmp_path,
            now=desk.clock,
            zone=UTC,
            theme=theme,
            preferences=Preferences(pictures=True),
        )

        async def run_before(pilot) -> None:
            inbox = app.inbox
            await until(pilot, lambda: inbox.feed is not None and len(inbox.mirror.rows) == 10)
            rows = inbox.mirror.rows.values()
            dialog = next(row.id for row in rows if row.visitor == "v_anna" and row.status == "open")
            inbox.dialogs.point_to(dialog)
            await until(pilot, lambda: inbox.shown_card is not None and inbox.shown_card.id == "v_anna")
            await act(pilot, inbox)
            for field in (*app.screen.query(TextArea), *app.screen.query(Input)):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


async def show_full_card(pilot, _inbox) -> None:
    await pilot.press("V")
    screen = pilot.app.screen
    await until(pilot, lambda: screen.shown_card is not None and screen._has_story)
    urls = ("https://lamp.example/1.png", "https://lamp.example/2.png", "https://gravatar.com/annap.png")
    await until(pilot, lambda: all(screen._thumbnails.of(url) for url in urls))


async def show_visitors(pilot, _inbox) -> None:
    await pilot.press("L")
    screen = pilot.app.screen
    await until(pilot, lambda: screen.listing.count == 4 and screen.card.card is not None)
    await until(pilot, lambda: screen.card.entries)


class TestPicturesOfTheFullCard:
    def test_dark(self, picture) -> None:
        assert picture(show_full_card, size=(160, 45))

    def test_light(self, picture) -> None:
        assert picture(show_full_card, size=(120, 36), theme="desk-light")

    def test_what_he_buys_in_a_small_terminal(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await show_full_card(pilot, inbox)
            await pilot.press("tab")

        assert picture(act, size=(80, 24))

    def test_what_he_did_in_a_small_light_terminal(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await show_full_card(pilot, inbox)
            await pilot.press("shift+tab")

        assert picture(act, size=(80, 24), theme="desk-light")

    def test_the_table_of_a_merge(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await show_full_card(pilot, inbox)
            await pilot.press("J")
            await until(pilot, lambda: getattr(pilot.app.screen, "_found", None))
            await pilot.press("enter")
            await until(pilot, lambda: getattr(pilot.app.screen, "_plan", None))

        assert picture(act, size=(120, 36))

    def test_the_word_before_he_is_erased(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await show_full_card(pilot, inbox)
            await pilot.press("D")

        assert picture(act, size=(120, 36), theme="desk-light")

    def test_notes_on_him(self, picture) -> None:
        async def act(pilot, inbox) -> None:
            await show_full_card(pilot, inbox)
            await pilot.press("N", *"Likes", "space", *"oak")

        assert picture(act, size=(100, 30))


class TestPicturesOfTheVisitors:
    def test_dark(self, picture) -> None:
        assert picture(show_visitors, size=(160, 45))

    def test_light(self, picture) -> None:
        assert picture(show_visitors, size=(120, 36), theme="desk-light")

    def test_a_small_terminal(self, picture) -> None:
        async def act(pilot, _inbox) -> None:
            await pilot.press("L")
            await until(pilot, lambda: pilot.app.screen.listing.count == 4)

        assert picture(act, size=(80, 24))
