"""A broken connection: seen, nothing lost, nothing sent twice."""

from __future__ import annotations

import asyncio

from operator_console.inbox.bars import HintBar, StateBar
from server_stub.protocol import ScenarioChanged, ScenarioProblem


class TestLost:
    async def test_the_state_bar_says_so_and_that_nothing_is_lost(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            desk.cut()
            await it.sees("Connection lost — trying again in 4 s; what you write is kept and goes out once")
            desk.mend()
            await it.misses("Connection lost")

    async def test_what_was_sent_meanwhile_goes_out_once_and_what_was_missed_comes(
        self, desks, console
    ) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Mihkel Saar")
            dialog = it.inbox._opened
            desk.cut()
            await it.sees("Connection lost")
            await it.press("r")
            await it.type("Hello")
            await it.press("enter")
            await it.sees("sending…")
            desk.say(dialog, "visitor", "Are you there?")
            assert desk.sends == []
            desk.mend()
            await it.sees("Are you there?")
            await it.until(lambda: len(desk.sends) == 1)
            await it.misses("sending…")
            assert [
                m.what.message.text
                for m in desk.journal
                if getattr(getattr(m.what, "message", None), "client_id", "")
            ] == ["Hello"]

    async def test_a_lost_answer_is_asked_for_again_without_a_second_message(self, desks, console) -> None:
        desk = desks.lively()
        desk.answer_lost = True
        async with console(desk) as it:
            await it.open("Mihkel Saar")
            await it.press("r")
            await it.type("Hello")
            await it.press("enter")
            await it.until(lambda: len(desk.sends) == 2, "the repeat")
            assert desk.sends[0] == desk.sends[1]
            await it.until(lambda: it.inbox.feed is not None and not it.inbox.outgoing.waiting())
            own = [
                entry
                for entry in desk.journal
                if getattr(entry.what, "message", None) and getattr(entry.what.message, "text", "") == "Hello"
            ]
            assert len(own) == 1

    async def test_a_desk_that_does_not_answer_at_the_start_is_waited_for(self, desks, console) -> None:
        desk = desks.lively()
        desk.is_cut = True
        async with console(desk) as it:
            await it.sees("Connection lost")
            desk.mend()
            await it.press("ctrl+r")
            await it.sees("Anna Petrova")

    async def test_starting_over_keeps_what_is_being_written(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Sofia")
            await it.press("n")
            await it.type("half")
            before = it.inbox.link.snapshots
            desk.start_over()
            await it.until(lambda: it.inbox._shown_snapshot > before)
            await it.until(lambda: it.inbox.feed is not None)
            assert it.inbox.composer.text == "half"
            assert it.inbox.composer.is_note
            assert it.inbox.row.visitor_name == "Sofia"


class TestBrokenScenarios:
    async def test_the_state_bar_counts_them_and_p_tells_where(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            problem = ScenarioProblem(12, 7, "Unknown key “optoins”.", "Did you mean “options”?")
            desk.record(ScenarioChanged("bot", "live", "v1", "Help bot", "scenarios/bot.yaml", (problem,)))
            await it.sees("1 scenario file has errors")
            await it.press("P")
            await it.sees(
                "scenarios/bot.yaml",
                "12:7",
                "Unknown key “optoins”.",
                "Did you mean “options”?",
                "stays live",
            )
            await it.press("escape")
            desk.record(ScenarioChanged("bot", "live", "v2", "Help bot", "scenarios/bot.yaml"))
            await it.misses("scenario file has errors")


class TestTheEndOfTheConsole:
    async def test_a_connection_that_is_lost_while_the_bars_go_is_told_to_nobody(
        self, desks, console, monkeypatch
    ) -> None:
        desk = desks.lively()

        async def lost_meanwhile(bar: HintBar) -> None:
            while bar.screen.query(StateBar):
                await asyncio.sleep(0)
            desk.cut()
            for _ in range(20):
                await asyncio.sleep(0)

        async with console(desk):
            monkeypatch.setattr(HintBar, "on_unmount", lost_meanwhile, raising=False)
        assert desk.is_cut
