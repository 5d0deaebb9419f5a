"""The team is part of the past: a replay knows who was there, who was away, who was given a dialog, and holidays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from server_stub.settings import Settings, SiteSettings, TeamSettings
from server_stub.work import OperatorIsAway

HANDS_OVER = """scenario: desk
title: Desk
status: live
trigger: [{event: Help Wanted}]
reentry: {while_running: parallel}
steps:
  - say: One moment.
  - wait: 5m
  - handoff: {note: wants help}
    no_operator:
      - tag: called-in-vain
"""
WHEN_TAKEN = """scenario: taken
title: Taken
status: live
trigger: [{event: Dialog Assigned}]
reentry: {times: always, while_running: parallel}
steps: [{wait: 1m}, {tag: taken}]
"""
OPENING = """scenario: opening
title: Opening
status: live
trigger: [{event: Product Added}]
steps: [{wait: {business_hours: next}}, {tag: opened}]
"""
MINUTE, DAY = 60_000, 86_400_000


async def away(shop: Any, operator: str, *, is_away: bool) -> None:
    await shop.desk.submit(OperatorIsAway(operator=operator, away=is_away, at=shop.now))


class TestReplayOfATeam:
    async def test_who_was_there_and_who_was_given_the_dialog(self, make_shop: Any, tmp_path: Path) -> None:
        settings = Settings(team=TeamSettings(assignment="round_robin"))
        shop = await make_shop(tmp_path / "desk.sqlite", settings).open()
        try:
            await shop.hire()
            await shop.publish(HANDS_OVER, WHEN_TAKEN)
            await shop.come()
            await away(shop, "o1", is_away=True)
            await shop.track("Help Wanted")
            await shop.wait(6 * MINUTE)
            shop.now += 1_000
            await shop.change(status="closed")
            await away(shop, "o1", is_away=False)
            await shop.track("Help Wanted")
            await shop.wait(6 * MINUTE)
            await shop.wait(6 * MINUTE)
            dialog = shop.dialog()
            assert shop.store.dialogs([dialog])[dialog].assignee == "o1"
            lived = shop.lived()
            assert "no operator online" in [result for line in lived for result in line]
            assert shop.replayed() == lived
        finally:
            await shop.close()

    async def test_holidays(self, make_shop: Any, tmp_path: Path) -> None:
        """On Monday evening, with Tuesday as a holiday."""
        settings = Settings(site=SiteSettings(holidays=("2026-03-03",)))
        shop = await make_shop(tmp_path / "desk.sqlite", settings).open()
        try:
            await shop.publish(OPENING)
            shop.now += DAY // 3
            await shop.track("Product Added")
            await shop.wait(DAY)
            assert "opened" not in shop.desk.card(shop.desk.visitor_of("a1")).tags
            await shop.wait(DAY)
            assert "opened" in shop.desk.card(shop.desk.visitor_of("a1")).tags
            assert shop.replayed() == shop.lived()
        finally:
            await shop.close()
