"""Messages of a real dialog as the branch of a bot: what people said becomes steps, what the visitor answered becomes
an answer to be pressed, or something that the bot asks for. Pure.

What one visitor was told goes to all of them: his name is taken out of it, and none of it is taken for a template.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from operator_console.safe_text import safe_text
from operator_console.translation import _
from scenarios_yaml.language.editing.document import Plain
from server_stub.protocol import Message

PRESSED = 40
"""Characters of an answer that still fits on a button; what is longer the bot asks for as a text."""
LONGEST = 4_000
"""Characters of a message."""
PATIENCE = "1d"
"""How long a bot waits for an answer, until somebody says otherwise in the form."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[\d\s().-]{7,24}")
_NUMBER = re.compile(r"\d{1,6}([.,]\d+)?")
_TEMPLATE = re.compile(r"\{(?=[{%])")
_ENDS = "!?.,:;… \t\n"


class Branch(Struct, frozen=True):
    """`steps` as a scenario has them. `opening` is what the visitor wrote before anybody answered: the answer or the
    word that leads to them; empty where somebody else began."""

    steps: tuple[Plain, ...]
    opening: str = ""


def said(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Those that a bot could say or be told: no notes, nothing of the desk itself, nothing that was taken away or waits
    to be sent."""
    return tuple(
        one
        for one in messages
        if not one.note
        and not one.deleted
        and not one.send_at
        and one.author.kind in ("visitor", "operator", "bot")
        and (_line(one.text) or one.files)
    )


def branch_of(messages: Sequence[Message], name: str = "") -> Branch:
    """The branch that a bot would have gone through with the visitor called `name`. What `said` leaves out is left out
    here, too; the order is that of the messages."""
    wanted = said(messages)
    opening, rest = _answer(wanted)
    return Branch(tuple(_Branching(name).steps(rest)), opening)


class _Branching:
    def __init__(self, name: str) -> None:
        self._name = _name_pattern(name)
        self._asked = 0

    def steps(self, messages: Sequence[Message]) -> list[Plain]:
        """What one message after the other comes to; an answer that can be pressed holds all that came after it."""
        steps: list[Plain] = []
        while messages:
            message, messages = messages[0], messages[1:]
            taken = next((one.label for one in message.options if one.id == message.chosen), "")
            answer, rest = _answer(messages)
            if taken:
                if answer.casefold() == taken.casefold():
                    messages = rest
                answer = taken
            elif answer:
                messages = rest
            else:
                steps.append(self._say(message))
                continue
            if not taken and (kind := _asked_for(message, answer)):
                steps.append(self._ask(message, kind))
                continue
            steps.append(self._question(message, answer, self.steps(messages)))
            break
        return steps

    def _say(self, message: Message) -> Plain:
        files = ", ".join(file.name for file in message.files)
        text = self._text(message.text)
        if text and not files:
            return {"say": text}
        comment = _(
            "With it went {files}: put it among the files of the scenarios, and send it by a step of its own."
        )
        step: dict[str, Plain] = {"comment": _line(comment.format(files=files))}
        # A file alone says nothing yet: the step waits for somebody to choose one.
        return {**step, "say": text} if text else {**step, "enabled": "false", "say": _line(files)}

    def _ask(self, message: Message, kind: str) -> Plain:
        kept = {"email": "visitor.email", "phone": "visitor.phone"}.get(kind, "")
        if not kept:
            self._asked += 1
            kept = "run.reply" if self._asked == 1 else f"run.reply_{self._asked}"
        return {"ask": self._text(message.text), "input": kind, "save_to": kept, "timeout": PATIENCE}

    def _question(self, message: Message, answer: str, after: list[Plain]) -> Plain:
        """With all the answers that were offered, and the one that was given."""
        labels = [one.label for one in message.options]
        if answer.casefold() not in (label.casefold() for label in labels):
            labels.append(answer)
        options: list[Plain] = []
        for label in labels:
            option: dict[str, Plain] = {"label": _line(label)}
            if label.casefold() == answer.casefold() and after:
                option["steps"] = after
            options.append(option)
        text = self._text(message.text) or _line(", ".join(file.name for file in message.files))
        return {"say": text, "timeout": PATIENCE, "options": options}

    def _text(self, text: str) -> str:
        plain = _literal(safe_text(text, limit=LONGEST, multiline=True).strip())
        if self._name is None:
            return plain
        return self._name.sub("{% if visitor.name %}\\1{{ visitor.name }}{% endif %}", plain)


def _answer(messages: Sequence[Message]) -> tuple[str, Sequence[Message]]:
    """What the visitor says in a row from here on, as one line, and what comes after it."""
    count = next((at for at, one in enumerate(messages) if one.author.kind != "visitor"), len(messages))
    words = [_line(one.text) or ", ".join(file.name for file in one.files) for one in messages[:count]]
    return _line(" ".join(words)), messages[count:]


def _asked_for(message: Message, answer: str) -> str:
    """What kind of answer is to be typed, for one that nobody would press; empty for a button's."""
    if message.input:
        return message.input
    if _EMAIL.fullmatch(answer):
        return "email"
    if _PHONE.fullmatch(answer):
        return "phone"
    if _NUMBER.fullmatch(answer):
        return "number"
    return "text" if len(answer) > PRESSED and not message.options else ""


def _line(text: str) -> str:
    return _literal(" ".join(safe_text(text, limit=400, multiline=True).split()))


def _literal(text: str) -> str:
    """Where somebody wrote two braces he meant braces."""
    return _TEMPLATE.sub("{ ", text)


def _name_pattern(name: str) -> re.Pattern[str] | None:
    """His name as people use it, whole or the first word of it, with the blank before it."""
    whole = " ".join(safe_text(name, limit=80).split())
    first = whole.partition(" ")[0]
    if len(first) < 3:
        return None
    either = "|".join(re.escape(_literal(one)) for one in dict.fromkeys((whole, first)))
    return re.compile(rf"([ ,]*)(?<!\w)(?:{either})(?!\w)")


def keyword_of(opening: str) -> str:
    """What a visitor has to write for a bot to begin with: his words without what ends them; empty where they are too
    many to be written by another one."""
    words = opening.strip(_ENDS)
    return words if 0 < len(words) <= PRESSED else ""
