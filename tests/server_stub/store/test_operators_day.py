"""What an operator's day leaves in the store: presets, alarms, notes on people, who has how many dialogs."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server_stub.protocol import Author, ChangeDialog, Message, Preset, VisitorNote
from server_stub.store.base import AlarmRow, OperatorRow, Store, VisitorNoteRow

OPERATOR = Author("operator", "o1", "Ann")
COLLEAGUE = Author("operator", "o2", "Ben")


class TestPresets:
    def test_they_come_by_folder_and_name_and_the_last_one_written_counts(self, store: Store, write) -> None:
        macro = Preset(
            "p1", "macro", "Thanks", "Bye!", "b", change=ChangeDialog(status="closed", add_tags=("a",))
        )
        reply = Preset("p2", "reply", "Hello", "Hi {{ visitor.name }}", "b", owner="o1", at=5, by="o1")
        old = Preset("p3", "filter", "Mine", "mine")
        write.batch.presets = {"p1": macro, "p2": reply, "p3": old}
        write.commit()
        new = replace(old, name="Mine now", folder="a")
        write.batch.presets = {"p3": new}
        write.commit()
        assert store.presets() == [new, reply, macro]

    def test_one_that_is_taken_away_is_gone(self, store: Store, write) -> None:
        write.batch.presets = {"p1": Preset("p1", "reply", "Hello"), "p2": Preset("p2", "reply", "Bye")}
        write.commit()
        write.batch.presets = {"p1": None, "never": None}
        write.commit()
        assert [preset.id for preset in store.presets()] == ["p2"]


class TestAlarms:
    @pytest.fixture(autouse=True)
    def alarms(self, write) -> None:
        write.visitor("v1")
        write.visitor("v2")
        write.dialog("d1", "v1", status="snoozed")
        write.dialog("d2", "v1", status="closed")
        message = Message("m1", "d1", "v1", OPERATOR, 10, text="Good morning", send_at=300)
        rows = [
            AlarmRow("snooze:d1", "d1", 400),
            AlarmRow("m1", "d1", 300, message),
            AlarmRow("snooze:d2", "d2", 5),
        ]
        write.batch.alarms = {row.id: row for row in rows}
        write.commit()

    def test_the_earliest_comes_first_with_the_message_that_is_to_be_sent(self, store: Store) -> None:
        assert [row.id for row in store.alarms()] == ["snooze:d2", "m1", "snooze:d1"]
        message = store.alarms()[1].message
        assert message is not None
        assert (message.text, message.send_at) == ("Good morning", 300)
        assert store.alarms()[0].message is None

    def test_those_of_a_dialog_are_found(self, store: Store) -> None:
        assert [row.id for row in store.alarms_of("d1")] == ["m1", "snooze:d1"]
        assert store.alarms_of("none") == []

    def test_what_is_not_waited_for_any_more_is_gone_and_what_moved_is_found_once(
        self, store: Store, write
    ) -> None:
        write.batch.alarms = {"m1": None, "snooze:d2": AlarmRow("snooze:d2", "d2", 900)}
        write.commit()
        assert [(row.id, row.due_at) for row in store.alarms()] == [("snooze:d1", 400), ("snooze:d2", 900)]

    def test_a_message_that_waits_is_the_other_visitors_after_a_merge(self, store: Store, write) -> None:
        write.batch.moved_visitors["v1"] = "v2"
        write.commit()
        assert [row.message.visitor for row in store.alarms_of("d1") if row.message] == ["v2"]


class TestNotesOnPeople:
    @pytest.fixture(autouse=True)
    def notes(self, write) -> None:
        write.visitor("v1")
        write.visitor("v2")
        for number in (1, 2, 3):
            note = VisitorNote(f"n{number}", number, OPERATOR, f"note {number}")
            write.batch.visitor_notes[note.id] = VisitorNoteRow("v1", note)
        write.commit()

    def test_the_newest_comes_first(self, store: Store) -> None:
        assert [note.id for note in store.visitor_notes("v1")] == ["n3", "n2", "n1"]
        assert store.visitor_notes("v1")[0] == VisitorNote("n3", 3, OPERATOR, "note 3")
        assert store.visitor_notes("v2") == []

    def test_one_that_was_removed_is_not_listed_and_can_still_be_asked_for(self, store: Store, write) -> None:
        row = store.visitor_note("n2")
        assert row is not None
        removed = replace(row, removed=True)
        write.batch.visitor_notes["n2"] = removed
        write.commit()
        assert [note.id for note in store.visitor_notes("v1")] == ["n3", "n1"]
        assert store.visitor_note("n2") == removed
        assert store.visitor_note("none") is None

    def test_a_merge_moves_them(self, store: Store, write) -> None:
        write.batch.moved_visitors["v1"] = "v2"
        write.commit()
        assert [note.id for note in store.visitor_notes("v2")] == ["n3", "n2", "n1"]
        assert store.visitor_notes("v1") == []


class TestOperators:
    def test_who_is_away_comes_back_so(self, store: Store, write) -> None:
        row = OperatorRow("o1", "Ann", "operator", "ab", 5, online=True, away=True)
        write.batch.operators["o1"] = row
        write.commit()
        assert store.operators() == [row]

    def test_open_dialogs_are_counted_by_operator_through_all_that_becomes_of_them(
        self, store: Store, write
    ) -> None:
        write.visitor("v1")
        one = write.dialog("d1", "v1", assignee="o1")
        two = write.dialog("d2", "v1", assignee="o1")
        write.dialog("d3", "v1", assignee="o2")
        write.dialog("d4", "v1")
        write.dialog("d5", "v1", assignee="o1", status="closed")
        write.dialog("d6", "v1", assignee="o2", status="snoozed")
        write.commit()
        assert store.open_counts() == {"o1": 2, "o2": 1}
        for changed, counts in (
            (replace(one, last_text="hi"), {"o1": 2, "o2": 1}),
            (replace(one, assignee="o2"), {"o1": 1, "o2": 2}),
            (replace(two, status="snoozed"), {"o2": 2}),
            (replace(two, status="open"), {"o1": 1, "o2": 2}),
            (replace(one, assignee=""), {"o1": 1, "o2": 1}),
            (replace(two, status="closed"), {"o2": 1}),
            (replace(two, status="closed", assignee="o2"), {"o2": 1}),
        ):
            write.batch.dialogs[changed.id] = changed
            write.commit()
            assert store.open_counts() == counts


class TestAnsweredMeanwhile:
    @pytest.fixture(autouse=True)
    def talk(self, write) -> None:
        write.visitor("v1")
        write.dialog("d1", "v1")  # 1
        write.dialog("d2", "v1")  # 2
        write.message("m1", "d1", "v1")  # 3
        write.message("m2", "d1", "v1", author=OPERATOR)  # 4
        write.message("m3", "d1", "v1", author=COLLEAGUE, note=True)  # 5
        write.message("m4", "d1", "v1", author=Author("bot", "hello"))  # 6
        write.message("m5", "d2", "v1", author=COLLEAGUE)  # 7
        write.commit()

    def test_another_operators_answer_behind_what_one_has_seen_is_told(self, store: Store) -> None:
        assert store.answered_after("d1", 3, but="o2") == "o1"

    @pytest.mark.parametrize(("seq", "but"), [(3, "o1"), (4, "o2"), (9, "o3")])
    def test_ones_own_answer_a_note_a_bots_message_and_an_earlier_answer_are_none(
        self, store: Store, seq: int, but: str
    ) -> None:
        assert store.answered_after("d1", seq, but) == ""


class TestBlocked:
    def test_a_visitors_row_says_so_and_keeps_his_details(self, store: Store, write) -> None:
        write.visitor("v1", blocked=True, details=b'{"place":"Kyoto"}')
        write.visitor("v2")
        batch = write.commit()
        assert store.visitors(["v1", "v2"]) == batch.visitors


class TestSnoozed:
    @pytest.fixture(autouse=True)
    def dialogs(self, write) -> None:
        """One of each status, by two visitors."""
        for number, (visitor, status) in enumerate(
            [("v1", "closed"), ("v1", "snoozed"), ("v2", "open"), ("v2", "closed"), ("v3", "closed")], 1
        ):
            write.visitor(visitor)
            write.dialog(f"d{number}", visitor, status=status, last_at=number, tags=("a",))
        write.commit()

    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            ("open", ["d3"]),
            ("snoozed", ["d2"]),
            ("active", ["d3", "d2"]),
            ("closed", ["d5", "d4", "d1"]),
            ("", ["d5", "d4", "d3", "d2", "d1"]),
        ],
    )
    def test_the_list_knows_them_apart(self, store: Store, status: str, expected: list[str]) -> None:
        asked = {"assignee": None, "visitor": "", "cursor": "", "limit": 10}
        for tag in ("", "a"):
            page, _, total = store.dialog_page(status=status, tag=tag, **asked)
            assert ([dialog.id for dialog in page], total) == (expected, len(expected))

    def test_a_snoozed_dialog_is_its_visitors_open_one(self, store: Store) -> None:
        found = store.open_dialogs(["v1", "v2", "v3"])
        assert {visitor: dialog.id for visitor, dialog in found.items()} == {"v1": "d2", "v2": "d3"}
