"""The widget is one small, readable file."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from server_stub import protocol

WIDGET = Path(protocol.__file__).parent / "widget" / "widget.js"


class TestTheFile:
    """What a shop's page loads."""

    def test_is_under_20_kb_gzipped(self) -> None:
        """As it is served: the source itself, compressed."""
        assert len(gzip.compress(WIDGET.read_bytes(), 9)) < 20_000

    def test_is_source_and_not_minified(self) -> None:
        """Lines that a person can read."""
        lines = WIDGET.read_text(encoding="utf-8").splitlines()
        assert len(lines) > 800
        assert max(map(len, lines)) <= 170

    @pytest.mark.parametrize(
        "sink",
        [
            r"\.innerHTML",
            r"\.outerHTML",
            r"insertAdjacentHTML",
            r"document\.write",
            r"\beval\(",
            r"new Function",
        ],
    )
    def test_has_no_sink_that_reads_html_or_code(self, sink: str) -> None:
        """Foreign text can only become text."""
        assert not re.search(sink, WIDGET.read_text(encoding="utf-8"))

    def test_speaks_the_same_limits_as_the_protocol(self) -> None:
        """A file or a text that the widget lets through is one that the server takes."""
        source = WIDGET.read_text(encoding="utf-8")
        megabytes = protocol.MAX_FILE_BYTES // (1024 * 1024)
        assert f"MAX_FILE_BYTES = {megabytes} * 1024 * 1024;" in source
        assert f"MAX_MESSAGE_CHARS = {protocol.MAX_MESSAGE_CHARS};" in source
