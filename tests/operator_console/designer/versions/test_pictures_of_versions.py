"""Pictures of the versions of a scenario, frozen. `pytest --snapshot-update` takes new ones; look at them first."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from operator_console.app import OperatorApp
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.versions.screen import VersionsScreen
from operator_console.translation import speak
from scenarios_yaml.language.editing.document import Document
from server_stub.protocol import ScenarioFile, ScenarioVersion

SLUG = "site_bonus_popup"
DAY = 86_400_000


async def until(pilot, condition) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


def texts_of(text: str) -> list[str]:
    """The same scenario as it was published, the oldest first."""
    document = Document(text)
    texts = [text]
    document.put("title", {"en": "A gift for your first order", "ru": "Подарок за первый заказ"})
    texts.append(document.text)
    document.insert("steps", len(document.value("steps")), {"tag": "asked"})
    texts.append("# Agreed with the shop's owner.\n" + document.text)
    document.put("goal.within", "14d")
    document.drop("steps.0")
    texts.append("# Agreed with the shop's owner.\n" + document.text)
    return texts


@pytest.fixture
def picture(desk, snap_compare, tmp_path: Path):
    """Takes a picture of the versions after some keys."""
    texts = texts_of(desk.texts[SLUG])
    whys = ["", "A title that says what it is for", "", "He has time until he is paid"]
    versions = tuple(
        ScenarioVersion(
            100 + number,
            f"b{number}",
            f"{number}9f3c2a1b",
            desk.now - (3 - number) * DAY - number * 3_600_000,
            "live" if number else "draft",
            ("", "Maria", "Owner", "Maria")[number],
            whys[number],
        )
        for number in range(len(texts))
    )[::-1]

    async def all_versions(slug: str, kind: str = "scenario", *, before: int = 0, limit: int = 100):
        return versions

    async def version(slug: str, base: str, kind: str = "scenario") -> ScenarioFile:
        return ScenarioFile(slug, f"{slug}.yaml", texts[int(base[1:])], base, "v", "live")

    desk.versions, desk.version = all_versions, version

    def take(*keys: str, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

        async def run_before(pilot) -> None:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, ScenariosScreen))
            scenarios = app.screen
            await until(pilot, lambda: scenarios.rows.rows and not scenarios.rows.unread())
            scenarios.listing.point_to(SLUG)
            await pilot.press("V")
            await until(pilot, lambda: isinstance(app.screen, VersionsScreen) and app.screen.shown)
            screen = app.screen
            for key in keys:
                await pilot.press(key)
            marked = screen.rows.marked
            older = screen.rows.older_of(screen.listing.cursor)
            against = older.version.seq if older else 0
            whole = "whole " if "enter" in keys else ""
            wanted = f"{whole}{screen.listing.cursor}" + ("" if whole else f" {against}")
            await until(pilot, lambda: screen.shown == wanted and screen.rows.marked == marked)
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfVersions:
    def test_dark(self, picture) -> None:
        assert picture(size=(160, 45))

    def test_compared_with_a_marked_one_light(self, picture) -> None:
        assert picture("G", "space", "g", "j", size=(120, 36), theme="desk-light")

    def test_read_whole(self, picture) -> None:
        assert picture("j", "enter", size=(120, 36))

    def test_the_list_in_a_small_terminal(self, picture) -> None:
        assert picture("j", size=(80, 24))

    def test_what_differs_in_a_small_terminal(self, picture) -> None:
        assert picture("tab", size=(80, 24), theme="desk-light")

    def test_in_russian(self, picture) -> None:
        speak("ru")
        try:
            assert picture(size=(140, 40))
        finally:
            speak("en")
