"""One condition line to its meaning: recursive descent, a method for each form of the grammar.

What a value on the right may be: a number, true or false, a word, or a text in quotes; `parameters.NAME`
stands for its default.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as Map
from typing import Any, Literal, cast

from scenarios_yaml.language.condition_hints import STATES, better_hint
from scenarios_yaml.language.condition_tokens import ConditionError, Token, Tokens
from scenarios_yaml.language.durations import duration_hint, parse_duration
from scenarios_yaml.language.model import (
    Ago,
    Compare,
    DateIn,
    Did,
    InSegment,
    Is,
    Leaf,
    NowIn,
    Operator,
    OperatorsOnline,
    SumOf,
    Tagged,
    Touched,
    Visits,
    WeekdayIn,
)
from scenarios_yaml.language.paths import ROOTS, SHORT, PathError, looks_like_path, resolve_path
from scenarios_yaml.language.problems import did_you_mean, nearest, quoted
from scenarios_yaml.language.scalars import (
    is_moment,
    is_slug,
    is_tag,
    is_time,
    parse_number,
    weekday_hint,
    weekday_number,
)
from scenarios_yaml.language.texts import Text

TOUCHES = ("received", "opened", "clicked", "replied")
MOMENTS = ("first_visit", "last_visit", "last_order")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
FIRST_WORDS = (
    "did",
    "sum",
    "visits",
    "tagged",
    "in",
    "now",
    "weekday",
    "operators",
    "not",
    *MOMENTS,
    *TOUCHES,
)
AFTER_PATH = ("is", "not", "in", "contains", "matches", "starts", "ends")

_NAME = re.compile(r"[^\W\d][\w-]*")


def parse_condition(line: str, parameters: Map[str, Any] | None = None, number: int = 0) -> Leaf:
    """The condition that `line` says. `number` is the line's number in its file. `parameters` None: the file
    can have none. Raises ConditionError."""
    try:
        parser = _Parser(line, parameters, number)
        leaf = parser.leaf()
        parser.tokens.need_end(parser.hint_for_the_rest)
    except ConditionError as error:
        error.hint = better_hint(line, error)
        raise
    return leaf


class _Parser:
    def __init__(self, line: str, parameters: Map[str, Any] | None, number: int) -> None:
        self.tokens = Tokens(line)
        self.parameters = parameters
        self.number = number
        self.hint_for_the_rest = ""

    @property
    def _place(self) -> dict[str, Any]:
        return {"line": self.number, "source": self.tokens.line}

    # --- One line -------------------------------------------------------------------------------------------

    def leaf(self) -> Leaf:
        tokens = self.tokens
        if tokens.now.kind != "word":
            raise tokens.wanted("a condition", "it begins with a path, for example cart.total > 0")
        if tokens.take_word("not"):
            return self._not_leaf()
        if tokens.now.text in TOUCHES:
            return self._touched(negated=False)
        if tokens.now.text in MOMENTS:
            return self._ago()
        if tokens.at_word("in") and tokens.following.text == "segment":
            return self._in_segment(negated=False)
        forms: dict[str, Callable[[], Leaf]] = {
            "did": self._did,
            "sum": self._sum,
            "visits": self._visits,
            "tagged": self._tagged,
            "now": self._now,
            "weekday": self._weekday,
            "operators": self._operators,
        }
        form = forms.get(tokens.now.text)
        return form() if form else self._about_path()

    def _not_leaf(self) -> Leaf:
        if self.tokens.at_word("tagged"):
            return self._tagged(negated=True)
        if self.tokens.at_word("in"):
            return self._in_segment(negated=True)
        if self.tokens.at_word(*TOUCHES):
            return self._touched(negated=True)
        hint = "“not” stands after the path: city not in [a, b]; or around a condition: {not: …}"
        raise self.tokens.wanted("“tagged”, “in segment” or “" + "”, “".join(TOUCHES) + "”", hint)

    def _did(self) -> Did:
        tokens = self.tokens
        tokens.take()
        negated = tokens.take_word("not")
        event = self._event("the name of an event")
        op: Operator = ">="
        times = 1
        if tokens.now.kind == "op":
            op = self._comparison("=", "<", "<=", ">", ">=")
            times = self._whole_number()
            tokens.need_word("times", "time")
        elif tokens.now.kind == "word" and parse_number(tokens.now.text) is not None:
            raise tokens.wanted("a comparison", f"did you mean “>= {tokens.now.text} times”?")
        window = self._duration() if tokens.take_word("in") else None
        where = self._where() if tokens.take_word("where") else None
        if isinstance(tokens.now, Token) and tokens.now.kind == "word" and where is None:
            self.hint_for_the_rest = (
                did_you_mean(tokens.now.text, ("in", "where"))
                or 'a name of several words stands in quotes: did "Order Completed"'
            )
        return Did(
            event=event, negated=negated, op=op, times=times, window=window, where=where, **self._place
        )

    def _sum(self) -> SumOf:
        tokens = self.tokens
        tokens.take()
        tokens.need_mark("(")
        event, path = self._event_and_path()
        tokens.need_mark(")")
        op = self._comparison("<", "<=", ">", ">=", "=", "!=")
        value = self._number()
        tokens.need_word("in")
        return SumOf(event=event, path=path, op=op, value=value, window=self._duration(), **self._place)

    def _event_and_path(self) -> tuple[str, str]:
        tokens = self.tokens
        first = tokens.take()
        if first.kind == "string" and tokens.now.kind == "word" and tokens.now.text.startswith("."):
            event, path = first.text, tokens.take().text[1:]
        elif first.kind == "word":
            event, _, path = first.text.partition(".")
        else:
            event, path = first.text, ""
        if not event or not path:
            raise ConditionError(
                first.start, "an event and one of its properties are wanted here", "Order_Completed.total"
            )
        return event, path

    def _ago(self) -> Ago:
        tokens = self.tokens
        what = cast("Literal['first_visit', 'last_visit', 'last_order']", tokens.take().text)
        more = tokens.need_word("more", "less") == "more"
        tokens.need_word("than")
        duration = self._duration()
        tokens.need_word("ago")
        return Ago(what=what, more=more, duration=duration, **self._place)

    def _visits(self) -> Visits:
        self.tokens.take()
        return Visits(
            op=self._comparison("=", "<", "<=", ">", ">=", "!="), count=self._whole_number(), **self._place
        )

    def _tagged(self, negated: bool = False) -> Tagged:
        self.tokens.take()
        token = self._one_value("a tag")
        tag = str(self._substituted(token))
        if not is_tag(tag):
            raise ConditionError(token.start, f"{token.name} is no tag")
        return Tagged(tag=tag, negated=negated, **self._place)

    def _in_segment(self, negated: bool) -> InSegment:
        self.tokens.take()
        self.tokens.need_word("segment")
        return InSegment(segment=self._slug("the name of a segment"), negated=negated, **self._place)

    def _touched(self, negated: bool) -> Touched:
        how = cast("Literal['received', 'opened', 'clicked', 'replied']", self.tokens.take().text)
        token = self._one_value("the name of a scenario")
        scenario, dot, step = token.text.partition(".")
        if not is_slug(scenario) or (dot and not is_slug(step)):
            raise ConditionError(token.start, f"{token.name} is no name of a scenario")
        window = self._duration() if self.tokens.take_word("in") else None
        return Touched(how=how, scenario=scenario, step=step, window=window, negated=negated, **self._place)

    def _now(self) -> NowIn:
        tokens = self.tokens
        tokens.take()
        negated = tokens.take_word("not")
        tokens.need_word("in")
        token = self._one_value("business_hours or a span like 09:00-18:00")
        if token.text == "business_hours":
            return NowIn(negated=negated, **self._place)
        begins, _, ends = token.text.partition("-")
        if not is_time(begins) or not is_time(ends) or begins == ends:
            hint = (
                did_you_mean(token.text, ("business_hours",)) or "business_hours, or a span like 09:00-18:00"
            )
            raise ConditionError(token.start, f"{token.name} is no span of a day", hint)
        return NowIn(begins=begins, ends=ends, negated=negated, **self._place)

    def _weekday(self) -> WeekdayIn:
        tokens = self.tokens
        tokens.take()
        negated = tokens.take_word("not")
        tokens.need_word("in")
        days = []
        for token in self._list():
            day = weekday_number(token.text)
            if day is None:
                raise ConditionError(token.start, f"{token.name} is no weekday", weekday_hint(token.text))
            days.append(day)
        return WeekdayIn(days=tuple(sorted(set(days))), negated=negated, **self._place)

    def _operators(self) -> OperatorsOnline:
        tokens = self.tokens
        tokens.take()
        tokens.need_word("online")
        op = self._comparison("=", "<", "<=", ">", ">=", "!=")
        return OperatorsOnline(op=op, count=self._whole_number(), **self._place)

    # --- About a path ---------------------------------------------------------------------------------------

    def _where(self) -> Compare | Is:
        at = self.tokens.now.start
        leaf = self._about_path(bare="event")
        if isinstance(leaf, DateIn):
            raise ConditionError(
                at, "“where” compares a property of the event", "for example where price > 100"
            )
        return leaf

    def _about_path(self, bare: str = "") -> Compare | Is | DateIn:
        """`bare` is the root that a name without a dot belongs to; none: only the well-known short names may
        stand."""
        tokens = self.tokens
        if bare and tokens.now.kind == "word" and _NAME.fullmatch(tokens.now.text):
            path = f"{bare}.{tokens.take().text}"
        else:
            path = self._path()
        if tokens.take_word("is"):
            negated = tokens.take_word("not")
            if tokens.take_word("today"):
                return DateIn(path=path, unit="day", negated=negated, **self._place)
            return self._is(path, negated)
        if tokens.now.kind == "op":
            return self._compare(path)
        negated = tokens.take_word("not")
        if not tokens.at_word("in", "contains", "matches", "starts", "ends"):
            raise self._no_comparison(negated)
        word = tokens.take().text
        if word == "in" and tokens.take_word("this"):
            unit = cast("Literal['month', 'week']", tokens.need_word("month", "week"))
            return DateIn(path=path, unit=unit, negated=negated, **self._place)
        if word == "in":
            values = tuple(self._typed(token) for token in self._list())
            return Compare(path=path, op="in", value=values, negated=negated, **self._place)
        if word in ("starts", "ends"):
            tokens.need_word("with")
        value = self._one_value("a text in quotes")
        self._hint_at_quotes(value)
        text = value.text if value.kind == "string" else str(self._substituted(value))
        op = cast(
            "Literal['contains', 'matches', 'starts with', 'ends with']",
            f"{word} with" if word in ("starts", "ends") else word,
        )
        return Compare(path=path, op=op, value=text, negated=negated, **self._place)

    def _no_comparison(self, negated: bool) -> ConditionError:
        tokens = self.tokens
        if negated:
            return tokens.wanted(
                "“in”, “contains”, “matches”, “starts with” or “ends with”",
                "“is not” goes with " + ", ".join(STATES),
            )
        guess = nearest(tokens.now.text, AFTER_PATH) if tokens.now.kind == "word" else ""
        hint = f"did you mean “{guess}”?" if guess else 'for example = 5, is known, in [a, b], contains "x"'
        return tokens.wanted("a comparison", hint)

    def _path(self) -> str:
        tokens = self.tokens
        if tokens.now.kind != "word":
            raise tokens.wanted("a path", "for example cart.total")
        token = tokens.take()
        try:
            return resolve_path(token.text)
        except PathError as error:
            hint = error.hint
            guess = nearest(token.text, (*FIRST_WORDS, *SHORT, *ROOTS), cutoff=0.75)
            if guess and guess != token.text and "." not in token.text and guess not in ROOTS:
                hint = f"did you mean “{guess}”?"
            raise ConditionError(token.start, error.message, hint) from error

    def _is(self, path: str, negated: bool) -> Is:
        tokens = self.tokens
        if not tokens.at_word(*STATES):
            hint = did_you_mean(tokens.now.text, STATES)
            if not hint and tokens.now.kind in ("word", "string"):
                hint = f"to compare, write {'!=' if negated else '='} {tokens.now.text}"
            raise tokens.wanted(", ".join(STATES[:-1]) + f" or {STATES[-1]}", hint)
        what = cast("Literal['known', 'unknown', 'empty', 'true', 'false', 'subscribed']", tokens.take().text)
        return Is(path=path, what=what, negated=negated, **self._place)

    def _compare(self, path: str) -> Compare:
        op = self._comparison(*COMPARISONS)
        token = self._one_value("a value")
        value = self._typed(token)
        self._hint_at_quotes(token)
        if op not in ("=", "!=") and not _has_an_order(value):
            message = f"“{op}” compares numbers and dates, {token.name} is neither"
            raise ConditionError(token.start, message)
        return Compare(path=path, op=op, value=value, **self._place)

    def _hint_at_quotes(self, value: Token) -> None:
        if value.kind == "word" and self.tokens.now.kind == "word":
            self.hint_for_the_rest = "a value of several words stands in quotes"

    # --- Pieces ---------------------------------------------------------------------------------------------

    def _comparison(self, *allowed: str) -> Operator:
        tokens = self.tokens
        if tokens.now.kind != "op" or tokens.now.text not in allowed:
            hint = "did you mean “=”?" if tokens.now.text == "==" else ""
            raise tokens.wanted("one of " + " ".join(allowed), hint)
        return cast("Operator", tokens.take().text)

    def _one_value(self, what: str) -> Token:
        if self.tokens.now.kind not in ("word", "string"):
            raise self.tokens.wanted(what)
        return self.tokens.take()

    def _list(self) -> list[Token]:
        """The items of `[a, b]`, at least one."""
        tokens = self.tokens
        if not (tokens.now.kind == "mark" and tokens.now.text == "["):
            raise tokens.wanted("a list", f"for example [{tokens.now.text or 'a'}]")
        tokens.take()
        items = [self._one_value("a value")]
        while tokens.now.kind == "mark" and tokens.now.text == ",":
            tokens.take()
            items.append(self._one_value("a value"))
        if tokens.now.kind in ("word", "string"):
            raise tokens.wanted("“,” or “]”", "a value of several words stands in quotes")
        tokens.need_mark("]")
        return items

    def _typed(self, token: Token) -> Any:
        """A string in quotes stays one; a word may be a number, true, false or a parameter."""
        if token.kind == "string":
            return token.text
        value = self._substituted(token)
        if not isinstance(value, str) or value != token.text:
            return value
        if value in ("true", "false"):
            return value == "true"
        if looks_like_path(value):
            hint = f'a text of that name stands in quotes: "{value}"'
            raise ConditionError(token.start, "a value stands on the right, not a path", hint)
        number = parse_number(value)
        return value if number is None else number

    def _substituted(self, token: Token) -> Any:
        root, _, name = token.text.partition(".")
        if token.kind == "string" or root != "parameters" or not name:
            return token.text
        if self.parameters is None:
            raise ConditionError(token.start, "a segment has no parameters", "write the value itself")
        if name not in self.parameters:
            guess = nearest(name, self.parameters)
            hint = (
                f"did you mean “parameters.{guess}”?" if guess else "parameters stand at the top of the file"
            )
            raise ConditionError(token.start, f"there is no parameter {quoted(name)}", hint)
        value = self.parameters[name]
        if isinstance(value, Text):
            raise ConditionError(
                token.start, f"{token.name} differs from language to language", "give it one default"
            )
        return value

    def _event(self, what: str) -> str:
        token = self._one_value(what)
        event = str(self._substituted(token))
        if not event:
            raise ConditionError(token.start, f"{what} is wanted here")
        return event

    def _slug(self, what: str) -> str:
        token = self._one_value(what)
        slug = str(self._substituted(token))
        if not is_slug(slug):
            raise ConditionError(token.start, f"{token.name} is not {what}: small letters, digits, - and _")
        return slug

    def _number(self) -> int | float:
        token = self._one_value("a number")
        number = self._typed(token)
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise ConditionError(token.start, f"a number is wanted here, not {token.name}")
        return number

    def _whole_number(self) -> int:
        token = self.tokens.now
        number = self._number()
        if not isinstance(number, int) or not 0 <= number <= 1_000_000:
            raise ConditionError(token.start, f"a whole number is wanted here, not {token.name}")
        return number

    def _duration(self) -> int:
        token = self._one_value("a duration")
        value = self._substituted(token)
        duration = value if isinstance(value, int) else parse_duration(str(value))
        if duration is None:
            rest = f"{token.text} {self.tokens.now.text}" if self.tokens.now.kind == "word" else token.text
            hint = duration_hint(rest)
            raise ConditionError(token.start, f"{token.name} is no duration", hint)
        return duration


def _has_an_order(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, (int, float)) or (isinstance(value, str) and is_moment(value))
