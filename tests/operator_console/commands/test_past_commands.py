"""`scenarios backtest`, `scenarios why` and `import events` as people call them, over a real server's folder."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from operator_console.cli import app
from operator_console.commands.backtest import moment_of
from operator_console.commands.backtest_page import bar, page
from operator_console.commands.talk import CommandError
from operator_console.commands.why import lines
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.past.backtest_report import (
    BacktestReport,
    HeldCount,
    LiveCount,
    RefusalCount,
    StepCount,
)
from server_stub.protocol import WhyConsidered, WhyReport, WhySeen, WhyStep

COMMAND = [sys.executable, "-m", "operator_console.cli"]
NOON = 1_772_452_800_000
"""2026-03-02 12:00 UTC."""
DRAFT = """scenario: letter
title: A letter
status: live
trigger: [{event: Product Added}]
audience: [email is known]
steps:
  - id: mail
    email: {subject: "Your {{ cart.items[0].name }}", body: Hello}
"""
EVENTS = [
    {
        "type": "identify",
        "userId": "ann",
        "traits": {"email": "ann@shop.example"},
        "timestamp": "2026-03-02T12:00:00Z",
    },
    {
        "type": "track",
        "userId": "ann",
        "event": "Product Added",
        "properties": {"product_id": "p1", "name": "Lamp", "price": 5},
        "timestamp": "2026-03-03T12:00:00Z",
    },
    {"type": "track", "userId": "bob", "event": "Product Added", "timestamp": "2026-03-03T13:00:00Z"},
]


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "letter.yaml"
    path.write_text(DRAFT)
    return path


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in EVENTS))
    return path


class TestBacktest:
    def test_it_tells_programs_everything(self, draft, events) -> None:
        result = run(
            "scenarios",
            "backtest",
            draft,
            "--events",
            events,
            "--from",
            "2026-03-01",
            "--to",
            "2026-03-08",
            "--json",
        )
        assert result.exit_code == 0, result.output
        report = json.loads(result.stdout)
        assert (report["visitors"], report["entered"], report["messages"]) == (2, 1, {"email": 1})
        assert report["sample"][0]["got"][0]["subject"] == "Your Lamp"
        assert report["refusals"][0]["line"] == 5
        assert len(report["days"]) == 7

    def test_it_tells_people_the_funnel_the_refusals_and_what_nobody_knows(self, draft, events) -> None:
        result = run(
            "scenarios", "backtest", draft, "--events", events, "--from", "2026-03-01", "--to", "2026-03-08"
        )
        assert "1 of 2 visitors for whom it was considered would have entered (50%)" in " ".join(
            result.stdout.split()
        )
        for part in (
            "everybody who",
            "mail",
            "email is known",
            "letter.yaml",
            "ann@shop.example",
            "Your Lamp",
            "cannot know",
        ):
            assert part in result.stdout

    def test_a_segment_beside_the_draft_is_known(self, draft, events) -> None:
        (draft.parent / "segments").mkdir()
        segment = "segment: buyers\ntitle: Buyers\nconditions: ['did \"Product Added\"']\n"
        (draft.parent / "segments" / "buyers.yaml").write_text(segment)
        draft.write_text(DRAFT.replace("[{event: Product Added}]", "[{segment: buyers}]"))
        result = run("scenarios", "backtest", draft, "--events", events, "--from", "2026-03-01", "--json")
        assert json.loads(result.stdout)["entered"] == 1

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--from", "someday"], "is no date"),
            (["--from", "2026-03-02", "--to", "2026-03-02"], "not before"),
            (["--data", "/nowhere/at/all"], "There is no data folder"),
        ],
    )
    def test_what_cannot_be_read_is_said(self, draft, events, arguments, words) -> None:
        source = [] if "--data" in arguments else ["--events", events]
        result = run("scenarios", "backtest", draft, *source, *arguments)
        assert result.exit_code == 1
        assert words in result.stderr

    def test_a_draft_with_a_mistake_is_named_with_its_place(self, draft, events) -> None:
        draft.write_text(DRAFT.replace("audience", "audiense"))
        result = run("scenarios", "backtest", draft, "--events", events)
        assert result.exit_code == 1
        assert "letter.yaml:5:1" in result.stderr

    def test_dates_are_the_projects_and_durations_count_back(self) -> None:
        assert moment_of("2026-03-02 13:00", NOON, "Europe/Prague", "--from") == NOON
        assert moment_of("1d", NOON, "UTC", "--from") == NOON - 86_400_000
        assert moment_of("now", NOON, "UTC", "--to") == NOON
        with pytest.raises(CommandError, match="--to"):
            moment_of("30", NOON, "UTC", "--to")


class TestThePage:
    def test_foreign_text_is_clean_and_small_counts_are_seen(self) -> None:
        report = BacktestReport(
            scenario="letter",
            version="v",
            since=NOON,
            until=NOON + 200 * 86_400_000,
            timezone="UTC",
            visitors=5,
            visitors_in_all=10,
            complete=False,
            events=10,
            seconds=0.0,
            considered=3,
            considered_visitors=3,
            entered=1,
            runs=1,
            goals=0,
            goal="",
            messages={"chat": 1},
            days={f"2026-{month:02}-{day:02}": day % 2 for month in range(1, 8) for day in range(1, 29)},
            steps=(StepCount("mail", "email", "mail", 7, 0, "", 1, 0, 1, 0),),
            endings={"done\x1b[2J": 1},
            refusals=(RefusalCount("audience", 5, "name = \x1b]0;x\x07", 2, 2, ("\x1b[31m",)),),
            held=(HeldCount("dropped", "the pop-up of x", 1),),
            live=LiveCount("v1", 1, 1, 0, {}, 0, 1, 1),
            sample=(),
            unknown=(),
        )
        scenario = read_scenario(DRAFT).scenario
        assert scenario is not None
        console = Console(width=80, record=True, file=io.StringIO())
        console.print(page(report, scenario, Path("letter.yaml"), 80))
        text = console.export_text()
        assert "\x1b" not in text
        assert "Interrupted" in text
        assert "days a column" in text
        assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
        assert bar(1, 100_000).plain == "▏"
        assert bar(0, 0).plain == ""


class TestWhyInWords:
    def test_each_time_has_its_mark_its_line_and_its_value(self) -> None:
        report = WhyReport(
            "v1",
            "letter",
            (
                WhyConsidered(
                    NOON, "Product Added", "v", "refused", "audience",
                    conditions=(WhySeen("email is known", 5, "unknown"),),
                ),
                WhyConsidered(
                    NOON, "Product\x1b[2J", "v", "entered", conditions=(WhySeen("email is known", 5, '"ann"'),),
                    steps=(WhyStep(NOON, "step", "email to ann", "mail", 7), WhyStep(NOON, "ended", "done")),
                ),
            ),
            called="Ann",
            unknown=("Something.",),
        )  # fmt: skip
        text = "\n".join(line.plain for line in lines(report))
        assert "✗ line 5   audience: email is known  saw unknown" in text
        assert '✓ line 5   email is known  saw "ann"' in text
        assert "line 7   mail  email to ann" in text
        assert "ended: done" in text
        assert "• Something." in text
        assert "\x1b" not in text


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for whatever the console keeps, without any keyring."""
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return tmp_path


