"""What a draft does, in a few lines: what is to be known beforehand, when it starts, for whom, until when. Pure."""

from __future__ import annotations

from textual.strip import Strip

from operator_console.designer.outline.conditions import describe
from operator_console.designer.outline.head_words import holdout_phrase, reentry_phrase
from operator_console.designer.outline.triggers import exit_words, goal_words, trigger_words
from operator_console.designer.outline.words import plain
from operator_console.inbox.cells import wrap
from operator_console.inbox.line_parts import LineParts
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _
from scenarios_yaml.language import model


def facts_lines(scenario: model.Scenario, palette: Palette, width: int) -> list[Strip]:
    """The lines, on paper."""
    lines = LineParts(palette, width, 0, None, ground="paper", label_cells=13)
    painted: list[Strip] = [lines.line()]
    comment = safe_line(" ".join(scenario.comment.split()), 2_000)
    painted += [lines.line([(f" {line}", "soft")]) for line in wrap(comment, max(width - 2, 8))]
    painted.append(lines.line())
    for number, trigger in enumerate(scenario.trigger):
        painted += lines.pair("" if number else _("starts on"), trigger_words(trigger))
    for number, condition in enumerate(scenario.audience):
        painted += lines.pair("" if number else _("only for"), describe(condition))
    for number, rule in enumerate(scenario.exit):
        painted += lines.pair("" if number else _("ends on"), exit_words(rule))
    if scenario.goal is not None:
        painted += lines.pair(_("goal"), goal_words(scenario.goal))
    often = [plain(reentry_phrase(scenario.reentry))]
    if scenario.holdout:
        often.append(plain(holdout_phrase(scenario.holdout)))
    painted.append(lines.line())
    for words in often:
        painted += [lines.line([(f" {line}", "soft")]) for line in wrap(words, max(width - 2, 8))]
    return painted
