"""`export visitors` and `export dialogs` as people call them, over the folder of a desk that is at work."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from operator_console.cli import app
from operator_console.commands.export_rows import cells
from server_stub.data_folder import DataFolder
from server_stub.desk.desk import Desk
from server_stub.protocol import ChangeDialog, ChangeVisitor, SendMessage
from server_stub.store.sqlite import SqliteStore
from server_stub.work import (
    AddOperator,
    IdentifyVisitor,
    Identity,
    OperatorChangesDialog,
    OperatorChangesVisitor,
    OperatorSends,
    ScenariosRead,
    TrackEvent,
    VisitorWrites,
)

NOON = 1_772_452_800_000
"""2026-03-02 12:00 UTC."""
REACHABLE = """segment: reachable
title: Can be called
conditions: [phone is known]
"""


class Folder:
    """A data folder, and a desk that works in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = SqliteStore(DataFolder(path).database, log_bytes=0)
        self.desk = Desk(self.store, clock=lambda: NOON)

    async def identify(self, user: str, **traits: Any) -> str:
        work = IdentifyVisitor(who=Identity(user_id=user), traits=traits, happened_at=NOON, received_at=NOON)
        await self.desk.submit(work)
        return self.store.identities([("user", user)])[("user", user)]

    async def buy(self, user: str, total: float) -> None:
        order = {"order_id": f"o-{user}", "total": total, "currency": "EUR"}
        who = Identity(user_id=user)
        await self.desk.submit(
            TrackEvent(who=who, name="Order Completed", properties=order, happened_at=NOON, received_at=NOON)
        )

    def call(self, *arguments: str) -> Any:
        return CliRunner().invoke(app, ["export", *arguments, "--data", str(self.path)])

    def table(self, *arguments: str) -> list[dict[str, str]]:
        result = self.call(*arguments)
        assert result.exit_code == 0, result.output
        return list(csv.DictReader(io.StringIO(result.stdout)))

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        result = self.call(*arguments, "--format", "jsonl")
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    """Clara has bought and is blocked, Dan has a name that is a formula and has written."""
    folder = Folder(tmp_path)
    desk = folder.desk
    await desk.start()
    await desk.submit(ScenariosRead(good=(), segments=(("segments/reachable.yaml", REACHABLE),), at=NOON))
    await desk.submit(AddOperator(operator="o1", name="Ann", role="admin", token_hash="o1", at=NOON))
    clara = await folder.identify(
        "clara", name="Clara", email="clara@shop.example", phone="+420 123 456", size="M"
    )
    await folder.buy("clara", 12.5)
    change = ChangeVisitor(add_tags=("vip", "lamps"), blocked=True)
    await desk.submit(OperatorChangesVisitor(operator="o1", visitor=clara, request=change, at=NOON))
    message = await desk.submit(VisitorWrites(anonymous_id="a1", text="Hi,\n=now()", frame="f1", at=NOON))
    work = IdentifyVisitor(
        who=Identity("a1"), traits={"name": '=HYPERLINK("x")'}, happened_at=NOON, received_at=NOON
    )
    await desk.submit(work)
    for text, note in (("A word", False), ("Odd one", True)):
        request = SendMessage(text, text, note=note)
        await desk.submit(
            OperatorSends(operator="o1", dialog=message.dialog, request=request, at=NOON + 1000)
        )
    closed = ChangeDialog(status="closed", add_tags=("sold",))
    await desk.submit(
        OperatorChangesDialog(operator="o1", dialog=message.dialog, request=closed, at=NOON + 2000)
    )
    yield folder
    await desk.stop()
    folder.store.close()


