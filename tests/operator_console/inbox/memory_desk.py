"""A desk in memory: a journal, and everything else derived from it by reading it from its start.

It is what `DeskClient` talks to, without sockets: the tests move its clock, push entries, and cut the
connection. Summaries are computed from the whole journal each time, on purpose by other code than the
mirror's.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace as changed_struct

from operator_console.errors import Refused, Unreachable
from operator_console.live import Connected, Lost, StreamEvent
from server_stub.protocol import (
    Author,
    Cart,
    ChangeDialog,
    ChangeVisitor,
    DialogChanged,
    DialogOpened,
    DialogPage,
    DialogRated,
    DialogSummary,
    Entries,
    Entry,
    EntryBody,
    EventHappened,
    EventPage,
    FeedPage,
    FileRef,
    FoundMessage,
    KnownNames,
    Me,
    Message,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessageSent,
    Operator,
    Option,
    OutboxChanged,
    OutboxItem,
    PopupEnded,
    PopupShown,
    Preset,
    Problem,
    QuestionClosed,
    Receipt,
    RunProgress,
    ScenarioStatus,
    SearchResults,
    SegmentStatus,
    SendMessage,
    StartOver,
    Touch,
    Typing,
    VisitorCard,
    VisitorChanged,
    VisitorMerged,
    VisitorPresence,
    Watching,
    WhyOverview,
    WhyReport,
)

MARIA = Operator("op_maria", "Maria Lind", "owner", online=True)
TOM = Operator("op_tom", "Tom Berg", "operator", online=True)
BOT = Author("bot", "help_choosing_bot", "Help with choosing")
FEED = (
    MessageSent,
    MessageChanged,
    QuestionClosed,
    DialogOpened,
    DialogChanged,
    Receipt,
    PopupShown,
    PopupEnded,
)
EVENTS = (EventHappened, RunProgress, PopupShown, PopupEnded)


class MemoryDesk:
    """One operator's access to a desk that lives in this process."""

    def __init__(self, now: int = 1_772_460_000_000) -> None:
        self.now = now
        self.journal: list[Entry] = []
        self.who = MARIA
        self.staff = {one.id: one for one in (MARIA, TOM)}
        self.presets_kept: list[Preset] = []
        self.looks_at: list[str] = []
        self.watched: list[Watching] = []
        self.scenario_files: list[ScenarioStatus] = []
        self.cards: dict[str, VisitorCard] = {}
        self.online: set[str] = set()
        self.is_cut = False
        self.refuses = ""
        """Set: sends are refused with this sentence."""
        self.sends: list[tuple[str, SendMessage]] = []
        self.seen: list[tuple[str, int]] = []
        self.typed: list[str] = []
        self.saved: list[str] = []
        self.outbox_rows: dict[str, OutboxItem] = {}
        self.overviews: dict[str, WhyOverview] = {}
        self.reports: dict[tuple[str, str], WhyReport] = {}
        """By visitor and scenario."""
        self.asked_why: list[tuple[str, str]] = []
        self.answer_lost = False
        """Set: the next send arrives, and its answer is lost on the way."""
        self._arrived: dict[str, Message] = {}
        self._listeners: list[asyncio.Queue[StreamEvent | None]] = []
        self._numbers = itertools.count(1)
        self._try_now = asyncio.Event()

    # --- What happens at the desk ---

    def clock(self) -> int:
        return self.now

    def advance(self, ms: int) -> None:
        self.now += ms

    def record(self, what: EntryBody, *, visitor: str = "", dialog: str = "") -> Entry:
        """Append an entry at the present time and stream it."""
        entry = Entry(len(self.journal) + 1, self.now, what, visitor, dialog)
        self.journal.append(entry)
        self._tell(Entries((entry,)))
        return entry

    def open(
        self, name: str, *, visitor: str = "", by: Author = BOT, holder: Any = "bot", channel: str = "chat"
    ) -> str:
        number = next(self._numbers)
        visitor = visitor or f"v{number}"
        self.record(DialogOpened(by, holder, name, channel), visitor=visitor, dialog=f"d{number}")
        self.cards.setdefault(visitor, VisitorCard(visitor, 0, name=name, visits=1, first_visit=self.now))
        return f"d{number}"

    def visitor_of(self, dialog: str) -> str:
        found = next(e.visitor for e in self.journal if e.dialog == dialog)
        for entry in self.journal:
            if isinstance(entry.what, VisitorMerged) and entry.what.gone == found:
                found = entry.visitor
        return found

    def say(self, dialog: str, author: Author | str, text: str = "", **more: Any) -> Message:
        """A message; `author` "visitor" is the dialog's."""
        visitor = self.visitor_of(dialog)
        if isinstance(author, str):
            author = Author("visitor", visitor, self.cards[visitor].name)
        seq = len(self.journal) + 1
        message = Message(f"m{seq}", dialog, visitor, author, self.now, seq, text, **more)
        self.record(MessageSent(message), visitor=visitor, dialog=dialog)
        return message

    def choose(self, message: Message, option: str) -> None:
        self.record(MessageChanged(message.id, option), visitor=message.visitor, dialog=message.dialog)

    def change(self, dialog: str, by: Author = BOT, **changes: Any) -> None:
        self.record(DialogChanged(by, **changes), visitor=self.visitor_of(dialog), dialog=dialog)

    def happen(self, visitor: str, event: str, /, **properties: Any) -> None:
        self.record(EventHappened(event, properties), visitor=visitor)

    def plan(self, visitor: str, channel: str, summary: str, scenario: str = "", **content: Any) -> str:
        """A scenario plans a message: a row of the outbox that waits."""
        row = f"o{len(self.outbox_rows):06}"
        card = self.cards.get(visitor)
        self.outbox_rows[row] = OutboxItem(
            row, channel, "waiting", self.now, visitor, scenario, summary, content, to=str(content.get("to", "")),
            called=(card.name or card.email) if card else "",
        )  # fmt: skip
        self.record(OutboxChanged(row, channel, "waiting", scenario, summary), visitor=visitor)
        return row

    def settle(self, row: str, status: Any, **more: Any) -> None:
        """What becomes of a row that waited."""
        item = changed_struct(self.outbox_rows[row], status=status, sent_at=self.now, **more)
        self.outbox_rows[row] = item
        what = OutboxChanged(row, item.channel, status, item.scenario, item.summary, error=item.error)
        self.record(what, visitor=item.visitor)

    def visitor_read(self, dialog: str, up_to: int, state: Any = "seen") -> None:
        self.record(Receipt("visitor", state, up_to), visitor=self.visitor_of(dialog), dialog=dialog)

    def come(self, visitor: str, online: bool = True) -> None:
        (self.online.add if online else self.online.discard)(visitor)
        self._tell(VisitorPresence(visitor, online))

    def type(self, dialog: str, text: str = "") -> None:
        visitor = self.visitor_of(dialog)
        self._tell(Typing(dialog, Author("visitor", visitor, self.cards[visitor].name), text))

    def cut(self) -> None:
        """The network is gone."""
        self.is_cut = True
        self._tell(Lost("The connection was closed.", 4.0))

    def mend(self) -> None:
        self.is_cut = False
        self._try_now.set()

    def start_over(self) -> None:
        self._tell(StartOver(len(self.journal)))

    def _tell(self, event: StreamEvent) -> None:
        for listener in self._listeners:
            listener.put_nowait(event)

    def _reach(self) -> None:
        if self.is_cut:
            raise Unreachable(Problem("unreachable", "The desk does not answer."))

    # --- Derived ---

    def summary(self, dialog: str) -> DialogSummary:
        """The dialog's line, computed from the whole journal."""
        line = [e for e in self.journal if e.dialog == dialog]
        opened = line[0].what
        assert isinstance(opened, DialogOpened)
        messages = [e.what.message for e in line if isinstance(e.what, MessageSent)]
        spoken = [m for m in messages if not m.note]
        visitor = self.visitor_of(dialog)
        moves = [e for e in line if isinstance(e.what, DialogChanged)]
        receipts = [e.what for e in line if isinstance(e.what, Receipt)]
        looked = [
            (i, e.what.up_to)
            for i, e in enumerate(line)
            if isinstance(e.what, Receipt) and e.what.side == "operator"
        ]
        last_look, up_to = looked[-1] if looked else (-1, 0)
        unread = sum(
            1
            for i, e in enumerate(line)
            if isinstance(e.what, MessageSent)
            and e.what.message.author.kind == "visitor"
            and not e.what.message.note
            and (i > last_look or e.seq > up_to)
        )
        tags: list[str] = []
        for e in moves:
            tags = [t for t in tags if t not in e.what.tags_removed]
            tags += [t for t in e.what.tags_added if t not in tags]
        last = spoken[-1] if spoken else None
        name, named_at = self._name(dialog, visitor, opened.visitor_name)
        changing = [
            e.seq
            for e in line
            if isinstance(
                e.what,
                DialogOpened
                | DialogChanged
                | DialogRated
                | MessageSent
                | MessageChanged
                | MessageEdited
                | MessageDeleted
                | Receipt,
            )
        ]
        return DialogSummary(
            id=dialog,
            visitor=visitor,
            seq=max([*changing, named_at]),
            opened_at=line[0].at,
            last_at=next(
                (e.at for e in reversed(line) if isinstance(e.what, MessageSent) and not e.what.message.note),
                line[0].at,
            ),
            visitor_name=name,
            status=_latest(moves, "status", "open"),
            holder=_latest(moves, "holder", opened.holder),
            assignee=_latest(moves, "assignee", ""),
            team=_latest(moves, "team", ""),
            tags=tuple(tags),
            last_text=_now_text(last, line) if last else "",
            last_author=last.author.kind if last else "system",
            last_author_name=last.author.name if last else "",
            last_message=last.id if last else "",
            unread=unread,
            waiting_since=_waiting_since(line, opened),
            delivered_up_to=max((r.up_to for r in receipts if r.side == "visitor"), default=0),
            seen_up_to=max(
                (r.up_to for r in receipts if r.side == "visitor" and r.state == "seen"), default=0
            ),
            channel=opened.channel,
            answered=any(m.author.kind == "visitor" for m in spoken)
            or any(isinstance(e.what, MessageChanged) for e in line),
            rating=next((e.what.score for e in reversed(line) if isinstance(e.what, DialogRated)), 0),
        )

    def _name(self, dialog: str, visitor: str, first: str) -> tuple[str, int]:
        """The dialog's name for its visitor, and the seq of the entry that last set it or moved the
        dialog.
        """
        opened = next(e for e in self.journal if e.dialog == dialog)
        owner, name, seq = opened.visitor, first, 0
        for e in self.journal[opened.seq :]:
            if isinstance(e.what, VisitorMerged) and e.what.gone == owner:
                owner, seq = e.visitor, e.seq
            elif isinstance(e.what, VisitorChanged) and e.visitor == owner and e.what.called is not UNSET:
                name, seq = e.what.called, e.seq
        return name, seq

    def all_summaries(self) -> list[DialogSummary]:
        ids = [e.dialog for e in self.journal if isinstance(e.what, DialogOpened)]
        rows = [self.summary(dialog) for dialog in ids]
        return sorted(rows, key=lambda row: (row.last_at, row.id), reverse=True)

    # --- The client's interface ---

    async def me(self) -> Me:
        self._reach()
        return Me(self.who.id, self.who.name, self.who.role, "Lamp & Linen", "0.1.0")

    async def operators(self) -> tuple[Operator, ...]:
        self._reach()
        return tuple(self.staff.values())

    async def dialogs(
        self,
        *,
        status: str = "",
        assignee: str = "",
        tag: str = "",
        visitor: str = "",
        cursor: str = "",
        limit: int = 500,
    ) -> DialogPage:
        self._reach()
        rows = [
            row
            for row in self.all_summaries()
            if status in ("", row.status, "active" if row.status != "closed" else "")
            and assignee in ("", row.assignee)
            and (not tag or tag in row.tags)
            and visitor in ("", row.visitor)
        ]
        start = int(cursor or 0)
        following = str(start + limit) if start + limit < len(rows) else ""
        return DialogPage(len(self.journal), tuple(rows[start : start + limit]), following, len(rows))

    async def find(self, query: str, limit: int = 20) -> SearchResults:
        self._reach()
        messages = [
            e.what.message
            for e in reversed(self.journal)
            if isinstance(e.what, MessageSent) and query.casefold() in e.what.message.text.casefold()
        ]
        ids = {message.dialog for message in messages}
        return SearchResults(
            dialogs=tuple(row for row in self.all_summaries() if row.id in ids)[:limit],
            messages=tuple(
                FoundMessage(
                    one.dialog,
                    one.id,
                    one.seq,
                    one.at,
                    one.author,
                    one.text,
                    ((at, at + len(query)),),
                    one.note,
                )
                for one in messages[:limit]
                if (at := one.text.casefold().index(query.casefold())) >= 0
            ),
        )

    async def feed(self, dialog_id: str, before: int = 0, limit: int = 100) -> FeedPage:
        self._reach()
        return self._feed([e for e in self.journal if e.dialog == dialog_id], before, limit)

    async def visitor_feed(self, visitor_id: str, before: int = 0, limit: int = 100) -> FeedPage:
        self._reach()
        return self._feed([e for e in self.journal if e.visitor == visitor_id], before, limit)

    def _feed(self, entries: list[Entry], before: int, limit: int) -> FeedPage:
        mine = [e for e in entries if isinstance(e.what, FEED) and (not before or e.seq < before)]
        chosen = {e.what.message: e.what.chosen for e in entries if isinstance(e.what, MessageChanged)}
        page = [
            Entry(e.seq, e.at, MessageSent(_with_choice(e.what.message, chosen)), e.visitor, e.dialog)
            if isinstance(e.what, MessageSent)
            else e
            for e in mine[-limit:]
        ]
        return FeedPage(len(self.journal), tuple(page), len(mine) > limit)

    async def visitor(self, visitor_id: str) -> VisitorCard:
        self._reach()
        return changed_struct(self.cards[visitor_id], seq=len(self.journal), online=visitor_id in self.online)

    async def events(self, visitor_id: str, before: int = 0, limit: int = 100) -> EventPage:
        self._reach()
        mine = [
            e
            for e in reversed(self.journal)
            if e.visitor == visitor_id and isinstance(e.what, EVENTS) and (not before or e.seq < before)
        ]
        return EventPage(tuple(mine[:limit]), len(mine) > limit)

    async def presets(self, kind: str = "") -> tuple[Preset, ...]:
        self._reach()
        return tuple(preset for preset in self.presets_kept if kind in ("", preset.kind))

    async def watch(self, watching: Watching) -> None:
        self.watched.append(watching)

    async def look_at(self, dialog_id: str) -> None:
        self.looks_at.append(dialog_id)

    async def scenarios(self, days: int = 0) -> tuple[ScenarioStatus, ...]:
        self._reach()
        return tuple(self.scenario_files)

    async def outbox(
        self, *, channel: str = "", status: str = "", scenario: str = "", before: str = "", limit: int = 100
    ) -> tuple[OutboxItem, ...]:
        self._reach()
        end = self.outbox_rows.get(before)
        found = [
            row
            for row in reversed(self.outbox_rows.values())
            if channel in ("", row.channel)
            and status in ("", row.status)
            and scenario in ("", row.scenario)
            and (end is None or (row.at, row.id) < (end.at, end.id))
        ]
        return tuple(changed_struct(row, content={}, reply=None) for row in found[:limit])

    async def outbox_item(self, row: str) -> OutboxItem:
        self._reach()
        if row not in self.outbox_rows:
            raise Refused(Problem("not_found", f"There is no row {row!r} in the outbox."), 404)
        return self.outbox_rows[row]

    async def considered(self, visitor: str) -> WhyOverview:
        self._reach()
        return self.overviews.get(visitor) or WhyOverview(visitor)

    async def why(self, visitor: str, scenario: str, limit: int = 100) -> WhyReport:
        self._reach()
        self.asked_why.append((visitor, scenario))
        return self.reports.get((visitor, scenario)) or WhyReport(visitor, scenario)

    async def change_visitor(self, visitor_id: str, change: ChangeVisitor) -> VisitorCard:
        self._reach()
        card = self.cards[visitor_id]
        plain = {k: v or "" for k, v in change.properties.items() if k in ("name", "email", "phone")}
        others = {
            k: v for k, v in (card.properties | change.properties).items() if v is not None and k not in plain
        }
        tags = tuple(t for t in card.tags if t not in change.remove_tags) + change.add_tags
        card = self.cards[visitor_id] = changed_struct(card, properties=others, tags=tags, **plain)
        by = Author("operator", self.who.id, self.who.name)
        self.record(
            VisitorChanged(
                by,
                change.properties,
                change.add_tags,
                change.remove_tags,
                called=(card.name or card.email) if {"name", "email"} & change.properties.keys() else UNSET,
            ),
            visitor=visitor_id,
        )
        return await self.visitor(visitor_id)

    async def change_dialog(self, dialog_id: str, change: ChangeDialog) -> DialogSummary:
        self._reach()
        by = Author("operator", self.who.id, self.who.name)
        fields: dict[str, Any] = {}
        if change.status is not UNSET:
            fields["status"] = change.status
        if change.assignee is not UNSET:
            fields["assignee"] = self.who.id if change.assignee == "me" else change.assignee
        self.change(
            dialog_id,
            by,
            tags_added=change.add_tags,
            tags_removed=change.remove_tags,
            reason=change.reason,
            **fields,
        )
        return self.summary(dialog_id)

    async def send(self, dialog_id: str, message: SendMessage) -> Message:
        self._reach()
        self.sends.append((dialog_id, message))
        if self.refuses:
            raise Refused(Problem("refused", self.refuses))
        if message.client_id not in self._arrived:
            by = Author("operator", self.who.id, self.who.name)
            if self.summary(dialog_id).holder == "bot" and not message.note:
                self.change(dialog_id, by, holder="people", assignee=self.who.id)
            sent = self.say(dialog_id, by, message.text, note=message.note, client_id=message.client_id)
            self._arrived[message.client_id] = sent
        if self.answer_lost:
            self.answer_lost = False
            raise Unreachable(Problem("unreachable", "The desk does not answer."))
        return self._arrived[message.client_id]

    async def mark_seen(self, dialog_id: str, up_to: int) -> None:
        self._reach()
        self.seen.append((dialog_id, up_to))
        visitor = self.visitor_of(dialog_id)
        self.record(Receipt("operator", "seen", up_to, self.who.id), visitor=visitor, dialog=dialog_id)

    async def upload(self, path: Path) -> FileRef:
        self._reach()
        return FileRef(
            f"f_{path.name}",
            path.name,
            "application/octet-stream",
            12_345,
            f"/files/{path.name}",
        )

    async def names(self) -> KnownNames:
        return KnownNames()

    async def segments(self) -> tuple[SegmentStatus, ...]:
        self._reach()
        return ()

    async def scheduled(self, dialog_id: str) -> tuple[Message, ...]:
        self._reach()
        return ()

    async def read_file(self, ref: FileRef) -> bytes:
        self._reach()
        return b""

    async def download(self, ref: FileRef, folder: Path) -> Path:
        self._reach()
        self.saved.append(ref.id)
        return folder / "saved"

    async def stream(self, after: int) -> AsyncIterator[StreamEvent]:
        queue: asyncio.Queue[StreamEvent | None] = asyncio.Queue()
        self._listeners.append(queue)
        seen = after
        try:
            while True:
                while self.is_cut:
                    yield Lost("The connection was closed.", 4.0)
                    self._try_now.clear()
                    await self._try_now.wait()
                yield Connected()
                if missed := tuple(self.journal[seen:]):
                    seen = missed[-1].seq
                    yield Entries(missed)
                for visitor in self.online:
                    yield VisitorPresence(visitor, True)
                while not self.is_cut:
                    event = await queue.get()
                    if isinstance(event, Entries):
                        fresh = tuple(e for e in event.entries if e.seq > seen)
                        if self.is_cut or not fresh:
                            continue
                        seen = fresh[-1].seq
                        yield Entries(fresh)
                    elif isinstance(event, StartOver):
                        yield event
                        return
                    elif event is not None and not isinstance(event, Lost):
                        yield event
        finally:
            self._listeners.remove(queue)

    def try_now(self) -> None:
        self._try_now.set()

    async def type_in(self, dialog_id: str) -> None:
        self.typed.append(dialog_id)

    async def close(self) -> None:
        for listener in self._listeners:
            listener.put_nowait(None)


