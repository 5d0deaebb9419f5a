"""The rows of the dialog list, one class each: what operators see of all dialogs, over a real server.

What has no class here: that 100,000 dialogs scroll and filter without a pause is measured by
`tests/benchmarks/console_keys.py`, since a figure of time needs a machine of its own.
"""

from __future__ import annotations

from functools import partial

import pytest

from operator_console.dialog_filter import filter_at
from server_stub.desk import conversations
from server_stub.protocol import ChangeDialog, DialogOpened, SendMessage

MINUTE = 60_000

BOT = """\
scenario: menu
title: Menu
status: live
trigger:
  - keyword: [menu]
steps:
  - id: menu
    say: How can I help?
    timeout: 1d
    options:
      - label: Delivery
        steps:
          - say: Two days.
      - label: A person
        steps:
          - handoff: {note: wants a person}
"""


async def wrote(served, *names: str) -> dict[str, str]:
    """Visitors who have written one after the other; the last one is first in the list. Dialogs by name."""
    dialogs = {}
    for name in names:
        visitor = await served.visitor(name)
        dialogs[name] = (await visitor.writes(f"Hello from {name}")).dialog
        await served.advance(1000)
    return dialogs


class TestOpenAndClosed:
    """open / closed"""

    @pytest.mark.slow
    async def test_c_closes_a_dialog_x_shows_the_closed_ones_and_c_opens_it_again(
        self, served, seat, dialog_of
    ) -> None:
        await wrote(served, "Anna", "Boris")
        async with seat(served) as it:
            await it.lists("Boris", "Anna")
            await it.sees("open ▾")
            await it.opens("Anna")
            await it.press("c")
            await it.sees("Closed. c opens it again.")
            assert (await dialog_of(served, "Anna")).status == "closed"
            await it.press("escape", "g", "x")
            await it.sees("closed ▾")
            await it.lists("Anna", of=("Anna", "Boris"))
            await it.opens("Anna")
            await it.press("c")
            await it.sees("Open again.")
            await it.to_list()
            await it.press("F")
            await it.until(lambda: it.row("Anna") and it.row("Boris"))
            assert (await dialog_of(served, "Anna")).status == "open"


class TestFilterByOperator:
    """filter by operator"""

    async def test_f_and_a_name_leave_the_dialogs_of_that_operator(self, served, seat) -> None:
        dialogs = await wrote(served, "Anna", "Boris", "Clara")
        tom = await (await served.operator("Tom Berg")).me()
        await served.owner.change_dialog(dialogs["Boris"], ChangeDialog(assignee=tom.id))
        async with seat(served) as it:
            await it.lists("Clara", "Boris", "Anna")
            await it.press("f")
            await it.picks("@tom")
            await it.lists("Boris", of=tuple(dialogs))
            await it.sees("@Tom Berg")
            await it.press("F")
            await it.lists("Clara", "Boris", "Anna")


class TestFilterByTag:
    """filter by tag"""

    async def test_f_and_a_tag_leave_the_dialogs_that_have_it(self, served, seat) -> None:
        dialogs = await wrote(served, "Anna", "Boris", "Clara")
        for name in ("Anna", "Clara"):
            await served.owner.change_dialog(dialogs[name], ChangeDialog(add_tags=("wholesale",)))
        async with seat(served) as it:
            await it.lists("Clara", "Boris", "Anna")
            await it.press("f")
            await it.sees("tag · 2 open")
            await it.picks("#whole")
            await it.lists("Clara", "Anna", of=tuple(dialogs))
            # Who gets the tag while the list is filtered comes into it by himself.
            await served.owner.change_dialog(dialogs["Boris"], ChangeDialog(add_tags=("wholesale",)))
            await it.until(lambda: it.row("Boris"))


class TestWhoWroteLast:
    """who wrote last (initials or mark of visitor, operator, bot)"""

    async def test_the_mark_before_the_last_message_tells(self, serve, seat) -> None:
        async with serve({"menu": BOT}) as served:
            dialogs = await wrote(served, "Anna", "Boris")
            clara = await served.visitor("Clara")
            await clara.writes("menu")
            tom = await served.operator("Tom Berg")
            await tom.send(dialogs["Boris"], SendMessage("c1", "At your service"))
            async with seat(served) as it:
                await it.row_shows("Anna", "‹ Hello from Anna")
                await it.row_shows("Boris", "TB At your service")
                await it.row_shows("Clara", "⚙ How can I help?")


