"""Liquid as scenarios use it: strict when a file is read, harmless when a text is rendered.

A template can neither hang the server nor fill its memory (limits below), reads no clock (`"now" | date` is
refused, so that the same log gives the same text in every replay), and loads no other files. Chat text is
plain text, so nothing is escaped in it: whoever puts a text into HTML escapes it there. The body of an email is
Markdown: rendered for that, foreign values stay words (liquid_nodes.py).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from liquid import Environment, Mode
from liquid.exceptions import FilterArgumentError, OutputStreamLimitError

from scenarios_yaml.language.liquid_nodes import Captured, CapturingTag, CyclingTag, EchoingTag, OutputTag
from scenarios_yaml.language.scalars import parse_number

MAX_LOOP_ITERATIONS = 2_000
MAX_OUTPUT_BYTES = 256 * 1024
MAX_LOCAL_BYTES = 256 * 1024
MAX_VALUE_CHARACTERS = 64 * 1024
"""The longest string that a filter may make."""
MAX_GROWTH_CHARACTERS = 50 * MAX_VALUE_CHARACTERS

_MILLISECONDS_FROM = 100_000_000_000
"""A larger number is a time in milliseconds, a smaller one in seconds (this many seconds is the year
5138)."""
NO_BREAK = "\N{NO-BREAK SPACE}"
_GROUPED_FROM = 10_000
"""Four digits are read at a glance; from here on they stand in groups of three."""
_LARGEST_SUM = 10**15
_WIDE_FIELD = re.compile(r"%[-_^#0]*\d{2,}")


class TextEnvironment(Environment):
    loop_iteration_limit = MAX_LOOP_ITERATIONS
    output_stream_limit = MAX_OUTPUT_BYTES
    local_namespace_limit = MAX_LOCAL_BYTES
    markdown = False
    """Whether what is rendered will be read as Markdown."""

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Liquid's own, without the tags that load other templates."""
        super().setup_tags_and_filters(extra=extra)
        for name in ("include", "render"):
            del self.tags[name]
        for tag in (OutputTag, EchoingTag, CyclingTag, CapturingTag):
            self.add_tag(tag)
        self.filters["date"] = _date
        self.filters["money"] = money
        self.filters = {name: _limited(function) for name, function in self.filters.items()}
        for name in ("strip", "lstrip", "rstrip"):
            self.filters[name] = _trimming(name, self.filters[name])


class MarkdownEnvironment(TextEnvironment):
    markdown = True


def _limited(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, refusing before it works where its result could grow out of all proportion."""

    def limited(value: Any, *arguments: Any, **named: Any) -> Any:
        if _growth(value, arguments) > MAX_GROWTH_CHARACTERS:
            raise OutputStreamLimitError("the text grows too long", token=None)
        result = function(value, *arguments, **named)
        if isinstance(result, str) and len(result) > MAX_VALUE_CHARACTERS:
            raise OutputStreamLimitError("the text grows too long", token=None)
        return result

    for name in ("with_context", "with_environment", "filter_async"):
        if hasattr(function, name):
            setattr(limited, name, getattr(function, name))
    return limited


def _trimming(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, after which what a `capture` put together still is that."""

    def trim(value: Any) -> Any:
        return value.trimmed(name) if isinstance(value, Captured) else function(value)

    return trim


def _growth(value: Any, arguments: tuple[Any, ...]) -> int:
    """How long a filter's result may become at worst: each piece of the value replaced by the longest
    argument."""
    for number_range in (value, *arguments):
        if isinstance(number_range, range) and len(number_range) > MAX_LOOP_ITERATIONS:
            return MAX_GROWTH_CHARACTERS + 1
    longest = max((len(argument) for argument in arguments if isinstance(argument, str)), default=1)
    if isinstance(value, str):
        return len(value) * (1 + longest)
    if isinstance(value, (list, tuple)):
        return len(value) * longest + sum(len(item) for item in value if isinstance(item, str))
    return 0


def _date(value: Any, pattern: Any = "%Y-%m-%d", *_: Any) -> str:
    """A moment (ISO text, seconds or milliseconds since the epoch) in the form of `pattern`. Any other text
    stays."""
    if value in ("now", "today"):
        raise FilterArgumentError(
            "a text cannot ask for the time: its replay would read differently", token=None
        )
    moment = _moment(value)
    form = str(pattern)
    if moment is None or len(form) > 100 or _WIDE_FIELD.search(form):
        return "" if value is None else str(value)
    return moment.strftime(form)


def money(value: Any, currency: Any = "", *_: Any) -> str:
    """A sum as people write it: `1200`, `12 900`, `99.50`, with the currency behind it where one is given. What is no
    number stays as it is; the spaces do not break."""
    number = parse_number(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not abs(number) <= _LARGEST_SUM:
        return "" if value is None else str(value)
    cents = round(number * 100)
    whole, rest = divmod(abs(cents), 100)
    written = f"{whole:,}".replace(",", NO_BREAK) if whole >= _GROUPED_FROM else str(whole)
    written += f".{rest:02}" if rest else ""
    behind = f"{NO_BREAK}{currency}" if isinstance(currency, str) and currency else ""
    return f"{'-' if cents < 0 else ''}{written}{behind}"


def _moment(value: Any) -> dt.datetime | None:
    try:
        if isinstance(value, str) and not value.isdigit():
            return dt.datetime.fromisoformat(value)
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            return None
        number = float(value)
        return dt.datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, tz=dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


STRICT = TextEnvironment(tolerance=Mode.STRICT)
"""For reading a file: every mistake is an error."""

LENIENT = TextEnvironment(tolerance=Mode.LAX)
"""For rendering: a piece that fails is left out."""

STRICT_MARKDOWN = MarkdownEnvironment(tolerance=Mode.STRICT)
LENIENT_MARKDOWN = MarkdownEnvironment(tolerance=Mode.LAX)
"""For rendering what will be read as Markdown. Templates are compiled in STRICT, whose nodes they share."""
