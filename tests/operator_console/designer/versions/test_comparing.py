"""What differs between two versions, in meaning and in the lines of the file."""

from __future__ import annotations

from operator_console.designer.versions.comparing import compare
from operator_console.designer.versions.rows import VersionRows
from server_stub.protocol import ScenarioVersion

OLDER = """\
scenario: helper
title: Shall I help?
trigger:
  - event: Product Viewed
steps:
  - id: pause
    wait: 30s
  - id: bye
    say: Good bye
"""


class TestComparing:
    def test_tells_what_differs_in_meaning_and_in_lines(self) -> None:
        compared = compare(OLDER, OLDER.replace("30s", "2m"))
        [change] = compared.changes
        assert (change.kind, change.before, change.after) == ("changed", "30s", "2m")
        assert [(line.sign, line.number, line.text.strip()) for line in compared.lines] == [
            ("…", 0, ""),
            (" ", 5, "steps:"),
            (" ", 6, "- id: pause"),
            ("-", 0, "wait: 30s"),
            ("+", 7, "wait: 2m"),
            (" ", 8, "- id: bye"),
            (" ", 9, "say: Good bye"),
        ]

    def test_of_comments_is_none_in_meaning(self) -> None:
        compared = compare(OLDER, "# For the shop.\n" + OLDER)
        assert compared.changes == ()
        assert [line.text for line in compared.lines if line.sign == "+"] == ["# For the shop."]

    def test_of_the_first_version_is_all_of_it(self) -> None:
        compared = compare("", OLDER)
        assert {change.kind for change in compared.changes} == {"added"}
        assert [line.sign for line in compared.lines] == ["+"] * 9

    def test_of_a_file_with_errors_is_by_lines_alone(self) -> None:
        compared = compare(OLDER, OLDER.replace("wait:", "wiat:"))
        assert compared.changes is None
        assert [line.sign for line in compared.lines].count("+") == 1

    def test_tells_of_a_status_that_was_switched(self) -> None:
        [change] = compare(OLDER, OLDER.replace("trigger:", "status: live\ntrigger:")).changes
        assert (change.what, change.before, change.after) == ("status", "draft", "live")


def version(seq: int, status: str = "live") -> ScenarioVersion:
    return ScenarioVersion(seq, f"b{seq}", f"v{seq}", seq * 1000, status)


class TestRows:
    def test_compare_with_the_one_before_that_has_a_text(self) -> None:
        rows = VersionRows()
        rows.take([version(4), version(3, "removed"), version(2), version(1)], has_older=False)
        assert rows.older_of("4").version.seq == 2
        assert rows.older_of("1") is None
        assert rows.rows["4"].is_now

    def test_compare_with_the_marked_one_until_it_is_marked_again(self) -> None:
        rows = VersionRows()
        rows.take([version(3), version(2), version(1)], has_older=False)
        rows.mark("1")
        assert rows.older_of("3").version.seq == 1
        assert rows.older_of("1") is None
        rows.mark("1")
        assert rows.older_of("3").version.seq == 2

    def test_none_is_now_where_the_file_was_taken_away(self) -> None:
        rows = VersionRows()
        rows.take([version(2, "removed"), version(1)], has_older=False)
        assert not any(row.is_now for row in rows.rows.values())

    def test_older_ones_come_below(self) -> None:
        rows = VersionRows()
        rows.take([version(3), version(2)], has_older=True)
        before = rows.rows["3"]
        rows.add_older([version(1)], has_older=False)
        assert list(rows.rows) == ["3", "2", "1"]
        assert rows.rows["3"] is before
        assert not rows.has_older
