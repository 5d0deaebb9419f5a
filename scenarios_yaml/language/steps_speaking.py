"""Steps that say something: chat messages and questions, pop-ups, letters, notifications, files."""

from __future__ import annotations

import re
from typing import cast, get_args

from scenarios_yaml.language.conditions import read_conditions
from scenarios_yaml.language.fields import Fields
from scenarios_yaml.language.model import (
    Ask,
    Condition,
    Email,
    InputKind,
    MessengerMessage,
    Note,
    Option,
    Popup,
    PopupField,
    ProductList,
    Push,
    Say,
    SendFile,
    Step,
)
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.scalars import (
    one_of,
    read_bool,
    read_duration,
    read_file_name,
    read_path,
    read_picture,
    read_slug,
    read_words,
    read_writable_path,
    whole_number,
)
from scenarios_yaml.language.step_parts import StepKind, StepParts, read_link_button
from scenarios_yaml.language.text_reading import NOTHING, read_link, read_text
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.yaml_nodes import Sequence, YamlNode

INPUTS: tuple[InputKind, ...] = get_args(InputKind)
POSITIONS = (
    "center",
    "top",
    "bottom",
    "left",
    "right",
    "top-left",
    "top-right",
    "bottom-left",
    "bottom-right",
)
LONGEST_PRODUCT_LIST = 20
MOST_OPTIONS = 20


def _say(step: StepParts) -> Say:
    fields = step.fields
    options = _options(step)
    if not options:
        for name in ("timeout", "no_answer"):
            if name in fields and "options" not in fields:
                step.reading.warn(
                    fields.key(name), f"{quoted(name)} does nothing here: nobody is asked", "add options"
                )
    return Say(
        text=read_text(step.reading, step.value),
        options=options,
        timeout=fields.read("timeout", read_duration, None),
        no_answer=step.branch("no_answer"),
        buttons=fields.many("buttons", read_link_button),
        image=fields.read("image", read_picture, ""),
        **step.place,
    )


def _options(step: StepParts) -> tuple[Option, ...]:
    nodes = step.items("options")
    given = step.fields.node("options")
    if isinstance(given, Sequence) and not nodes:
        step.reading.error(step.fields.key("options"), "“options” holds no answer")
    if len(nodes) > MOST_OPTIONS:
        step.reading.error(nodes[MOST_OPTIONS], f"too many answers: at most {MOST_OPTIONS}")
    taken: dict[str, int] = {}
    labels: dict[tuple[str, str], int] = {}
    return tuple(_option(step, node, number, taken, labels) for number, node in enumerate(nodes))


def _option(
    step: StepParts, node: YamlNode, number: int, taken: dict[str, int], labels: dict[tuple[str, str], int]
) -> Option:
    reading = step.reading
    fields = Fields(reading, node, "an answer", ("label", "id", "if", "steps", "jump"))
    if "steps" in fields and "jump" in fields:
        hint = "put the jump at the end of the steps"
        reading.error(fields.key("jump"), "an answer has steps or a jump, not both", hint)
    label = fields.need("label", read_text, NOTHING)
    no_conditions: tuple[Condition, ...] = ()
    branch = fields.node("steps")
    path = f"{step.path}.options.{number}.steps"
    option = Option(
        id=_option_id(fields, label, number, taken),
        label=label,
        when=fields.read("if", read_conditions, no_conditions),
        steps=step.read_branch(reading, branch, path) if branch is not None else (),
        jump=fields.read("jump", read_slug, ""),
        line=node.line,
    )
    for language, source in label.sources.items():
        first = labels.setdefault((language, source.strip().casefold()), node.line)
        if source and first != node.line:
            reading.error(
                fields.key("label"), f"the answer {quoted(source)} stands here twice, first in line {first}"
            )
    return option


def _option_id(fields: Fields, label: Text, number: int, taken: dict[str, int]) -> str:
    """The id that was given, else the slug of the label in its first language, made unique among its
    neighbours."""
    if "id" in fields:
        given = fields.read("id", read_slug, "")
        if given in taken:
            fields.reading.error(fields.key("id"), f"the id {quoted(given)} stands here twice")
    else:
        first = next(iter(label.sources.values()), "")
        slug = re.sub(r"[\W_]+", "-", first.casefold()).strip("-")[:60] or f"option-{number + 1}"
        given = slug
        while given in taken:
            taken[slug] += 1
            given = f"{slug}-{taken[slug]}"
    taken.setdefault(given, 1)
    return given


def _ask(step: StepParts) -> Ask:
    fields = step.fields
    kind = fields.need("input", one_of(*INPUTS), "text")
    choices = fields.many("choices", read_text)
    _check_choices(step.reading, fields, kind, choices)
    return Ask(
        text=read_text(step.reading, step.value),
        input=cast("InputKind", kind),
        save_to=fields.need("save_to", read_writable_path, ""),
        retries=fields.read("retries", whole_number(0, 10), 2),
        retry_text=fields.read("retry_text", read_text, None),
        timeout=fields.need("timeout", read_duration, None),
        no_answer=step.branch("no_answer"),
        choices=choices,
        **step.place,
    )


