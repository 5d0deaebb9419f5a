"""When an operator is called: for news only, once in a rush, never in silent hours, and by what the terminal knows."""

from datetime import UTC, datetime

import pytest

from operator_console.changes import Changes
from operator_console.notices import AGAIN_AFTER, Notices, is_within, sequence, way_of
from operator_console.preferences import NoticePreferences
from server_stub.protocol import DialogSummary

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROWS = {
    f"d{number}": DialogSummary(
        f"d{number}",
        f"v{number}",
        1,
        1,
        1,
        visitor_name=f"Visitor {number}",
        assignee="me",
        last_text="Hello?",
    )
    for number in range(1, 6)
}


def take(
    notices: Notices, changes: Changes, *, now: int = 100_000, hour: datetime = NOON, in_front: bool = False
):
    return notices.take(changes, ROWS, "me", now=now, hour=hour, in_front=in_front)


class TestWhatIsTold:
    def test_somebody_begins_to_wait(self) -> None:
        [told] = take(Notices(NoticePreferences()), Changes(began_waiting={"d1"}))
        assert (told.kind, told.text, told.rings, told.pops_up) == (
            "waiting",
            "Visitor 1 waits: Hello?",
            True,
            True,
        )

    def test_a_message_in_my_dialog_pops_up_and_does_not_ring(self) -> None:
        [told] = take(Notices(NoticePreferences()), Changes(messaged={"d2"}))
        assert (told.kind, told.rings, told.pops_up) == ("message", False, True)

    def test_who_looks_at_the_terminal_is_not_shown_a_desktop_notification(self) -> None:
        assert take(Notices(NoticePreferences()), Changes(messaged={"d2"}), in_front=True) == []

    def test_a_mention_and_a_dialog_that_became_mine_are_told(self) -> None:
        told = take(Notices(NoticePreferences()), Changes(mentioned={"d1"}, assigned={"d2"}))
        assert [one.text for one in told] == [
            "A note calls you in the dialog with Visitor 1",
            "The dialog with Visitor 2 is yours now",
        ]

    def test_each_kind_can_be_switched_off(self) -> None:
        quiet = Notices(NoticePreferences(bell=(), desktop=()))
        assert (
            take(quiet, Changes(began_waiting={"d1"}, mentioned={"d2"}, messaged={"d3"}, assigned={"d4"}))
            == []
        )

    def test_a_name_with_control_codes_is_harmless(self) -> None:
        rows = {
            "d1": DialogSummary(
                "d1", "v1", 1, 1, 1, visitor_name="\x1b]52;c;evil\x07Eve", last_text="a;b\x1b[2J"
            )
        }
        [told] = Notices(NoticePreferences()).take(
            Changes(began_waiting={"d1"}), rows, "me", now=0, hour=NOON, in_front=False
        )
        assert "\x1b" not in told.text


class TestNoFlood:
    def test_a_rush_is_told_once_with_its_number(self) -> None:
        notices = Notices(NoticePreferences())
        assert len(take(notices, Changes(began_waiting={"d1"}))) == 1
        assert take(notices, Changes(began_waiting={"d2", "d3"}), now=101_000) == []
        assert take(notices, Changes(began_waiting={"d4"}), now=102_000) == []
        [told] = take(notices, Changes(), now=100_000 + AGAIN_AFTER)
        assert told.text == "3 visitors wait"

    def test_what_a_snapshot_holds_is_no_news(self) -> None:
        notices = Notices(NoticePreferences())
        take(notices, Changes(began_waiting={"d1"}))
        take(notices, Changes(began_waiting={"d2"}), now=101_000)
        notices.forget()
        assert take(notices, Changes(), now=900_000) == []

    def test_in_silent_hours_nothing_is_told_and_nothing_is_made_up_for(self) -> None:
        notices = Notices(NoticePreferences(silent="22:00-08:00"))
        night, morning = NOON.replace(hour=23), NOON.replace(hour=9)
        assert take(notices, Changes(began_waiting={"d1"}), hour=night) == []
        assert take(notices, Changes(), hour=morning) == []
        assert take(notices, Changes(began_waiting={"d2"}), hour=morning)

    @pytest.mark.parametrize(
        ("at", "silent"), [("21:59", False), ("22:00", True), ("03:00", True), ("08:00", False)]
    )
    def test_hours_over_midnight(self, at: str, silent: bool) -> None:
        hour, minute = map(int, at.split(":"))
        assert is_within("22:00-08:00", NOON.replace(hour=hour, minute=minute)) is silent
        assert not is_within("", NOON)


class TestTheTerminal:
    @pytest.mark.parametrize(
        ("environment", "way"),
        [
            ({"KITTY_WINDOW_ID": "1"}, "osc99"),
            ({"TERM_PROGRAM": "iTerm.app"}, "osc9"),
            ({"TERM_PROGRAM": "WezTerm"}, "osc9"),
            ({"TERM": "foot"}, "osc777"),
            ({"VTE_VERSION": "7600"}, "osc777"),
            ({"TERM": "xterm-256color"}, ""),
        ],
    )
    def test_the_way_is_told_by_the_terminals_name(self, environment: dict[str, str], way: str) -> None:
        assert way_of("auto", environment) == way
        assert way_of("off", environment) == ""
        assert way_of("osc9", environment) == "osc9"

    def test_sequences_are_those_of_the_terminals_manuals(self) -> None:
        assert sequence("osc9", "Shop", "Ann waits", in_tmux=False) == "\x1b]9;Shop: Ann waits\x07"
        assert sequence("osc777", "Shop", "a;b", in_tmux=False) == "\x1b]777;notify;Shop;a,b\x07"
        assert sequence("osc99", "S", "T", in_tmux=False).endswith("p=body;T\x1b\\")
        assert sequence("", "Shop", "Ann", in_tmux=True) == ""

    def test_tmux_passes_them_on(self) -> None:
        assert sequence("osc9", "S", "T", in_tmux=True) == "\x1bPtmux;\x1b\x1b]9;S: T\x07\x1b\\"

    def test_no_text_breaks_out_of_a_sequence(self) -> None:
        hostile = sequence("osc9", "S\x07\x1b]0;evil", "T\x9c\x1b\\x", in_tmux=False)
        assert hostile.count("\x1b") == 1
        assert hostile.count("\x07") == 1
        assert "\x9c" not in hostile
