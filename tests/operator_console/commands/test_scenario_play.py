"""`scenarios play` scripted by a pipe, through the real command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

REPO = Path(__file__).parents[3]
BOT = """
scenario: bot
title: {en: A bot, ru: Бот}
trigger: [{event: Page Viewed}]
audience: [city is known]
steps:
  - wait: 15s
  - id: menu
    say: {en: "How can I help,\\n{{ visitor.name | default: 'friend' }}?", ru: Чем помочь?}
    timeout: 1d
    options:
      - {label: {en: A form, ru: Форма}, jump: to-form}
      - {label: {en: People, ru: Люди}, steps: [{handoff: {team: sales}}]}
blocks:
  to-form:
    - popup:
        size: small
        title: Form
        text: Fill in.
        fields: [{input: email, label: Email, save_to: visitor.email, required: true}]
        button: {label: Send}
      timeout: 1h
    - email: {subject: Welcome, body: "Dear you.\\n\\n[Go](/shop)"}
"""
OTHER = "scenario: other\ntitle: Other\ntrigger: [{event: Page Viewed}]\nsteps: [{note: seen}]\n"


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    file = tmp_path / "bot.yaml"
    file.write_text(dedent(BOT), encoding="utf-8")
    (tmp_path / "other.yaml").write_text(OTHER)
    return file


def play(
    file: Path, *lines: str, options: tuple[str, ...] = (), data: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "operator_console.cli", "scenarios", "play", str(file), *options]
    typed = data if data is not None else "".join(f"{line}\n" for line in lines).encode()
    return subprocess.run(command, cwd=REPO, capture_output=True, input=typed, timeout=60)


class TestAPipe:
    def test_a_whole_conversation(self, bot: Path) -> None:
        done = play(
            bot,
            ":start",
            ":as city=Prague",
            ":start",
            ":advance 15s",
            "1",
            ":submit email=ann@shop.example",
            ":quit",
            "lost",
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode() == dedent("""\
            A bot (bot). It is 2026-03-02 12:00:00. The scenario starts with:
                the event Page Viewed
            Type :start to make the first of it happen, :help for all commands.
            :event Page Viewed path=/ url=https://shop.example/ title=Shop
              | 2026-03-02 12:00:00  bot  refused: audience: city is known (unknown)
            ! He was not let in: audience: city is known (unknown) (try :as city=… and then :start again)
            :event Page Viewed path=/ url=https://shop.example/ title=Shop
              | 2026-03-02 12:00:00  bot  started: on Page Viewed
              | 2026-03-02 12:00:00  bot steps.0  waits until 2026-03-02 12:00:15 UTC
            It waits until 2026-03-02 12:00:15: type :advance 15s
            bot: How can I help,
                friend?
                1. A form
                2. People
              | 2026-03-02 12:00:15  bot steps.0  waited
              | 2026-03-02 12:00:15  bot menu  asked, 2 answers
            It is 2026-03-02 12:00:15.
            you: A form
            pop-up (small): Form
                Fill in.
                email: Email *
                [Send]
              | 2026-03-02 12:00:15  bot menu  answered: A form
              | 2026-03-02 12:00:15  bot blocks.to-form.0  shown
            email = ann@shop.example
            email to ann@shop.example: Welcome
                Dear you.

                [Go](/shop)
              | 2026-03-02 12:00:15  bot blocks.to-form.0  submitted
              | 2026-03-02 12:00:15  bot blocks.to-form.0  saved visitor.email
              | 2026-03-02 12:00:15  bot blocks.to-form.1  email to ann@shop.example: Welcome
              | 2026-03-02 12:00:15  bot  ended: done
            """)

    def test_in_another_language_zone_and_time_beside_another_scenario(self, bot: Path) -> None:
        options = (
            "--lang",
            "ru",
            "--at",
            "2026-03-29 01:59:50",
            "--timezone",
            "Europe/Prague",
            "--as",
            "city=Brno",
        )
        done = play(
            bot, ":start", ":advance 15s", options=(*options, "--with", str(bot.parent / "other.yaml"))
        )
        out = done.stdout.decode()
        assert out.startswith("Бот (bot). It is 2026-03-29 01:59:50.")
        assert "note: seen" in out
        assert "bot: Чем помочь?\n    1. Форма\n    2. Люди" in out
        assert "It is 2026-03-29 03:00:05." in out

    def test_a_mistyped_command_is_no_end(self, bot: Path) -> None:
        out = play(bot, ":advnace 3d", ":advance 3d").stdout.decode()
        assert (
            "! there is no command “:advnace” (did you mean “:advance”?)\nIt is 2026-03-05 12:00:00.\n" in out
        )

    def test_what_is_typed_cannot_command_the_terminal(self, bot: Path) -> None:
        out = play(bot, data=b":as city=\x1b[2J\xff name=\xe2\x80\xae\n:start\n:advance 15s\n:state\n").stdout
        assert b"\x1b" not in out
        assert "\u202e".encode() not in out
        assert "city  �".encode() in out


class TestBeginnings:
    def test_a_broken_file_is_told_with_its_place(self, bot: Path) -> None:
        bot.write_text("scenario: bot\n")
        done = play(bot)
        assert done.returncode == 1
        assert b"bot.yaml:1:1: error: a scenario needs the key" in done.stderr

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("--timezone", "Europe/Pragu"), "There is no time zone Europe/Pragu."),
            (("--at", "noon"), "“noon” is no date and time"),
            (("--as", "Prague"), "Prague says nothing of the visitor."),
        ],
    )
    def test_an_option_that_means_nothing_is_told(
        self, bot: Path, options: tuple[str, ...], said: str
    ) -> None:
        done = play(bot, options=options)
        assert done.returncode == 1
        assert said in done.stderr.decode()

    def test_a_file_that_is_not_there_is_wrong_use(self, tmp_path: Path) -> None:
        assert play(tmp_path / "no.yaml").returncode == 2
