"""`import events`: foreign tables become Segment messages; bad rows are told, and a repeat doubles nothing."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from operator_console.cli import app
from operator_console.commands.import_columns import columns_of, read_map
from operator_console.commands.import_values import moment_of, value_of
from operator_console.commands.talk import CommandError

UTC = ZoneInfo("UTC")
NOON = 1_772_452_800_000
"""2026-03-02 12:00 UTC."""


def run(*arguments: object):
    return CliRunner().invoke(app, ["import", "events", *map(str, arguments)])


def messages(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def table(tmp_path: Path):
    def write(text: str, name: str = "events.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


class TestMoments:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-03-02T12:00:00Z",
            "2026-03-02 12:00",
            "2026-03-02 13:00+01:00",
            "2026-03-02 12:00:00 UTC",
            "02.03.2026 12:00",
            "2.3.2026, 12:00:00",
            "Mon, 02 Mar 2026 12:00:00 +0000",
            "1772452800",
            "1772452800000",
            1_772_452_800,
            1_772_452_800_000.0,
        ],
    )
    def test_one_moment_is_written_in_many_ways(self, text) -> None:
        assert moment_of(text, UTC) == NOON

    def test_a_time_without_a_zone_is_one_of_the_given_zone(self) -> None:
        assert moment_of("2026-03-02 13:00", ZoneInfo("Europe/Prague")) == NOON

    def test_days_and_months_that_may_be_either_are_asked_for(self) -> None:
        assert moment_of("3/2/2026 12:00 PM", UTC, "mdy") == NOON
        assert moment_of("2/3/2026 12:00", UTC, "dmy") == NOON
        assert moment_of("2026-03-31 12:00", UTC) == moment_of("3/31/2026 12:00", UTC)
        with pytest.raises(ValueError, match="--dates"):
            moment_of("3/2/2026", UTC)

    @pytest.mark.parametrize(
        "text", ["", None, True, "yesterday", "32.01.2026", "12", "2026-13-01", "9" * 13, "NaN"]
    )
    def test_what_is_no_moment_is_said_in_words(self, text) -> None:
        with pytest.raises(ValueError, match=r"no date|empty|neither|day is out|month must"):
            moment_of(text, UTC)


class TestValues:
    def test_numbers_are_numbers_and_codes_stay_text(self) -> None:
        assert value_of("price", "12.50") == 12.5
        assert value_of("quantity", "3") == 3
        assert value_of("order_id", "0017") == "0017"
        assert value_of("orderId", "17") == "17"
        assert value_of("city", "0017") == "0017"
        assert value_of("paid", "true") is True
        assert value_of("products", '[{"product_id": "p1"}]') == [{"product_id": "p1"}]
        assert value_of("note", "[sic]") == "[sic]"


class TestColumns:
    def test_common_names_are_guessed(self) -> None:
        columns = columns_of(["User ID", "event_name", "created_at", "E-mail", "Order ID", "colour"], {})
        assert columns.known == {
            "visitor": "User ID",
            "event": "event_name",
            "at": "created_at",
            "email": "E-mail",
        }
        assert columns.properties == {"order_id": "Order ID", "colour": "colour"}

    def test_what_is_told_wins_over_the_guess(self) -> None:
        told = read_map(["visitor=client", "event=what", "at=when", "property.price=Amount"])
        columns = columns_of(["user", "client", "event", "what", "when", "Amount"], told)
        assert columns.column("visitor") == "client"
        assert columns.column("event") == "what"
        assert columns.properties == {"price": "Amount", "user": "user", "event": "event"}
        assert "visitor" not in columns.guessed

    def test_a_column_that_is_not_there_is_named_with_one_that_is(self) -> None:
        with pytest.raises(CommandError) as error:
            columns_of(["user_id", "event", "time"], {"visitor": "userid"})
        assert "user_id" in error.value.advice

    @pytest.mark.parametrize("header", [["event", "time"], ["user", "time"], ["user", "event"]])
    def test_what_cannot_be_guessed_is_asked_for(self, header) -> None:
        with pytest.raises(CommandError, match="No column means"):
            columns_of(header, {})

    @pytest.mark.parametrize("told", ["visitor", "visitr=user", "property.=x", "at="])
    def test_a_map_that_says_nothing_is_refused(self, told) -> None:
        with pytest.raises(CommandError, match="--map"):
            read_map([told])


class TestFiles:
    TABLE = (
        "User ID;Action;Timestamp;Email;Product;Price\n"
        "u1;Order Completed;2026-03-03 10:00;ann@shop.example;;1200\n"
        'u1;Product Added;2026-03-02 12:00;ann@shop.example;"A ""lamp""\nwith a foot";1200\n'
        ";Page Viewed;2026-03-02;;;\n"
        "u2;;2026-03-02;;;\n"
        "u2;Page Viewed;soon;;;\n"
        "u2;Page Viewed;2026-03-02;;;;;\n"
    )

    def test_rows_become_messages_in_the_order_of_their_time(self, table, tmp_path) -> None:
        path = tmp_path / "out.jsonl"
        result = run(table(self.TABLE), "--to", path)
        assert result.exit_code == 1
        assert [(one["type"], one.get("event"), one["userId"]) for one in messages(path)] == [
            ("track", "Product Added", "u1"),
            ("identify", None, "u1"),
            ("track", "Order Completed", "u1"),
        ]
        added = messages(path)[0]
        assert added["timestamp"] == "2026-03-02T12:00:00.000Z"
        assert added["properties"] == {"name": 'A "lamp"\nwith a foot', "price": 1200}

    def test_every_bad_row_is_told_with_its_line_and_column(self, table, tmp_path) -> None:
        told = run(table(self.TABLE), "--to", tmp_path / "out.jsonl").stderr
        assert "line 5, column User ID: nobody is named" in told
        assert "line 6, column Action: it is empty" in told
        assert "line 7, column Timestamp: 'soon' is no date and time" in told
        assert "line 8: it has 8 cells, the heading 6" in told
        assert "4 rows were not taken" in told

    def test_the_same_row_has_the_same_id_and_another_row_another(self, table, tmp_path) -> None:
        first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
        run(table("user,event,time\nu1,A,2026-03-02\nu1,B,2026-03-02\n"), "--to", first)
        run(table("user,event,time\nu1,B,2026-03-02\nu1,A,2026-03-02\n", "turned.csv"), "--to", second)
        ids = [one["messageId"] for one in messages(first)]
        assert len(set(ids)) == 2
        assert ids == [one["messageId"] for one in messages(second)][::-1]

    def test_segments_own_messages_go_through_as_they_are(self, table, tmp_path) -> None:
        one = {
            "type": "track",
            "userId": 7,
            "event": "Order Completed",
            "properties": {"order_id": "o1", "products": [{"product_id": "p1"}]},
            "timestamp": "2026-03-02T12:00:00.000Z",
            "messageId": "m1",
        }
        known = {"type": "identify", "userId": 7, "traits": {"city": "Prague"}, "timestamp": "2026-03-02"}
        path = tmp_path / "out.jsonl"
        lines = "".join(json.dumps(line) + "\n" for line in (one, known))
        assert run(table(lines, "in.jsonl"), "--to", path).exit_code == 0
        told, sent = messages(path)
        assert sent == {**one, "userId": "7"}
        assert told["traits"] == {"city": "Prague"}

    def test_a_broken_line_of_json_is_told_and_the_others_are_taken(self, table, tmp_path) -> None:
        lines = '{"user": "u1", "event": "A", "time": "2026-03-02"}\n{"user": \n[1]\n'
        result = run(table(lines, "in.jsonl"), "--to", tmp_path / "out.jsonl")
        assert "line 2: this is no JSON" in result.stderr
        assert "line 3: this is no JSON object" in result.stderr
        assert len(messages(tmp_path / "out.jsonl")) == 1

    def test_a_row_that_a_server_would_refuse_is_told_here(self, table, tmp_path) -> None:
        result = run(table(f"user,event,time\nu1,{'x' * 600},2026-03-02\n"), "--to", tmp_path / "out.jsonl")
        assert "column event" in result.stderr
        assert "512 characters" in result.stderr

    def test_a_dry_run_shows_the_guess_and_writes_nothing(self, table, tmp_path) -> None:
        path = tmp_path / "out.jsonl"
        result = run(table("user,event,time\nu1,A,2026-03-02\n"), "--to", path, "--dry-run")
        assert result.exit_code == 0
        assert "visitor     ← user  (guessed)" in result.stderr
        assert "1 messages would be sent" in result.stderr
        assert "2026-03-02T00:00:00.000Z\tu1\tA" in result.stdout
        assert not path.exists()

    @pytest.mark.parametrize("text", ["", "   \n"])
    def test_an_empty_file_is_refused(self, table, text) -> None:
        assert run(table(text), "--dry-run").exit_code == 1

    def test_foreign_text_reaches_the_terminal_clean(self, table, tmp_path) -> None:
        result = run(table("user,event,time,\x1b]0;x\x07\nu1,A\x1b[2J,2026-03-02,1\n"), "--dry-run")
        assert "\x1b" not in result.stdout + result.stderr
