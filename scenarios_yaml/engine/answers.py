"""What a visitor types, taken as the kind of value that was asked for."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from scenarios_yaml.engine.values import clean_text, number

ANSWER_CHARS = 2_000
_EMAIL = re.compile(
    r"[^\s@<>(),;:\"\[\]\\]{1,64}@[^\s@<>(),;:\"\[\]\\.]{1,63}(?:\.[^\s@<>(),;:\"\[\]\\.]{1,63}){1,8}"
)
_PHONE_JUNK = str.maketrans("", "", " ()-.\u00a0/")
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


def accept(kind: str, text: str, choices: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> Any:
    """The value that the text stands for; None where it is none of that kind.

    email: lower-case domain · phone: digits, with a leading + kept · number: int or float · date: ISO (day
    first where written with dots or slashes) · choice: the label as it was offered · rating: 1 to 5 · file:
    the first file's name.
    """
    text = clean_text(text.strip(), ANSWER_CHARS)
    match kind:
        case "email":
            return email(text)
        case "phone":
            return _phone(text)
        case "number":
            value = number(text)
            return int(value) if value is not None and value.is_integer() and abs(value) < 2**53 else value
        case "date":
            return _date(text)
        case "choice":
            return next((choice for choice in choices if choice.strip().casefold() == text.casefold()), None)
        case "rating":
            return int(text) if text in ("1", "2", "3", "4", "5") else None
        case "file":
            return clean_text(files[0], ANSWER_CHARS) if files else None
    return text or (clean_text(files[0], ANSWER_CHARS) if files else None)


def email(text: str) -> str | None:
    """The address with its domain in lower case; None where it cannot be one."""
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        return None
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def _phone(text: str) -> str | None:
    digits = text.translate(_PHONE_JUNK)
    plus = "+" if digits.startswith("+") else ""
    digits = digits.removeprefix("+")
    return plus + digits if digits.isascii() and digits.isdecimal() and 7 <= len(digits) <= 15 else None


def _date(text: str) -> str | None:
    day_first = _DAY_FIRST.fullmatch(text)
    try:
        if day_first:
            day, month, year = (int(part) for part in day_first.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None
