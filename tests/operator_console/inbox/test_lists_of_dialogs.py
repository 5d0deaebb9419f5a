"""The dialog list over a real server: what its rows say, filters and addresses, the order, and several at once."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from operator_console.mirror import Filter
from server_stub.protocol import ChangeDialog, MessageSent, SendMessage

MINUTE = 60_000


@pytest.fixture
async def shop(served):
    """Four visitors who have written, a second operator, and whose dialog is whose by the visitor's name."""
    dialogs: dict[str, str] = {}
    for name, text in (
        ("Anna", "Does the blue lamp come in oak?"),
        ("Boris", "Where is my order?"),
        ("Clara", "Do you ship to Norway?"),
        ("Dmitri", "Thank you!"),
    ):
        visitor = await served.visitor(name)
        dialogs[name] = (await visitor.writes(text)).dialog
        await served.advance(1000)
    served.dialogs = dialogs
    served.tom = await served.operator("Tom Berg")
    return served


@asynccontextmanager
async def listed(shop, **options):
    """A console whose list has all four."""
    async with shop.console(**options) as it:
        await it.until(lambda: it.inbox.dialogs.count == 4)
        it.inbox.dialogs.focus()
        yield it


def names(it) -> list[str]:
    return [it.inbox.mirror.rows[dialog].visitor_name for dialog in it.inbox.dialogs.order()]


class TestOpenClosedSnoozed:
    async def test_x_goes_through_open_closed_snoozed_and_all(self, shop) -> None:
        await shop.owner.change_dialog(shop.dialogs["Anna"], ChangeDialog(status="closed"))
        await shop.owner.change_dialog(
            shop.dialogs["Boris"], ChangeDialog(status="snoozed", snooze_until=shop.clock() + 30 * MINUTE)
        )
        async with shop.console() as it:
            await it.until(lambda: len(it.inbox.mirror.rows) == 4)
            await it.until(lambda: set(names(it)) == {"Clara", "Dmitri"})
            await it.press("x")
            assert names(it) == ["Anna"]
            await it.press("x")
            assert names(it) == ["Boris"]
            await it.shows("☾ ")
            await it.press("x")
            assert len(names(it)) == 4
            await it.press("x")
            assert len(names(it)) == 2

    async def test_snoozed_until_the_next_reply_says_so(self, shop) -> None:
        await shop.owner.change_dialog(shop.dialogs["Boris"], ChangeDialog(status="snoozed"))
        async with shop.console() as it:
            await it.press("x", "x")
            await it.shows("☾ till he writes")


class TestMineUnassignedAllMentioned:
    async def test_4_shows_where_a_note_calls_the_operator_whatever_became_of_the_dialog(self, shop) -> None:
        me = await shop.owner.me()
        call = SendMessage("c1", "Maria, can you look?", note=True, mentions=(me.id,))
        await shop.tom.send(shop.dialogs["Clara"], call)
        await shop.tom.change_dialog(shop.dialogs["Clara"], ChangeDialog(status="closed"))
        async with shop.console() as it:
            await it.shows("@ 1")
            await it.press("4")
            await it.until(lambda: names(it) == ["Clara"])
            await it.shows("all/mentioned")
            await it.press("3")
            assert it.inbox._filter == Filter()


class TestByOperatorTagChannelPriority:
    async def test_f_finds_what_to_ask_for_and_what_is_asked_for_adds_up(self, shop) -> None:
        tom = await shop.tom.me()
        for name in ("Anna", "Boris"):
            await shop.owner.change_dialog(
                shop.dialogs[name], ChangeDialog(assignee=tom.id, add_tags=(f"for-{name.lower()}",))
            )
        await shop.owner.change_dialog(shop.dialogs["Anna"], ChangeDialog(priority="urgent"))
        async with listed(shop) as it:
            await it.shows("!! ")
            await it.press("f")
            await it.type("@tom")
            await it.press("enter")
            await it.until(lambda: sorted(names(it)) == ["Anna", "Boris"])
            await it.press("f")
            await it.type("for-boris")
            await it.press("enter")
            await it.until(lambda: names(it) == ["Boris"])
            await it.press("F", "f")
            await it.type("urgent")
            await it.press("enter")
            await it.until(lambda: names(it) == ["Anna"])
            await it.shows("open/all?priority=urgent")
            await it.press("F", "f")
            await it.type("chat")
            await it.press("enter")
            await it.until(lambda: len(names(it)) == 4)
            assert it.inbox._filter == Filter(channel="chat")


class TestSortByWaitingTime:
    async def test_s_puts_who_waits_longest_first_and_it_turns_warm_and_hot(self, shop) -> None:
        await shop.advance(6 * MINUTE)
        await shop.owner.send(shop.dialogs["Boris"], SendMessage("c1", "It left yesterday."))
        late = await shop.visitor("Edda")
        await late.writes("Hello?")
        await shop.advance(2 * MINUTE)
        async with shop.console() as it:
            await it.until(lambda: names(it)[:1] == ["Edda"])
            await it.press("S")
            await it.until(lambda: names(it) == ["Anna", "Clara", "Dmitri", "Edda", "Boris"])
            await it.shows("waits 8m")
            await it.shows("waits 2m")
            await it.shows("sort=waiting")

    async def test_who_begins_to_wait_comes_in_below_and_is_announced_while_the_list_is_used(
        self, shop
    ) -> None:
        async with listed(shop) as it:
            await it.press("S", "j", "j")
            before = names(it)
            late = await shop.visitor("Edda")
            await late.writes("Hello?")
            await it.shows("↑ 1 new above")
            assert names(it) == before
            await it.press("g")
            await it.until(lambda: names(it) == [*before, "Edda"])


