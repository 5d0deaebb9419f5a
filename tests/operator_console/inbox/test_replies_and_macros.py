"""Saved replies and macros: written, kept from the composer, found, changed, removed, and run."""

from __future__ import annotations

from operator_console.errors import Unreachable
from operator_console.replies.macro_words import doings_of, in_a_line
from server_stub.protocol import ChangeDialog, MessageSent, Operator, Preset, Problem, RunMacro, WritePreset


async def opened(console, name: str = "Anna Petrova") -> str:
    """Open the visitor's dialog with his card; its id."""
    inbox = console.inbox
    await console.until(lambda: any(row.visitor_name == name for row in inbox.mirror.rows.values()))
    dialog = next(row.id for row in inbox.mirror.rows.values() if row.visitor_name == name)
    inbox.dialogs.point_to(dialog)
    await console.until(
        lambda: inbox._opened == dialog and inbox.feed is not None and inbox._card is not None
    )
    return dialog


async def waiting_visitor(served, name: str = "Anna Petrova"):
    visitor = await served.visitor(name)
    await visitor.writes("Hello?")
    return visitor


REFUND = WritePreset(
    "macro",
    "Refund and close",
    'Your money is on its way, {{ visitor.first_name | default: "dear customer" }}.',
    change=ChangeDialog(add_tags=("refund",), status="closed"),
)


class TestSaveAsReply:
    async def test_ctrl_s_keeps_what_is_written_with_a_variable_for_the_name(self, served) -> None:
        await waiting_visitor(served)
        async with served.console() as console:
            await opened(console)
            await console.press("r")
            await console.type("Dear Anna, it is here")
            await console.press("ctrl+s")
            await console.shows("A new saved reply")
            await console.shows("became a variable")
            await console.type("Lamp is here")
            await console.press("tab")
            await console.type("Orders")
            await console.press("ctrl+s")
            await console.until(lambda: console.inbox.mirror.presets)
            [kept] = await served.owner.presets("reply")
            assert (kept.name, kept.folder, kept.owner) == ("Lamp is here", "Orders", "")
            assert kept.text == "Dear {{ visitor.first_name }}, it is here"
            assert console.inbox.composer.text == "Dear Anna, it is here"

    async def test_a_colleague_has_it_at_once_and_ones_own_stays_ones_own(self, served) -> None:
        tom = await served.operator("Tom Berg")
        await served.owner.write_preset("mine", WritePreset("reply", "Mine", "x", is_shared=False))
        async with served.console(tom) as console:
            await served.owner.write_preset("ours", WritePreset("reply", "Ours", "y"))
            await console.until(lambda: set(console.inbox.mirror.presets) == {"ours"})
            await served.owner.remove_preset("ours")
            await console.until(lambda: not console.inbox.mirror.presets)

    async def test_what_is_missing_or_wrong_is_told_in_the_form(self, served) -> None:
        await waiting_visitor(served)
        async with served.console() as console:
            await opened(console)
            await console.press("r")
            await console.type("Hi {{ visitor.name")
            await console.press("ctrl+s")
            await console.shows("A new saved reply")
            await console.press("ctrl+s")
            await console.shows("It needs a name")
            await console.type("Broken")
            await console.press("ctrl+s")
            await console.shows("This cannot be filled in")
            assert await served.owner.presets("reply") == ()


class TestTheScreenOfSavedReplies:
    async def test_it_shows_folders_finds_and_previews_for_the_open_dialog(self, served) -> None:
        await served.owner.write_preset(
            "r1", WritePreset("reply", "Returns", "30 days, {{ visitor.name }}.", "Orders")
        )
        await served.owner.write_preset("r2", WritePreset("reply", "Hours", "Nine to five."))
        await served.owner.write_preset("m1", REFUND)
        await waiting_visitor(served)
        async with served.console() as console:
            await opened(console)
            await console.press("R")
            await console.shows("2 saved replies · 1 macro")
            await console.shows("30 days, Anna Petrova.")
            await console.press("3")
            await console.shows("0 saved replies · 1 macro")
            await console.shows("tags it refund")
            await console.press("1", "slash")
            await console.type("nine")
            await console.shows("1 saved reply · 0 macros")
            await console.press("enter", "u")
            await console.until(lambda: console.inbox.composer.text == "Nine to five.")

    async def test_one_is_changed_and_removed(self, served) -> None:
        await served.owner.write_preset("r1", WritePreset("reply", "Hours", "Nine to five."))
        async with served.console() as console:
            await console.press("R")
            await console.shows("Nine to five.")
            await console.press("e")
            await console.shows("A saved reply")
            await console.type("!")
            await console.press("ctrl+s")
            await console.until(lambda: console.inbox.mirror.presets["r1"].name in ("Hours!", "!"))
            await console.until(lambda: console.app.screen is console.inbox._replies)
            await console.press("D")
            await console.shows("Remove “")
            await console.press("down", "enter")
            await console.until(lambda: not console.inbox.mirror.presets)
            await console.shows("No saved reply and no macro yet.")
            assert await served.owner.presets() == ()

    async def test_a_macro_is_written_field_by_field(self, served) -> None:
        async with served.console() as console:
            await console.press("R", "m")
            await console.shows("A new macro")
            await console.type("Done")
            await console.press("tab", "tab", "tab", "space", "tab", "right", "tab", "left", "tab")
            await console.type("done, vip")
            await console.press("ctrl+s")
            await console.until(lambda: console.inbox.mirror.presets)
            [macro] = await served.owner.presets("macro")
            assert macro.change == ChangeDialog(
                status="closed", assignee="me", priority="urgent", add_tags=("done", "vip")
            )

    async def test_a_console_for_reading_only_shows_them_and_changes_none(self, served) -> None:
        await served.owner.write_preset("r1", WritePreset("reply", "Hours", "Nine to five."))
        async with served.console(read_only=True) as console:
            await console.press("R")
            await console.shows("Nine to five.")
            await console.press("D", "e", "n")
            await console.shows("opened for reading only")
            assert console.app.screen is console.inbox._replies


