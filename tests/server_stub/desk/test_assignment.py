"""Automatic assignment: who waits for people and is nobody's gets an operator, in the same commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from server_stub.desk.people import person_of
from server_stub.protocol import DialogChanged, DialogOpened, MessageSent
from server_stub.settings import Settings, TeamSettings
from server_stub.work import OperatorIsAway, RemoveOperator

HANDS_OVER = """\
scenario: desk
title: Desk
status: live
trigger:
  - event: Help Wanted
steps:
  - say: One moment.
  - handoff: {note: wants help}
"""

Opens = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture
async def opens(make_shop: Any, store: Any) -> AsyncIterator[Opens]:
    """`await opens("round_robin", most=2)`: a desk with that rule, and Ann, Bob and Cid at home."""
    opened = []

    async def open_with(assignment: str, most: int = 0) -> Any:
        settings = Settings(team=TeamSettings(assignment=assignment, most_dialogs=most))
        shop = await make_shop(store, settings).open()
        opened.append(shop)
        for number, name in enumerate(("Ann", "Bob", "Cid"), start=1):
            shop.now += 1
            await shop.hire(f"o{number}", name)
        return shop

    yield open_with
    for shop in opened:
        await shop.desk.stop()


async def come(shop: Any, *operators: str) -> None:
    for operator in operators:
        await shop.come(operator)


async def away(shop: Any, operator: str, *, is_away: bool = True) -> None:
    await shop.desk.submit(OperatorIsAway(operator=operator, away=is_away, at=shop.now))


async def ask(shop: Any, *visitors: str) -> None:
    for visitor in visitors:
        shop.now += 1_000
        await shop.write("Hello", visitor)


def whose(shop: Any) -> dict[str, str]:
    """Visitor's number → who has his open dialog."""
    dialogs = {dialog.visitor: dialog.assignee for dialog in shop.dialogs("open")}
    return {f"v{n}": dialogs[shop.visitor(f"v{n}")] for n in range(20) if shop.visitor(f"v{n}") in dialogs}


class TestByHand:
    async def test_nobody_is_given_anything(self, opens: Opens) -> None:
        shop = await opens("by_hand")
        await come(shop, "o1")
        await ask(shop, "v1")
        assert whose(shop) == {"v1": ""}


