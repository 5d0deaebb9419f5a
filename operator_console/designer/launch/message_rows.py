"""The messages of a draft as rows: what each is, when it is shown, and how it begins. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from operator_console.designer.library.parts import Part
from operator_console.designer.look.views import ChatLook, Look, MailLook, MessengerLook, PopupLook, PushLook
from operator_console.designer.outline.choices import kind_name
from operator_console.safe_text import safe_line
from operator_console.translation import _, marked
from scenarios_yaml.language import model
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.tools.publishing.described import kind_of

GO_ON = "go on"
"""The id of the first row, from which it goes on: no place of a file holds a space."""

_POPUPS = {"large": marked("Large pop-up"), "small": marked("Small pop-up"), "mini": marked("Mini pop-up")}


class MessageRow(Struct, frozen=True):
    """One message; `place` is where it stands in the file, and its id. `name` and `when` are clean, `text` is raw."""

    place: str
    mark: str
    name: str
    when: str
    text: str


def message_rows(scenario: model.Scenario, parts: Sequence[Part]) -> list[MessageRow]:
    """All that the visitor sees, in the order of the file."""
    steps = {step.key: step for step in all_steps([scenario.steps, *(each for _n, each in scenario.blocks)])}
    rows = []
    before: dict[int, str] = {}
    for part in parts:
        if part.look is None:
            if part.kind == "doing" and not isinstance(steps[part.step], model.Wait | model.WaitFor):
                continue
            before = {depth: words for depth, words in before.items() if depth < part.depth}
            before[part.depth] = part.words.removesuffix(":")
            continue
        step = steps[part.step]
        mark, text = _look(part.look)
        when = " · ".join(before[depth] for depth in sorted(before) if depth <= part.depth)
        rows.append(MessageRow(step.path, mark, _name(step), safe_line(when, 300), text))
        before.pop(part.depth, None)
    return rows


def _name(step: model.Step) -> str:
    if isinstance(step, model.Popup):
        return _(_POPUPS[step.size])
    return kind_name(kind_of(step))


def _look(look: Look) -> tuple[str, str]:
    """The channel's mark and how it begins."""
    match look:
        case ChatLook():
            return "◆", look.text or look.file
        case PopupLook():
            return "▣", look.title
        case MailLook():
            return "✉", look.subject
        case PushLook():
            return "◈", look.title
        case MessengerLook():
            return "❯", look.text
