"""The terminal and the browser show a draft to the same sample visitor: they say the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from operator_console.designer.look.of_steps import step_look
from operator_console.designer.look.sample import Sample
from operator_console.designer.look.views import ChatLook, MessengerLook, PopupLook, PushLook
from scenarios_yaml.engine.state import World
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.whole.walking import every_step
from scenarios_yaml.library.index import LibraryItem, library
from server_stub.channels.letter import Letters
from server_stub.previews.shown import Shop, Shown, show
from server_stub.protocol import MakePreview, PreviewSample

NOW = 1_771_000_000_000
SITE = {"name": "Lamps", "url": "https://shop.example"}


def in_browser(shown: Shown) -> tuple[str, ...]:
    if shown.popup is not None:
        labels = [field.label for field in shown.popup.fields]
        return (shown.popup.title, shown.popup.text, *labels)
    if shown.message is not None:
        labels = [option.label for option in shown.message.options]
        return (shown.message.text, *labels)
    return tuple(str(shown.content.get(name, "")) for name in ("title", "text"))


def in_terminal(look: object) -> tuple[str, ...] | None:
    match look:
        case PopupLook():
            return (look.title, look.text, *(field.label for field in look.fields))
        case ChatLook() if not look.file and not look.input:
            return (look.text, *(answer.label for answer in look.answers if not answer.link))
        case PushLook():
            return (look.title, look.text)
        case MessengerLook():
            return ("", look.text)
    return None  # letters are rendered to HTML; questions have their own kinds of answers


class TestTheSampleVisitor:
    @pytest.mark.parametrize("language", ["en", "ru"])
    @pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
    def test_reads_the_same_in_the_terminal_and_in_the_browser(
        self, item: LibraryItem, language: str, tmp_path: Path
    ) -> None:
        scenario = read_scenario(item.text).scenario
        assert scenario is not None
        sample = Sample(language, SITE, now=NOW)
        world = World(locale=language, currency="EUR", site=SITE)
        shop = Shop(world, Letters(tmp_path, "Lamps"))
        scope = sample.scope(scenario)
        for step in every_step(scenario):
            told = in_terminal(step_look(step, scope))
            if told is not None:
                shown = show(MakePreview(item.text, step.path, PreviewSample(locale=language)), shop, NOW)
                assert in_browser(shown) == told, step.path
