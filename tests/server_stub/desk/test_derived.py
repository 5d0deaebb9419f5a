"""Derived state is what the journal says, whatever happened in whatever order.

The oracle below looks at the whole journal for each question ("which messages came after what an operator has seen?")
instead of folding entry by entry, so that it shares no rule's code with the desk. The console's mirror, which folds the
stream, has to come to the same rows.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from operator_console.mirror import Mirror
from server_stub.protocol import (
    DialogChanged,
    DialogOpened,
    DialogPage,
    DialogRated,
    DialogSummary,
    Entry,
    Message,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessageScheduled,
    MessageSent,
    QuestionClosed,
    Receipt,
    ScheduleCancelled,
    VisitorChanged,
    VisitorMerged,
)
from server_stub.store.memory import MemoryStore
from server_stub.work import Rejected

BOT = """scenario: helper
title: Helper
status: live
trigger:
  - event: Page Viewed
  - keyword: [help]
reentry: {not_sooner_than: 1m}
steps:
  - wait: 10s
  - id: ask
    say: Shall I help?
    timeout: 10m
    options:
      - label: "Yes"
        steps:
          - tag: helped
          - handoff: {team: sales, note: please}
      - label: "No"
        steps:
          - close: no help wanted
    no_answer:
      - say: Then not.
