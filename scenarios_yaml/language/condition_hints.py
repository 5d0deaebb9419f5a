"""What was probably meant by a condition line that cannot be read: the words that people write before they know
the language."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from scenarios_yaml.language.condition_tokens import ConditionError
from scenarios_yaml.language.durations import parse_duration
from scenarios_yaml.language.scalars import is_known_event, is_time

STATES = ("known", "unknown", "empty", "true", "false", "subscribed")

FIRST_WORD = {
    "tag": "tagged vip", "tags": "tagged vip", "has": "did order_completed", "have": "did order_completed",
    "had": "did order_completed", "was": "did order_completed", "ordered": "did order_completed",
    "bought": "did order_completed", "purchased": "did order_completed", "viewed": "did product_viewed",
    "visited": "did page_viewed", "subscribed": "push is subscribed", "inactive": "last_visit more than 7d ago",
    "segment": "in segment big-spenders", "day": "weekday in [mon, tue]", "time": "now in 09:00-18:00",
    "hour": "now in 09:00-18:00", "hours": "now in business_hours", "business_hours": "now in business_hours",
    "operator": "operators online > 0", "online": "operators online > 0", "count": "did product_viewed >= 3 times",
    "sent": "received abandoned-cart", "last": "last_visit more than 7d ago",
    "first": "first_visit less than 1d ago", "no": "email is unknown",
    "true": "cart.total > 0", "false": "cart.total > 0", "if": "cart.total > 0", "when": "cart.total > 0",
}  # fmt: skip
"""What a condition that begins so may look like."""

COMPARISON = (
    (r"(?:more|greater|bigger|higher)(?: than)?|over|above|exceeds", ">"),
    (r"(?:less|fewer|smaller|lower)(?: than)?|under|below", "<"),
    (r"at least|not less than|min(?:imum)?|from", ">="),
    (r"at most|not more than|max(?:imum)?|up to", "<="),
    (r"equals?(?: to)?|==", "="),
    (r"isn.?t|aren.?t|differs(?: from)?|<>", "is not"),
    (r"exists?|present|set|given|filled", "is known"),
    (r"missing|absent|unset", "is unknown"),
    (r"has|have|includes?|including", "contains"),
    (r"begins?(?: with)?|starts?", "starts with"),
    (r"ends?", "ends with"),
    (r"like|~", "matches"),
)
"""Words of a comparison, and how it is written."""

AT_THE_END = (
    (r"visits", "for example visits > 3"),
    (r"operators online", "for example operators online > 0"),
    (
        r"(?:first_visit|last_visit|last_order)(?: more| less)?(?: than)?",
        "for example last_visit more than 7d ago",
    ),
    (r"(?:not )?(?:received|opened|clicked|replied)", "for example received abandoned-cart in 7d"),
    (r"(?:not )?tagged", "for example tagged vip"),
    (r"(?:not )?in segment", "for example in segment big-spenders"),
    (r"did(?: not)?", "for example did order_completed in 30d"),
    (r"sum.*", "for example sum(order_completed.total) > 10000 in 30d"),
    (r"now(?: not)?(?: in)?", "for example now in 09:00-18:00"),
    (r"weekday(?: not)?(?: in)?", "for example weekday in [mon, tue]"),
    (r"\S+ is(?: not)?", "for example email is known"),
)
"""Lines that end too early, and one that does not."""

_WORD = re.compile(r"[^\s,;()]+")
_CURLY_QUOTES = re.compile("[“”„‟«»‘’‚]")

Rule: TypeAlias = Callable[[str, str, ConditionError], str]


def better_hint(line: str, error: ConditionError) -> str:
    """The hint for an error in this line: that of what people usually mean by it, else the error's own."""
    before, rest = line[: error.offset].strip(), line[error.offset :].strip()
    rules = _SURE if error.hint.startswith("did you mean") else (*_SURE, *_LIKELY)
    return next(filter(None, (rule(before, rest, error) for rule in rules)), error.hint)


def _quotes(before: str, rest: str, _: ConditionError) -> str:
    return 'only straight quotes are read: "New York"' if _CURLY_QUOTES.search(before + rest) else ""


def _several_conditions(before: str, rest: str, _: ConditionError) -> str:
    if re.match(r"(?:and\b|&)", rest, re.IGNORECASE) and before:
        return "one line is one condition: the other has a line of its own"
    if re.match(r"(?:or\b|\|)", rest, re.IGNORECASE) and before:
        return "one line is one condition: put each on a line of its own under “any:”; for several values: in [a, b]"
    return ""


def _number(before: str, rest: str, _: ConditionError) -> str:
    """`3 000`, `3,000`, `3000 EUR`."""
    if not re.search(r"[<>=] ?\d+$", before):
        return ""
    if re.match(r",? ?\d{3}\b", rest):
        return "a number has no spaces and no commas: 3000"
    return "a number stands alone: leave this out" if re.match(r"[^\W\d]+$|[$€₽%]", rest) else ""


def _turned_round(before: str, rest: str, _: ConditionError) -> str:
    return f"did you mean “{rest[0]}=”?" if before.endswith("=") and rest[:1] in ("<", ">") else ""


def _moment(before: str, rest: str, _: ConditionError) -> str:
    """`last_visit > 7d ago`."""
    if before not in ("first_visit", "last_visit", "last_order") or not rest:
        return ""
    word = "less" if rest.startswith("<") else "more"
    duration = next((part for part in re.findall(r"\w+", rest) if parse_duration(part)), "7d")
    return f"did you mean “{before} {word} than {duration} ago”?"


def _state(before: str, rest: str, _: ConditionError) -> str:
    """`email known`, `email not known`."""
    word = rest.partition(" ")[0]
    if not before or word not in STATES or before.endswith(" is"):
        return ""
    return f"did you mean “is {'not ' if before.endswith(' not') else ''}{word}”?"