@pytest.fixture
def serve(own_home: Path, tmp_path: Path) -> Iterator[Callable[[], tuple[Path, dict[str, Any]]]]:
    """A server of its own, with the draft among its scenarios; ended at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> tuple[Path, dict[str, Any]]:
        data = tmp_path / "shop"
        (data / "scenarios").mkdir(parents=True)
        (data / "scenarios" / "letter.yaml").write_text(DRAFT)
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started.append(subprocess.Popen([*COMMAND, "serve", "--port", "0", "--data", str(data)], **quiet))
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                card = json.loads((data / "console.json").read_text())
                if card.get("write_key"):
                    return data, card
            except (FileNotFoundError, json.JSONDecodeError):
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    yield begin
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@pytest.mark.slow
class TestWithAServer:
    def test_from_a_table_to_why(self, serve, events, draft, tmp_path) -> None:
        """Imported twice, asked through the server and past it, and tried out while it runs."""
        data, card = serve()
        table = tmp_path / "table.csv"
        table.write_text(
            "user,email,event,time,price\n"
            + "".join(
                f"u{number},u{number}@shop.example,Product Added,2026-03-02,5\n" for number in range(30)
            )
            + "u1,,Cart Viewed,2026-03-03,\n"
        )
        first = run("import", "events", table, "--data", data)
        assert first.exit_code == 0, first.stderr
        assert "61 messages were sent" in first.stderr
        counted = self.count(data)
        assert run("import", "events", table, "--url", card["url"], "--key", card["write_key"]).exit_code == 0
        assert self.count(data) == counted
        asked = run(
            "scenarios", "why", "letter", "u1", "--url", card["url"], "--token", card["token"], "--json"
        )
        direct = run("scenarios", "why", "letter", "u1@shop.example", "--data", data, "--json")
        assert json.loads(asked.stdout) == json.loads(direct.stdout)
        assert json.loads(asked.stdout)["called"] == "u1@shop.example"
        tried = run("scenarios", "backtest", draft, "--from", "1d", "--data", data, "--json", "--jobs", "2")
        assert json.loads(tried.stdout)["visitors"] == 30

    def test_a_wrong_key_and_an_unknown_visitor_are_said(self, serve, events) -> None:
        _, card = serve()
        wrong = run("import", "events", events, "--url", card["url"], "--key", "wrong")
        assert wrong.exit_code == 1
        assert "401" in wrong.stderr
        nobody = run("scenarios", "why", "letter", "nobody", "--url", card["url"], "--token", card["token"])
        assert nobody.exit_code == 1
        assert "There is no visitor" in nobody.stderr

    def count(self, data: Path) -> int:
        import sqlite3

        with sqlite3.connect(f"file:{data / 'desk.sqlite'}?mode=ro", uri=True) as connection:
            found = connection.execute(
                "SELECT count(*) FROM journal WHERE kind IN ('event', 'visitor')"
            ).fetchone()[0]
        connection.close()
        return found
