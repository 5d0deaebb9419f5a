"""Steps that say something: chat messages and questions, pop-ups, letters, notifications, files."""

from __future__ import annotations

import re
from typing import ClassVar, Literal, TypeAlias, get_args

from scenarios_yaml.language.conditions import read_conditions
from scenarios_yaml.language.keys import Builder, Key, Keys, Schema, items, many, mapping, may, must, reads
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
from scenarios_yaml.language.step_parts import StepKeys, branch, kind, read_link_button, read_popup_button
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


NAMED_SOURCES = ("viewed", "cart", "popular")
NO_CONDITIONS: tuple[Condition, ...] = ()

read_input = one_of(*INPUTS)
PopupSize: TypeAlias = Literal["small", "large", "mini"]
read_size = one_of(*get_args(PopupSize))


class OptionKeys(Keys, what="an answer"):
    example = "label: {}"
    not_both = ("steps", "jump")

    label = must(read_text, NOTHING, "What stands on it; typing the same is this answer, too.")
    id = may(read_slug, "", "A name for reports.")
    if_ = may(read_conditions, NO_CONDITIONS, "It is offered only where all of these hold.")
    steps = branch("What happens after this answer; the run then goes on below.")
    jump = may(read_slug, "", "Where this answer leads: the id of a step, or the name of a block.")


class SayKeys(StepKeys):
    say = must(read_text, NOTHING, "What the visitor reads in the chat.")
    options = items(OptionKeys, "Answers to choose from. The run waits for one.", least=1, most=MOST_OPTIONS)
    timeout = may(read_duration, None, "How long an answer is waited for: 1d.")
    no_answer = branch("What happens where no answer has come in time; without it the run stops.")
    buttons = many(read_link_button, "Links below the message.")
    image = may(read_picture, "", "A picture: a file of the files folder, or https://…")


def _say(step: SayKeys) -> Say:
    options = _options(step)
    if "options" not in step:
        for name in ("timeout", "no_answer"):
            if name in step:
                message = f"{quoted(name)} does nothing here: nobody is asked"
                step.reading.warn(step.key(name), message, "add options")
    return Say(
        text=step.say,
        options=options,
        timeout=step.timeout,
        no_answer=step.no_answer,
        buttons=step.buttons,
        image=step.image,
        **step.place,
    )


def _options(step: SayKeys) -> tuple[Option, ...]:
    given = step.options
    if isinstance(step.node("options"), Sequence) and not given:
        step.reading.error(step.key("options"), "“options” holds no answer")
    if len(given) > MOST_OPTIONS:
        step.reading.error(given[MOST_OPTIONS].at, f"too many answers: at most {MOST_OPTIONS}")
    taken: dict[str, int] = {}
    labels: dict[tuple[str, str], int] = {}
    return tuple(_option(keys, number, taken, labels) for number, keys in enumerate(given))


def _option(
    keys: OptionKeys, number: int, taken: dict[str, int], labels: dict[tuple[str, str], int]
) -> Option:
    if "steps" in keys and "jump" in keys:
        hint = "put the jump at the end of the steps"
        keys.reading.error(keys.key("jump"), "an answer has steps or a jump, not both", hint)
    label, line = keys.label, keys.at.line
    option = Option(
        id=_option_id(keys, label, number, taken),
        label=label,
        when=keys.if_,
        steps=keys.steps or (),
        jump=keys.jump,
        line=line,
    )
    for language, source in label.sources.items():
        first = labels.setdefault((language, source.strip().casefold()), line)
        if source and first != line:
            message = f"the answer {quoted(source)} stands here twice, first in line {first}"
            keys.reading.error(keys.key("label"), message)
    return option


def _option_id(keys: OptionKeys, label: Text, number: int, taken: dict[str, int]) -> str:
    """The id that was given, else the slug of the label in its first language, made unique among its
    neighbours."""
    if "id" in keys:
        given = keys.id
        if given in taken:
            keys.reading.error(keys.key("id"), f"the id {quoted(given)} stands here twice")
    else:
        first = next(iter(label.sources.values()), "")
        slug = re.sub(r"[\W_]+", "-", first.casefold()).strip("-")[:60] or f"option-{number + 1}"
        given = slug
        while given in taken:
            taken[slug] += 1
            given = f"{slug}-{taken[slug]}"
    taken.setdefault(given, 1)
    return given


