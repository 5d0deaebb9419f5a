"""The tests of a scenario where it is published: how many pass with the draft, and what each that fails expected."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from operator_console.designer.play.checks import Checked, TestOutcome, check_at_desk
from operator_console.errors import DeskError
from operator_console.inbox.desk import Desk
from operator_console.language_words import from_language
from operator_console.safe_text import safe_line
from operator_console.server_words import from_server
from operator_console.translation import _, counted

MOST_TOLD = 8
"""Tests that fail and are named; of more there is only the number."""


class ChecksView(Static):
    """Runs the tests that stand beside the scenario with `text` as soon as it is there; `checked` is what is known."""

    DEFAULT_CSS = """
    ChecksView { height: auto; width: 1fr; }
    """

    def __init__(self, desk: Desk, slug: str, text: str, *, id: str) -> None:  # noqa: A002
        super().__init__(Content(_("Tests: being read…")), id=id)
        self.checked: Checked | None = None
        self._desk = desk
        self._slug = slug
        self._text = text

    def on_mount(self) -> None:
        self.run_worker(self._check(), group="checks", exclusive=True)

    async def _check(self) -> None:
        try:
            async for checked in check_at_desk(self._desk, self._slug, self._text):
                self.checked = checked
                self.update(told(checked))
        except DeskError as error:
            reason = safe_line(from_server(error.message), 200)
            self.update(Content.styled(_("Tests: not read. {reason}").format(reason=reason), "$desk-hot"))


def told(checked: Checked) -> Content:
    """What is known, in lines."""
    failed = checked.failed
    lines = [_first_line(checked, len(failed))]
    lines += [_failure(one) for one in failed[:MOST_TOLD]]
    if (more := len(failed) - MOST_TOLD) > 0:
        lines.append(
            Content.styled("– " + counted("and {count} more", "and {count} more", more), "$desk-soft")
        )
    return Content("\n").join(lines)


def _first_line(checked: Checked, failed: int) -> Content:
    if not checked.total:
        return Content.styled(_("No tests stand beside it. In the player, R records one."), "$desk-soft")
    if failed:
        words = counted("{count} test fails", "{count} tests fail", failed)
        of = _("of {count}").format(count=checked.total)
        return Content.assemble((f"✗ {words} ", "$desk-hot"), (of, "$desk-soft"))
    if not checked.is_over:
        words = _("Tests: {done} of {count}…").format(done=len(checked.outcomes), count=checked.total)
        return Content.styled(words, "$desk-soft")
    return Content.styled(
        "✓ " + counted("{count} test passes", "{count} tests pass", checked.total), "$desk-good"
    )


def _failure(one: TestOutcome) -> Content:
    where = _("line {number}").format(number=one.line)
    name = safe_line(one.name, 100) + (f" · {safe_line(one.locale, 12)}" if one.locale else "")
    wanted, instead = (safe_line(from_language(words), 160) for words in (one.wanted, one.instead))
    said = wanted + (f" ({instead})" if instead else "")
    return Content.assemble(("– ", "$desk-hot"), name, (f" · {where}: ", "$desk-soft"), (said, "$desk-warm"))