def _latest(moves: list[Entry], name: str, first: Any) -> Any:
    said = [getattr(e.what, name) for e in moves if getattr(e.what, name) is not UNSET]
    return said[-1] if said else first


def _now_text(message: Message, line: list[Entry]) -> str:
    """What the list shows of it, after what was edited and deleted since."""
    for entry in reversed(line):
        if isinstance(entry.what, MessageDeleted) and entry.what.message == message.id:
            return ""
        if isinstance(entry.what, MessageEdited) and entry.what.message == message.id:
            return entry.what.text
    return message.text or ", ".join(file.name for file in message.files)


def _waiting_since(line: list[Entry], opened: DialogOpened) -> int:
    """When somebody began to wait for a person, told forward through the dialog's entries."""
    holder, since = opened.holder, 0
    for e in line:
        what = e.what
        if isinstance(what, DialogChanged):
            if what.holder is not UNSET:
                holder = what.holder
            if what.status == "closed" or what.holder == "bot":
                since = 0
            elif what.holder == "people" and what.by.kind != "operator":
                since = since or e.at
        elif isinstance(what, MessageSent) and not what.message.note:
            if what.message.author.kind == "operator":
                since = 0
            elif what.message.author.kind == "visitor" and holder == "people":
                since = since or e.at
    return since