"""

who = st.sampled_from(["a1", "a2", "a3"])
user = st.sampled_from(["u1", "u2"])
operator = st.sampled_from(["o1", "o2"])
number = st.integers(0, 5)
step = st.one_of(
    st.tuples(st.just("page"), who),
    st.tuples(st.just("write"), who, st.sampled_from(["hello", "yes", "help", "42"])),
    st.tuples(st.just("choose"), who, st.sampled_from(["yes", "no"])),
    st.tuples(st.just("identify"), who, user, st.sampled_from(["", "Ann", "Bob"])),
    st.tuples(st.just("alias"), who, user),
    st.tuples(st.just("see"), who, number, st.sampled_from(["seen", "delivered"])),
    st.tuples(st.just("send"), operator, number, st.booleans()),
    st.tuples(st.just("operator_sees"), operator, number, number),
    st.tuples(st.just("assign"), operator, number, st.sampled_from(["me", "", "o2"])),
    st.tuples(
        st.just("status"), operator, number, st.sampled_from(["open", "closed", "snoozed"]), st.booleans()
    ),
    st.tuples(st.just("snooze"), operator, number, st.sampled_from([10_000, 2_000_000])),
    st.tuples(st.just("hand"), operator, number, st.sampled_from(["bot", "people"])),
    st.tuples(st.just("priority"), operator, number, st.sampled_from(["low", "urgent"])),
    st.tuples(st.just("transfer"), operator, number, st.sampled_from(["o1", "o2"])),
    st.tuples(st.just("call"), operator, number, st.sampled_from([("o1",), ("o2",), ("o2", "o1")])),
    st.tuples(st.just("later"), operator, number, st.sampled_from([10_000, 2_000_000])),
    st.tuples(st.just("rewrite"), operator, number, st.sampled_from([(), ("o1",), ("o2",)])),
    st.tuples(st.just("take_away"), operator, number),
    st.tuples(st.just("rate"), who, st.sampled_from(["1", "5"])),
    st.tuples(st.just("tag"), operator, number, st.sampled_from(["vip", "big"]), st.booleans()),
    st.tuples(st.just("start"), operator, who),
    st.tuples(st.just("rename"), operator, who, st.sampled_from(["Zoë", ""])),
    st.tuples(st.just("email"), operator, who, st.sampled_from(["zoe@shop.example", ""])),
    st.tuples(st.just("wait"), st.sampled_from([1_000, 10_000, 60_000, 2_000_000, 90_000_000])),
    st.tuples(st.just("restart")),
)


async def act(shop: Any, move: tuple[Any, ...]) -> None:
    """One move of the story; one that makes no sense now is refused, which is as good."""
    name, *rest = move
    with contextlib.suppress(Rejected):
        await getattr(Moves, name)(shop, *rest)


class Moves:
    @staticmethod
    async def page(shop: Any, who: str) -> None:
        await shop.page("/catalog/lamps", who)

    @staticmethod
    async def write(shop: Any, who: str, text: str) -> None:
        await shop.write(text, who)

    @staticmethod
    async def choose(shop: Any, who: str, option: str) -> None:
        questions = [message for message in (await shop.greet(who)).messages if message.options]
        if questions:
            await shop.choose(questions[-1].id, option, who)

    @staticmethod
    async def identify(shop: Any, who: str, user: str, name: str) -> None:
        await shop.identify(who, user, **({"name": name} if name else {}))

    @staticmethod
    async def alias(shop: Any, who: str, user: str) -> None:
        await shop.alias(who, user)

    @staticmethod
    async def see(shop: Any, who: str, back: int, state: str) -> None:
        await shop.see(shop.desk.last_seq - back, state, who)

    @staticmethod
    async def send(shop: Any, operator: str, which: int, note: bool) -> None:
        await shop.send(nth(shop, which), "Hi", operator, note=note)

    @staticmethod
    async def operator_sees(shop: Any, operator: str, which: int, back: int) -> None:
        await shop.operator_sees(nth(shop, which), shop.desk.last_seq - back * 3, operator)

    @staticmethod
    async def assign(shop: Any, operator: str, which: int, assignee: str) -> None:
        await shop.change(nth(shop, which), operator, assignee=assignee)

    @staticmethod
    async def status(shop: Any, operator: str, which: int, status: str, asks: bool) -> None:
        asks = asks and status == "closed"
        await shop.change(nth(shop, which), operator, status=status, ask_rating=asks)

    @staticmethod
    async def snooze(shop: Any, operator: str, which: int, milliseconds: int) -> None:
        until = shop.now + milliseconds
        await shop.change(nth(shop, which), operator, status="snoozed", snooze_until=until)

    @staticmethod
    async def hand(shop: Any, operator: str, which: int, holder: str) -> None:
        await shop.change(nth(shop, which), operator, holder=holder)

    @staticmethod
    async def priority(shop: Any, operator: str, which: int, priority: str) -> None:
        await shop.change(nth(shop, which), operator, priority=priority)

    @staticmethod
    async def transfer(shop: Any, operator: str, which: int, to: str) -> None:
        await shop.change(nth(shop, which), operator, assignee=to, note="please")

    @staticmethod
    async def call(shop: Any, operator: str, which: int, mentions: tuple[str, ...]) -> None:
        await shop.send(nth(shop, which), "look", operator, note=True, mentions=mentions)

    @staticmethod
    async def later(shop: Any, operator: str, which: int, milliseconds: int) -> None:
        await shop.send(nth(shop, which), "Later", operator, send_at=shop.now + milliseconds)

    @staticmethod
    async def rewrite(shop: Any, operator: str, back: int, mentions: tuple[str, ...]) -> None:
        await shop.rewrite(message_before(shop, back), f"again {back}", operator, mentions=mentions)

    @staticmethod
    async def take_away(shop: Any, operator: str, back: int) -> None:
        await shop.take_away(message_before(shop, back), operator)

    @staticmethod
    async def rate(shop: Any, who: str, score: str) -> None:
        asked = [message for message in (await shop.greet(who)).messages if message.input == "rating"]
        if asked:
            await shop.choose(asked[-1].id, score, who)

    @staticmethod
    async def tag(shop: Any, operator: str, which: int, tag: str, add: bool) -> None:
        await shop.change(nth(shop, which), operator, **{"add_tags" if add else "remove_tags": (tag,)})

    @staticmethod
    async def start(shop: Any, operator: str, who: str) -> None:
        await shop.start_dialog(shop.visitor(who), operator)

    @staticmethod
    async def rename(shop: Any, operator: str, who: str, name: str) -> None:
        await shop.edit(shop.visitor(who), operator, properties={"name": name})

    @staticmethod
    async def email(shop: Any, operator: str, who: str, email: str) -> None:
        await shop.edit(shop.visitor(who), operator, properties={"email": email})

    @staticmethod
    async def wait(shop: Any, milliseconds: int) -> None:
        await shop.wait(milliseconds)

    @staticmethod
    async def restart(shop: Any) -> None:
        await shop.restart()


def nth(shop: Any, which: int) -> str:
    dialogs = shop.dialogs()
    return dialogs[which % len(dialogs)].id if dialogs else "d_none"


def message_before(shop: Any, back: int) -> str:
    """The id of the message that was sent so many before the last one."""
    sent = [what.message.id for what in shop.all(MessageSent)]
    return sent[-1 - back % len(sent)] if sent else "m_none"


# --- The oracle --------------------------------------------------------------------------------------


def recomputed(journal: list[Entry]) -> dict[str, DialogSummary]:
    """Every dialog's summary from the journal alone, by looking at all of it for each."""
    ids = [entry.dialog for entry in journal if isinstance(entry.what, DialogOpened)]
    return {dialog: one(dialog, journal) for dialog in ids}