class TestVisitors:
    def test_the_table_has_a_line_for_each(self, folder: Folder) -> None:
        clara = next(row for row in folder.table("visitors") if row["user_id"] == "clara")
        assert (clara["name"], clara["email"], clara["tags"], clara["blocked"]) == (
            "Clara",
            "clara@shop.example",
            "vip; lamps",
            "yes",
        )
        assert (clara["orders"], clara["revenue"], clara["currency"]) == ("1", "12.5", "EUR")
        assert json.loads(clara["properties"]) == {"size": "M"}

    def test_a_cell_that_could_be_a_formula_is_defused(self, folder: Folder) -> None:
        rows = folder.table("visitors")
        assert sorted(row["name"] for row in rows) == ['\'=HYPERLINK("x")', "Clara"]
        assert "'+420 123 456" in [row["phone"] for row in rows]

    def test_as_lines_of_json_nothing_is_changed(self, folder: Folder) -> None:
        rows = folder.lines("visitors")
        assert sorted(row["name"] for row in rows) == ['=HYPERLINK("x")', "Clara"]
        clara = next(row for row in rows if row["name"] == "Clara")
        assert (clara["phone"], clara["tags"], clara["segments"]) == (
            "+420 123 456",
            ["vip", "lamps"],
            ["reachable"],
        )

    def test_only_those_of_a_segment(self, folder: Folder) -> None:
        assert [row["name"] for row in folder.table("visitors", "--segment", "reachable")] == ["Clara"]

    def test_a_segment_that_is_not_there_is_named_with_those_that_are(self, folder: Folder) -> None:
        result = folder.call("visitors", "--segment", "reachble")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "'reachble'" in result.stderr
        assert "reachable" in result.stderr

    def test_a_file_is_there_when_it_is_whole_and_only_ours(self, folder: Folder, tmp_path: Path) -> None:
        out = tmp_path / "sub" / "visitors.csv"
        result = folder.call("visitors", "--out", str(out))
        assert result.stdout == ""
        assert "2 visitors were exported" in result.stderr
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        assert out.read_bytes().startswith(b"\xef\xbb\xbfid,name,email")
        assert [path.name for path in out.parent.iterdir()] == ["visitors.csv"]

    async def test_who_became_another_is_one_line(self, folder: Folder) -> None:
        work = IdentifyVisitor(who=Identity("a1", "clara"), traits={}, happened_at=NOON, received_at=NOON)
        await folder.desk.submit(work)
        assert [row["name"] for row in folder.table("visitors")] == ["Clara"]


class TestDialogs:
    def test_the_table_says_how_each_stands(self, folder: Folder) -> None:
        (row,) = folder.table("dialogs")
        assert (row["status"], row["assignee"], row["tags"], row["messages"]) == (
            "closed",
            "Ann",
            "sold",
            "3",
        )
        assert (row["opened_at"], row["last_at"]) == ("2026-03-02T12:00:00Z", "2026-03-02T12:00:01Z")

    def test_lines_of_json_hold_all_that_was_said(self, folder: Folder) -> None:
        (row,) = folder.lines("dialogs")
        said = [(one["author"], one["text"], one.get("note", False)) for one in row["messages"]]
        assert said == [
            ("visitor", "Hi,\n=now()", False),
            ("operator", "A word", False),
            ("operator", "Odd one", True),
        ]

    def test_only_those_of_a_segment(self, folder: Folder) -> None:
        assert folder.table("dialogs", "--segment", "reachable") == []


class TestUse:
    def test_another_format_is_wrong_use(self, folder: Folder) -> None:
        assert folder.call("visitors", "--format", "xlsx").exit_code == 2

    def test_a_folder_without_a_desk_is_told(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(app, ["export", "visitors", "--data", str(tmp_path / "none")])
        assert result.exit_code == 1
        assert "no desk" in result.stderr


class TestCells:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_what_begins_like_a_formula_gets_an_apostrophe(self, text: str) -> None:
        assert cells({"a": text, "b": (text,)}, ("a", "b")) == [f"'{text}", f"'{text}"]

    def test_numbers_and_other_texts_stay(self) -> None:
        assert cells({"a": -1.5, "b": "1-1", "c": None, "d": False}, "abcd") == [-1.5, "1-1", "", ""]
