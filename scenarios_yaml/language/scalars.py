"""Scalars by type: slugs, numbers, durations, moments, links … Each reader reports what is wrong and stands
something in.

The signature of all is (reading, node) → value, as `Fields.read` and `Fields.need` want it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from scenarios_yaml.language.durations import duration_hint, parse_duration
from scenarios_yaml.language.keys import any_word, reads, scalar, string_like
from scenarios_yaml.language.paths import (
    ROOTS,
    SHORT,
    WRITABLE_ROOTS,
    PathError,
    resolve_path,
    resolve_writable,
)
from scenarios_yaml.language.problems import did_you_mean, nearest, quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.yaml_nodes import Scalar, YamlNode

S = TypeVar("S", bound=str)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

KNOWN_EVENTS = (
    "Products Searched", "Product List Viewed", "Product Viewed", "Product Added", "Product Removed",
    "Cart Viewed", "Checkout Started", "Checkout Step Viewed", "Checkout Step Completed",
    "Payment Info Entered", "Order Completed", "Order Updated", "Order Refunded", "Order Cancelled",
    "Coupon Entered", "Coupon Applied", "Coupon Denied", "Product Added to Wishlist", "Product Reviewed",
    "Session Started", "Page Viewed", "Section Viewed", "Page Scrolled", "Exit Intent", "Email Captured",
    "Subscribed", "Unsubscribed", "Push Subscribed", "Chat Opened", "Message Written", "Dialog Opened",
    "Dialog Closed", "Message Sent", "Message Delivered", "Message Seen", "Message Clicked",
    "Message Replied", "Message Closed", "Email Opened", "Email Clicked", "Email Bounced",
    "Segment Entered", "Segment Left", "Tag Added", "Tag Removed", "Meeting Booked", "Meeting Held",
    "Article Published", "Popup Shown", "Clicked", "Product Clicked", "Promotion Viewed",
    "Promotion Clicked", "Cart Shared", "Product Shared", "Product Removed from Wishlist",
    "Wishlist Product Added to Cart",
)  # fmt: skip
"""Segment's e-commerce events and our own. A shop may send others, so a name that is not here is no error."""

