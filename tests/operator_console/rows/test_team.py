"""The team, one class for each thing it does: who may do what, who is there, who gets which dialog, who is called."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from textual import events

from operator_console.errors import Refused
from operator_console.preferences import NoticePreferences, Preferences
from server_stub.protocol import ChangeDialog, NewOperator, OperatorToken, PublishScenario, SendMessage

MINUTE = 60_000
HOUR = 60 * MINUTE
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

HELLO = "scenario: hello\ntitle: Hello\ntrigger:\n  - event: Session Started\nsteps:\n  - say: Hello!\n"
OPEN_OR_NOT = """\
scenario: open-or-not
title: Says whether we are here
status: live
trigger:
  - keyword: [anybody]
steps:
  - if:
      - now in business_hours
    then:
      - say: We are open.
    else:
      - say: We are closed.
"""


async def wrote(served, name: str, text: str = "Hello?"):
    """A visitor who has written."""
    visitor = await served.visitor(name)
    await visitor.writes(text)
    return visitor


class TestRolesEnforcedByTheServer:
    """roles (operator, marketer, admin) enforced by the server, not the console"""

    async def test_each_may_what_his_role_may_however_he_asks(self, served, seat) -> None:
        operator = await served.operator("Tom Berg")
        marketer = await served.operator("Mary Ott", "marketer")
        admin = await served.operator("Ada Noor", "admin")
        anna = (await (await served.visitor("Anna")).writes("Hello?")).visitor
        publish = PublishScenario(HELLO)
        with pytest.raises(Refused) as refused:
            await operator.publish("hello", publish)
        assert refused.value.status == 403
        await marketer.publish("hello", publish)
        for client in (operator, marketer):
            for doing in (client.export_visitor(anna), client.erase_visitor(anna), self.adds(client)):
                with pytest.raises(Refused) as refused:
                    await doing
                assert refused.value.status == 403
        assert json.loads(await admin.export_visitor(anna))
        await self.adds(admin)
        async with seat(served, operator) as it:
            await it.opens("Anna")
            await it.until(lambda: it.inbox.shown_card is not None)
            await it.press("V")
            await it.until(lambda: it.app.screen is not it.inbox and it.app.screen.shown_card)
            await it.press("D")
            await it.sees("Only admins may")

    async def adds(self, client) -> OperatorToken:
        return await client._write("POST", "/api/operators", NewOperator("One More"), OperatorToken)


class TestOnlineAwayAutomaticAway:
    """online / away / automatic away"""

    @pytest.mark.slow
    async def test_colleagues_see_who_is_there_and_the_next_key_brings_one_back(
        self, served, seat, monkeypatch
    ) -> None:
        monkeypatch.setattr("operator_console.inbox.screen.TICK", 0.2)
        tom = await served.operator("Tom Berg")
        async with seat(served) as it:
            await it.press("O")
            await it.sees("Tom Berg  not here")
            await it.press("escape")
            async with seat(served, tom) as his:
                await self.sees_him(it, "here")
                await his.press("full_stop")
                await his.sees("You are away: new dialogs go to others.")
                await self.sees_him(it, "away")
                await his.press("full_stop")
                await self.sees_him(it, "here")
                # A quarter of an hour without a key.
                served.clock.ahead += 16 * MINUTE
                await his.until(lambda: his.text().split("\n")[0].endswith("Tom Berg  away"))
                await self.sees_him(it, "away")
                await his.press("j")
                await his.until(lambda: his.text().split("\n")[0].endswith("Tom Berg"))
                await self.sees_him(it, "here")
                # Whoever works on another screen, or writes, is there.
                await his.press("R")
                await his.until(lambda: his.app.screen is not his.inbox)
                for key in ("slash", "x", "y"):
                    served.clock.ahead += 10 * MINUTE
                    await his.press(key)
                    his.inbox.look_at_the_clock()
                assert not his.inbox._is_away
            await self.sees_him(it, "not here")

    async def sees_him(self, it, state: str) -> None:
        """The team's screen says so, opened as often as it takes."""
        for _ in range(40):
            await it.press("O")
            await it.sees("Who is there", "Tom Berg")
            if f"Tom Berg  {state} ·" in it.text():
                await it.press("escape")
                return
            await it.press("escape")
            await it.pilot.pause(0.05)
        raise AssertionError(f"Tom is not {state}:\n{it.text()}")


