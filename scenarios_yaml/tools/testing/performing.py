"""What a line of a timeline does on the stage: the same for a test that is run and for a session that is played."""

from __future__ import annotations

from typing import assert_never

from scenarios_yaml.language.texts import Text
from scenarios_yaml.tools.stage import Stage
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.cases import Doable, Happening
from scenarios_yaml.tools.testing.expecting import in_language


def perform(stage: Stage, item: Doable, locale: str) -> None:
    """Does it, in a language where it is written in several. Raises `CannotError` where that cannot be done now."""
    match item:
        case cases.Online() | cases.FailsNext() | cases.Replies() | cases.Coupons():
            _set_world(stage, item, locale)
        case _:
            _happen(stage, item, locale)


def _happen(stage: Stage, item: Happening, locale: str) -> None:
    match item:
        case cases.Happens():
            stage.event(item.event, in_language(item.properties, locale))
        case cases.Advance():
            stage.advance(item.duration)
        case cases.AdvanceTo():
            stage.advance_to(item.until)
        case cases.Answers():
            stage.answer(_said(item.answer, locale))
        case cases.Writes():
            stage.write(_said(item.text, locale), item.files)
        case cases.Submits():
            stage.submit({name: _said(text, locale) for name, text in item.fields})
        case cases.Touches():
            _touch(stage, item)
        case cases.OperatorWrites():
            stage.operator_writes()
        case cases.Changes():
            stage.change(in_language(item.properties, locale), item.tags_added, item.tags_removed)
        case _:
            assert_never(item)


def _touch(stage: Stage, item: cases.Touches) -> None:
    match item.how:
        case "close":
            stage.close()
        case "click":
            stage.click()
        case "open":
            stage.open_email()


def _set_world(
    stage: Stage, item: cases.Online | cases.FailsNext | cases.Replies | cases.Coupons, locale: str
) -> None:
    match item:
        case cases.Online():
            stage.operators(item.operators)
        case cases.FailsNext():
            stage.script.failures.append(item.reason)
        case cases.Replies():
            stage.script.reply, stage.script.reply_error = in_language(item.reply, locale), item.error
        case cases.Coupons():
            stage.script.codes.update(item.codes)


def _said(text: Text, locale: str) -> str:
    return text.render({}, locale)