class TestTheLastMessage:
    """the last message"""

    async def test_it_stands_in_the_row_and_follows_as_both_write(self, served, seat) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("Is the vase blue?")
        async with seat(served) as it:
            await it.row_shows("Anna", "‹ Is the vase blue?")
            await it.opens("Anna")
            await it.writes("It is grey.")
            await it.row_shows("Anna", "It is grey.")
            await anna.writes("What\na\npity")
            await it.row_shows("Anna", "‹ What ⏎ a ⏎ pity")


class TestTheDialogsTags:
    """the dialog's tags"""

    async def test_t_puts_one_on_and_takes_it_off_again(self, served, seat, dialog_of) -> None:
        await wrote(served, "Anna")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.press("t")
            await it.picks("return", "Tags of the dialog")
            await it.row_shows("Anna", " return ")
            assert (await dialog_of(served, "Anna")).tags == ("return",)
            await it.press("t")
            await it.picks("return", "✓ return")
            await it.until(lambda: "return" not in it.row("Anna"))


class TestNewDialogsAppearByThemselves:
    """new dialogs appear by themselves, in order, without moving what is under the cursor"""

    async def test_a_list_in_use_holds_still_and_tells_what_is_new_above(self, served, seat) -> None:
        await wrote(served, "Anna", "Boris")
        async with seat(served) as it:
            await it.lists("Boris", "Anna")
            await it.to_list()
            await it.press("g", "j")
            await wrote(served, "Clara", "Dmitri")
            await it.sees("2 new above · g")
            assert it.listed("Anna", "Boris", "Clara", "Dmitri") == ["Boris", "Anna"]
            assert it.inbox.mirror.rows[it.inbox.dialogs.cursor].visitor_name == "Anna"
            await it.press("g")
            await it.lists("Dmitri", "Clara", "Boris", "Anna")

    async def test_a_list_that_nobody_uses_takes_them_in_above(self, served, seat) -> None:
        await wrote(served, "Anna")
        async with seat(served) as it:
            await it.opens("Anna")
            await wrote(served, "Boris", "Clara")
            await it.lists("Clara", "Boris", "Anna")
            assert it.inbox.mirror.rows[it.inbox.dialogs.cursor].visitor_name == "Anna"


class TestMineUnassignedAll:
    """mine / unassigned / all"""

    async def test_1_2_and_3_and_each_says_how_many(self, served, seat) -> None:
        dialogs = await wrote(served, "Anna", "Boris", "Clara")
        tom = await (await served.operator("Tom Berg")).me()
        await served.owner.change_dialog(dialogs["Anna"], ChangeDialog(assignee="me"))
        await served.owner.change_dialog(dialogs["Boris"], ChangeDialog(assignee=tom.id))
        async with seat(served) as it:
            await it.sees("Mine 1", "Unassigned 1", "All 3")
            await it.press("1")
            await it.lists("Anna", of=tuple(dialogs))
            await it.press("2")
            await it.lists("Clara", of=tuple(dialogs))
            await it.press("3")
            await it.lists("Clara", "Boris", "Anna")
            await it.opens("Clara")
            await it.press("a")
            await it.sees("Mine 2", "Unassigned 0")


class TestWaitingSince:
    """waiting since: it turns warm, then hot; sort by waiting time"""

    async def test_the_row_says_how_long_and_the_longest_is_first(self, served, seat) -> None:
        await wrote(served, "Anna")
        await served.advance(6 * MINUTE)
        await wrote(served, "Boris")
        await served.advance(2 * MINUTE)
        await wrote(served, "Clara")
        async with seat(served) as it:
            await it.row_shows("Anna", "waits 8m")
            await it.row_shows("Boris", "waits 2m")
            looks = [self.bar(it, name) for name in ("Anna", "Boris", "Clara")]
            assert len(set(looks)) == 3, "hot, warm and fresh are three colours"
            await it.press("S")
            await it.lists("Anna", "Boris", "Clara")
            await it.press("u")
            await it.until(lambda: it.inbox.row and it.inbox.row.visitor_name == "Anna")
            await it.writes("I am here")
            await it.until(lambda: "waits" not in it.row("Anna"), "an answer ends the waiting")
            await it.sees("2 waiting")

    def bar(self, it, name: str):
        """The colour of the bar at the left of his row."""
        line = next(number for number, text in enumerate(it.pane("DialogList")) if name in text)
        strip = it.inbox.dialogs.render_line(line)
        return next(iter(strip)).style.color


