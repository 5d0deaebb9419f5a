"""Saved replies and macros over the open dialog: filled in for its visitor, completed by `/`, kept from a draft.

A mixin below `Writing`.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from textual import on

from operator_console.errors import Refused
from operator_console.inbox import emoji_names
from operator_console.inbox.completing import Sources
from operator_console.inbox.composer import Composer
from operator_console.inbox.sending import Sending
from operator_console.inbox.sheets import Choice, Picker
from operator_console.replies.filling import Filled, fill, variables, with_variable_for_name
from operator_console.replies.macro_picker import MacroPicker
from operator_console.replies.macro_words import by_folder
from operator_console.replies.screen import RepliesScreen
from operator_console.replies.sheet import Form, PresetSheet
from operator_console.safe_text import safe_line
from operator_console.translation import _
from server_stub.protocol import Preset, RunMacro, VisitorCard, WritePreset

if TYPE_CHECKING:
    from operator_console.inbox.emoji_names import EmojiNames

MAX_HOLES_NAMED = 3


class Replying(Sending):
    """Saved replies and macros."""

    _card: VisitorCard | None
    _emoji: EmojiNames | None = None
    _replies: RepliesScreen | None = None
    """The screen of saved replies, while it is open."""
    _macro_ids: dict[tuple[str, str], str] | None = None
    """By dialog and macro: the client id of a run of which nobody knows whether it arrived."""

    def begin_completing(self) -> None:
        """From now on the composer offers saved replies, colleagues and emoji."""
        self.composer.sources = Sources(
            presets=lambda: self.mirror.presets.values(),
            operators=lambda: self.mirror.operators.values(),
            me=lambda: self.me.id,
            fill=self.fill_in,
            emoji=lambda: self._emoji,
        )

    def fill_in(self, text: str) -> Filled:
        """A reply's text for the visitor of the open dialog."""
        row = self.row
        card = self._card if self._card is not None and row and self._card.id == row.visitor else None
        return fill(text, variables(card, row, self.me))

    @on(Composer.EmojiWanted)
    def _read_emoji(self) -> None:
        self.ask(self._load_emoji, group="emoji", exclusive=True)

    async def _load_emoji(self) -> None:
        if self._emoji is None:
            self._emoji = await asyncio.to_thread(emoji_names.load)
            self.composer.look()

    # --- What is not filled in ---

    @on(Composer.HolesLeft)
    def _ask_about_holes(self, event: Composer.HolesLeft) -> None:
        composer = self.composer
        dialog, text = composer.dialog, composer.text

        def chosen(value: str | None) -> None:
            if composer.dialog == dialog and composer.text == text:
                if value == "send":
                    composer.send_away()
                else:
                    self.set_focus(composer.text_area)

        self.app.push_screen(
            Picker(
                _("Something is not filled in"),
                [
                    Choice("back", _("Fill it in"), " ".join(event.holes[:MAX_HOLES_NAMED])),
                    Choice("send", _("Send it as it is")),
                ],
            ),
            chosen,
        )

    # --- Keeping a reply ---

    @on(Composer.SaveWanted)
    def _save_reply(self, event: Composer.SaveWanted) -> None:
        if not self.may_change():
            return
        name = self._card.name if self._card is not None else ""
        text = with_variable_for_name(event.text, name) if name else event.text
        told = ""
        if text != event.text:
            told = _("{name} became a variable, so that the next visitor is called by his own name:")
        form = Form("reply", text=text, told=told.format(name=safe_line(name, 60)))
        self.write_preset(form)

    def write_preset(self, form: Form, preset: str = "") -> None:
        """Fill in the form of a reply or macro, and keep it: a new one, or one in the place of `preset`."""

        def keep(written: WritePreset | None) -> None:
            if written is not None:
                self.ask(self._keep_preset, preset or uuid.uuid4().hex, written)

        operators = sorted(self.mirror.operators.values(), key=lambda one: one.name.casefold())
        self.app.push_screen(PresetSheet(form, self.fill_in, operators, self._folders()), keep)

    async def _keep_preset(self, preset: str, written: WritePreset) -> None:
        kept = await self.desk.write_preset(preset, written)
        self.mirror.presets[kept.id] = kept
        if self._replies is not None:
            self._replies.take(kept.id)
        if kept.kind == "macro":
            self.tell(_("Kept. M runs it."))
        else:
            self.tell(_("Kept. /{name} finds it.").format(name=safe_line(kept.name, 40)))

    def _folders(self) -> list[str]:
        folders = {one.folder for one in self.mirror.presets.values() if one.kind != "filter" and one.folder}
        return sorted(folders, key=str.casefold)

    # --- The screen ---

    def action_replies(self) -> None:
        self._replies = RepliesScreen(
            self.desk,
            presets=lambda: self.mirror.presets,
            operators=lambda: self.mirror.operators,
            now=self.now,
            fill=self.fill_in,
            write=self.write_preset,
            use=self.use_preset,
            removed=self._forget_preset,
            read_only=self.read_only,
        )
        self.app.push_screen(self._replies, self._replies_left)

    def _forget_preset(self, preset: str) -> None:
        self.mirror.presets.pop(preset, None)

    def _replies_left(self, _: None) -> None:
        self._replies = None

    def use_preset(self, key: str) -> None:
        """Put a saved reply into the composer, behind what is written there, or run a macro."""
        preset = self.mirror.presets.get(key)
        if preset is None:
            return
        if preset.kind == "macro":
            self.run_macro(preset)
        elif self.row is None:
            self.tell(_("Choose a dialog first."))
        elif self.may_change():
            self.composer.set_note(False)
            written = self.composer.text
            text = self.fill_in(preset.text).text
            self.composer.put(f"{written}\n{text}" if written.strip() else text)
            self.set_focus(self.composer.text_area)

    def presets_changed(self) -> None:
        """The stream has brought other presets."""
        if self._replies is not None:
            self._replies.take()

    # --- Macros ---

    def action_macro(self) -> None:
        if self.row is None:
            self.tell(_("Choose a dialog first."))
            return
        if not self.may_change():
            return
        macros = sorted((one for one in self.mirror.presets.values() if one.kind == "macro"), key=by_folder)
        if not macros:
            self.tell(_("There is no macro yet. R, then m, writes one."))
            return

        def chosen(macro: str | None) -> None:
            if macro is not None and macro in self.mirror.presets:
                self.run_macro(self.mirror.presets[macro])

        self.app.push_screen(MacroPicker(macros, self.mirror.operators, self.fill_in), chosen)

    def run_macro(self, macro: Preset) -> None:
        """Run a macro on the open dialog; where something in its text is not filled in, it goes to the composer."""
        row = self.row
        if row is None or not self.may_change():
            return
        filled = self.fill_in(macro.text)
        if filled.holes or filled.problem:
            self.composer.set_note(False)
            self.composer.put(filled.text)
            self.set_focus(self.composer.text_area)
            told = _("{name} has not run: fill in what stands out, and send it by hand.")
            self.tell(told.format(name=safe_line(macro.name, 60)))
            return
        self.ask(self._run_macro, row.id, macro, filled.text)

    async def _run_macro(self, dialog: str, macro: Preset, text: str) -> None:
        """In one commit. Where the answer is lost, the next try is the same run."""
        await self.let_go(dialog)
        ids = self._macro_ids = self._macro_ids or {}
        client_id = ids.setdefault((dialog, macro.id), uuid.uuid4().hex)
        try:
            await self.desk.run_macro(dialog, RunMacro(client_id, macro.id, text))
        except Refused:
            ids.pop((dialog, macro.id), None)
            raise
        ids.pop((dialog, macro.id), None)
        self.tell(_("{name}: done.").format(name=safe_line(macro.name, 60)))