def _comparison(before: str, rest: str, error: ConditionError) -> str:
    if not before or not re.search(r"comparison|one of|too much", error.message):
        return ""
    if re.match(r"between\b", rest, re.IGNORECASE):
        return "write two lines, one with >= and one with <="
    for words, sign in COMPARISON:
        if re.match(rf"(?:is )?(?:{words})(?![\w.])", rest, re.IGNORECASE):
            return f"did you mean “{sign}”?"
    return ""


def _window(before: str, rest: str, _: ConditionError) -> str:
    """`in last 30d`, `in the past 30 days`."""
    found = re.match(r"(?:(?:the|last|past|previous)\s+)+(\d+)\s*([a-z])", rest)
    return f"did you mean “in {found.group(1)}{found.group(2)}”?" if found and before.endswith("in") else ""


def _list(before: str, rest: str, error: ConditionError) -> str:
    if "[" in before and ";" in before:
        return "a comma stands between the values"
    if "a list is wanted" in error.message and rest:
        return f"for example [{', '.join(_WORD.findall(rest)[:5])}]"
    return (
        "a comma stands between the values" if ";" in rest + error.message and "“,”" in error.message else ""
    )


def _of_the_clock(before: str, rest: str, _: ConditionError) -> str:
    if re.fullmatch(r"weekday(?: not)?", before):
        return "for example weekday in [mon, tue]"
    if before == "operators":
        return "for example operators online > 0"
    if not before.startswith("now"):
        return ""
    times = [time if is_time(time) else f"0{time}" for time in re.findall(r"\d{1,2}:\d\d", rest)]
    if len(times) == 2 and all(map(is_time, times)):
        return f"did you mean “now in {times[0]}-{times[1]}”?"
    return "" if before.endswith("in") else "for example now in 09:00-18:00"


def _slug(before: str, rest: str, _: ConditionError) -> str:
    if not re.search(r"(?:segment|received|opened|clicked|replied)$", before):
        return ""
    words = re.split(r" in \d", rest)[0]
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return f"for example {slug}" if slug and slug != words else ""


def _event(before: str, rest: str, _: ConditionError) -> str:
    name = rest.strip("\"'")
    return f'did you mean “did "{name}"”?' if not before and is_known_event(name) else ""


def _in_segment(before: str, rest: str, _: ConditionError) -> str:
    if re.fullmatch(r"(?:not )?in", before):
        return f"did you mean “{before} segment {rest.partition(' ')[0]}”?"
    return "did you mean “in segment …”?" if not before and re.match(r"in\b", rest) else ""


def _not_first(before: str, rest: str, _: ConditionError) -> str:
    """`not email is known`."""
    found = re.match(r"([\w.]+) is (\w+)$", rest)
    return (
        f"did you mean “{found.group(1)} is not {found.group(2)}”? Around a condition: {{not: …}}"
        if before == "not" and found
        else ""
    )


def _begins(before: str, rest: str, _: ConditionError) -> str:
    """A first word that is none; a path that is missing; a path that is only its root."""
    word, more = [*rest.split(" ", 1), ""][:2]
    if before:
        return ""
    if word in ("first", "last") and more.startswith(("visit", "order")):
        return f"did you mean “{word}_{more}”?"
    if word in ("is", "not", "contains", "matches", "starts", "ends", "known", "unknown"):
        return "a path stands before it: email is known"
    if word[:1].isdigit():
        return "it begins with a path: cart.total > 0"
    return f"for example {FIRST_WORD[word]}" if word in FIRST_WORD else ""


def _one_word(before: str, rest: str, _: ConditionError) -> str:
    """What is missing after one word: `starts /a`, `is yes`, `tagged big spender`."""
    if re.search(r" (?:starts|ends)$", before) and rest:
        return f'for example {before.rpartition(" ")[2]} with "{rest}"' if '"' not in rest else ""
    if re.search(r" is(?: not)?$", before) and rest.lower() in ("yes", "no"):
        return f"did you mean “{'true' if rest.lower() == 'yes' else 'false'}”?"
    if re.match(r"(?:not )?tagged \S+$", before) and rest:
        return f"a tag has no spaces: {before.rpartition(' ')[2]}-{rest.replace(' ', '-')}"
    return "for example sum(order_completed.total) > 10000 in 30d" if before == "sum" else ""


def _ends(before: str, rest: str, _: ConditionError) -> str:
    if rest:
        return ""
    return next((hint for start, hint in AT_THE_END if re.fullmatch(start, before)), "")


_SURE: tuple[Rule, ...] = (
    _quotes, _several_conditions, _turned_round, _moment, _state, _comparison, _window, _in_segment,
    _not_first, _event, _begins,
)  # fmt: skip
"""Asked even where the parser has a guess of its own."""

_LIKELY: tuple[Rule, ...] = (_number, _list, _of_the_clock, _slug, _one_word, _ends)


def words_for_states(value: object, source: str) -> str:
    """A hint where a word after `=` is probably no value: `= empty`, `!= null`, `= yes`. Empty where it is one."""
    if not isinstance(value, str) or '"' in source or "'" in source:
        return ""
    negated = "!=" in source
    if value in ("empty", "known", "unknown", "subscribed"):
        return f"did you mean “is {'not ' if negated else ''}{value}”? The word itself stands in quotes"
    if value.lower() in ("null", "none", "nil"):
        return f"did you mean “is {'known' if negated else 'unknown'}”? The word itself stands in quotes"
    if value.lower() in ("yes", "no", "on", "off"):
        said = "true" if value.lower() in ("yes", "on") else "false"
        return f"did you mean “{said}”? The word itself stands in quotes"
    return ""
