"""A backtest over a journal: beside what the live version did, shared among processes, and while a server runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.past.backtest_report import BacktestReport, report_of
from scenarios_yaml.tools.past.surroundings import Surroundings, Trial
from scenarios_yaml.tools.past.tally import Tally
from server_stub.history import sharing
from server_stub.history.events_lines import EventsError
from server_stub.history.sharing import Source, run

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

LETTER = """scenario: letter
title: A letter
status: live
trigger: [{event: Product Added}]
audience: [email is known]
exit: [{event: Order Completed}]
goal: {event: Order Completed, within: 1d}
steps:
  - wait: 10m
  - id: mail
    email: {subject: "Hello, {{ visitor.name }}", body: Your cart}
"""


def tried(source: Source, draft: str, since: int, until: int, jobs: int = 1) -> BacktestReport:
    scenario = read_scenario(draft).scenario
    assert scenario is not None
    past = source.open()
    surroundings = Surroundings(past.around(), Trial(scenario, since, until))
    tally = Tally()
    for progress in run(source, past, surroundings, draft, jobs):
        tally.add(progress.tally)
    past.close()
    live = surroundings.live(scenario.slug, since)
    return report_of(tally, Trial(scenario, since, until), surroundings.around, live=live)


async def lived(shop, visitors: int = 4) -> int:
    """Each of the visitors adds to his cart; the even ones are known. Returns when that began."""
    await shop.publish(LETTER)
    await shop.wait(MINUTE)
    since = shop.now
    for number in range(visitors):
        who = f"a{number}"
        await shop.page("/", who)
        if number % 2 == 0:
            await shop.identify(who, name=who, email=f"{who}@shop.example")
        await shop.track("Product Added", who, properties={"product_id": "p1", "price": 5})
        await shop.wait(MINUTE)
    await shop.wait(HOUR)
    await shop.wait(MINUTE)
    return since


class TestBesideTheLiveVersion:
    async def test_the_same_draft_would_have_done_the_same(self, shop) -> None:
        since = await lived(shop)
        report = tried(Source(str(shop.path.parent)), LETTER, since, shop.now)
        assert (report.entered, report.live.entered, report.live.entered_by_both) == (2, 2, 2)
        assert report.messages == report.live.messages == {"email": 2}
        assert {got.subject for one in report.sample for got in one.got} == {"Hello, a0", "Hello, a2"}

    async def test_another_draft_differs_and_it_is_said_by_whom(self, shop) -> None:
        since = await lived(shop)
        draft = LETTER.replace("email is known", "email is unknown").replace("email:", "push:")
        draft = draft.replace(
            '{subject: "Hello, {{ visitor.name }}", body: Your cart}', "{title: Hi, text: You, link: /}"
        )
        report = tried(Source(str(shop.path.parent)), draft, since, shop.now)
        assert (report.live.entered_by_both, report.live.only_by_draft, report.live.only_by_live) == (0, 2, 2)
        assert report.endings == {"no push subscription": 2}

    async def test_what_was_before_the_period_is_state_and_nothing_else(self, shop) -> None:
        await lived(shop)
        since = shop.now
        await shop.track("Product Added", "a0", properties={"product_id": "p2", "price": 5})
        await shop.wait(HOUR)
        report = tried(Source(str(shop.path.parent)), LETTER, since, shop.now)
        assert (report.visitors, report.entered, report.live.entered) == (4, 1, 1)


class TestSharing:
    async def test_several_processes_count_the_same(self, shop, monkeypatch) -> None:
        monkeypatch.setattr(sharing, "RANGE", 3)
        since = await lived(shop, visitors=10)
        source = Source(str(shop.path.parent))
        alone, shared = (tried(source, LETTER, since, shop.now, jobs) for jobs in (1, 2))
        assert alone == shared
        assert alone.visitors == 10

    async def test_one_who_stops_early_ends_the_processes(self, shop, monkeypatch) -> None:
        monkeypatch.setattr(sharing, "RANGE", 1)
        since = await lived(shop, visitors=6)
        source = Source(str(shop.path.parent))
        past = source.open()
        scenario = read_scenario(LETTER).scenario
        assert scenario is not None
        surroundings = Surroundings(past.around(), Trial(scenario, since, shop.now))
        going = run(source, past, surroundings, LETTER, 2)
        first = next(going)
        going.close()
        past.close()
        assert first.tally.visitors == 1
        assert first.ranges_in_all == 6


class TestEventsFiles:
    def lines(self, *messages: dict) -> str:
        return "".join(json.dumps(message) + "\n" for message in messages)

    def track(self, event: str, at: str, **more: object) -> dict:
        return {"type": "track", "event": event, "timestamp": f"2026-03-02T{at}:00Z", **more}

    def tried(self, path: Path, draft: str = LETTER, jobs: int = 1) -> BacktestReport:
        noon = 1_772_452_800_000
        return tried(Source(events=str(path)), draft, noon, noon + 10 * HOUR, jobs)

    def test_lines_in_any_order_are_visitors_in_theirs(self, tmp_path) -> None:
        path = tmp_path / "events.jsonl"
        ann = {"type": "identify", "userId": "ann", "anonymousId": "b1", "timestamp": "2026-03-02T12:30:00Z"}
        path.write_text(
            self.lines(
                self.track("Order Completed", "14:00", userId="ann", properties={"total": 5}),
                self.track("Product Added", "13:00", anonymousId="b1", properties={"product_id": "p1"}),
                self.track("Product Added", "13:00", anonymousId="b2", properties={"product_id": "p1"}),
                {**ann, "traits": {"email": "ann@shop.example", "firstName": "Ann"}},
            )
            + "\n"
        )
        report = self.tried(path)
        assert (report.visitors, report.events, report.entered, report.goals) == (2, 4, 1, 1)
        assert report.sample[0].visitor == "ann"
        assert report.messages == {"email": 1}

    def test_a_page_of_a_browser_begins_a_visit_and_enters_a_section(self, tmp_path) -> None:
        path = tmp_path / "events.jsonl"
        page = {
            "type": "page",
            "anonymousId": "b1",
            "properties": {"url": "https://shop.example/catalog/dresses/1?utm_source=x"},
            "context": {"page": {}, "userAgent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/126.0"},
        }
        moments = ("12:00", "12:20", "14:00")
        path.write_text(self.lines(*({**page, "timestamp": f"2026-03-02T{at}:00Z"} for at in moments)))
        draft = LETTER.replace("Product Added", "Section Viewed").replace("email is known", "visits = 1")
        assert self.tried(path, draft).considered == 1
        draft = LETTER.replace("Product Added", "Session Started").replace(
            "email is known", "device = desktop"
        )
        assert self.tried(path, draft).considered == 2

    def test_the_same_message_twice_counts_once(self, tmp_path) -> None:
        path = tmp_path / "events.jsonl"
        one = self.track("Product Added", "13:00", userId="u1", messageId="m1")
        path.write_text(self.lines(one, one))
        assert self.tried(path).considered == 1

    def test_several_processes_read_one_index(self, tmp_path, monkeypatch) -> None:
        monkeypatch.setattr(sharing, "RANGE", 5)
        path = tmp_path / "events.jsonl"
        path.write_text(
            self.lines(*(self.track("Product Added", "13:00", userId=f"u{number}") for number in range(20)))
        )
        alone, shared = self.tried(path), self.tried(path, jobs=2)
        assert alone == shared
        assert alone.considered == 20

    @pytest.mark.parametrize(
        "line",
        [
            '{"type": "track", "event": "A", "timestamp": "2026-03-02"}',
            '{"userId": "u1", "event": "A"}',
            '{"userId": "u1", "event": "A", "timestamp": "soon"}',
            '{"userId": "u1", ',
            "[]",
        ],
    )
    def test_a_line_that_cannot_be_read_is_named(self, tmp_path, line) -> None:
        path = tmp_path / "events.jsonl"
        path.write_text(self.lines(self.track("A", "12:00", userId="u1")) + line + "\n")
        with pytest.raises(EventsError, match=r"events\.jsonl:2: "):
            self.tried(path)

    def test_an_empty_file_has_no_visitors(self, tmp_path) -> None:
        path = tmp_path / "events.jsonl"
        path.write_text("")
        assert self.tried(path).visitors == 0
