"""From the journal's entries to a visitor's log: what of them the engine was told, and what it said itself.

The rule for each kind stands in the desk, where it tells the engine (desk/tracking.py, visitor_side.py, speaking.py,
dialog_changes.py, identities.py); this is its mirror, and tests/server_stub/history holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import UNSET, Struct
from msgspec.structs import replace

from scenarios_yaml.engine import stimuli
from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.tools.past.log import (
    BecameOne,
    DialogNamed,
    DialogStands,
    Heard,
    LogItem,
    Told,
    VisitorLog,
    VisitorWrote,
)
from server_stub.protocol import (
    DialogChanged,
    DialogMerged,
    DialogOpened,
    Entry,
    Erased,
    EventHappened,
    Holder,
    MessageChanged,
    MessageSent,
    OutboxChanged,
    PopupEnded,
    PopupShown,
    Receipt,
    RunProgress,
    VisitorChanged,
    VisitorMerged,
)

KINDS = (
    "event",
    "visitor",
    "visitor_merged",
    "dialog_opened",
    "dialog",
    "dialog_merged",
    "message",
    "message_changed",
    "receipt",
    "popup",
    "popup_ended",
    "run",
    "outbox",
    "erased",
)
"""What a log is made from."""
NOBODY_ANSWERS = "no scenario answers"
"""Why the server gives a dialog to people by itself: a replay decides that again."""


class Dialog(Struct, frozen=True):
    """A dialog as it stands at a moment of the journal."""

    open: bool = True
    holder: Holder = "bot"
    assignee: str = ""


class JournalLog:
    """Takes a person's entries in order; `log` is what they make. `scenario` is whose outcomes are kept as well."""

    def __init__(self, visitor: str, scenario: str = "") -> None:
        self.log = VisitorLog(visitor)
        self._scenario = scenario
        self._dialogs: dict[str, Dialog] = {}
        self._asked: dict[str, str] = {}
        """Bots' messages that ask something, with their scenario."""
        self._planned: set[str] = set()

    def take(self, entry: Entry) -> None:
        taker = _TAKERS.get(type(entry.what))
        if taker is not None:
            taker(self, entry, entry.what)

    def _told(self, entry: Entry, what: Told, *, at: int = 0, scenario: str = "") -> None:
        self.log.items.append(LogItem(at or entry.at, entry.visitor, what, entry.seq, scenario))

    # --- What the visitor did --------------------------------------------------------------------------------

    def _event(self, entry: Entry, what: EventHappened) -> None:
        if not what.scenario:
            happened = stimuli.Happened(what.name, what.properties, entry.at)
            self._told(entry, happened, at=what.received_at)

    def _receipt(self, entry: Entry, what: Receipt) -> None:
        if what.side == "visitor":
            name = "Message Seen" if what.state == "seen" else "Message Delivered"
            self._told(
                entry, stimuli.Happened(name, {"dialog_id": entry.dialog, "channel": "chat"}, entry.at)
            )

    def _visitor(self, entry: Entry, what: VisitorChanged) -> None:
        if what.by.kind in ("visitor", "operator"):
            blocked = None if what.blocked is UNSET else what.blocked
            changed = stimuli.PropertiesChanged(what.changes, what.tags_added, what.tags_removed, blocked)
            self._told(entry, changed)

    def _merged(self, entry: Entry, what: VisitorMerged) -> None:
        self._told(entry, BecameOne(what.gone))

    def _message(self, entry: Entry, what: MessageSent) -> None:
        message = what.message
        match message.author.kind:
            case "visitor":
                assignee = self._dialogs.get(entry.dialog, Dialog()).assignee
                files = tuple(file.name for file in message.files)
                self._told(entry, VisitorWrote(message.text, message.id, entry.dialog, files, assignee))
            case "operator" if not message.note:
                self._told(entry, stimuli.OperatorWrote(message.author.id, entry.at))
                sent = {"dialog_id": entry.dialog, "operator": message.author.name, "channel": "chat"}
                self._told(entry, stimuli.Happened("Message Sent", sent, entry.at))
            case "bot" if message.author.id:
                if message.options or message.input:
                    self._asked[message.id] = message.author.id
                if message.author.id == self._scenario and not message.note:
                    self.log.heard.append(Heard(entry.at, _run_of(message.id), "chat", message.text))

    def _chosen(self, entry: Entry, what: MessageChanged) -> None:
        chose = stimuli.Chose(what.message, what.chosen)
        self._told(entry, chose, scenario=self._asked.get(what.message, ""))

    def _popup_ended(self, entry: Entry, what: PopupEnded) -> None:
        if what.outcome != "timed_out" and what.outcome != "withdrawn":
            ended = stimuli.PopupEnded(what.popup, what.outcome, what.fields)
            self._told(entry, ended, scenario=what.scenario)

    # --- Dialogs ---------------------------------------------------------------------------------------------

    def _dialog_opened(self, entry: Entry, what: DialogOpened) -> None:
        self._dialogs[entry.dialog] = Dialog(True, what.holder)
        if what.by.kind == "bot":
            self._told(entry, DialogNamed(entry.dialog))
        elif what.by.kind != "visitor":  # his own is opened by his message, which follows
            self._stands(entry)

    def _dialog(self, entry: Entry, what: DialogChanged) -> None:
        before = self._dialogs.get(entry.dialog, Dialog())
        self._dialogs[entry.dialog] = Dialog(
            before.open if what.status is UNSET else what.status != "closed",
            before.holder if what.holder is UNSET else what.holder,
            before.assignee if what.assignee is UNSET else what.assignee,
        )
        if what.by.kind == "operator" or (what.by.kind == "system" and what.reason != NOBODY_ANSWERS):
            self._stands(entry, what.reason)

    def _dialog_merged(self, entry: Entry, _what: DialogMerged) -> None:
        self._stands(entry)

    def _stands(self, entry: Entry, reason: str = "") -> None:
        """The engine is told once of what an operator opens and takes in one go."""
        dialog = self._dialogs.get(entry.dialog, Dialog())
        items = self.log.items
        last = items[-1].what if items and items[-1].seq == entry.seq - 1 else None
        if isinstance(last, DialogStands) and last.open and last.dialog == entry.dialog:
            items.pop()
        stands = DialogStands(entry.dialog, dialog.open, dialog.holder, dialog.assignee, reason)
        self._told(entry, stands)

    # --- Outcomes --------------------------------------------------------------------------------------------

    def _run(self, entry: Entry, what: RunProgress) -> None:
        if what.due:
            self.log.late[what.due] = max(entry.at, self.log.late.get(what.due, 0))
        if what.scenario == self._scenario:
            self.log.was.append(
                TraceLine(
                    at=what.due or entry.at,
                    scenario=what.scenario,
                    version=what.version,
                    phase=what.phase,
                    run=what.run,
                    step=what.step,
                    line=what.line,
                    result=what.result,
                )
            )

    def _popup(self, entry: Entry, what: PopupShown) -> None:
        if what.popup.scenario == self._scenario:
            self.log.heard.append(Heard(entry.at, _run_of(what.popup.id), "popup", what.popup.title))

    def _outbox(self, entry: Entry, what: OutboxChanged) -> None:
        if what.scenario == self._scenario and what.id not in self._planned:
            self._planned.add(what.id)
            self.log.heard.append(Heard(entry.at, what.run or _run_of(what.id), what.channel, what.summary))
        if what.status != "waiting":
            arrived = what.status in ("sent", "kept")
            told = stimuli.Delivered(what.run, arrived, what.reply, what.error, what.id)
            self._told(entry, told, scenario=what.scenario)

    def _erased(self, _entry: Entry, _what: Erased) -> None:
        self.log.erased += 1