class TestAssignmentByHand:
    """assignment by hand"""

    async def test_what_waits_is_nobodys_until_somebody_takes_it(self, served, seat, dialog_of) -> None:
        await wrote(served, "Anna")
        async with seat(served) as it:
            await it.sees("Mine 0", "Unassigned 1")
            await it.opens("Anna")
            await it.sees("nobody's yet")
            await it.press("a")
            await it.sees("Mine 1", "Unassigned 0")
            assert (await dialog_of(served, "Anna")).assignee == it.inbox.me.id


class TestAssignmentRoundRobin:
    """assignment round robin"""

    @pytest.mark.slow
    async def test_one_after_the_other_gets_what_comes_and_who_is_away_gets_nothing(
        self, serve, seat
    ) -> None:
        async with serve({}, '[team]\nassignment = "round_robin"\n') as served:
            tom = await served.operator("Tom Berg")
            async with seat(served) as it, seat(served, tom) as his:
                await it.until(lambda: all(one.online for one in it.inbox.mirror.operators.values()))
                for name in ("Anna", "Boris", "Clara", "Dmitri"):
                    await wrote(served, name)
                await it.sees("Mine 2", "Unassigned 0", "All 4")
                await his.sees("Mine 2")
                await his.press("full_stop")
                await it.until(lambda: any(one.away for one in it.inbox.mirror.operators.values()))
                await wrote(served, "Edda")
                await wrote(served, "Fritz")
                await it.sees("Mine 4")
                await his.sees("All 6", "Mine 2")


class TestAssignmentLeastBusyWithALimit:
    """assignment least busy with a limit each"""

    @pytest.mark.slow
    async def test_who_has_fewest_gets_it_and_beyond_the_limit_it_waits_until_there_is_room(
        self, serve, seat
    ) -> None:
        async with serve({}, '[team]\nassignment = "least_busy"\nmost_dialogs = 2\n') as served:
            await wrote(served, "Anna")
            tom = await served.operator("Tom Berg")
            async with seat(served) as it:
                await it.sees("Mine 1")
                async with seat(served, tom) as his:
                    await it.until(lambda: all(one.online for one in it.inbox.mirror.operators.values()))
                    await wrote(served, "Boris")
                    await his.sees("Mine 1", "All 2")
                    for name in ("Clara", "Dmitri", "Edda"):
                        await wrote(served, name)
                    await it.sees("Mine 2", "Unassigned 1", "All 5")
                    await his.sees("Mine 2")
                    await his.opens("Boris")
                    await his.press("c")
                    await his.sees("Mine 2", "Unassigned 0", "All 4")


class TestBusinessHoursWithTimeZoneAndHolidays:
    """business hours with time zone and holidays, which scenarios can ask for"""

    async def test_a_scenario_knows_whether_the_shop_is_open_where_it_is(self, serve, page_hears) -> None:
        today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
        # In Auckland it is midnight or one o'clock of the next day; ten hours later the shop is open.
        holiday = today.date() + timedelta(days=2)
        hours = "\n".join(f'{day} = "09:00-18:00"' for day in WEEK)
        settings = (
            f'[site]\ntimezone = "Pacific/Auckland"\nholidays = ["{holiday}"]\n[business_hours]\n{hours}\n'
        )
        async with serve({"open-or-not": OPEN_OR_NOT}, settings) as served:
            anna = await served.visitor("Anna")
            for at, words in ((0, "closed"), (10 * HOUR, "open"), (34 * HOUR, "closed"), (58 * HOUR, "open")):
                await served.advance(round(today.timestamp() * 1000) + at - served.clock())
                await anna.writes("Is anybody there?")
                await page_hears(anna, f"We are {words}.")


