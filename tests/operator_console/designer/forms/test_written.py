"""What is typed as people say it is written as the file has it."""

from __future__ import annotations

import pytest

from operator_console.designer.forms.fields import FieldKind
from operator_console.designer.forms.written import as_written


class TestWhatIsTyped:
    @pytest.mark.parametrize(
        ("kind", "typed", "written"),
        [
            ("duration", "1d 12h", "1d12h"),
            ("duration", "1 day 12 hours", "1d12h"),
            ("duration", "30M", "30m"),
            ("duration", "2 дня", "2d"),
            ("duration", "soon", "soon"),
            ("duration", "parameters.pause", "parameters.pause"),
            ("time", "9:30", "09:30"),
            ("time", "9.30", "09:30"),
            ("time", "25:00", "25:00"),
            ("moment", "30.08.2026 9:00", "2026-08-30 09:00"),
            ("moment", "2026/8/30", "2026-08-30"),
            ("moment", "31.02.2026", "31.02.2026"),
            ("share", "10", "10%"),
            ("share", "10 %", "10%"),
            ("words", " as it is ", "as it is"),
        ],
    )
    def test_is_written_as_the_language_reads_it(self, kind: FieldKind, typed: str, written: str) -> None:
        assert as_written(kind, typed) == written