_SLUG = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_TAG = re.compile(r"\w[\w:./-]{0,63}")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?", re.ASCII)
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
MOMENT = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?$"
"""For a schema. A day that no month has is the reader's affair."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?", re.ASCII)
_SPOKEN_MOMENT = re.compile(
    r"(?:(?P<d>\d\d?)[./](?P<m>\d\d?)[./](?P<y>\d{4})|(?P<y2>\d{4})[-./](?P<m2>\d\d?)[-./](?P<d2>\d\d?))"
    r"(?:[T ,]+(?P<h>\d\d?):(?P<min>\d\d))?",
    re.ASCII,
)
_FILE = re.compile(r"(?!.*\.\.)[\w-][\w. -]*(?:/[\w-][\w. -]*)*")
_WEB = re.compile(r"https?://[^\s/]+\S*")
_CRON_FIELD = re.compile(r"(?:\*|[\w]+(?:-[\w]+)?)(?:/\d+)?(?:,(?:\*|[\w]+(?:-[\w]+)?)(?:/\d+)?)*", re.ASCII)
_CRON_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_CRON_NAMES = (
    (),
    (),
    (),
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    ("sun", "mon", "tue", "wed", "thu", "fri", "sat"),
)


def _path_pattern(roots: Sequence[str]) -> str:
    return rf"^({'|'.join(SHORT)})$|^({'|'.join(roots)})\.\S+$"


@reads(scalar(any_word(r"^[a-z0-9]+([_-][a-z0-9]+)*$", maxLength=80)), "slug")
def read_slug(reading: Reading, node: YamlNode) -> str:
    """Lower-case letters, digits, and `-` or `_` between them."""
    word = reading.word(node, "a short name")
    if word is None:
        return ""
    if not _SLUG.fullmatch(word) or len(word) > 80:
        better = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")[:80]
        hint = f"for example {better or 'spring-sale'}"
        reading.error(node, f"{quoted(word)} is no short name: small Latin letters, digits, - and _", hint)
        return ""
    return word


@reads(scalar(any_word(r"^\S{1,64}$")), "tag")
def read_tag(reading: Reading, node: YamlNode) -> str:
    word = reading.word(node, "a tag")
    if word is not None and not is_tag(word):
        reading.error(node, f"{quoted(word)} is no tag", "letters, digits and - _ : . / without spaces")
    return word or ""


def is_tag(word: str) -> bool:
    return _TAG.fullmatch(word) is not None


def is_slug(word: str) -> bool:
    return _SLUG.fullmatch(word) is not None


@reads(any_word(), "words")
def read_words(reading: Reading, node: YamlNode) -> str:
    """A line of words for people: a reason, a comment, a label."""
    if isinstance(node, Scalar):
        reading.refuse_lost(node)
    return reading.word(node, "a text") or ""


@reads(any_word(), "words")
def read_comment(reading: Reading, node: YamlNode) -> str:
    """A note of the author: nothing in it means anything, so nothing in it can be wrong."""
    return reading.word(node, "a comment") or ""


@reads({"anyOf": [{"enum": list(KNOWN_EVENTS)}, any_word()]}, "event")
def read_event(reading: Reading, node: YamlNode) -> str:
    word = reading.word(node, "the name of an event")
    if word is None:
        return ""
    if len(word) > 100:
        reading.error(node, "the name of an event is too long: at most 100 characters")
    return word


@reads(scalar({"enum": [True, False, "true", "false"]}), "yes_or_no")
def read_bool(reading: Reading, node: YamlNode) -> bool:
    word = reading.word(node, "true or false")
    if word is not None and word not in ("true", "false"):
        guess = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(word.lower(), "")
        reading.error(
            node, f"{quoted(word)} is neither true nor false", f"did you mean “{guess}”?" if guess else ""
        )
    return word == "true"


def parse_number(word: str) -> int | float | None:
    """A number as it is written in the file; None for anything else, `0123` (a code) among it."""
    if not _NUMBER.fullmatch(word):
        return None
    return float(word) if "." in word else int(word)


@reads(scalar({"type": "number"}, string_like(r"^-?\d+(\.\d+)?$")), "number")
def read_number(reading: Reading, node: YamlNode) -> int | float:
    word = reading.word(node, "a number")
    number = parse_number(word) if word is not None else 0
    if number is None:
        digits = (word or "").strip("%$€₽ ").replace(" ", "")
        hint = f"write {digits}" if parse_number(digits) is not None else "for example 50 or 0.5"
        reading.error(node, f"{quoted(word or '')} is no number", hint)
        return 0
    return number


def whole_number(least: int, most: int) -> Callable[[Reading, YamlNode], int]:
    """A reader of a whole number from `least` to `most`."""

    @reads(scalar({"type": "integer", "minimum": least, "maximum": most}, string_like(r"^\d+$")))
    def read(reading: Reading, node: YamlNode) -> int:
        word = reading.word(node, "a number")
        if word is None:
            return least
        number = parse_number(word)
        if not isinstance(number, int) or not least <= number <= most:
            reading.error(node, f"{quoted(word)} is no whole number from {least} to {most}")
            return least
        return number

    return read


@reads(scalar(string_like(r"^\d+(\.\d+)?%$", "10%")), "share")
def read_percent(reading: Reading, node: YamlNode) -> float:
    """`10%`, from 0 to 100."""
    word = reading.word(node, "a share like 10%")
    if word is None:
        return 0.0
    number = parse_number(word.removesuffix("%"))
    if number is not None and not word.endswith("%"):
        meant = f"{number * 100:g}" if 0 < number < 1 else word
        reading.error(node, f"{quoted(word)} is no share", f"did you mean “{meant}%”?")
    elif number is None or not 0 <= number <= 100:
        reading.error(node, f"{quoted(word)} is no share from 0% to 100%")
    return float(number or 0)


@reads(
    scalar(string_like(r"^(?=\d)(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?$", "30s, 15m, 1h30m, 3d or 2w")),
    "duration",
)
def read_duration(reading: Reading, node: YamlNode) -> int:
    """Milliseconds."""
    word = reading.word(node, "a duration")
    if word is None:
        return 0
    duration = parse_duration(word)
    if duration is None:
        reading.error(node, f"{quoted(word)} is no duration", duration_hint(word))
        return 0
    return duration


def one_of(*choices: S) -> Callable[[Reading, YamlNode], S]:
    """A reader of one word out of a closed list."""

    @reads(scalar({"enum": list(choices)}))
    def read(reading: Reading, node: YamlNode) -> S:
        word = reading.word(node, " or ".join(choices))
        if word is not None and word not in choices:
            hint = did_you_mean(word, choices)
            reading.error(node, f"{quoted(word)} is not one of " + ", ".join(choices), hint)
        return next((choice for choice in choices if choice == word), choices[0])

    return read


@reads(
    scalar(
        string_like(r"^([01]\d|2[0-3]):[0-5]\d$", "09:30"),
        {"type": "integer", "minimum": 600, "maximum": 1439},
    ),
    "time",
)
def read_time(reading: Reading, node: YamlNode) -> str:
    """HH:MM."""
    word = reading.word(node, "a time like 10:00")
    if word is not None and not is_time(word):
        hint = f"did you mean “0{word}”?" if is_time("0" + word) else "for example 09:30"
        reading.error(node, f"{quoted(word)} is no time of day", hint)
    return word or ""


def is_time(word: str) -> bool:
    return _TIME.fullmatch(word) is not None


def is_moment(word: str) -> bool:
    """A date, or a date and a time, as ISO 8601 writes it, with a space or a T between."""
    if not _MOMENT.fullmatch(word):
        return False
    try:
        dt.datetime.fromisoformat(word)
    except ValueError:
        return False
    return True


@reads(scalar(string_like(MOMENT, "2026-08-30 10:00")), "moment")
def read_moment(reading: Reading, node: YamlNode) -> str:
    word = reading.word(node, "a date and time like 2026-08-30 10:00")
    if word is not None and not is_moment(word):
        reading.error(node, f"{quoted(word)} is no date and time", _moment_hint(word))
    return word or ""


def _moment_hint(word: str) -> str:
    """`30.08.2026 9:00` is 2026-08-30 09:00."""
    match = _SPOKEN_MOMENT.fullmatch(word.strip())
    if match:
        day, month, year = match.group("d", "m", "y") if match.group("d") else match.group("d2", "m2", "y2")
        time = f" {int(match.group('h')):02}:{match.group('min')}" if match.group("h") else ""
        meant = f"{year}-{int(month):02}-{int(day):02}{time}"
        if is_moment(meant):
            return f"did you mean “{meant}”?"
    return "for example 2026-08-30 10:00"


@reads(scalar({"enum": list(WEEKDAYS)}), "weekday")
def read_weekday(reading: Reading, node: YamlNode) -> int:
    """0 (Monday) to 6."""
    word = reading.word(node, "a weekday")
    day = weekday_number(word) if word is not None else 0
    if day is None:
        reading.error(node, f"{quoted(word or '')} is no weekday", weekday_hint(word or ""))
        return 0
    return day


def weekday_number(word: str) -> int | None:
    return WEEKDAYS.index(word) if word in WEEKDAYS else None


def weekday_hint(word: str) -> str:
    guess = word.lower()[:3]
    return f"did you mean “{guess}”?" if guess in WEEKDAYS else "one of " + ", ".join(WEEKDAYS)


@reads(scalar(any_word(r"^[^\s./][^/]*(/[^\s./][^/]*)*$", maxLength=200)), "file")
def read_file_name(reading: Reading, node: YamlNode) -> str:
    """A path below the files folder: no way out of it."""
    word = reading.word(node, "a file")
    if word is not None and (not _FILE.fullmatch(word) or len(word) > 200):
        reading.error(
            node, f"{quoted(word)} is no file of the files folder", "for example terms/wholesale.pdf"
        )
    return word or ""


@reads(scalar(any_word(r"^https?://\S+$|^[^\s./][^/]*(/[^\s./][^/]*)*$")), "picture")
def read_picture(reading: Reading, node: YamlNode) -> str:
    """A file of the files folder, or a web address."""
    word = reading.word(node, "a picture")
    if word is not None and not _WEB.fullmatch(word) and not _FILE.fullmatch(word):
        reading.error(node, f"{quoted(word)} is neither a file of the files folder nor a web address")
    return word or ""


@reads(scalar(string_like(_path_pattern(ROOTS), "visitor.email")), "path")
def read_path(reading: Reading, node: YamlNode) -> str:
    return _path(reading, node, resolve_path)


@reads(scalar(string_like(_path_pattern(WRITABLE_ROOTS), "visitor.email")), "writable_path")
def read_writable_path(reading: Reading, node: YamlNode) -> str:
    return _path(reading, node, resolve_writable)


def _path(reading: Reading, node: YamlNode, resolve: Callable[[str], str]) -> str:
    word = reading.word(node, "a path like visitor.email")
    if word is None:
        return ""
    try:
        return resolve(word)
    except PathError as error:
        reading.error(node, error.message, error.hint)
        return word


@reads(scalar(string_like(r"^\s*\S+(\s+\S+){4}\s*$", "0 10 1 * *")), "schedule")
def read_cron(reading: Reading, node: YamlNode) -> str:
    """Five fields: minute, hour, day of the month, month, day of the week."""
    word = reading.word(node, "a schedule like 0 10 1 * *")
    if word is None:
        return ""
    fields = word.lower().split()
    if len(fields) != 5:
        reading.error(
            node,
            f"{quoted(word)} is no schedule: it has five fields",
            "minute hour day month weekday: 0 10 * * * is each day at 10:00",
        )
        return ""
    for field, limits, names in zip(fields, _CRON_RANGES, _CRON_NAMES, strict=True):
        if not _is_cron_field(field, limits, names):
            low, high = limits
            reading.error(
                node, f"{quoted(field)} is no field of a schedule", f"from {low} to {high}, * , - or /"
            )
    return " ".join(fields)


def _is_cron_field(field: str, limits: tuple[int, int], names: Sequence[str]) -> bool:
    if not _CRON_FIELD.fullmatch(field):
        return False
    for part in field.split(","):
        body, _, every = part.partition("/")
        if every and not 0 < int(every[:6]) <= limits[1]:
            return False
        bounds = [_cron_number(end, limits, names) for end in body.split("-") if end != "*"]
        if None in bounds or bounds != sorted(bound for bound in bounds if bound is not None):
            return False
    return True


def _cron_number(word: str, limits: tuple[int, int], names: Sequence[str]) -> int | None:
    if word in names:
        return names.index(word) + limits[0]
    if not re.fullmatch(r"\d{1,2}", word, re.ASCII):
        return None
    return int(word) if limits[0] <= int(word) <= limits[1] else None


_KEYS = {"".join(name.split()).casefold(): name for name in KNOWN_EVENTS}


def is_known_event(name: str) -> bool:
    """Whether it is one of the well-known names, by whatever spaces, underscores and capitals."""
    return name.replace(" ", "").replace("_", "").casefold() in _KEYS


def event_guess(name: str) -> str:
    """The well-known event that this name misses by a letter or two; empty where it is known or quite its
    own."""
    if is_known_event(name):
        return ""
    key = name.replace(" ", "").replace("_", "").casefold()
    found = nearest(key, _KEYS, cutoff=0.88)
    return _KEYS[found] if found else ""