class TestNotifications:
    """notifications: bell, desktop notification sequences where the terminal knows them, per kind, silent hours,
    never a flood on opening"""

    def listening(self, it, monkeypatch) -> tuple[list[str], list[str]]:
        """What rings, and what is written to the terminal."""
        rings: list[str] = []
        written: list[str] = []
        monkeypatch.setattr(it.app, "bell", lambda: rings.append("bell"))
        monkeypatch.setattr(it.inbox, "to_terminal", written.append)
        return rings, written

    async def test_it_rings_for_news_only_and_pops_up_where_nobody_looks(
        self, served, seat, monkeypatch
    ) -> None:
        monkeypatch.delenv("TMUX", raising=False)
        for name in ("Anna", "Boris", "Clara"):
            await wrote(served, name)
        preferences = Preferences(notices=NoticePreferences(desktop_by="osc9"))
        async with seat(served, preferences=preferences) as it:
            rings, written = self.listening(it, monkeypatch)
            await it.lists("Clara", "Boris", "Anna")
            assert not rings, "what was there when the console opened is no news"
            assert not written
            await wrote(served, "Dmitri")
            await it.until(lambda: rings == ["bell"])
            assert not written, "he looks at the terminal"
            it.app.post_message(events.AppBlur())
            await it.until(lambda: not it.inbox._in_front)
            served.clock.ahead += MINUTE
            await wrote(served, "Edda", "Is it oak?")
            await it.until(lambda: written)
            assert written == ["\x1b]9;My shop: Edda waits: Is it oak?\x07"]
            assert len(rings) == 2
            await it.press("ctrl+b")
            served.clock.ahead += MINUTE
            await wrote(served, "Fritz")
            await it.until(lambda: it.row("Fritz"))
            assert (len(rings), len(written)) == (2, 1), "switched off"

    async def test_each_kind_by_itself_and_nothing_in_the_silent_hours(
        self, served, seat, monkeypatch
    ) -> None:
        tom = await served.operator("Tom Berg")
        me = await served.owner.me()
        only_mentions = NoticePreferences(bell=("mention",), desktop=())
        async with seat(served, preferences=Preferences(notices=only_mentions)) as it:
            rings, _written = self.listening(it, monkeypatch)
            dialog = (await (await served.visitor("Anna")).writes("Hello?")).dialog
            await it.until(lambda: it.row("Anna"))
            assert rings == []
            call = SendMessage("c1", f"@{me.name} look", note=True, mentions=(me.id,))
            await tom.send(dialog, call)
            await it.until(lambda: rings == ["bell"])
        silent = NoticePreferences(silent="00:00-23:59")
        async with seat(served, preferences=Preferences(notices=silent)) as it:
            rings, _written = self.listening(it, monkeypatch)
            await wrote(served, "Boris")
            await it.until(lambda: it.row("Boris"))
            await served.owner.change_dialog(dialog, ChangeDialog(add_tags=("seen",)))
            await it.row_shows("Anna", "seen")
            assert rings == []


class TestATitleWithTheCount:
    """a title with the unread count"""

    @pytest.mark.slow
    async def test_the_windows_title_says_how_many_wait_and_who_waits_longest(self, served, seat) -> None:
        await wrote(served, "Anna")
        await served.advance(1000)
        await wrote(served, "Boris")
        async with seat(served) as it:
            await it.until(lambda: it.app.window_title == "(2) Anna waits · Sales desk")
            await it.opens("Anna")
            await it.writes("I am here")
            await it.until(lambda: it.app.window_title == "(1) Boris waits · Sales desk")
            await it.press("escape")
            await it.opens("Boris")
            await it.writes("And here")
            await it.until(lambda: it.app.window_title == "Sales desk")
