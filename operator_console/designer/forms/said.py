"""What a field says below itself while one types: a duration in words, a condition in words, a text as it is filled in,
how long it is. Pure.
"""

from __future__ import annotations

from operator_console.designer.forms.fields import Field
from operator_console.designer.forms.sources import Sources
from operator_console.designer.forms.written import as_written
from operator_console.designer.outline.amounts import duration_words, moment_words, schedule_words
from operator_console.designer.outline.conditions import describe
from operator_console.designer.outline.names import path_words
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted, figure
from scenarios_yaml.language.condition_parser import parse_condition
from scenarios_yaml.language.condition_tokens import ConditionError
from scenarios_yaml.language.durations import parse_duration
from scenarios_yaml.language.paths import PathError, resolve_path

SHOWN_CHARS = {
    "email.subject": 60,
    "email.preheader": 90,
    "push.title": 50,
    "push.text": 120,
    "message": 4_096,
}
"""So many characters are shown where the text arrives: usual widths of inboxes and notifications, and what Telegram
takes as one message. A longer text is no error."""
NEAR = 0.7
"""From this share of them on they are counted."""
MANY = 200
"""From here on the characters of any text are counted."""


def said(field: Field, text: str, language: str, sources: Sources) -> str:
    """A line or two, cleaned; empty where there is nothing to add."""
    line = as_written(field.kind, text)
    if not line or line.startswith("parameters."):
        return ""
    match field.kind:
        case "duration":
            length = parse_duration(line)
            return duration_words(length) if length is not None else ""
        case "moment":
            return moment_words(line)
        case "schedule":
            return schedule_words(line) if len(line.split()) == 5 else ""
        case "path" | "writable_path":
            return _path(line)
        case "event":
            return _event(line, sources)
        case "condition" | "conditions":
            return _conditions(line)
        case "jump" | "slug":
            return _target(field, line, sources)
        case "text":
            return _text(field, text, language, sources)
    return ""


def _path(line: str) -> str:
    try:
        return path_words(resolve_path(line))
    except PathError:
        return ""


def _event(line: str, sources: Sources) -> str:
    for one in sources.known.names.events:
        if one.name.casefold() == line.casefold():
            return counted("seen {count} time", "seen {count} times", one.times) if one.times else ""
    return _("not seen yet") if sources.known.names.since else ""


def _conditions(text: str) -> str:
    """Each line that can be read, in words."""
    words = []
    for line in text.splitlines():
        try:
            words.append(describe(parse_condition(line.strip())))
        except ConditionError:
            continue
    return _(" and ").join(words)


def _target(field: Field, line: str, sources: Sources) -> str:
    if field.name in ("jump", "call"):
        return next((safe_line(one.words, 120) for one in sources.known.file.targets if one.name == line), "")
    if field.name == "segment":
        return safe_line(sources.known.names.segments.get(line, ""), 120)
    return safe_line(sources.known.scenarios().get(line, ""), 120) if field.name == "start" else ""


def _text(field: Field, text: str, language: str, sources: Sources) -> str:
    filled = sources.fill(text, language)
    lines = [f"→ {safe_line(filled, 300)}"] if filled.strip() else []
    if length := _length(field, filled or text):
        lines.append(length)
    return "\n".join(lines)


def _length(field: Field, text: str) -> str:
    key = f"{field.within}.{field.name}" if field.within else field.name
    count = len(text.strip())
    most = SHOWN_CHARS.get(key, 0)
    if most and count >= most * NEAR:
        return _("{count} of {most} characters that are shown").format(
            count=figure(count, 0), most=figure(most, 0)
        )
    return counted("{count} character", "{count} characters", count) if count >= MANY and not most else ""
