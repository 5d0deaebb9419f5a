"""Pictures of a launch, frozen. `pytest --snapshot-update` takes new ones; look at them first."""

from __future__ import annotations

import asyncio
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from operator_console.app import OperatorApp
from operator_console.designer.launch.conditions import ConditionsScreen
from operator_console.designer.launch.messages import MessagesScreen
from operator_console.designer.launch.sheet import LaunchSheet
from operator_console.designer.library.screen import LibraryScreen
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.translation import speak
from server_stub.protocol import (
    KnownNames,
    PastLive,
    PastRefusal,
    PastReport,
    Publication,
    ReachNow,
    ReachProgress,
    ReachRefusal,
    ReachReport,
)

DAY = 86_400_000
NOW = ReachNow(
    3_482, 1_204, refused=(ReachRefusal("audience", 35, "cart.items is not empty", 2_278),)
)  # fmt: skip


def past_report(now: int) -> PastReport:
    """What a month of a lively shop says."""
    return PastReport(
        scenario="abandoned_cart_series", version="v", since=now - 30 * DAY, until=now, timezone="UTC",
        visitors=3_482, visitors_in_all=3_482, complete=True, events=61_000, seconds=2.0, considered=912,
        considered_visitors=871, entered=634, runs=655, goals=87, goal="Order Completed",
        messages={"email": 1_021},
        days={f"2026-02-{day + 1:02}": 20 + day * 7 % 23 + day for day in range(28)},
        steps=(), endings={},
        refusals=(
            PastRefusal("audience", 35, "cart.items is not empty", 190, 171),
            PastRefusal("re-entry", 0, "the last run ended too short a time ago", 40, 33),
            PastRefusal("exit", 39, "cart.items is empty", 12, 9),
            PastRefusal("holdout", 0, "he is among the 10%", 5, 5),
        ),
        held=(), live=PastLive("", 0, 0, 0, {}, 0, 0, 0), sample=(), unknown=(),
    )  # fmt: skip


async def until(pilot, condition) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


@pytest.fixture
def shop(desk) -> Any:
    """The desk with what a launch asks of it. While `shop.counts` it has not come to an end."""
    desk.counts = False

    async def reach(text: str, days: int = 30):
        if desk.counts:
            yield ReachProgress("now", 3_482, 3_482, 1_204, now=NOW)
            yield ReachProgress("past", 1_990, 3_482, 366)
            await asyncio.Event().wait()
        yield ReachReport(NOW, past_report(desk.now))

    async def names() -> KnownNames:
        return KnownNames(coupon_pools=("bonus", "first-order-10"))

    async def publish(slug: str, request, kind: str = "scenario") -> Publication:
        return Publication(slug, published=False, base="b", version="v")

    async def segments():
        return ()

    desk.reach, desk.names, desk.publish, desk.segments = reach, names, publish, segments
    return desk


@pytest.fixture
def picture(shop, snap_compare, tmp_path: Path):
    """Takes a picture of the launch of that scenario: of its screen of that type, after some keys more."""

    def take(slug: str, wanted: type, *keys: str, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        app = OperatorApp(shop, keep_in=lambda me: tmp_path, now=shop.clock, zone=UTC, theme=theme)

        async def run_before(pilot) -> None:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, ScenariosScreen))
            scenarios = app.screen
            await until(pilot, lambda: scenarios.rows.rows and not scenarios.rows.unread())
            await pilot.press("n")
            await until(pilot, lambda: isinstance(app.screen, LibraryScreen) and app.screen._shown_slug)
            app.screen.listing.point_to(slug)
            await until(pilot, lambda: app.screen._shown_slug == slug)
            await pilot.press("l")
            await until(pilot, lambda: isinstance(app.screen, ConditionsScreen))
            conditions = app.screen
            known = conditions.launch.draft.reach
            await until(pilot, lambda: known.done if shop.counts else known.state == "done")
            await until(pilot, lambda: conditions.form._names)
            while not isinstance(app.screen, wanted):
                before = app.screen
                await pilot.press("enter")
                await until(pilot, lambda before=before: app.screen is not before)
                await pilot.pause()
            await pilot.press(*keys)
            await until(pilot, lambda: not [one for one in app.workers if one.group == "launch"])
            for field in app.screen.query(Input):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfALaunch:
    def test_conditions_dark(self, picture) -> None:
        assert picture("abandoned_cart_series", ConditionsScreen, size=(160, 45))

    def test_conditions_while_it_is_counted_light(self, picture, shop) -> None:
        shop.counts = True
        assert picture("abandoned_cart_series", ConditionsScreen, size=(140, 40), theme="desk-light")

    def test_conditions_with_what_cannot_stand_there(self, picture) -> None:
        keys = ("end", "ctrl+u", *"soon", "enter")
        assert picture("abandoned_cart_series", ConditionsScreen, *keys, size=(140, 40))

    def test_conditions_in_russian(self, picture) -> None:
        try:
            speak("ru")
            assert picture("abandoned_cart_series", ConditionsScreen, size=(140, 40), theme="desk-light")
        finally:
            speak("en")

    def test_conditions_in_a_small_terminal(self, picture) -> None:
        assert picture("abandoned_cart_series", ConditionsScreen, size=(80, 24))

    def test_messages_dark(self, picture) -> None:
        assert picture("blog_digest_popup", MessagesScreen, size=(160, 45))

    def test_one_message_in_both_languages_light(self, picture) -> None:
        assert picture("blog_digest_popup", MessagesScreen, "down", size=(140, 50), theme="desk-light")

    def test_a_message_in_a_small_terminal(self, picture) -> None:
        assert picture("blog_digest_popup", MessagesScreen, "down", size=(80, 24))

    def test_the_last_word_dark(self, picture) -> None:
        assert picture("holiday_broadcast", LaunchSheet, size=(140, 40))

    def test_the_last_word_in_a_small_terminal_light(self, picture) -> None:
        assert picture("blog_digest_popup", LaunchSheet, size=(80, 24), theme="desk-light")
