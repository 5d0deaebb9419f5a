"""Which macro to run: each with what it will do, and below what it will say to this visitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.content import Content
from textual.widgets import Input, OptionList, Static

from operator_console.inbox.completing import marked
from operator_console.inbox.sheets import Choice, Picker
from operator_console.replies.filling import Filled
from operator_console.replies.macro_words import doings_of, in_a_line
from operator_console.safe_text import safe_line, safe_text
from operator_console.translation import _
from server_stub.protocol import Operator, Preset

DIGITS = "123456789"


class MacroPicker(Picker):
    """Gives the macro's id, or None. A digit runs one of the first nine at once."""

    CSS_PATH = ["../inbox/dialogs.tcss", "replies.tcss"]  # type: ignore[assignment]  # noqa: RUF012  one path there

    def __init__(
        self, macros: Sequence[Preset], operators: Mapping[str, Operator], fill: Callable[[str], Filled]
    ) -> None:
        choices = [
            Choice(
                one.id,
                f"{number}  {one.name}" if number <= len(DIGITS) else f"   {one.name}",
                in_a_line(one, operators),
            )
            for number, one in enumerate(macros, start=1)
        ]
        super().__init__(_("Run a macro"), choices, empty=_("No macro has this name."))
        self._macros = {one.id: one for one in macros}
        self._by_digit = dict(zip(DIGITS, self._macros, strict=False))
        self._operators = operators
        self._fill_text = fill

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(".sheet").add_class("-wide")
        self.query_one(".sheet").mount(Static("", id="macro-preview", markup=False))
        self.call_after_refresh(self._preview)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._preview()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value in self._by_digit:
            self.dismiss(self._by_digit[event.value])
        else:
            super().on_input_changed(event)

    def _preview(self) -> None:
        lines = self.query("#macro-preview")
        highlighted = self.query_one(OptionList).highlighted
        if not lines or highlighted is None or highlighted >= len(self._shown):
            return
        macro = self._macros[self._shown[highlighted].value]
        parts: list[Content | tuple[str, str]] = []
        if macro.text.strip():
            filled = self._fill_text(macro.text)
            colours = {"text": "$desk-text", "hot": "bold $desk-hot", "faint": "$desk-faint"}
            text = safe_text(filled.text, limit=1_000, multiline=True).strip("\n")
            parts += [(run, colours[look]) for run, look in marked(text)]
        for doing in doings_of(macro.change, self._operators):
            line = f"· {safe_line(doing, 200)}"
            parts.append((f"\n{line}" if parts else line, "$desk-soft"))
        lines.first(Static).update(Content.assemble(*parts))
