"""Blocking is part of the past: a replay ends the same runs, and lets nobody in who was kept out."""

from __future__ import annotations

from typing import Any

SERIES = """scenario: series
title: Series
status: live
trigger: [{event: Product Added}]
reentry: {while_running: parallel}
steps: [{wait: 10m}, {tag: reminded}]
"""


class TestReplayOfABlockedVisitor:
    async def test_the_replay_is_the_same_as_what_was(self, shop: Any) -> None:
        await shop.hire()
        await shop.publish(SERIES)
        await shop.track("Product Added")
        await shop.edit(blocked=True)
        await shop.track("Product Added")
        await shop.wait(11 * 60_000)
        await shop.edit(blocked=False)
        await shop.track("Product Added")
        await shop.wait(11 * 60_000)
        lived = shop.lived()
        assert "blocked" in [result for line in lived for result in line]
        assert shop.replayed() == lived