class TestUnreadCount:
    """unread count"""

    async def test_it_counts_and_goes_when_the_dialog_is_read(self, served, seat, dialog_of) -> None:
        anna = await served.visitor("Anna")
        for text in ("One", "Two", "Three"):
            await anna.writes(text)
        await served.advance(1000)
        await wrote(served, "Boris")
        async with seat(served) as it:
            await it.row_shows("Anna", "‹ Three", " 3 ")
            await it.opens("Anna")
            await it.until(lambda: " 3 " not in it.row("Anna"), "read: the count goes")
            assert (await dialog_of(served, "Anna")).unread == 0

    async def test_what_came_while_one_was_in_the_list_is_read_as_soon_as_one_goes_in(
        self, served, seat
    ) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("One")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.until(lambda: not it.inbox.row.unread)
            await it.press("escape")
            await anna.writes("Two")
            await it.row_shows("Anna", "‹ Two", " 1 ")
            await it.until(
                lambda: it.inbox._seen_timer is None, "he has had a second to read it, from the list"
            )
            assert " 1 " in it.row("Anna")
            await it.press("enter")
            await it.until(lambda: " 1 " not in it.row("Anna"))


class TestSnoozedUntilTime:
    """snoozed (until time)"""

    async def test_it_leaves_the_list_and_comes_back_at_its_time(self, served, seat, dialog_of) -> None:
        await wrote(served, "Anna", "Boris")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.press("z")
            await it.picks("in 2h", "Snooze until")
            await it.sees("Snoozed until")
            assert (await dialog_of(served, "Anna")).status == "snoozed"
            await it.press("escape", "g")
            await it.lists("Boris", of=("Anna", "Boris"))
            await it.press("x", "x")
            await it.row_shows("Anna", "☾ ")
            await it.press("F")
            await served.advance(2 * 60 * MINUTE + 1000)
            await it.until(lambda: it.row("Anna"), "it is back")
            assert (await dialog_of(served, "Anna")).status == "open"


class TestSnoozedUntilNextReply:
    """snoozed (until next reply)"""

    async def test_it_comes_back_when_the_visitor_writes(self, served, seat, dialog_of) -> None:
        anna = await served.visitor("Anna")
        await anna.writes("I will measure it")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.press("z")
            await it.picks("until the visitor")
            await it.sees("Snoozed until the visitor writes")
            await it.press("escape", "g", "x", "x")
            await it.row_shows("Anna", "☾ till he writes")
            await it.press("F")
            await it.until(lambda: not it.row("Anna"))
            await anna.writes("It is 60 cm")
            await it.row_shows("Anna", "‹ It is 60 cm")
            assert (await dialog_of(served, "Anna")).status == "open"


class TestPriority:
    """priority"""

    @pytest.mark.slow
    async def test_it_is_set_by_a_key_shown_in_the_row_and_filtered_by(self, served, seat, dialog_of) -> None:
        await wrote(served, "Anna", "Boris")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.press("exclamation_mark")
            await it.picks("urgent", "Priority")
            await it.row_shows("Anna", "!! ")
            assert (await dialog_of(served, "Anna")).priority == "urgent"
            await it.to_list()
            await it.press("f")
            await it.picks("urgent")
            await it.lists("Anna", of=("Anna", "Boris"))


class TestSearchOverDialogsMessagesAndVisitors:
    """search over dialogs, messages and visitors"""

    async def test_as_one_types_and_enter_opens_what_is_found(self, served, seat) -> None:
        anna = await served.visitor("Anna", email="anna@mail.example")
        await anna.writes("The walnut table wobbles")
        await anna.writes("Are you there?")
        await served.visitor("Walnut Fan", phone="+37255501")
        boris = await served.visitor("Boris")
        await boris.writes("walnut, please")
        async with seat(served) as it:
            await it.lists("Boris", "Anna")
            await it.press("slash")
            await it.type("waln")
            await it.sees("In this list · 1", "People · 1", "Messages · 1", "The walnut table", "Walnut Fan")
            await it.press("down", "down")
            await it.press("enter")
            await it.until(lambda: it.inbox.row and it.inbox.row.visitor_name == "Anna")
            await it.until(lambda: it.inbox.feed_view.selected is not None)
            assert it.inbox.feed_view.selected.message.text == "The walnut table wobbles"
            await it.press("escape", "escape")
            await it.lists("Boris", "Anna")
            await it.press("slash")
            await it.type("anna@mail")
            await it.sees("People · 1")