def one(dialog: str, journal: list[Entry]) -> DialogSummary:
    silent = (QuestionClosed, MessageScheduled, ScheduleCancelled)
    mine = [entry for entry in journal if entry.dialog == dialog and not isinstance(entry.what, silent)]
    opened = mine[0]
    assert isinstance(opened.what, DialogOpened)
    owner, name, last_told = owner_of(opened, journal)
    sent = [(entry, entry.what.message) for entry in mine if isinstance(entry.what, MessageSent)]
    spoken = [(entry, message) for entry, message in sent if not message.note]
    own = [entry.seq for entry, message in sent if message.author.kind == "visitor"]
    changes = [entry.what for entry in mine if isinstance(entry.what, DialogChanged)]
    receipts = [entry.what for entry in mine if isinstance(entry.what, Receipt)]
    looked = max((what.up_to for what in receipts if what.side == "operator"), default=0)
    visitors = [what for what in receipts if what.side == "visitor"]
    ratings = [entry.what.score for entry in mine if isinstance(entry.what, DialogRated)]
    last = spoken[-1] if spoken else None

    def latest(field: str, first: str) -> Any:
        values = [getattr(what, field) for what in changes if getattr(what, field) is not UNSET]
        return values[-1] if values else first

    return DialogSummary(
        id=dialog,
        visitor=owner,
        seq=max(mine[-1].seq, last_told),
        opened_at=opened.at,
        last_at=last[0].at if last else opened.at,
        visitor_name=name,
        status=latest("status", "open"),
        holder=latest("holder", opened.what.holder),
        assignee=latest("assignee", ""),
        team=latest("team", ""),
        tags=tags_of(changes),
        last_text=text_now(last[1], mine) if last else "",
        last_author=last[1].author.kind if last else "system",
        last_author_name=last[1].author.name if last else "",
        unread=len([seq for seq in own if seq > looked]),
        waiting_since=waiting_since(mine),
        delivered_up_to=max((what.up_to for what in visitors), default=0),
        seen_up_to=max((what.up_to for what in visitors if what.state == "seen"), default=0),
        answered=bool(own) or any(isinstance(entry.what, MessageChanged) for entry in mine),
        last_message=last[1].id if last else "",
        priority=latest("priority", "normal"),
        snoozed_until=snoozed_until(changes),
        mentioned=mentioned(mine),
        rating=ratings[-1] if ratings else 0,
    )


def text_now(message: Message, mine: list[Entry]) -> str:
    """What its author made of it last."""
    changed = [entry.what for entry in mine if isinstance(entry.what, MessageEdited | MessageDeleted)]
    texts = [getattr(what, "text", "") for what in changed if what.message == message.id]
    return texts[-1] if texts else message.text


def snoozed_until(changes: list[DialogChanged]) -> int:
    """What the last snooze, or change of it, said; nothing where the dialog was opened or closed since."""
    until = 0
    for what in changes:
        if what.status is not UNSET or what.snoozed_until is not UNSET:
            until = 0 if what.snoozed_until is UNSET else what.snoozed_until
    return until


def mentioned(mine: list[Entry]) -> tuple[str, ...]:
    """Each operator who was called behind the last time that he looked, by when that was first."""
    found = []
    for name in ("o1", "o2"):
        looked = max(
            (e.seq for e in mine if isinstance(e.what, Receipt) and e.what.by == name),
            default=0,
        )
        calls = [
            (e.seq, called.index(name))
            for e in mine
            if e.seq > looked and name in (called := calls_of(e.what))
        ]
        found += [(min(calls), name)] if calls else []
    return tuple(name for _, name in sorted(found))


