"""Before a marketer launches a draft he sees whom it would reach: now, and with the visitors of the last month."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from server_stub.protocol import Problem, ReachProgress, ReachReport
from server_stub.reach import asking
from server_stub.reach.asking import Reacher


class TestNow:
    async def test_it_counts_whom_the_audience_fits_and_what_keeps_the_others_out(
        self, busy_shop: Any, draft: str
    ) -> None:
        report = (await busy_shop.lines(draft))[-1]
        assert isinstance(report, ReachReport)
        assert (report.now.visitors, report.now.fits) == (5, 2)
        assert [(one.kind, one.line, one.text, one.visitors) for one in report.now.refused] == [
            ("audience", 8, "cart.total > 50", 2),
            ("audience", 7, "email is known", 1),
        ]

    async def test_whom_an_exit_would_end_at_once_is_not_counted(self, busy_shop: Any, draft: str) -> None:
        found = (await busy_shop.http.get("/api/visitors?q=ann", headers=busy_shop.auth)).json()
        path = f"/api/visitors/{found['visitors'][0]['id']}"
        await busy_shop.http.patch(path, json={"add_tags": ["done"]}, headers=busy_shop.auth)
        now = (await busy_shop.lines(draft))[-1].now
        assert now.fits == 1
        assert [(one.kind, one.visitors) for one in now.refused if one.line == 10] == [("exit", 1)]

    async def test_nor_is_who_is_blocked(self, busy_shop: Any, draft: str) -> None:
        found = (await busy_shop.http.get("/api/visitors?q=ann", headers=busy_shop.auth)).json()
        path = f"/api/visitors/{found['visitors'][0]['id']}"
        await busy_shop.http.patch(path, json={"blocked": True}, headers=busy_shop.auth)
        now = (await busy_shop.lines(draft))[-1].now
        assert (now.visitors, now.fits, now.blocked) == (5, 1, 1)

    async def test_it_is_told_before_the_past_has_been_looked_at(self, busy_shop: Any, draft: str) -> None:
        lines = await busy_shop.lines(draft)
        told = [line.now for line in lines if isinstance(line, ReachProgress) and line.now is not None]
        assert told == [lines[-1].now]

    async def test_a_shop_without_visitors_has_nobody_to_reach(self, shop: Any, draft: str) -> None:
        report = (await shop.lines(draft))[-1]
        assert (report.now.visitors, report.now.fits, report.past.entered) == (0, 0, 0)


class TestThePast:
    async def test_it_tells_who_would_have_entered_and_got_what(self, busy_shop: Any, draft: str) -> None:
        past = (await busy_shop.lines(draft))[-1].past
        assert (past.scenario, past.visitors, past.entered, past.goals) == ("cart-letter", 5, 3, 1)
        assert past.messages == {"email": 3}
        assert {one.called for one in past.sample} == {"ann", "dan", "eve"}
        assert "ann, your cart is waiting" in {got.subject for one in past.sample for got in one.got}
        assert [(one.line, one.visitors) for one in past.refusals] == [(7, 1), (8, 1)]
        assert past.complete

    async def test_only_the_last_days_count(self, busy_shop: Any, draft: str) -> None:
        past = (await busy_shop.lines(draft, days=5))[-1].past
        assert (past.entered, past.considered) == (0, 0)
        assert len(past.days) == 6

    async def test_nothing_is_published_by_asking(self, busy_shop: Any, draft: str) -> None:
        await busy_shop.lines(draft)
        answer = await busy_shop.http.get("/api/scenarios", headers=busy_shop.auth)
        assert answer.json() == []


class TestTheDeskGoesOn:
    """The process is stopped in the middle, as if it took for ever: it does not end by itself."""

    async def test_the_process_ends_when_the_client_hangs_up(
        self, busy_shop: Any, draft: str, children: Callable[[], list[int]], until: Any
    ) -> None:
        body = {"text": draft}
        async with busy_shop.http.stream("POST", "/api/reach", json=body, headers=busy_shop.auth) as answer:
            assert '"progress"' in await anext(answer.aiter_lines())
            [child] = await until(children, what="a process that works the answer out")
            os.kill(child, signal.SIGSTOP)
        await until(lambda: not children(), what="the end of that process")

    async def test_it_ends_when_whoever_reads_it_is_cancelled(
        self, busy_shop: Any, draft: str, tmp_path: Any, children: Callable[[], list[int]], until: Any
    ) -> None:
        lines = Reacher(tmp_path / "data", lambda: 0).lines(draft, 0, busy_shop.now)
        await anext(lines)
        reading = asyncio.ensure_future(anext(lines))
        [child] = await until(children, what="a process that works the answer out")
        os.kill(child, signal.SIGSTOP)
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
        assert not children()

    async def test_a_silent_process_is_heard_of(
        self, busy_shop: Any, draft: str, tmp_path: Any, children: Any, until: Any, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(asking, "SILENCE", 0.05)
        lines = Reacher(tmp_path / "data", lambda: 0).lines(draft, 0, busy_shop.now)
        first = await anext(lines)
        assert await anext(lines) == first
        [child] = await until(children, what="a process that works the answer out")
        os.kill(child, signal.SIGSTOP)
        assert msgspec.json.decode(await anext(lines), type=ReachProgress).part == "now"
        await lines.aclose()

    async def test_who_waits_for_a_place_hears_that_he_is_waited_with(self, tmp_path: Any) -> None:
        reacher = Reacher(tmp_path, lambda: 0)
        lines = [reacher.lines("", 0, 1) for _ in range(asking.AT_ONCE + 1)]
        for one in lines:
            assert msgspec.json.decode(await anext(one), type=ReachProgress) == ReachProgress("now")
        for one in lines:
            await one.aclose()


class TestBadRequests:
    async def test_a_text_with_errors_tells_them_all(self, shop: Any, draft: str) -> None:
        body = {"text": draft.replace("wait: 1h", "wait: soon").replace("exit:", "exits:")}
        answer = await shop.http.post("/api/reach", json=body, headers=shop.auth)
        assert answer.status_code == 422
        problem = msgspec.json.decode(answer.content, type=Problem)
        assert [one.line for one in problem.problems] == [9, 13]

    @pytest.mark.parametrize("days", [0, 367, "all"])
    async def test_a_period_has_one_to_366_days(self, shop: Any, draft: str, days: Any) -> None:
        answer = await shop.http.post("/api/reach", json={"text": draft, "days": days}, headers=shop.auth)
        assert (answer.status_code, answer.json()["field"]) == (400, "days")

    async def test_a_past_that_cannot_be_read_is_said_in_the_last_line(
        self, tmp_path: Any, draft: str
    ) -> None:
        lines = [line async for line in Reacher(tmp_path, lambda: 0).lines(draft, 0, 1)]
        last = msgspec.json.decode(lines[-1])
        assert last["type"] == "failed"
        assert "no server has run with this folder" in last["problem"]["detail"]

    async def test_operators_may_not_ask(self, shop: Any, draft: str) -> None:
        added = await shop.http.post("/api/operators", json={"name": "Ann"}, headers=shop.auth)
        auth = {"Authorization": f"Bearer {added.json()['token']}"}
        answer: httpx.Response = await shop.http.post("/api/reach", json={"text": draft}, headers=auth)
        assert answer.status_code == 403
