"""The writer's working table: what a work sees while it is applied, and what it leaves behind.

A batch of works is applied one after the other, each on top of those before it. A work that is rejected, or fails,
leaves nothing: its changes are a layer of their own, which is kept only when it is done (`keep`, `drop`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.engine.state import World
from server_stub.desk.cache import Cache
from server_stub.desk.changes import Changes
from server_stub.desk.dialogs import folded, merged, opened
from server_stub.desk.people import Person
from server_stub.desk.queue import Queue
from server_stub.desk.scenarios import Scenarios
from server_stub.ids import new_id
from server_stub.protocol import (
    Author,
    DialogMerged,
    DialogOpened,
    DialogSummary,
    Entry,
    EntryBody,
    Message,
    MessageSent,
    Preset,
    Receipt,
)
from server_stub.settings import Settings
from server_stub.store.base import AlarmRow, FileRow, OperatorRow, OutboxRow, Store
from server_stub.work import Rejected


class Round(Struct, frozen=True, omit_defaults=True):
    """What concerns every visitor (see rounds.py). `seq` and `at` are those of the entry with which it began.

    With `scenario` it is a broadcast, due at `due`; else all are refreshed. `up_to` is the id of the last visitor to
    whom it has come, in the order of ids.
    """

    seq: int
    at: int
    operators_online: int = 0
    scenario: str = ""
    due: int = 0
    up_to: str = ""
    asked: int = 0
    entered: int = 0


class Schedule(Struct, frozen=True):
    """Of a scenario's broadcasts (see schedules.py): the last moment (ms) that was dealt with, and the triggers as they
    are written; others begin anew."""

    after: int
    written: tuple[str, ...]


class Later:
    """An answer that is made after the commit, from what is true then."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[Transaction], Any]) -> None:
        self.make = make