class TestSavedFilters:
    """saved filters"""

    @pytest.mark.slow
    async def test_one_is_kept_under_a_name_shown_again_and_had_by_a_colleague(self, served, seat) -> None:
        dialogs = await wrote(served, "Anna", "Boris")
        tom = await served.operator("Tom Berg")
        await served.owner.change_dialog(dialogs["Anna"], ChangeDialog(add_tags=("vip",)))
        async with seat(served) as it:
            await it.lists("Boris", "Anna")
            await it.press("f")
            await it.picks("#vip")
            await it.lists("Anna", of=tuple(dialogs))
            await it.press("s")
            await it.picks("save the list", "Saved filters")
            await it.sees("Save the list that is shown")
            await it.type("My VIPs")
            await it.press("enter")
            await it.picks("for everybody", "Who has it?")
            await it.sees("Saved: My VIPs")
            [preset] = await served.owner.presets("filter")
            assert (preset.name, preset.text) == ("My VIPs", "open/all?tag=vip")
        async with seat(served, tom) as his:
            await his.lists("Boris", "Anna")
            await his.press("s")
            await his.picks("my vips")
            await his.lists("Anna", of=tuple(dialogs))


class TestMarkAndActOnSeveral:
    """mark and act on several"""

    @pytest.mark.slow
    async def test_marked_dialogs_are_assigned_tagged_and_closed_at_once(self, served, seat) -> None:
        await wrote(served, "Anna", "Boris", "Clara")
        async with seat(served) as it:
            await it.lists("Clara", "Boris", "Anna")
            await it.to_list()
            await it.press("g", "space", "space")
            await it.sees("✓ 2 marked")
            await it.press("a")
            await it.sees("2 dialogs are changed.", "Mine 2")
            await it.press("g", "space", "space", "t")
            await it.picks("fair", "Tags of 2 dialogs")
            await it.row_shows("Clara", " fair ")
            await it.row_shows("Boris", " fair ")
            assert "fair" not in it.row("Anna")
            await it.press("g", "space", "space", "c")
            await it.lists("Anna", of=("Anna", "Boris", "Clara"))
            page = await served.owner.dialogs(status="closed")
            assert {(row.visitor_name, row.tags) for row in page.dialogs} == {
                ("Boris", ("fair",)),
                ("Clara", ("fair",)),
            }


class TestChannelMark:
    """channel mark"""

    async def test_a_dialog_by_mail_has_a_mark_and_a_filter_of_its_own(
        self, served, seat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await wrote(served, "Anna")
        # As whoever brings letters in will open it.
        monkeypatch.setattr(conversations, "DialogOpened", partial(DialogOpened, channel="email"))
        await wrote(served, "Boris")
        async with seat(served) as it:
            await it.row_shows("Boris", "✉")
            assert "✉" not in it.row("Anna")
            await it.press("f")
            await it.picks("email")
            await it.lists("Boris", of=("Anna", "Boris"))


class TestLiveListOfVisitorsOnTheSiteNow:
    """live list of visitors on the site now"""

    @pytest.mark.slow
    async def test_with_page_and_cart_and_a_dialog_is_begun_with_one(self, served, seat, page_hears) -> None:
        anna = await served.visitor("Anna")
        async with seat(served) as it:
            await it.press("L")
            await it.sees("Anna", "Home")
            await anna.views("/lamps", "All lamps")
            await anna.does(
                "Product Added", product_id="L1", name="Lamp", price=89, quantity=2, currency="EUR"
            )
            await it.sees("All lamps", "2 items · 178 EUR")
            await served.visitor("Boris")
            await it.sees("Boris")
            await it.press("slash")
            await it.type("anna")
            await it.sees_no("Boris")
            await it.press("enter", "d")
            await it.until(lambda: it.app.screen is it.inbox and it.inbox.row is not None)
            await it.writes("May I help you?")
            assert (await page_hears(anna, "May I help")).author.kind == "operator"


class TestUrlLikeNamesThatCanBeBookmarked:
    """every list, filter and search has a URL-like name that can be bookmarked"""

    @pytest.mark.slow
    async def test_y_copies_the_name_and_a_console_opens_at_it(self, served, seat) -> None:
        dialogs = await wrote(served, "Anna", "Boris", "Clara")
        for name in ("Anna", "Clara"):
            await served.owner.change_dialog(dialogs[name], ChangeDialog(add_tags=("very important",)))
        async with seat(served) as it:
            await it.lists("Clara", "Boris", "Anna")
            await it.press("f")
            await it.picks("#very")
            await it.press("2", "S", "Y")
            address = it.app.clipboard
            assert address == "open/unassigned?tag=very+important&sort=waiting"
            await it.sees(address)
        async with seat(served, at=filter_at(address)) as it:
            await it.lists("Anna", "Clara", of=tuple(dialogs))
            await it.press("ctrl+g")
            await it.sees("Show the list at an address")
            await it.press("ctrl+u")
            await it.type("all/all?q=boris")
            await it.press("enter")
            await it.lists("Boris", of=tuple(dialogs))
