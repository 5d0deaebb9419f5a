"""How a difference is told to people."""

from __future__ import annotations

from operator_console.difference_lines import difference_lines, lines_of_new, summary
from server_stub.protocol import Publication, ScenarioDifference, VisitorsStanding


def lines(*differences: ScenarioDifference, standing: tuple[VisitorsStanding, ...] = ()) -> list[str]:
    publication = Publication("series", False, "b", "v", differences, standing)
    return [line.plain for line in difference_lines(publication)]


class TestDifferences:
    def test_an_added_step_with_its_line(self):
        one = ScenarioDifference("added", "steps › tag “vip”", "tag", after="vip", line=12)
        assert lines(one) == ["  + steps › tag “vip”  line 12"]

    def test_an_added_question_is_named_and_then_told_in_full(self):
        long = "Good choice. These are the last ones, so sizes may be few."
        one = ScenarioDifference(
            "added", "evening › say “Good choice. These are…”", "say", after=long, line=9
        )
        assert lines(one) == ["  + evening › say  line 9", f"      {long}"]

    def test_of_a_long_way_its_beginning_and_its_end_are_shown(self):
        way = " › ".join(["stylist", "if “email is unknown and more than that”"] + ["then", "else"] * 10)
        [line] = lines(ScenarioDifference("removed", f"{way} › thanks", "say"))
        assert line == "  - stylist › … › else › thanks  say"

    def test_a_new_file_is_not_told_step_by_step(self):
        assert [line.plain for line in lines_of_new("Takes orders", "draft", 12)] == [
            "  + Takes orders  12 steps  draft"
        ]
        [live] = lines_of_new("Takes orders", "live", 1)
        assert live.plain == "  + Takes orders  1 step  live: it starts at once"

    def test_a_changed_text_shows_both(self):
        one = ScenarioDifference("changed", "steps › letter", "subject", "Your cart", "Your things", 3)
        assert lines(one) == [
            "  ~ steps › letter  subject  line 3",
            "      - Your cart",
            "      + Your things",
        ]

    def test_marks_the_words_that_differ(self):
        one = ScenarioDifference("changed", "x", "text", "one two three", "one 2 three")
        publication = Publication("s", False, "b", "v", (one,))
        was = list(difference_lines(publication))[1]
        marked = [was.plain[span.start : span.end] for span in was.spans if "reverse" in str(span.style)]
        assert marked == ["two"]

    def test_shows_of_a_long_text_what_is_around_the_change(self):
        long = "word " * 200
        one = ScenarioDifference("changed", "x", "text", long + "old " + long, long + "new " + long)
        _, was, now = lines(one)
        assert "old" in was
        assert "new" in now
        assert len(was) < 200

    def test_hostile_text_cannot_move_the_cursor_or_be_markup(self):
        one = ScenarioDifference("added", "steps › \x1b[2J[red]x[/]", "say", after="\x1b]52;c;eA==\x07")
        told = "".join(lines(one))
        assert "\x1b" not in told
        assert "\x07" not in told
        assert "[red]x[/]" in told


class TestVisitorsInFlight:
    def test_each_fate_has_its_sentence(self):
        def told(fate, to="", to_name=""):
            [line] = lines(standing=(VisitorsStanding("pause", "pause", 3, fate, to, to_name),))
            return line.partition(": ")[2]

        assert told("stays") == "their dialogs end as they began"
        assert told("follows", "pause", "pause") == "they go on from there"
        assert told("follows", "steps.1", "wait “3d”") == "they go on at wait “3d”"
        assert told("moves", "letter", "letter") == "they go on at letter"
        assert told("stops") == "their runs stop"
        assert "choose" in told("undecided")

    def test_the_summary_counts_them(self):
        one = ScenarioDifference("added", "x", "y")
        standing = (VisitorsStanding("a", "a", 1, "follows"), VisitorsStanding("b", "b", 2, "follows"))
        assert (
            summary(Publication("s", False, "b", "v", (one,), standing))
            == "1 change, 3 visitors on their way"
        )
        assert summary(Publication("s", False, "b", "v")) == "only comments, layout or order"
