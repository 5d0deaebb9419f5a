"""Steps that say something, in plain words: large pop-up “Wait! 10 % off”, asks for “Your email”."""

from __future__ import annotations

from operator_console.designer.outline.amounts import duration_words
from operator_console.designer.outline.gaps import GAP
from operator_console.designer.outline.names import path_words
from operator_console.designer.outline.texts_shown import TextsShown
from operator_console.designer.outline.words import Phrase, Word, listed, phrase, value
from operator_console.translation import _, marked
from scenarios_yaml.language import model

DEFAULT_TIMEOUT = 86_400_000
"""How long a question waits that does not say so itself: one day, as the engine has it. In milliseconds."""

_SIZES = {
    "large": marked("large pop-up {title}"),
    "small": marked("small pop-up {title}"),
    "mini": marked("mini pop-up {title}"),
}
_SOURCES = {
    "viewed": marked("choose up to {count} of the viewed products"),
    "cart": marked("choose up to {count} products of the cart"),
    "popular": marked("choose up to {count} popular products"),
}


def say_phrase(step: model.Say, shown: TextsShown) -> Phrase:
    """A chat message, or a question with answers to choose from."""
    text = shown.quoted(step.text)
    words = phrase(_("chat question {text}") if step.options else _("chat message {text}"), text=text)
    buttons = listed([(shown.quoted(button.label),) for button in step.buttons], _(" and "))
    waits = _waits(step.timeout) if step.options and step.no_answer is None else ()
    image = _image(step.image)
    return beside(words, image, phrase(_("button {label}"), "soft", label=buttons) if buttons else (), waits)


def ask_phrase(step: model.Ask, shown: TextsShown) -> Phrase:
    """A question whose answer is typed."""
    words = phrase(_("chat question {text}"), text=shown.quoted(step.text))
    kept = phrase(_("keeps {path}"), "soft", path=Word(path_words(step.save_to), "value"))
    choices = listed([(shown.quoted(choice),) for choice in step.choices], _(" or "))
    return beside(words, choices, kept, _waits(step.timeout) if step.no_answer is None else ())


def popup_phrase(step: model.Popup, shown: TextsShown) -> Phrase:
    """A pop-up with what it asks for and its button."""
    words = phrase(_(_SIZES[step.size]), title=shown.quoted(step.title))
    labels = listed([(shown.quoted(field.label),) for field in step.fields], _(" and "))
    asked = phrase(_("asks for {fields}"), "soft", fields=labels) if labels else ()
    button: Phrase = ()
    if step.button is not None:
        button = phrase(_("button {label}"), "soft", label=shown.quoted(step.button.label))
    return beside(words, _image(step.image), asked, button, _waits(step.timeout))


def email_phrase(step: model.Email, shown: TextsShown) -> Phrase:
    """A letter by its subject."""
    words = phrase(_("email {subject}"), subject=shown.quoted(step.subject))
    template = phrase(_("template {name}"), "soft", name=value(step.template)) if step.template else ()
    files = listed([(value(name),) for name in step.attachments], _(" and "))
    return beside(words, template, phrase(_("with {files}"), "soft", files=files) if files else ())


def push_phrase(step: model.Push, shown: TextsShown) -> Phrase:
    """A web push by its heading."""
    return phrase(_("notification {title}"), title=shown.quoted(step.title))


def messenger_phrase(step: model.MessengerMessage, shown: TextsShown) -> Phrase:
    """A message to the visitor's messenger."""
    return phrase(_("messenger message {text}"), text=shown.quoted(step.text))


def file_phrase(step: model.SendFile, shown: TextsShown) -> Phrase:
    """A file in the chat."""
    words = phrase(_("file {name}"), name=value(step.file) if step.file else GAP)
    return beside(words, (shown.quoted(step.caption),) if step.caption is not None else ())


def products_phrase(step: model.ProductList) -> Phrase:
    """Which products later texts show."""
    count = Word(str(step.limit), "value")
    if step.source in _SOURCES:
        return phrase(_(_SOURCES[step.source]), count=count)
    sentence = _("choose up to {count}: {path}")
    return phrase(sentence, count=count, path=Word(path_words(step.source), "value"))


def note_phrase(step: model.Note, shown: TextsShown) -> Phrase:
    """A note that only operators see."""
    return phrase(_("note for operators {text}"), text=shown.quoted(step.text))


def beside(words: Phrase, *more: Phrase) -> Phrase:
    """What a step does, with what stands beside it behind commas."""
    told = words
    for part in more:
        if part:
            told = (*told, Word(", ", "soft"), *part)
    return told


def _waits(timeout: int | None) -> Phrase:
    """How long the run waits for the visitor."""
    duration = duration_words(DEFAULT_TIMEOUT if timeout is None else timeout)
    return phrase(_("waits up to {duration}"), "soft", duration=Word(duration, "value"))


def _image(name: str) -> Phrase:
    return (Word(_("with a picture"), "soft"),) if name else ()
