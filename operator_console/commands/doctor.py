"""`doctor`: looks at everything that has to work, one line each, and says what to do where it does not."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
import typer

from operator_console.commands.talk import CommandError, serve_folder, show_json
from operator_console.local_server import answers, find_local, is_alive, read_card
from operator_console.safe_text import safe_line

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 35)
"""RETURNING and the upserts that the store relies on."""

SMALLEST_SCREEN = (80, 24)
ROOM_NEEDED = 200 * 1024 * 1024
"""Bytes: a year of a small shop's journal."""

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


class Finding(msgspec.Struct, frozen=True):
    """One line of the report. `advice` is empty where nothing needs to be done."""

    what: str
    result: Literal["ok", "warn", "fail"]
    detail: str
    advice: str = ""


def examine(url: str, data: Path | None, port: int, *, as_json: bool) -> int:
    """Print the findings on standard output; 1 where one of them is a failure, else 0."""
    findings = list(_findings(url, data or serve_folder(), port))
    if as_json:
        show_json(findings)
    else:
        for finding in findings:
            _print(finding)
    return 1 if any(finding.result == "fail" for finding in findings) else 0


def _findings(url: str, data: Path, port: int) -> Iterator[Finding]:
    checks: list[tuple[str, Callable[[], Finding]]] = [
        ("Python", _python),
        ("Data folder", lambda: _folder(data)),
        ("SQLite", _sqlite),
        ("Keyring", _keyring),
        ("Terminal", _terminal),
        ("Port", lambda: _port(port, data)),
    ]
    for what, check in checks:
        try:
            yield check()
        except OSError as error:
            yield Finding(what, "fail", str(error), "Check the permissions of what is named here.")
    yield from _server(url)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Finding("Python", "fail", version, "Install Python 3.11 or newer.")
    return Finding("Python", "ok", version)


def _folder(data: Path) -> Finding:
    nearest = next(folder for folder in (data, *data.parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(
            "Data folder", "fail", f"{nearest} may not be written", "Give another one with --data."
        )
    with tempfile.TemporaryFile(dir=nearest) as probe:
        probe.write(b"x")
    free = shutil.disk_usage(nearest).free
    if free < ROOM_NEEDED:
        return Finding("Data folder", "warn", f"{data}: {free // 2**20} MB free", "Make room on the disk.")
    state = "" if nearest == data else " (not made yet)"
    return Finding("Data folder", "ok", f"{data}{state}")


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Finding("SQLite", "fail", version, "Use a Python with SQLite 3.35 or newer.")
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("create virtual table probe using fts5(text)")
    except sqlite3.OperationalError:
        return Finding(
            "SQLite", "fail", f"{version} without FTS5", "Use a Python whose SQLite has full-text search."
        )
    finally:
        connection.close()
    return Finding("SQLite", "ok", f"{version} with full-text search")


def _keyring() -> Finding:
    from operator_console.credentials import keyring_name

    name = keyring_name()
    if not name:
        return Finding("Keyring", "ok", "none: tokens lie in a file that only you can read")
    return Finding("Keyring", "ok", name)


def _terminal() -> Finding:
    if not sys.stdout.isatty():
        return Finding("Terminal", "ok", "not looked at: the output goes elsewhere")
    from rich.console import Console

    columns, lines = shutil.get_terminal_size()
    colours = Console().color_system or "none"
    detail = f"{columns} × {lines}, colours: {colours}"
    if columns < SMALLEST_SCREEN[0] or lines < SMALLEST_SCREEN[1]:
        return Finding(
            "Terminal", "warn", detail, "Make the window at least 80 × 24; 120 shows all three panes."
        )
    if colours in ("none", "standard"):
        return Finding(
            "Terminal", "warn", detail, "Use a terminal with 256 colours or more (TERM=xterm-256color)."
        )
    if "utf" not in (sys.stdout.encoding or "").lower():
        return Finding(
            "Terminal", "warn", f"{detail}, {sys.stdout.encoding}", "Set a UTF-8 locale (LANG=C.UTF-8)."
        )
    return Finding("Terminal", "ok", detail)


def _port(port: int, data: Path) -> Finding:
    from operator_console.commands.demo import is_free

    if is_free(port):
        return Finding("Port", "ok", f"{port} is free")
    card = read_card(data)
    if card is not None and is_alive(card) and card.url.endswith(f":{port}"):
        return Finding("Port", "ok", f"{port} is used by your own server")
    return Finding("Port", "warn", f"{port} is taken", f"Start with another one: --port {port + 10}")


def _server(url: str) -> Iterator[Finding]:
    address = _address(url)
    if not address:
        yield Finding("Server", "ok", "none runs on this machine", "Start one with `operator-console serve`.")
        return
    if not answers(address, "/readyz"):
        yield Finding(
            "Server", "fail", f"{address} does not answer", "Check the address, and that the server runs."
        )
        return
    yield Finding("Server", "ok", f"{address} answers")
    if answers(address, "/widget.js"):
        yield Finding("Widget", "ok", f"{address}/widget.js")
    else:
        yield Finding(
            "Widget", "fail", f"{address}/widget.js is not served", "Update the server, or check the proxy."
        )


def _address(url: str) -> str:
    """The server's base URL: the given one, or that of this machine, or nothing. Raises `CommandError`."""
    if not url:
        servers = find_local().servers
        return servers[0].url if servers else ""
    from operator_console.client import server_address

    try:
        return server_address(url)
    except ValueError as error:
        raise CommandError(str(error)) from error


def _print(finding: Finding) -> None:
    mark = typer.style(f"{finding.result:<4}", fg=_COLOURS[finding.result], bold=finding.result != "ok")
    typer.echo(f"{mark}  {finding.what:<12} {safe_line(finding.detail)}")
    if finding.advice:
        typer.echo(f"{'':<6}{'':<12} → {finding.advice}")
