"""The wheel carries everything: it runs the demo outside the checkout."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent.parent

FROM_WHEEL = """
import sys
from operator_console import cli
assert cli.__file__.startswith(sys.argv.pop(1)), cli.__file__
cli.main()
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


class TestTheWheel:
    def test_it_holds_the_library_the_widget_the_shop_and_the_styles(self, wheel: Path) -> None:
        names = zipfile.ZipFile(wheel).namelist()
        assert "server_stub/widget/widget.js" in names
        for folder, suffix in [
            ("scenarios_yaml/library/", ".yaml"),
            ("scenarios_yaml/library/", ".test.yaml"),
            ("scenarios_yaml/library/segments/", ".yaml"),
            ("scenarios_yaml/schemas/", ".schema.json"),
            ("server_stub/demo_shop/", ".liquid"),
            ("operator_console/", ".tcss"),
        ]:
            assert any(name.startswith(folder) and name.endswith(suffix) for name in names), (
                f"{folder}*{suffix}"
            )
        assert not any(name.startswith("tests/") for name in names)

    def test_the_library_is_proved_from_it_outside_the_checkout(self, wheel: Path, tmp_path: Path) -> None:
        site = tmp_path / "site"
        zipfile.ZipFile(wheel).extractall(site)
        for arguments in (
            [
                "scenarios",
                "new",
                "my-cart",
                "--from",
                "abandoned_cart_series",
                "--folder",
                str(tmp_path / "mine"),
            ],
            ["scenarios", "test", str(site / "scenarios_yaml" / "library" / "sales")],
            ["scenarios", "schema", "segment"],
        ):
            done = subprocess.run(
                [sys.executable, "-c", FROM_WHEEL, str(site), *arguments],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(site)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr

    def test_the_demo_runs_from_it_outside_the_checkout(
        self, wheel: Path, tmp_path: Path, free_ports: list[int]
    ) -> None:
        site = tmp_path / "site"
        zipfile.ZipFile(wheel).extractall(site)
        port = free_ports[0]
        arguments = [
            "demo",
            "--no-console",
            "--no-visitors",
            "--port",
            str(port),
            "--data",
            str(tmp_path / "data"),
        ]
        process = subprocess.Popen(
            [sys.executable, "-c", FROM_WHEEL, str(site), *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(site)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert "attachShadow" in self._widget(port, process)
        finally:
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=20)
        assert process.returncode == 0, output
        assert "Traceback" not in output

    def _widget(self, port: int, process: subprocess.Popen[str]) -> str:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            try:
                return httpx.get(f"http://127.0.0.1:{port}/widget.js", timeout=1).text
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the demo did not start")
