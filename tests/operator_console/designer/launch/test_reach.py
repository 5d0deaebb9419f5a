"""Whom a draft would reach, while the desk counts and when it is done: in words that anybody can read."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from operator_console.designer.launch.reach import Reach
from operator_console.designer.launch.reach_lines import ReachPainter, in_short
from operator_console.themes import DARK, LIGHT
from server_stub.protocol import (
    PastLive,
    PastRefusal,
    PastReport,
    ReachNow,
    ReachProgress,
    ReachRefusal,
    ReachReport,
)

NOW = ReachNow(200, 30, refused=(ReachRefusal("audience", 7, "email is unknown", 170),))
HOSTILE = "\x1b]0;x\x07[@click=app.quit]"


def past(**more) -> PastReport:
    said = {
        "scenario": "s", "version": "v", "since": 0, "until": 1, "timezone": "UTC", "visitors": 200,
        "visitors_in_all": 200, "complete": True, "events": 900, "seconds": 0.1, "considered": 50,
        "considered_visitors": 40, "entered": 12, "runs": 14, "goals": 3, "goal": "Order Completed",
        "messages": {"popup": 14, "email": 9}, "days": {"2026-02-01": 3, "2026-02-02": 20}, "steps": (),
        "endings": {}, "held": (), "live": PastLive("", 0, 0, 0, {}, 0, 0, 0), "sample": (), "unknown": (),
        "refusals": (PastRefusal("audience", 7, "email is unknown", 30, 28),),
    }  # fmt: skip
    return PastReport(**{**said, **more})


def reach_of(*lines: ReachProgress | ReachReport) -> Reach:
    reach = Reach()
    reach.begin("text")
    for line in lines:
        reach.take(line)
    return reach


def painted(reach: Reach, width: int = 80) -> str:
    return "\n".join(strip.text.rstrip() for strip in ReachPainter(DARK, width).paint(reach))


class TestWhileItIsCounted:
    def test_it_says_so_before_anything_is_known(self) -> None:
        assert "Is being counted…" in painted(reach_of())

    def test_how_many_fit_now_stands_there_while_the_past_is_read(self) -> None:
        said = painted(
            reach_of(ReachProgress("now", 200, 200, 30, now=NOW), ReachProgress("past", 120, 200, 8))
        )
        assert "30 of 200 known visitors fit" in said
        assert "15 %" in said
        assert "━" in said
        assert "not so: email unknown" in said

    def test_what_is_known_of_the_text_before_stays_but_is_not_told_as_new(self) -> None:
        reach = reach_of(ReachReport(NOW, past()))
        reach.begin("another text")
        assert reach.is_old
        assert "30 of 200 known visitors fit" in painted(reach)
        assert "not so: email unknown" not in painted(reach)
        assert in_short(reach) == ""
        assert not reach.is_known("text")

    def test_a_question_that_was_taken_back_is_not_known(self) -> None:
        reach = reach_of(ReachProgress("now", 200, 200, 30, now=NOW))
        reach.stop()
        assert reach.state == "idle"
        assert not reach.is_known("text")


class TestWhenItIsDone:
    def test_the_last_thirty_days_are_told_with_what_was_sent_each_day(self) -> None:
        reach = reach_of(ReachReport(NOW, past()))
        said = painted(reach)
        assert "12 visitors would have entered" in said
        assert "▣ 14 pop-up" in said
        assert "✉ 9 email" in said
        assert "▂█  per day" in said
        assert "3 of 14: Order Completed" in said
        assert in_short(reach) == "12 visitors in the last 30 days · 30 fit now"
        assert reach.is_known("text")

    def test_nothing_that_starts_it_is_told_as_such_and_not_as_nobody(self) -> None:
        said = painted(reach_of(ReachReport(NOW, past(considered=0, entered=0, messages={}, refusals=()))))
        assert "Nothing that starts it has happened." in said

    def test_a_desk_without_visitors_says_so(self) -> None:
        said = painted(reach_of(ReachReport(ReachNow(0, 0), past(considered=0))))
        assert "The desk knows no visitor yet." in said

    def test_only_the_first_reasons_are_named(self) -> None:
        many = tuple(PastRefusal("audience", n, f"cart.total > {n}", n, n) for n in range(9))
        assert "and 4 more" in painted(reach_of(ReachReport(NOW, past(refusals=many))))

    def test_why_it_cannot_be_told(self) -> None:
        reach = reach_of()
        reach.fail("The desk does not answer.")
        assert "It cannot be told: The desk does not answer." in painted(reach)


class TestTheDrawing:
    @pytest.mark.parametrize("width", [30, 62, 118])
    @pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
    def test_every_line_is_as_wide_as_the_pane_and_foreign_text_is_clean(self, width, palette) -> None:
        refusals = (PastRefusal("re-entry", 0, HOSTILE, 1, 1), PastRefusal("audience", 0, HOSTILE, 1, 1))
        reach = reach_of(ReachReport(NOW, past(refusals=refusals, goal=HOSTILE, messages={HOSTILE: 3})))
        for strip in ReachPainter(palette, width).paint(reach):
            assert sum(cell_len(one.text) for one in strip) == width
            assert "\x1b" not in strip.text
