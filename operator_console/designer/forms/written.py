"""From what somebody types to how it is written in a file: `1 day 12 h` is 1d12h, `9:30` is 09:30, `10` is 10%."""

from __future__ import annotations

import re

from operator_console.designer.forms.fields import FieldKind
from scenarios_yaml.language.durations import meant_duration, parse_duration
from scenarios_yaml.language.scalars import is_moment, is_time, parse_number

_CLOCK = re.compile(r"(\d\d?)[:.](\d\d)")
_DAY = re.compile(
    r"(?:(?P<d>\d\d?)[./](?P<m>\d\d?)[./](?P<y>\d{4})|(?P<y2>\d{4})[-./](?P<m2>\d\d?)[-./](?P<d2>\d\d?))"
    r"(?:[T ,]+(?P<h>\d\d?):(?P<min>\d\d))?"
)


def as_written(kind: FieldKind, text: str) -> str:
    """One line of a field as the file has it; what is not understood stays, for the language to refuse."""
    line = text.strip()
    match kind:
        case "duration":
            return _duration(line)
        case "time":
            clock = _CLOCK.fullmatch(line)
            meant = f"{int(clock.group(1)):02}:{clock.group(2)}" if clock else ""
            return meant if is_time(meant) else line
        case "moment":
            return _moment(line)
        case "share":
            return f"{line}%" if parse_number(line) is not None else line.replace(" ", "")
    return line


def _duration(line: str) -> str:
    close = "".join(line.split()).casefold()
    return close if parse_duration(close) is not None else meant_duration(line) or line


def _moment(line: str) -> str:
    day = _DAY.fullmatch(line)
    if day is None:
        return line
    date, month, year = day.group("d", "m", "y") if day.group("d") else day.group("d2", "m2", "y2")
    time = f" {int(day.group('h')):02}:{day.group('min')}" if day.group("h") else ""
    meant = f"{year}-{int(month):02}-{int(date):02}{time}"
    return meant if is_moment(meant) else line