class AskKeys(StepKeys):
    ask = must(read_text, NOTHING, "What the visitor is asked in the chat.")
    input: Key[InputKind] = must(read_input, "text", "What kind of answer is wanted.")
    save_to = must(read_writable_path, "", "Where the answer is kept: visitor.email, run.size.")
    retries = may(whole_number(0, 10), 2, "How often it is asked again where the answer is not of that kind.")
    retry_text = may(read_text, None, "What is said then.")
    timeout = must(read_duration, None, "How long an answer is waited for: 1d.")
    no_answer = branch("What happens where no answer has come in time; without it the run stops.")
    choices = many(read_text, "What there is to choose from, for input: choice.", least=1)


def _ask(step: AskKeys) -> Ask:
    _check_choices(step, step.input, step.choices)
    return Ask(
        text=step.ask,
        input=step.input,
        save_to=step.save_to,
        retries=step.retries,
        retry_text=step.retry_text,
        timeout=step.timeout,
        no_answer=step.no_answer,
        choices=step.choices,
        **step.place,
    )


def _check_choices(keys: Keys, kind: str, choices: tuple[Text, ...]) -> None:
    if kind == "choice" and "choices" not in keys:
        keys.reading.error(keys.key("input"), "a choice needs the key “choices”", "choices: [Small, Large]")
    elif kind != "choice" and "choices" in keys:
        keys.reading.error(keys.key("choices"), f"“choices” goes with input: choice, not {kind}")
    elif "choices" in keys and not choices:
        keys.reading.error(keys.key("choices"), "“choices” holds nothing to choose")


class PopupFieldKeys(Keys, what="a field"):
    input: Key[InputKind] = must(read_input, "text", "What kind of value is wanted.")
    label = must(read_text, NOTHING, "What stands beside it.")
    save_to = must(read_writable_path, "", "Where the value is kept: visitor.email.")
    required = may(read_bool, False, "true: the pop-up cannot be submitted without it.")
    choices = many(read_text, "What there is to choose from, for input: choice.", least=1)


@reads(PopupFieldKeys, "field")
def _popup_field(reading: Reading, node: YamlNode) -> PopupField:
    keys = PopupFieldKeys(reading, node)
    _check_choices(keys, keys.input, keys.choices)
    return PopupField(
        input=keys.input,
        label=keys.label,
        save_to=keys.save_to,
        required=keys.required,
        choices=keys.choices,
    )


class PopupParts(Keys, what="“popup”"):
    example = "popup: {size: small, title: Hello, text: {}}"

    size: Key[PopupSize] = must(read_size, "small", "How much of the page it takes.")
    title = must(read_text, NOTHING, "Its heading.")
    text = must(read_text, NOTHING, "What it says.")
    image = may(read_picture, "", "A picture: a file of the files folder, or https://…")
    button = may(read_popup_button, None, "Its button.")
    position = may(one_of(*POSITIONS), "", "Where on the page it stands.")
    fields = many(_popup_field, "What the visitor is asked for.")


class PopupKeys(StepKeys):
    popup = mapping(PopupParts, "Shows a window over the page; the run waits until it is answered or closed.")
    timeout = may(read_duration, None, "How long it is waited for: 30m.")
    on_submit = branch("What happens when it is submitted; without it the run goes on below.")
    on_click = branch("What happens when its button is clicked; without it the run goes on below.")
    on_close = branch("What happens when it is closed; without it the run stops.")


def _popup(step: PopupKeys) -> Popup:
    popup = step.popup
    if not popup.fields and "on_submit" in step:
        message = "“on_submit” is never reached: the pop-up has no fields"
        step.reading.warn(step.key("on_submit"), message)
    return Popup(
        size=popup.size,
        title=popup.title,
        text=popup.text,
        image=popup.image,
        button=popup.button,
        position=popup.position,
        fields=popup.fields,
        timeout=step.timeout,
        on_submit=step.on_submit,
        on_click=step.on_click,
        on_close=step.on_close,
        **step.place,
    )


