"""The house rules that a machine can check: who may import whom, types, lint, and no word left that is not true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)


def modules_after_import(module: str) -> set[str]:
    done = run("-c", f"import sys, {module}; print('\\n'.join(sys.modules))")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


class TestWhoMayImportWhom:
    def test_the_scenario_engine_loads_no_screen_no_socket_no_database(self) -> None:
        loaded = modules_after_import("scenarios_yaml.engine.engine")
        assert loaded.isdisjoint(
            {"textual", "httpx", "websockets", "sqlite3", "uvicorn", "server_stub", "operator_console"}
        )

    @pytest.mark.parametrize("module", ["mirror", "client", "safe_text"])
    def test_the_consoles_core_loads_no_textual(self, module: str) -> None:
        assert "textual" not in modules_after_import(f"operator_console.{module}")

    def test_the_console_knows_of_the_server_only_what_crosses_the_wire(self) -> None:
        loaded = modules_after_import("operator_console.app")
        assert {name for name in loaded if name.startswith("server_stub")} == {
            "server_stub",
            "server_stub.protocol",
        }

    def test_the_server_loads_no_console(self) -> None:
        loaded = modules_after_import("server_stub.serve")
        assert loaded.isdisjoint({"textual", "rich", "operator_console"})

    def test_the_contracts_of_the_import_linter_hold(self) -> None:
        done = run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
class TestLint:
    @pytest.mark.parametrize(
        "command", [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)]
    )
    def test_lint_format_and_types_are_clean(self, command: tuple[str, ...]) -> None:
        done = run("-m", *command)
        assert done.returncode == 0, done.stdout + done.stderr


class TestTheTopLevel:
    def test_it_holds_the_three_folders_the_tests_and_nothing_else(self) -> None:
        tracked = subprocess.run(
            ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        top = {line.split("/")[0] for line in tracked.split("\n") if line and not line.startswith(".")}
        assert top == {
            "operator_console",
            "scenarios_yaml",
            "server_stub",
            "tests",
            "pyproject.toml",
            "README.md",
            "LICENSE",
        }

    def test_ci_runs_the_test_command_of_the_readme(self) -> None:
        command = (ROOT / ".ci" / "run").read_text().strip().split("\n")[-1]
        assert command in (ROOT / "README.md").read_text()

    def test_every_init_file_is_empty(self) -> None:
        full = [path for path in ROOT.glob("[!.]*/**/__init__.py") if path.read_text().strip()]
        assert full == []


class TestTheReadme:
    def test_every_file_that_it_links_to_exists(self) -> None:
        for readme in [ROOT / "README.md", *ROOT.glob("*/README.md")]:
            text = re.sub(
                r"```.*?```|`[^`\n]*`", "", readme.read_text(), flags=re.DOTALL
            )  # code links nowhere
            for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", text):
                assert (readme.parent / target).exists(), (
                    f"{readme.name} links to {target}, which is not there"
                )
