"""A tally stays small, whatever a site calls its events."""

from __future__ import annotations

from scenarios_yaml.language.model import event_key
from server_stub.names.tally import NAME_CHARS, Tally
from server_stub.protocol import KnownName


class TestTally:
    def test_those_seen_most_often_come_first_then_the_latest(self) -> None:
        tally = Tally(10)
        for name, at in (("a", 1), ("b", 2), ("c", 3), ("a", 5)):
            tally.count(name, at)
        assert tally.names() == (KnownName("a", 2, 5), KnownName("c", 1, 3), KnownName("b", 1, 2))

    def test_names_that_are_the_same_are_shown_as_they_were_written_last(self) -> None:
        tally = Tally(10, event_key)
        tally.count("order_completed", 1)
        tally.count("Order Completed", 2)
        assert tally.names() == (KnownName("Order Completed", 2, 2),)

    def test_a_mention_is_no_sighting_and_changes_none(self) -> None:
        tally = Tally(10)
        tally.mention("used")
        tally.count("seen", 1)
        tally.mention("seen")
        assert tally.names() == (KnownName("seen", 1, 1), KnownName("used"))

    def test_a_site_that_makes_names_up_does_not_drive_out_the_usual_ones(self) -> None:
        tally = Tally(10)
        for at in range(5):
            tally.count("Page Viewed", at)
        for number in range(1000):
            tally.count(f"Made Up {number}", 10 + number)
        names = [one.name for one in tally.names()]
        assert len(names) == 10
        assert names[0] == "Page Viewed"

    def test_what_is_no_name_is_passed_over(self) -> None:
        tally = Tally(10)
        tally.count("", 1)
        tally.count("x" * (NAME_CHARS + 1), 1)
        tally.mention("")
        assert tally.names() == ()