class EmailParts(Keys, what="“email”"):
    forms = ("body", "template")
    example = "email: {subject: Hello, body: {}}"
    hints: ClassVar[dict[str, str]] = dict.fromkeys(
        ("to", "address", "recipient"), "it goes to the visitor's own address, visitor.email"
    )

    subject = must(read_text, NOTHING, "Its subject.")
    body = may(read_text, None, "What it says, in Markdown.")
    template = may(read_file_name, "", "A file of the templates folder, in place of a body.")
    preheader = may(read_text, None, "What the inbox shows beside the subject.")
    from_ = may(read_text, None, "Who it is from; the shop's address where nothing stands here.")
    attachments = many(read_file_name, "Files of the files folder that come with it.")


class EmailKeys(StepKeys):
    email = mapping(EmailParts, "Sends an email.")
    on_error = branch("What happens where it could not be sent; without it the run stops.")


def _email(step: EmailKeys) -> Email:
    email = step.email
    email.only_one()
    return Email(
        subject=email.subject,
        body=email.body,
        template=email.template,
        preheader=email.preheader,
        sender=email.from_,
        attachments=email.attachments,
        on_error=step.on_error,
        **step.place,
    )


class PushParts(Keys, what="“push”"):
    example = "push: {title: Hello, text: {}, link: /}"

    title = must(read_text, NOTHING, "Its heading.")
    text = must(read_text, NOTHING, "What it says.")
    link = must(read_link, NOTHING, "Where a click leads.")
    icon = may(read_picture, "", "A picture: a file of the files folder, or https://…")


class PushKeys(StepKeys):
    push = mapping(PushParts, "Sends a web push notification.")
    on_error = branch("What happens where it could not be sent; without it the run stops.")


def _push(step: PushKeys) -> Push:
    push = step.push
    return Push(
        title=push.title,
        text=push.text,
        link=push.link,
        icon=push.icon,
        on_error=step.on_error,
        **step.place,
    )


class MessageKeys(StepKeys):
    message = must(read_text, NOTHING, "What the visitor reads in his messenger.")
    on_error = branch("What happens where it could not be sent; without it the run stops.")


def _message(step: MessageKeys) -> MessengerMessage:
    return MessengerMessage(text=step.message, on_error=step.on_error, **step.place)


class FileKeys(StepKeys):
    file = must(read_file_name, "", "A file of the files folder: terms/wholesale.pdf.")
    caption = may(read_text, None, "What is said beside it.")


def _file(step: FileKeys) -> SendFile:
    return SendFile(file=step.file, caption=step.caption, **step.place)


def _schema_of_source(builder: Builder) -> Schema:
    return {"anyOf": [builder.of(_NAMED_SOURCE), builder.of(read_path)]}


@reads(_schema_of_source)
def _product_source(reading: Reading, node: YamlNode) -> str:
    word = read_words(reading, node)
    if not word or word in NAMED_SOURCES:
        return word
    return read_path(reading, node) if "." in word else _NAMED_SOURCE(reading, node)


_NAMED_SOURCE = one_of(*NAMED_SOURCES)


class ProductListParts(Keys, what="“product_list”"):
    from_ = must(_product_source, "viewed", "viewed, cart, popular, or a path to a list of products.")
    limit = must(whole_number(1, LONGEST_PRODUCT_LIST), 1, "How many at most.")


class ProductListKeys(StepKeys):
    product_list = mapping(ProductListParts, "Chooses the products that {{ products }} in later texts shows.")


def _product_list(step: ProductListKeys) -> ProductList:
    return ProductList(source=step.product_list.from_, limit=step.product_list.limit, **step.place)


class NoteKeys(StepKeys):
    note = must(read_text, NOTHING, "A note in the dialog that only operators see.")


def _note(step: NoteKeys) -> Note:
    return Note(text=step.note, **step.place)


SPEAKING = (
    kind(SayKeys, _say, "Says something in the chat; with options it waits for an answer."),
    kind(AskKeys, _ask, "Asks in the chat, and keeps the answer."),
    kind(PopupKeys, _popup, "Shows a pop-up."),
    kind(EmailKeys, _email, "Sends an email."),
    kind(PushKeys, _push, "Sends a web push notification."),
    kind(MessageKeys, _message, "Writes to the visitor's messenger, where he has one."),
    kind(FileKeys, _file, "Sends a file in the chat."),
    kind(ProductListKeys, _product_list, "Chooses products for the texts below."),
    kind(NoteKeys, _note, "Leaves a note for operators."),
)
