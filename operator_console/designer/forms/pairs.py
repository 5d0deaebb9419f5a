"""Names and values as rows: a property and what it is set to, side by side. A row more always waits to be filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from operator_console.inbox.sheets import CleanInput
from operator_console.translation import _
from scenarios_yaml.language.editing.document import CannotEditError, Plain


class PairName(CleanInput):
    """The name of a row."""


class PairValue(CleanInput):
    """The value of a row."""


class PairsField(Vertical):
    """The values of `set`, the properties of an event … `given` is what stands there. A value that is no single word is
    shown as it is and stays, unless something else is typed.
    """

    DEFAULT_CSS = """
    PairsField { height: auto; width: 1fr; }
    PairsField Horizontal { height: 1; }
    PairsField .equals { width: 3; content-align: center middle; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "drop", "Take the row away", show=False, priority=True)
    ]

    @dataclass
    class Changed(Message):
        """Something was typed."""

    def __init__(self, given: dict[str, Plain], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._given = given

    def compose(self) -> ComposeResult:
        for name, value in [*self._given.items(), ("", "")]:
            yield self._row(name, _shown(value))

    def value(self) -> dict[str, Plain]:
        """The rows that have a name. Raises CannotEditError where one has only a value, or a name stands twice."""
        values: dict[str, Plain] = {}
        for name, value in self._typed():
            if not name and value:
                raise CannotEditError(_("“{value}” has no name").format(value=value[:60]))
            if name in values:
                raise CannotEditError(_("“{name}” stands here twice").format(name=name[:60]))
            if name:
                old = self._given.get(name)
                values[name] = old if old is not None and _shown(old) == value else value
        return values

    def _row(self, name: str, value: str) -> Horizontal:
        return Horizontal(
            PairName(name, placeholder=_("name")),
            Static("=", classes="equals"),
            PairValue(value, placeholder=_("value")),
        )

    def _typed(self) -> list[tuple[str, str]]:
        names, values = self.query(PairName), self.query(PairValue)
        return [(one.value.strip(), other.value.strip()) for one, other in zip(names, values, strict=True)]

    @on(Input.Changed)
    def _changed(self) -> None:
        if any(self._typed()[-1]):
            self.mount(self._row("", ""))
        self.post_message(self.Changed())

    def action_drop(self) -> None:
        """Empty the row in which one stands."""
        rows = list(self.query(Horizontal))
        row = next((one for one in rows if one.has_focus_within), None)
        if row is not None and len(rows) > 1 and row is not rows[-1]:
            at = rows.index(row)
            rows[at + 1].query_one(PairName).focus()
            row.remove()
            self.post_message(self.Changed())


def _shown(value: Plain) -> str:
    if isinstance(value, str):
        return value
    return "[…]" if isinstance(value, list) else "{…}"