def calls_of(what: Any) -> tuple[str, ...]:
    if isinstance(what, MessageSent):
        return what.message.mentions
    return what.mentions if isinstance(what, MessageEdited) else ()


def owner_of(opened: Entry, journal: list[Entry]) -> tuple[str, str, int]:
    """Whose the dialog is in the end, under which name, and which entry of his was the last to change that."""
    owner, name, told = opened.visitor, opened.what.visitor_name, 0
    for entry in journal:
        if entry.seq < opened.seq:
            continue
        if isinstance(entry.what, VisitorMerged) and entry.what.gone == owner:
            owner, told = entry.visitor, entry.seq
        elif (
            isinstance(entry.what, VisitorChanged)
            and entry.visitor == owner
            and entry.what.called is not UNSET
        ):
            name, told = entry.what.called, entry.seq
    return owner, name, told


def tags_of(changes: list[DialogChanged]) -> tuple[str, ...]:
    tags: dict[str, None] = {}
    for what in changes:
        for tag in what.tags_removed:
            tags.pop(tag, None)
        tags |= dict.fromkeys(what.tags_added)
    return tuple(tags)


def waiting_since(mine: list[Entry]) -> int:
    """The moment of the first thing after the last end of waiting that makes a visitor wait for people."""
    holder, since = mine[0].what.holder, 0
    for entry in mine:
        what = entry.what
        begins = ends = False
        if isinstance(what, DialogChanged):
            holder = what.holder if what.holder is not UNSET else holder
            ends = what.status == "closed" or what.holder == "bot"
            begins = what.holder == "people" and what.by.kind != "operator"
        elif isinstance(what, MessageSent) and not what.message.note:
            ends = what.message.author.kind == "operator"
            begins = what.message.author.kind == "visitor" and holder == "people"
        if ends:
            since = 0
        elif begins:
            since = since or entry.at
    return since


class TestDerivedState:
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(step, min_size=1, max_size=25))
    def test_every_summary_is_what_the_journal_says(self, make_shop, moves) -> None:
        asyncio.run(play(make_shop, moves))


async def play(make_shop: Any, moves: list[tuple[Any, ...]]) -> None:
    shop = await make_shop(MemoryStore()).open()
    await shop.hire("o1", "Ann")
    await shop.hire("o2", "Bob")
    await shop.publish(BOT)
    mirror = Mirror()
    mirror.load(DialogPage(seq=shop.desk.last_seq, dialogs=()))
    for move in moves:
        await act(shop, move)
    journal, kept = shop.journal(), {row.id: row for row in shop.dialogs()}
    await shop.desk.stop()
    assert kept == recomputed(journal)
    mirror.reduce_all(journal)
    assert mirror.rows == kept
    assert [entry.seq for entry in journal] == list(range(1, len(journal) + 1))
    check_cross_references(shop, journal, kept)


def check_cross_references(shop: Any, journal: list[Entry], kept: dict[str, DialogSummary]) -> None:
    """One dialog a visitor at most that is not closed, messages as their last entries say, and an alarm for each snooze
    with an end and each message that waits."""
    owners = [row.visitor for row in kept.values() if row.status != "closed"]
    assert len(owners) == len(set(owners))
    snoozes = {row.dialog: row.due_at for row in shop.store.alarms() if row.message is None}
    assert snoozes == {row.id: row.snoozed_until for row in kept.values() if row.snoozed_until}
    waiting = {row.message.id for row in shop.store.alarms() if row.message is not None}
    planned = {entry.what.message.id for entry in journal if isinstance(entry.what, MessageScheduled)}
    sent = {entry.what.message.id for entry in journal if isinstance(entry.what, MessageSent)}
    cancelled = {entry.what.message for entry in journal if isinstance(entry.what, ScheduleCancelled)}
    assert waiting == planned - sent - cancelled
    for entry in journal:
        if isinstance(entry.what, MessageSent):
            stored = shop.store.messages([entry.what.message.id])[entry.what.message.id]
            assert (stored.seq, stored.visitor) == (entry.seq, kept[stored.dialog].visitor)