class TestRoundRobin:
    async def test_one_after_the_other(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await come(shop, "o1", "o2", "o3")
        await ask(shop, "v1", "v2", "v3", "v4")
        assert whose(shop) == {"v1": "o1", "v2": "o2", "v3": "o3", "v4": "o1"}

    async def test_it_is_one_commit_and_the_visitor_still_waits(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await come(shop, "o1")
        commits: list[list[type]] = []
        shop.desk.subscribe(lambda commit: commits.append([type(entry.what) for entry in commit.entries]))
        await ask(shop, "v1")
        (commit,) = [kinds for kinds in commits if MessageSent in kinds]
        assert {DialogOpened, DialogChanged} <= set(commit)
        changed = shop.last(DialogChanged)
        assert (changed.by.kind, changed.assignee) == ("system", "o1")
        assert shop.dialog.waiting_since == shop.now

    async def test_many_at_once_are_shared_out(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await come(shop, "o1", "o2")
        await asyncio.gather(*(shop.write("Hello", f"v{n}") for n in range(10)))
        assert sorted(whose(shop).values()) == ["o1"] * 5 + ["o2"] * 5

    async def test_whose_turn_it_is_outlives_a_restart(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await come(shop, "o1", "o2", "o3")
        await ask(shop, "v1")
        await shop.restart()
        await come(shop, "o1", "o2", "o3")
        await ask(shop, "v2")
        assert whose(shop)["v2"] == "o2"

    async def test_only_who_is_online_and_not_away(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await come(shop, "o1", "o2")
        await away(shop, "o1")
        await ask(shop, "v1", "v2")
        assert whose(shop) == {"v1": "o2", "v2": "o2"}

    async def test_a_dialog_that_is_somebodys_stays_his(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await come(shop, "o1", "o2")
        await ask(shop, "v1")
        await shop.send(shop.dialog.id, "Yes?", "o1")
        await ask(shop, "v1")
        assert whose(shop) == {"v1": "o1"}

    async def test_a_bot_that_hands_over(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await shop.publish(HANDS_OVER)
        await come(shop, "o2")
        await shop.greet("v1")
        await shop.track("Help Wanted", "v1")
        assert (shop.dialog.holder, shop.dialog.assignee) == ("people", "o2")

    async def test_while_the_bot_leads_nobody_has_it(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await shop.publish(HANDS_OVER.replace("  - handoff: {note: wants help}\n", "  - wait: 1h\n"))
        await come(shop, "o1")
        await shop.track("Help Wanted", "v1")
        assert (shop.dialog.holder, shop.dialog.assignee) == ("bot", "")


class TestWhoWaitsInTheQueue:
    async def test_who_has_waited_longest_is_first_when_somebody_comes(self, opens: Opens) -> None:
        shop = await opens("round_robin", most=2)
        await ask(shop, "v1", "v2", "v3")
        assert whose(shop) == {"v1": "", "v2": "", "v3": ""}
        await come(shop, "o1")
        assert whose(shop) == {"v1": "o1", "v2": "o1", "v3": ""}
        await come(shop, "o2")
        assert whose(shop)["v3"] == "o2"

    async def test_somebody_comes_back_from_being_away(self, opens: Opens) -> None:
        shop = await opens("least_busy")
        await come(shop, "o1")
        await away(shop, "o1")
        await ask(shop, "v1")
        assert whose(shop) == {"v1": ""}
        await away(shop, "o1", is_away=False)
        assert whose(shop) == {"v1": "o1"}

    async def test_after_a_restart_those_who_waited_still_do(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await ask(shop, "v1", "v2")
        await shop.restart()
        await come(shop, "o3")
        assert whose(shop) == {"v1": "o3", "v2": "o3"}

    async def test_what_an_operator_puts_back_stays_there_until_there_is_a_reason(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await come(shop, "o1")
        await ask(shop, "v1")
        summary = await shop.change(shop.dialog.id, "o1", assignee="")
        assert (summary.assignee, whose(shop)) == ("", {"v1": ""})
        await come(shop, "o2")
        assert whose(shop) == {"v1": "o2"}

    async def test_dialogs_of_a_removed_operator_go_to_the_others(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await come(shop, "o1")
        await ask(shop, "v1")
        await come(shop, "o2")
        await shop.desk.submit(RemoveOperator(operator="o1", at=shop.now))
        assert whose(shop) == {"v1": "o2"}

    async def test_one_that_was_closed_meanwhile_is_not_given_out(self, opens: Opens) -> None:
        shop = await opens("round_robin")
        await ask(shop, "v1", "v2")
        gone = next(one for one in shop.dialogs("open") if one.visitor == shop.visitor("v1"))
        await shop.change(gone.id, "o3", status="closed")
        await come(shop, "o1")
        assert whose(shop) == {"v2": "o1"}


class TestLeastBusy:
    async def test_who_has_the_fewest_open_dialogs(self, opens: Opens) -> None:
        shop = await opens("least_busy")
        await come(shop, "o1", "o2")
        await ask(shop, "v1", "v2", "v3", "v4")
        for visitor in ("v1", "v3"):
            dialog = next(d for d in shop.dialogs("open") if d.visitor == shop.visitor(visitor))
            assert dialog.assignee == "o1"
            await shop.change(dialog.id, "o1", status="closed")
        await ask(shop, "v5", "v6")
        assert {whose(shop)["v5"], whose(shop)["v6"]} == {"o1"}

    async def test_equals_take_turns(self, opens: Opens) -> None:
        shop = await opens("least_busy")
        await come(shop, "o1", "o2", "o3")
        await ask(shop, "v1", "v2", "v3")
        assert sorted(whose(shop).values()) == ["o1", "o2", "o3"]

    async def test_counts_what_the_same_commit_has_given(self, opens: Opens) -> None:
        shop = await opens("least_busy")
        await come(shop, "o1", "o2", "o3")
        await asyncio.gather(*(shop.write("Hello", f"v{n}") for n in range(9)))
        assert sorted(whose(shop).values()) == ["o1"] * 3 + ["o2"] * 3 + ["o3"] * 3


class TestTheLimit:
    async def test_who_has_as_many_as_he_may_is_passed_over(self, opens: Opens) -> None:
        shop = await opens("round_robin", most=1)
        await come(shop, "o1", "o2")
        await ask(shop, "v1", "v2", "v3")
        assert whose(shop) == {"v1": "o1", "v2": "o2", "v3": ""}

    @pytest.mark.parametrize("change", [{"status": "closed"}, {"assignee": "o3"}])
    async def test_room_is_filled_at_once(self, opens: Opens, change: dict[str, str]) -> None:
        shop = await opens("round_robin", most=1)
        await come(shop, "o1")
        await ask(shop, "v1", "v2")
        assert whose(shop) == {"v1": "o1", "v2": ""}
        first = next(d for d in shop.dialogs("open") if d.assignee == "o1")
        await shop.change(first.id, "o1", **change)
        assert whose(shop)["v2"] == "o1"

    async def test_by_hand_one_may_take_more(self, opens: Opens) -> None:
        shop = await opens("round_robin", most=1)
        await come(shop, "o1")
        await ask(shop, "v1", "v2")
        other = next(d for d in shop.dialogs("open") if not d.assignee)
        await shop.change(other.id, "o1", assignee="me")
        assert whose(shop) == {"v1": "o1", "v2": "o1"}


class TestScenarios:
    async def test_are_told_who_has_the_dialog(self, opens: Opens) -> None:
        """Of an assignment that the desk makes, as of one by hand."""
        shop = await opens("round_robin")
        await come(shop, "o1")
        await ask(shop, "v1")
        visitor = shop.visitor("v1")
        assert person_of(shop.store.visitors([visitor])[visitor]).state.dialog.assignee == "o1"