def _with_choice(message: Message, chosen: dict[str, str]) -> Message:
    return changed_struct(message, chosen=chosen[message.id]) if message.id in chosen else message


def lively(now: int = 1_772_460_000_000) -> MemoryDesk:
    """A shop in the afternoon: somebody waits, somebody chats, a bot asks, a note, a cart, an order."""
    minute = 60_000
    desk = MemoryDesk(now - 26 * 60 * minute)
    operator = Author("operator", MARIA.id, MARIA.name)
    tom = Author("operator", TOM.id, TOM.name)

    old = desk.open("Anna Petrova", visitor="v_anna", by=Author("system"), holder="people")
    desk.say(old, "visitor", "Hi! Do you ship to Tartu?")
    desk.advance(2 * minute)
    desk.say(old, operator, "Hello Anna, yes: two days by courier, free from 50 EUR.")
    desk.advance(minute)
    desk.say(old, "visitor", "Perfect, thank you 🙂")
    desk.record(Receipt("operator", "seen", len(desk.journal), MARIA.id), visitor="v_anna", dialog=old)
    desk.change(old, operator, status="closed", tags_added=("delivery",))

    desk.now = now - 170 * minute
    closed = desk.open("Kenji 山田", visitor="v_kenji")
    desk.say(
        closed,
        BOT,
        "Hello! May I help you choose a lamp?",
        options=(Option("yes", "Yes, please"), Option("no", "No, thanks")),
    )
    desk.advance(minute)
    desk.say(closed, "visitor", "山の写真の付いたランプはありますか？ 家族👨‍👩‍👧へのプレゼントです")
    desk.record(Receipt("operator", "seen", len(desk.journal), TOM.id), visitor="v_kenji", dialog=closed)
    desk.say(
        closed,
        tom,
        "はい! I have put three of them together for you: https://lamp.example/collections/mountains?sort=new",
    )

    desk.now = now - 64 * minute
    wholesale = desk.open(
        "Café Rosa, purchasing", visitor="v_rosa", by=Author("system"), holder="people", channel="email"
    )
    desk.say(
        wholesale,
        "visitor",
        "We need 40 pendant lamps for two restaurants. What are your terms for wholesale?",
    )
    desk.change(wholesale, tom, assignee=TOM.id, tags_added=("wholesale", "vip"))
    desk.say(
        wholesale,
        tom,
        "Good afternoon! The terms are in the file; from 30 pieces on it is 18 % less.",
        files=(FileRef("f_terms", "Wholesale terms 2026.pdf", "application/pdf", 184_320, "/files/terms"),),
    )
    desk.record(Receipt("operator", "seen", len(desk.journal), TOM.id), visitor="v_rosa", dialog=wholesale)

    desk.now = now - 35 * minute
    for number, (name, text) in enumerate(
        [
            ("Lena Vogt", "Thanks, I will think about it."),
            ("Visitor from Riga", "ok"),
            ("Jonas", "Is the shade washable?"),
        ]
    ):
        quiet = desk.open(name, visitor=f"v_quiet{number}")
        desk.say(
            quiet, BOT, "Shall I help you choose?", options=(Option("yes", "Yes"), Option("no", "No, thanks"))
        )
        desk.advance(3 * minute)
        desk.say(quiet, "visitor", text)
        desk.record(
            Receipt("operator", "seen", len(desk.journal), MARIA.id), visitor=f"v_quiet{number}", dialog=quiet
        )

    desk.now = now - 22 * minute
    anna = desk.open("Anna Petrova", visitor="v_anna")
    for name, props in (
        ("Session Started", {"referrer": "https://www.google.com/"}),
        ("Page Viewed", {"title": "Table lamps", "path": "/catalog/table-lamps"}),
        ("Product Viewed", {"name": "Lamp “Fjord”, oak", "price": 89.0, "currency": "EUR"}),
        ("Product Added", {"name": "Lamp “Fjord”, oak", "price": 89.0, "quantity": 1, "currency": "EUR"}),
    ):
        desk.happen("v_anna", name, **props)
        desk.advance(minute)
    question = desk.say(
        anna,
        BOT,
        "Hello Anna! Shall I help you choose?",
        options=(Option("yes", "Yes, please"), Option("no", "No, thanks"), Option("later", "Maybe later")),
    )
    desk.record(Receipt("visitor", "seen", question.seq), visitor="v_anna", dialog=anna)
    desk.advance(minute)
    desk.choose(question, "yes")
    desk.say(anna, "visitor", "Yes, please")
    answer = desk.say(anna, BOT, "Wonderful! One moment, I am calling a colleague.")
    desk.change(anna, BOT, holder="people", team="sales", reason="help with choosing")
    desk.visitor_read(anna, answer.seq)
    desk.advance(minute)
    desk.change(anna, operator, assignee=MARIA.id, tags_added=("size", "gift"))
    greeting = desk.say(anna, operator, "Hi Anna, Maria here. Who is the lamp for?")
    desk.visitor_read(anna, greeting.seq)
    desk.advance(2 * minute)
    desk.say(
        anna,
        "visitor",
        "For my mother 👩‍👦. She reads a lot in the evening, so it should be bright. Is this dimmable?",
    )
    desk.record(Receipt("operator", "seen", len(desk.journal), MARIA.id), visitor="v_anna", dialog=anna)
    desk.say(anna, operator, "Regular customer: offer free gift wrapping, as last year.", note=True)
    desk.advance(minute)
    desk.happen("v_anna", "Product Viewed", name="Lamp “Fjord”, walnut", price=95.0, currency="EUR")
    sent = desk.say(
        anna,
        operator,
        "It is, in three steps, and warm white (2700 K). Here it is with the linen shade:\nhttps://lamp.example/p/fjord-oak?shade=linen",
    )
    desk.visitor_read(anna, sent.seq)
    desk.advance(6 * minute)
    desk.say(anna, "visitor", "Oh, that one is lovely! Does it come with the bulb?")
    desk.happen("v_anna", "Cart Viewed", total=118.5, currency="EUR")
    desk.cards["v_anna"] = VisitorCard(
        "v_anna",
        0,
        "Anna Petrova",
        "anna.petrova@mail.example",
        "+372 5555 0199",
        "c-10442",
        {"city": "Tartu", "birthday": "12 March", "newsletter": True},
        ("regular",),
        ("Returning", "Cart over 100"),
        True,
        7,
        now - 200 * 24 * 60 * minute,
        now,
        Touch(
            now - 200 * 24 * 60 * minute,
            "https://www.google.com/search?q=oak+lamp",
            "search",
            {"utm_source": "google", "utm_campaign": "autumn"},
            "https://lamp.example/catalog/table-lamps",
        ),
        Touch(now - 22 * minute, "https://www.instagram.com/", "social"),
        page=_page(
            "https://lamp.example/p/fjord-oak?shade=linen",
            "Lamp “Fjord”, oak, linen shade",
            "table-lamps",
            now,
        ),
        cart=_cart(),
        orders=2,
        revenue=214.0,
        device="Firefox on Linux",
        locale="et-EE",
        timezone="Europe/Tallinn",
        dialogs=(old, anna),
    )

    desk.now = now - 9 * minute
    hot = desk.open("Mihkel Saar", visitor="v_mihkel", by=Author("system"), holder="people")
    desk.advance(minute)
    desk.say(hot, "visitor", "Hello? My order 10388 should have come on Friday.")
    desk.say(hot, "visitor", "Can somebody look where it is?")
    desk.change(hot, tom, tags_added=("delivery",))

    desk.now = now - 3 * minute
    warm = desk.open("Sofia", visitor="v_sofia")
    asked = desk.say(
        warm,
        BOT,
        "How can I help?",
        options=(Option("d", "Delivery"), Option("o", "My order"), Option("x", "Something else")),
    )
    desk.advance(minute // 2)
    desk.choose(asked, "x")
    desk.say(warm, "visitor", "Something else")
    desk.change(warm, BOT, holder="people", team="support")

    desk.now = now - minute
    asking = desk.open("", visitor="v_8c17f0")
    desk.say(
        asking,
        BOT,
        "Good afternoon! Are you looking for something special?",
        options=(Option("a", "A gift"), Option("b", "For my home"), Option("c", "Just looking")),
    )
    desk.now = now
    for visitor in ("v_anna", "v_mihkel", "v_sofia", "v_8c17f0"):
        desk.online.add(visitor)
    return desk


def _cart() -> Cart:
    from server_stub.protocol import CartItem

    return Cart(
        (
            CartItem("p1", "Lamp “Fjord”, oak", 89.0, 1),
            CartItem("p2", "Linen shade, sand", 19.5, 1),
            CartItem("p3", "Bulb E27, warm", 5.0, 2),
        ),
        118.5,
        "EUR",
    )


def _page(url: str, title: str, section: str, at: int) -> Any:
    from server_stub.protocol import PageNow

    return PageNow(url, title, section, at)