def _run_of(message: str) -> str:
    """Whose message, pop-up or outbox row it is: the engine names them by the run and the number of the step."""
    return message.rpartition(".")[0]


_TAKERS: dict[type, Callable[[JournalLog, Entry, Any], None]] = {
    EventHappened: JournalLog._event,
    Receipt: JournalLog._receipt,
    VisitorChanged: JournalLog._visitor,
    VisitorMerged: JournalLog._merged,
    MessageSent: JournalLog._message,
    MessageChanged: JournalLog._chosen,
    PopupEnded: JournalLog._popup_ended,
    DialogOpened: JournalLog._dialog_opened,
    DialogChanged: JournalLog._dialog,
    DialogMerged: JournalLog._dialog_merged,
    RunProgress: JournalLog._run,
    PopupShown: JournalLog._popup,
    OutboxChanged: JournalLog._outbox,
    Erased: JournalLog._erased,
}


def log_of(visitor: str, entries: list[Entry], scenario: str = "") -> VisitorLog:
    """The log of a person whose entries these are, those of whom became him among them, in the journal's order."""
    journal = JournalLog(visitor, scenario)
    for entry in entries:
        journal.take(entry)
    return journal.log


def before(log: VisitorLog, seq: int) -> VisitorLog:
    """The log without what came from the number `seq` on."""
    return replace(log, items=[item for item in log.items if item.seq < seq])
