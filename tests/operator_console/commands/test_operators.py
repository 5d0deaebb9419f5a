"""`operators add|list|remove` with roles, on a data folder whose server does not run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from operator_console.cli import app
from server_stub.api.auth import ROLES
from server_stub.data_folder import DataFolder
from server_stub.protocol import DialogSummary
from server_stub.store.base import Batch, VisitorRow
from server_stub.store.sqlite import SqliteStore


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = DataFolder(tmp_path / "desk")
    SqliteStore(folder.database).close()
    return folder.root


def operators(data: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["operators", *words, "--data", str(data)])


def listed(data: Path) -> list[dict[str, object]]:
    return list(json.loads(operators(data, "list", "--json").stdout))


class TestRoles:
    @pytest.mark.parametrize("role", ROLES)
    def test_each_can_be_given(self, data: Path, role: str) -> None:
        added = operators(data, "add", "Mia", "--role", role)
        assert added.exit_code == 0, added.stderr
        assert f"Mia is {role} now" in added.stderr
        assert len(added.stdout.strip()) > 20
        assert [(one["name"], one["role"]) for one in listed(data)] == [("Mia", role)]

    def test_without_one_it_is_an_operator(self, data: Path) -> None:
        operators(data, "add", "Mia")
        assert listed(data)[0]["role"] == "operator"

    def test_one_that_does_not_exist_is_refused_with_those_that_do(self, data: Path) -> None:
        refused = operators(data, "add", "Mia", "--role", "king")
        assert refused.exit_code == 1
        assert "marketer" in refused.stderr

    def test_the_help_tells_what_each_may_do(self) -> None:
        said = " ".join(CliRunner().invoke(app, ["operators", "add", "--help"]).output.split())
        assert "marketer (publishes scenarios, too)" in said.replace("│ ", "").replace(" │", "")


class TestTheList:
    def test_tells_how_many_open_dialogs_each_has(self, data: Path) -> None:
        operators(data, "add", "Mia")
        owner = str(listed(data)[0]["id"])
        store = SqliteStore(DataFolder(data).database)
        visitor, dialog = VisitorRow("v1", 0, b"{}"), DialogSummary("d1", "v1", 1, 1, 1, assignee=owner)
        store.commit(Batch(visitors={"v1": visitor}, dialogs={"d1": dialog}))
        store.close()
        assert listed(data)[0]["dialogs"] == 1
        assert operators(data, "list").stdout.split() == ["Mia", "operator", "1", owner]
