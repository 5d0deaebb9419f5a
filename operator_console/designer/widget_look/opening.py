"""The widget's look, from the screen of scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from operator_console.inbox.asking import Asking

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk
    from server_stub.protocol import Me


class OpeningLook(Asking):
    """A mixin of `ScenariosScreen`."""

    desk: Desk
    _me: Me

    def action_widget_look(self) -> None:
        self.ask(self._open_look, group="look", exclusive=True)

    async def _open_look(self) -> None:
        # Loaded when it is first wanted, as the tree is.
        from operator_console.designer.widget_look.screen import WidgetLookScreen

        look = await self.desk.look()
        if self.app.screen is self:
            self.app.push_screen(WidgetLookScreen(self.desk, self._me, look, read_only=self.read_only))