class TestAddresses:
    async def test_y_copies_the_lists_address_and_ctrl_g_goes_to_one(self, shop) -> None:
        async with listed(shop) as it:
            await it.press("2", "w", "Y")
            assert it.app.clipboard == "open/unassigned?waiting=yes"
            await it.press("F", "ctrl+g")
            await it.press("ctrl+u", *"closed/mine", "enter")
            await it.until(lambda: it.inbox._filter == Filter("closed", "mine"))

    async def test_a_bad_one_is_told_where_it_is_typed(self, shop) -> None:
        async with listed(shop) as it:
            await it.press("ctrl+g", "ctrl+u", *"opne/mine", "enter")
            await it.shows("did you mean open?")


class TestMarkAndActOnSeveral:
    async def test_space_marks_and_goes_down_and_c_closes_them_in_one_call(self, shop) -> None:
        async with listed(shop) as it:
            await it.press("g", "space", "space")
            await it.shows("✓ 2 marked")
            kept = names(it)[2:]
            await it.press("c")
            await it.until(lambda: names(it) == kept or len(names(it)) == 3, "the closed ones leave")
            await it.until(lambda: not it.inbox.dialogs.marked)
            rows = it.inbox.mirror.rows.values()
            await it.until(lambda: sum(row.status == "closed" for row in rows) == 2)

    async def test_star_marks_all_that_are_shown_and_escape_unmarks(self, shop) -> None:
        async with listed(shop) as it:
            await it.press("asterisk")
            await it.shows("✓ 4 marked")
            await it.press("escape")
            await it.until(lambda: not it.inbox.dialogs.marked)
            assert "marked" not in it.text()

    async def test_a_takes_them_and_t_tags_them(self, shop) -> None:
        async with listed(shop) as it:
            await it.press("asterisk", "a")
            rows = it.inbox.mirror.rows.values()
            await it.until(lambda: all(row.assignee == it.inbox.me.id for row in rows))
            await it.press("asterisk", "t")
            await it.shows("Tags of 4 dialogs")
            await it.type("vip")
            await it.press("enter")
            await it.until(lambda: all(row.tags == ("vip",) for row in it.inbox.mirror.rows.values()))

    async def test_z_puts_them_off_and_an_exclamation_mark_ranks_them(self, shop) -> None:
        async with listed(shop) as it:
            rows = it.inbox.mirror.rows
            await it.press("asterisk", "exclamation_mark")
            await it.type("urgent")
            await it.press("enter")
            await it.until(lambda: all(row.priority == "urgent" for row in rows.values()))
            await it.press("asterisk", "z", "enter")
            await it.until(lambda: all(row.status == "snoozed" for row in rows.values()))

    async def test_shift_a_gives_them_to_a_colleague_with_a_note_in_each(self, shop) -> None:
        async with listed(shop) as it:
            rows = it.inbox.mirror.rows
            tom = await shop.tom.me()
            await it.press("asterisk", "A")
            await it.type("Tom")
            await it.press("tab")
            await it.type("Please look")
            await it.press("enter")
            await it.until(lambda: all(row.assignee == tom.id for row in rows.values()))
            for dialog in shop.dialogs.values():
                feed = await shop.owner.feed(dialog)
                notes = [e.what.message for e in feed.entries if isinstance(e.what, MessageSent)]
                assert [one.text for one in notes if one.note] == ["Please look"]

    async def test_what_is_refused_is_told_in_one_summary_and_stays_marked(self, shop) -> None:
        async with listed(shop) as it:
            await it.press("asterisk")
            it.inbox.dialogs.marked["d_gone"] = None
            row = it.inbox.mirror.rows[shop.dialogs["Anna"]]
            it.inbox._change_marked(it.inbox.marked(), ChangeDialog(assignee="op_nobody"))
            await it.shows("4 were refused")
            assert len(it.inbox.dialogs.marked) == 5
            assert row.assignee == ""

    async def test_in_the_conversation_the_keys_mean_the_open_dialog(self, shop) -> None:
        async with listed(shop) as it:
            await it.press("g", "asterisk", "enter")
            await it.until(lambda: it.app.focused is it.inbox.feed_view)
            await it.press("a")
            rows = it.inbox.mirror.rows
            await it.until(lambda: rows[it.inbox._opened].assignee)
            assert sum(bool(row.assignee) for row in rows.values()) == 1

    async def test_what_another_list_does_not_show_is_not_marked_any_more(self, shop) -> None:
        await shop.owner.change_dialog(shop.dialogs["Anna"], ChangeDialog(assignee="me"))
        async with listed(shop) as it:
            await it.press("asterisk", "S")
            assert len(it.inbox.dialogs.marked) == 4
            await it.press("1")
            assert list(it.inbox.dialogs.marked) == [shop.dialogs["Anna"]]


class TestDialogsThatAreNoMore:
    async def test_a_merged_one_leaves_the_list_at_once_also_under_the_cursor(self, shop) -> None:
        async with listed(shop) as it:
            await it.press("g", "j")
            gone = it.inbox.dialogs.cursor
            it.inbox.link._changes.gone.add(gone)
            it.inbox.mirror.remove(gone)
            await it.until(lambda: gone not in it.inbox.dialogs.order())
            assert it.inbox.dialogs.cursor in it.inbox.dialogs.order()