def _check_choices(reading: Reading, fields: Fields, kind: str, choices: tuple[Text, ...]) -> None:
    if kind == "choice" and "choices" not in fields:
        reading.error(fields.key("input"), "a choice needs the key “choices”", "choices: [Small, Large]")
    elif kind != "choice" and "choices" in fields:
        reading.error(fields.key("choices"), f"“choices” goes with input: choice, not {kind}")
    elif "choices" in fields and not choices:
        reading.error(fields.key("choices"), "“choices” holds nothing to choose")


def _popup(step: StepParts) -> Popup:
    known = ("size", "title", "text", "image", "button", "position", "fields")
    popup = step.value_fields(*known)
    fields = step.fields
    inputs = popup.many("fields", _popup_field)
    if not inputs and "on_submit" in fields:
        step.reading.warn(fields.key("on_submit"), "“on_submit” is never reached: the pop-up has no fields")
    return Popup(
        size=popup.need("size", one_of("small", "large", "mini"), "small"),
        title=popup.need("title", read_text, NOTHING),
        text=popup.need("text", read_text, NOTHING),
        image=popup.read("image", read_picture, ""),
        button=popup.read("button", lambda r, n: read_link_button(r, n, link_needed=False), None),
        position=popup.read("position", one_of(*POSITIONS), ""),
        fields=inputs,
        timeout=fields.read("timeout", read_duration, None),
        on_submit=step.branch("on_submit"),
        on_click=step.branch("on_click"),
        on_close=step.branch("on_close"),
        **step.place,
    )


def _popup_field(reading: Reading, node: YamlNode) -> PopupField:
    fields = Fields(reading, node, "a field", ("input", "label", "save_to", "required", "choices"))
    kind = fields.need("input", one_of(*INPUTS), "text")
    choices = fields.many("choices", read_text)
    _check_choices(reading, fields, kind, choices)
    return PopupField(
        input=cast("InputKind", kind),
        label=fields.need("label", read_text, NOTHING),
        save_to=fields.need("save_to", read_writable_path, ""),
        required=fields.read("required", read_bool, False),
        choices=choices,
    )


def _email(step: StepParts) -> Email:
    email = step.value_fields("subject", "body", "template", "preheader", "from", "attachments")
    email.exactly_one("body", "template")
    return Email(
        subject=email.need("subject", read_text, NOTHING),
        body=email.read("body", read_text, None),
        template=email.read("template", read_file_name, ""),
        preheader=email.read("preheader", read_text, None),
        sender=email.read("from", read_text, None),
        attachments=email.many("attachments", read_file_name),
        on_error=step.branch("on_error"),
        **step.place,
    )


def _push(step: StepParts) -> Push:
    push = step.value_fields("title", "text", "link", "icon")
    return Push(
        title=push.need("title", read_text, NOTHING),
        text=push.need("text", read_text, NOTHING),
        link=push.need("link", read_link, NOTHING),
        icon=push.read("icon", read_picture, ""),
        on_error=step.branch("on_error"),
        **step.place,
    )


def _message(step: StepParts) -> MessengerMessage:
    return MessengerMessage(
        text=read_text(step.reading, step.value), on_error=step.branch("on_error"), **step.place
    )


def _file(step: StepParts) -> SendFile:
    return SendFile(
        file=read_file_name(step.reading, step.value),
        caption=step.fields.read("caption", read_text, None),
        **step.place,
    )


def _product_list(step: StepParts) -> ProductList:
    fields = step.value_fields("from", "limit")
    return ProductList(
        source=fields.need("from", _product_source, "viewed"),
        limit=fields.need("limit", whole_number(1, LONGEST_PRODUCT_LIST), 1),
        **step.place,
    )


def _product_source(reading: Reading, node: YamlNode) -> str:
    named = ("viewed", "cart", "popular")
    word = read_words(reading, node)
    if not word or word in named:
        return word
    return read_path(reading, node) if "." in word else one_of(*named)(reading, node)


def _note(step: StepParts) -> Step:
    return Note(text=read_text(step.reading, step.value), **step.place)


SPEAKING = {
    "say": StepKind(_say, ("options", "timeout", "no_answer", "buttons", "image")),
    "ask": StepKind(_ask, ("input", "save_to", "retries", "retry_text", "timeout", "no_answer", "choices")),
    "popup": StepKind(_popup, ("timeout", "on_submit", "on_click", "on_close")),
    "email": StepKind(_email, ("on_error",)),
    "push": StepKind(_push, ("on_error",)),
    "message": StepKind(_message, ("on_error",)),
    "file": StepKind(_file, ("caption",)),
    "product_list": StepKind(_product_list),
    "note": StepKind(_note),
}
