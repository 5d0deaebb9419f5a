"""The dialog list: what it shows, how one moves in it, and that nothing moves under the cursor."""

from __future__ import annotations

from operator_console.inbox.dialog_list import DialogList
from operator_console.mirror import Filter


class TestWhatItShows:
    async def test_who_wrote_last_what_tags_and_unread(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.sees("Mihkel Saar", "Can somebody look wh", " 2 ")
            lines = it.lines()
            row = next(number for number, line in enumerate(lines) if "Café Rosa" in line)
            assert "TB Good afternoon" in lines[row + 1]
            assert "wholesale" in lines[row + 1]

    async def test_how_long_somebody_has_been_waiting(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.sees("waits 8m", "waits 2m", "3 waiting, longest 8m")

    async def test_an_empty_list_says_what_comes_next(self, desks, console) -> None:
        async with console(desks.MemoryDesk()) as it:
            await it.sees("Visitors come here as")

    async def test_a_new_dialog_appears_by_itself(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            desk.advance(1000)
            dialog = desk.open("Newcomer", holder="people")
            desk.say(dialog, "visitor", "Anybody there?")
            await it.sees("Newcomer", "Anybody there?", "4 waiting")

    async def test_presence_comes_and_goes(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.until(lambda: "v_anna" in it.inbox.mirror.online)
            desk.come("v_anna", online=False)
            await it.until(lambda: not any("● Anna" in line for line in it.lines()))


class TestMoving:
    async def test_j_and_k_and_arrows_move_the_cursor_and_open_the_dialog(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            first = it.inbox.dialogs.cursor
            await it.press("j", "down", "k")
            await it.until(lambda: it.inbox._opened == it.inbox.dialogs.order()[1])
            await it.press("k")
            await it.until(lambda: it.inbox._opened == first)

    async def test_g_and_shift_g_go_to_both_ends(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.press("G")
            assert it.inbox.dialogs.cursor == it.inbox.dialogs.order()[-1]
            await it.press("g")
            assert it.inbox.dialogs.cursor == it.inbox.dialogs.order()[0]

    async def test_a_click_opens_a_dialog_and_enters_it(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.pilot.click(DialogList, offset=(8, 5))
            await it.until(lambda: it.inbox._opened == it.inbox.dialogs.order()[2])
            assert it.app.focused is it.inbox.feed_view

    async def test_u_goes_to_whoever_waits_longest_and_on(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            names = []
            for _ in range(3):
                await it.press("u")
                names.append(it.inbox.row.visitor_name)
            assert names == ["Mihkel Saar", "Anna Petrova", "Sofia"]


class TestNothingMovesUnderTheCursor:
    async def test_the_order_is_frozen_while_the_list_is_used_and_what_is_new_is_counted(
        self, desks, console
    ) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.press("j", "j")
            before = it.inbox.dialogs.order()
            desk.advance(1000)
            desk.say(desk.open("Newcomer", holder="people"), "visitor", "Hello")
            await it.sees("↑ 1 new")
            assert it.inbox.dialogs.order() == before

    async def test_g_takes_in_what_is_new(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.press("j")
            desk.advance(1000)
            desk.say(desk.open("Newcomer", holder="people"), "visitor", "Hello")
            await it.sees("↑ 1 new")
            await it.press("g")
            await it.sees("Newcomer")
            await it.misses("↑ 1 new")

    async def test_the_cursor_stays_with_its_dialog_when_others_overtake_it(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Jonas")
            it.inbox.composer.text_area.focus()
            held = it.inbox.dialogs.cursor
            desk.advance(1000)
            desk.say(desk.open("Newcomer", holder="people"), "visitor", "Hello")
            await it.sees("Newcomer")
            assert it.inbox.dialogs.cursor == held


class TestFilters:
    async def test_tabs_show_mine_nobodys_and_all_with_their_counts(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.sees("Mine 1", "Unassigned 7", "All 9")
            await it.press("1")
            assert [it.inbox.mirror.rows[d].visitor_name for d in it.inbox.dialogs.order()] == [
                "Anna Petrova"
            ]
            await it.press("2")
            assert it.inbox.dialogs.count == 7
            await it.press("3")
            assert it.inbox.dialogs.count == 9

    async def test_x_shows_closed_dialogs(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.until(lambda: len(it.inbox.mirror.rows) == 10)
            await it.press("x")
            await it.sees("closed ▾", "Perfect, thank you")

    async def test_by_tag_through_the_picker(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.press("f")
            await it.type("whole")
            await it.press("enter")
            await it.sees("#wholesale")
            assert it.inbox.dialogs.count == 1
            await it.press("F")
            assert it.inbox.dialogs.count == 9

    async def test_a_filter_without_dialogs_says_what_to_do(self, desks, console) -> None:
        desk = desks.MemoryDesk()
        desk.say(desk.open("One"), desks.BOT, "Hello")
        async with console(desk) as it:
            await it.press("1")
            await it.sees("No dialog is yours")


class TestAHundredThousand:
    def test_a_filter_is_one_pass_and_kept_up_to_date(self, desks) -> None:
        from operator_console.mirror import Mirror
        from server_stub.protocol import DialogPage, DialogSummary

        mirror = Mirror("me")
        rows = tuple(
            DialogSummary(f"d{n}", f"v{n}", n + 1, n, n, assignee="me" if n % 3 == 0 else "")
            for n in range(2_000)
        )
        mirror.load(DialogPage(2_000, rows[::-1]))
        mine = mirror.view(Filter(whose="mine"))
        assert mine is mirror.view(Filter(whose="mine"))
        assert len(mine) == 667


class TestWhoIsWho:
    async def test_a_nameless_visitor_has_the_same_mark_wherever_he_is(self, desks, console) -> None:
        desk = desks.lively()
        dialog = desk.open("", visitor="v_00002b9e", holder="people")
        desk.say(dialog, "visitor", "Is anybody there?")
        async with console(desk) as it:
            await it.open("")
            it.inbox.open_dialog(dialog)
            await it.sees("Is anybody there?")
            await it.until(lambda: it.text().count("Visitor 2b9e") == 3, "list, header and feed")
            desk.type(dialog)
            await it.sees("Visitor 2b9e is writing")
            assert "Visitor 17f0" in it.text(), "the other nameless one"

    async def test_his_email_takes_the_marks_place_at_once(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("")
            await it.sees("Visitor 17f0")
            await it.press("e", "tab")
            await it.type("zoe@mail.example")
            await it.press("enter")
            await it.misses("Visitor 17f0")
            await it.until(lambda: it.text().count("zoe@mail.example") == 3, "list, header and card")

    async def test_the_search_finds_the_mark(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.press("slash")
            await it.type("17f0")
            await it.sees("In this list · 1", "Visitor 17f0")