class Transaction:
    """One batch. `now` (ms) is the moment at which it began; `last_seq` the journal's end before it."""

    def __init__(
        self,
        *,
        store: Store,
        cache: Cache,
        settings: Settings,
        scenarios: Scenarios,
        operators: Mapping[str, OperatorRow],
        alarms: Mapping[str, AlarmRow],
        world: World,
        rounds: tuple[Round, ...],
        schedules: Mapping[str, Schedule],
        now: int,
        last_seq: int,
    ) -> None:
        self.store = store
        self.settings = settings
        self.scenarios = scenarios
        self.now = now
        self.kept = Changes()
        self.mine = Changes()
        self.absent: set[tuple[str, str]] = set()
        """Identities of which the store has been asked, and which nobody has."""
        self.seen_before: dict[str, str] = {}
        """Client-made ids of this batch's works that came before."""
        self._cache = cache
        self._operators = operators
        self._alarms = alarms
        self._last_seq = last_seq
        self._counts_before: Counter[str] | None = None
        self.world = world
        """What is outside the visitors, as of now."""
        self.rounds = rounds
        """Those on their way, in the order in which they began."""
        self.schedules = schedules
        """By scenario."""
        self._before = scenarios, world, rounds, schedules

    # --- Works ---------------------------------------------------------------------------------------

    def begin(self) -> None:
        """What follows is one work: `keep` or `drop` it as a whole."""
        self._before = self.scenarios, self.world, self.rounds, self.schedules

    def keep(self) -> None:
        """What the work has changed is true for those after it."""
        self.kept.take(self.mine)
        self.mine = Changes()

    def drop(self) -> None:
        """It is as if the work had not been."""
        self.mine = Changes()
        self.scenarios, self.world, self.rounds, self.schedules = self._before

    @property
    def last_seq(self) -> int:
        return self._last_seq + len(self.kept.entries) + len(self.mine.entries)

    # --- Reading -------------------------------------------------------------------------------------

    def person(self, visitor: str) -> Person | None:
        """The visitor as he is now; of a merged one, whom he has become."""
        for _ in range(_LONGEST_CHAIN):
            found = (
                self.mine.people.get(visitor) or self.kept.people.get(visitor) or self._cache.person(visitor)
            )
            if found is None or not found.merged_into:
                return None if self._is_erased(visitor) else found
            visitor = found.merged_into
        raise RuntimeError(f"visitor {visitor} was merged in a circle")

    def working_copy(self, visitor: str) -> Person | None:
        """The visitor as he is now, where he is at hand without a look into the store."""
        return (
            self.mine.people.get(visitor) or self.kept.people.get(visitor) or self._cache.people.get(visitor)
        )

    def known_person(self, visitor: str) -> Person:
        """Raises Rejected where there is none."""
        person = self.person(visitor)
        if person is None:
            raise Rejected("not_found", "There is no such visitor.", status=404)
        return person

    def identity(self, kind: str, value: str) -> str:
        """The visitor who has it, or an empty string."""
        key = (kind, value)
        found = (
            self.mine.identities.get(key) or self.kept.identities.get(key) or self._cache.identities.get(key)
        )
        if found is None and key not in self.absent:
            self.absent |= self._cache.read_identities([key])
            found = self._cache.identities.get(key)
        return found or ""

    def dialog(self, dialog: str) -> DialogSummary | None:
        if dialog in self.mine.moved_dialogs or dialog in self.kept.moved_dialogs:
            return None
        found = self.mine.dialogs.get(dialog) or self.kept.dialogs.get(dialog) or self._cache.dialog(dialog)
        return None if found is not None and self._is_erased(found.visitor) else found

    def _is_erased(self, visitor: str) -> bool:
        """Whether he has been erased in this batch: nothing that comes later in it finds him."""
        return visitor in self.mine.erased or visitor in self.kept.erased

    def dialog_before(self, dialog: str) -> DialogSummary | None:
        """As it was before the work at hand, of a dialog that the work has changed; None: it was not there."""
        return self.kept.dialogs.get(dialog) or self._cache.dialogs.get(dialog)

    def known_dialog(self, dialog: str) -> DialogSummary:
        """Raises Rejected where there is none."""
        found = self.dialog(dialog)
        if found is None:
            raise Rejected("not_found", "There is no such dialog.", status=404)
        return found

    def dialogs_of(self, visitor: str) -> list[DialogSummary]:
        """All of a visitor's dialogs, oldest first."""
        ids = dict.fromkeys(reversed(self.store.visitor_dialogs(visitor)))
        for changes in (self.kept, self.mine):
            ids |= dict.fromkeys(key for key, dialog in changes.dialogs.items() if dialog.visitor == visitor)
        found = [self.dialog(key) for key in ids]
        return [dialog for dialog in found if dialog is not None and dialog.visitor == visitor]

    def open_dialogs_of_operator(self, operator: str) -> list[DialogSummary]:
        """The dialogs that are his and not closed."""
        found: dict[str, DialogSummary] = {}
        cursor = ""
        while True:
            page, cursor, _ = self.store.dialog_page(
                status="active", assignee=operator, tag="", visitor="", cursor=cursor, limit=500
            )
            found |= {dialog.id: dialog for dialog in page}
            if not cursor:
                break
        found |= self.kept.dialogs | self.mine.dialogs
        return [
            dialog for dialog in found.values() if dialog.assignee == operator and dialog.status != "closed"
        ]

    def message(self, message: str) -> Message | None:
        found = self.mine.messages.get(message) or self.kept.messages.get(message)
        found = found or self.store.messages([message]).get(message)
        while found is not None and (into := self._moved_into(found.dialog)):
            found = replace(found, dialog=into)
        return found

    def _moved_into(self, dialog: str) -> str:
        """Of which dialog it has become a part in this batch; empty: of none."""
        return self.mine.moved_dialogs.get(dialog) or self.kept.moved_dialogs.get(dialog, "")

    def alarm(self, alarm: str) -> AlarmRow | None:
        for changes in (self.mine, self.kept):
            if alarm in changes.alarms:
                return changes.alarms[alarm]
        return self._alarms.get(alarm)

    def alarms_of(self, dialog: str) -> list[AlarmRow]:
        """What is waited for in the dialog, in no order."""
        known: dict[str, AlarmRow | None] = {row.id: row for row in self.store.alarms_of(dialog)}
        known |= self.kept.alarms | self.mine.alarms
        return [row for row in known.values() if row is not None and row.dialog == dialog]

    def file(self, file: str) -> FileRow | None:
        found = self.mine.files.get(file) or self.kept.files.get(file)
        return found or self.store.files([file]).get(file)

    def outbox_row(self, row: str) -> OutboxRow | None:
        found = self.mine.outbox.get(row) or self.kept.outbox.get(row)
        return found or self.store.outbox_rows([row]).get(row)

    def operator(self, operator: str) -> OperatorRow | None:
        """One that has not been removed."""
        found = self.mine.operators.get(operator) or self.kept.operators.get(operator)
        found = found or self._operators.get(operator)
        return None if found is None or found.removed else found

    def operators(self) -> list[OperatorRow]:
        """All that have not been removed."""
        known = {**self._operators, **self.kept.operators, **self.mine.operators}
        return [row for row in known.values() if not row.removed]

    @property
    def queue(self) -> Queue:
        """What waited for people and was nobody's before this batch."""
        return self._cache.queue

    def open_counts(self) -> Counter[str]:
        """Operator → how many open dialogs are his now."""
        if self._counts_before is None:
            self._counts_before = Counter(self.store.open_counts())
        counts = self._counts_before.copy()
        for key, dialog in (self.kept.dialogs | self.mine.dialogs).items():
            before = self._cache.dialogs.get(key)
            if before is not None and before.status == "open" and before.assignee:
                counts[before.assignee] -= 1
            if dialog.status == "open" and dialog.assignee:
                counts[dialog.assignee] += 1
        return counts

    def presets(self) -> list[Preset]:
        """Everybody's, in no order."""
        known: dict[str, Preset | None] = {preset.id: preset for preset in self.store.presets()}
        known |= self.kept.presets | self.mine.presets
        return [preset for preset in known.values() if preset is not None]

    def preset(self, preset: str) -> Preset | None:
        return next((known for known in self.presets() if known.id == preset), None)

    def author_of(self, operator: str) -> Author:
        """Raises Rejected where there is no such operator."""
        row = self.operator(operator)
        if row is None:
            raise Rejected("forbidden", "There is no such operator.", status=403)
        return Author("operator", row.id, row.name)

    def seen(self, key: str) -> str | None:
        """What a client's id has made before; None where it is new."""
        for made in (self.mine.seen, self.kept.seen, self.seen_before):
            if key in made:
                return made[key]
        return None

    # --- Writing -------------------------------------------------------------------------------------

    def put(self, person: Person) -> Person:
        self.mine.people[person.state.id] = person
        return person

    def link(self, kind: str, value: str, visitor: str) -> None:
        """The identity is that visitor's from now on."""
        self.mine.identities[(kind, value)] = visitor

    def remember(self, key: str, made: str = "") -> None:
        """A client's id counts once: a repeat finds what it has made."""
        self.mine.seen[key] = made

    def put_operator(self, row: OperatorRow) -> None:
        self.mine.operators[row.id] = row
        self.world = replace(self.world, operators_online=sum(known.is_there for known in self.operators()))

    def record(self, what: EntryBody, at: int, visitor: str = "", dialog: str = "") -> Entry:
        """Append an entry to the journal; the dialog it concerns is changed with it."""
        entry = Entry(self.last_seq + 1, at, what, visitor, dialog)
        self.mine.entries.append(entry)
        if dialog:
            self._fold(entry)
        return entry

    def fold_into(self, dialog: DialogSummary, entry: Entry) -> None:
        """Let an entry that is the visitor's (his name, a merge) change one of his dialogs."""
        self.mine.dialogs[dialog.id] = folded(dialog, entry)

    def _fold(self, entry: Entry) -> None:
        what = entry.what
        if isinstance(what, DialogOpened):
            self.mine.dialogs[entry.dialog] = opened(entry, what)
            return
        dialog = self.dialog(entry.dialog)
        if dialog is None:
            raise RuntimeError(f"entry {entry.seq} concerns dialog {entry.dialog}, which does not exist")
        left = 0
        if isinstance(what, Receipt) and what.side == "operator":
            left = len(self.unread_after(dialog.id, what.up_to))
        now = folded(dialog, entry, left)
        if isinstance(what, DialogMerged):
            now = merged(dialog, self.known_dialog(what.gone), entry)
            self.mine.dialogs.pop(what.gone, None)
            self.mine.moved_dialogs[what.gone] = dialog.id
        self.mine.dialogs[dialog.id] = now

    def unread_after(self, dialog: str, seq: int) -> list[int]:
        """The seqs of the visitor's messages in the dialog after `seq`, rising."""
        seqs = set(self.store.visitor_messages_after(dialog, seq))
        for changes in (self.kept, self.mine):
            seqs |= {
                message.seq
                for message in changes.messages.values()
                if message.dialog == dialog and message.author.kind == "visitor" and message.seq > seq
            }
        return sorted(seqs)

    def spoken_between(self, dialog: str, after: int, up_to: int) -> list[Message]:
        """The scenarios' messages of the dialog with `after < seq <= up_to`, oldest first."""
        found = {message.id: message for message in self.store.spoken_between(dialog, after, up_to)}
        for changes in (self.kept, self.mine):
            found |= {
                message.id: message
                for message in changes.messages.values()
                if message.dialog == dialog and message.origin is not None and after < message.seq <= up_to
            }
        return sorted(found.values(), key=lambda message: message.seq)

    def send(self, message: Message) -> Message:
        """Record a message; answers with it as it is kept, with its seq."""
        message = replace(message, seq=self.last_seq + 1)
        self.mine.messages[message.id] = message
        self.record(MessageSent(message), message.at, message.visitor, message.dialog)
        return message

    def new_id(self, prefix: str) -> str:
        return new_id(prefix, self.now)


_LONGEST_CHAIN = 1000
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def world_of(settings: Settings, operators_online: int) -> World:
    """The engine's world: the shop's settings and who is there."""
    site = settings.site
    messages = settings.messages
    quiet_from, _, quiet_to = messages.quiet_hours.partition("-")
    hours = {}
    for number, day in enumerate(_WEEKDAYS):
        begins, _, ends = settings.business_hours.get(day, "").partition("-")  # type: ignore[call-overload]
        if ends:
            hours[number] = (begins, ends)
    return World(
        operators_online=operators_online,
        timezone=site.timezone,
        locale=site.locale,
        business_hours=hours,
        holidays=site.holidays,
        currency=site.currency,
        site={"name": site.name, "url": site.url.rstrip("/"), "desk": site.desk_url.rstrip("/")},
        quiet_hours=(quiet_from, quiet_to),
        frequency_cap=(messages.most, messages.within_ms if messages.most else 0),
    )