class TestMacros:
    async def test_one_key_answers_tags_and_closes_in_one_commit(self, served) -> None:
        await served.owner.write_preset("m1", REFUND)
        visitor = await waiting_visitor(served)
        async with served.console() as console:
            dialog = await opened(console)
            await console.press("M")
            await console.shows("Your money is on its way, Anna.")
            await console.shows("closes it")
            await console.press("1")
            await console.until(lambda: console.inbox.mirror.rows[dialog].status == "closed")
            row = console.inbox.mirror.rows[dialog]
            assert (row.tags, row.last_text) == (("refund",), "Your money is on its way, Anna.")
            assert visitor.page.heard

    async def test_what_is_not_filled_in_goes_to_the_composer_and_nothing_runs(self, served) -> None:
        await served.owner.write_preset(
            "m1",
            WritePreset("macro", "Ship", "To {{ visitor.country }}.", change=ChangeDialog(status="closed")),
        )
        await waiting_visitor(served)
        async with served.console() as console:
            dialog = await opened(console)
            await console.press("M", "enter")
            await console.until(lambda: console.inbox.composer.text == "To {{ visitor.country }}.")
            assert console.inbox.mirror.rows[dialog].status == "open"

    async def test_where_the_answer_is_lost_the_next_try_is_the_same_run(self, served) -> None:
        await served.owner.write_preset("m1", REFUND)
        await waiting_visitor(served)
        async with served.console() as console:
            dialog = await opened(console)
            await console.until(lambda: "m1" in console.inbox.mirror.presets)
            run, asked = console.client.run_macro, []

            async def lossy(dialog_id: str, request: RunMacro):
                asked.append(request.client_id)
                done = await run(dialog_id, request)
                if len(asked) == 1:
                    raise Unreachable(Problem("unreachable", "No answer."))
                return done

            console.client.run_macro = lossy
            macro = console.inbox.mirror.presets["m1"]
            console.inbox.run_macro(macro)
            await console.until(lambda: console.inbox.mirror.rows[dialog].status == "closed")
            await console.until(lambda: len(asked) == 1)
            console.inbox.run_macro(macro)
            await console.until(lambda: len(asked) == 2)
            assert asked[0] == asked[1]
            await console.shows("Refund and close: done.")
            feed = await served.owner.feed(dialog)
            said = [entry for entry in feed.entries if isinstance(entry.what, MessageSent)]
            assert sum("money" in entry.what.message.text for entry in said) == 1

    async def test_ones_held_message_goes_out_before_what_the_macro_says(self, served) -> None:
        from operator_console.preferences import Preferences

        await served.owner.write_preset("m1", REFUND)
        await waiting_visitor(served)
        async with served.console(preferences=Preferences(undo_seconds=30)) as console:
            dialog = await opened(console)
            await console.press("r")
            await console.type("One moment")
            await console.press("enter", "escape", "M", "1")
            await console.until(lambda: console.inbox.mirror.rows[dialog].status == "closed")
            feed = await served.owner.feed(dialog)
            said = [entry.what.message.text for entry in feed.entries if isinstance(entry.what, MessageSent)]
            assert said[1:] == ["One moment", "Your money is on its way, Anna."]


class TestWhatAMacroDoesInWords:
    def test_every_part_of_a_change_is_told(self) -> None:
        change = ChangeDialog(
            add_tags=("a", "b"),
            remove_tags=("c",),
            priority="high",
            assignee="o2",
            holder="bot",
            note="look",
            status="closed",
            ask_rating=True,
        )
        staff = {"o2": Operator("o2", "Tom Berg", "operator")}
        assert doings_of(change, staff) == [
            "tags it a, b",
            "takes tag c off",
            "sets its priority to high",
            "gives it to Tom Berg",
            "hands it back to the bot",
            "notes “look”",
            "closes it and asks how we did",
        ]
        assert in_a_line(Preset("m", "macro", "M", "Hello", change=ChangeDialog(status="snoozed")), {}) == (
            "answers · puts it off until the visitor writes"
        )
