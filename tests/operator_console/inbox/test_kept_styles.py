"""The styles of screens are those of Textual, and each of their texts is read once."""

from __future__ import annotations

import pytest
from textual.css import stylesheet
from textual.css.stylesheet import Stylesheet

from operator_console.kept_styles import KeptStyles
from operator_console.themes import DARK, LIGHT


def rules_of(styles: Stylesheet) -> list[tuple[str, str]]:
    return [(rule.selectors, repr(rule.styles.get_rules())) for rule in styles.rules]


def read_anew(kept: Stylesheet) -> list[tuple[str, str]]:
    """The rules as Textual's own sheet has them after reading all texts."""
    plain = Stylesheet(variables=kept._variables)
    plain.source = dict(kept.source)
    plain.parse()
    return rules_of(plain)


class TestStylesThatAreKept:
    async def test_they_are_what_textual_reads_in_each_theme_and_with_a_sheet_open(
        self, desks, console
    ) -> None:
        async with console(desks.lively()) as it:
            for theme in (LIGHT, DARK, LIGHT):
                it.app.theme = theme.name
                await it.pilot.pause()
                assert rules_of(it.app.stylesheet) == read_anew(it.app.stylesheet)
            await it.press("question_mark")
            await it.until(lambda: it.app.screen is not it.inbox, "the help")
            assert rules_of(it.app.stylesheet) == read_anew(it.app.stylesheet)

    async def test_a_sheet_is_opened_without_reading_the_others_again(
        self, desks, console, monkeypatch
    ) -> None:
        read: list[str] = []
        parse = stylesheet.parse

        def noted(scope, css, *rest, **more):
            read.append(css)
            return parse(scope, css, *rest, **more)

        async with console(desks.lively()) as it:
            before = {source.content for source in it.app.stylesheet.source.values()}
            monkeypatch.setattr(stylesheet, "parse", noted)
            await it.press("question_mark")
            await it.until(lambda: it.app.screen is not it.inbox, "the help")
            assert not before & set(read)

    def test_what_is_wrong_is_told_each_time_and_leaves_the_rules_as_they_were(self) -> None:
        styles = KeptStyles(variables={"warm": "#ff0000"})
        styles.add_source("Label { color: $warm; }", read_from=("ours", "right"))
        rules = styles.rules
        styles.add_source("Label { colour: $warm; }", read_from=("ours", "wrong"))
        for _ in range(2):
            with pytest.raises(stylesheet.StylesheetParseError):
                styles.reparse()
            assert styles._rules is rules
            styles._invalid_css.clear()

    def test_a_colour_of_the_theme_that_changes_is_read(self) -> None:
        styles = KeptStyles(variables={"warm": "#ff0000"})
        styles.add_source("Label { color: $warm; }", read_from=("ours", "colour"))
        was = rules_of(styles)
        styles.set_variables({"warm": "#00ff00"})
        styles.reparse()
        assert rules_of(styles) != was
