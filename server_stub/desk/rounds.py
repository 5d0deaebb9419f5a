"""Rounds: what concerns every visitor at once, a publication or a broadcast, reaches them one after the other.

A round begins with an entry of the journal, and means the visitors known at that entry, at its moment. It goes from
visitor to visitor in small works, between which others have their turn, and remembers how far it has come in the same
commit: after a crash it goes on where it was. A visitor to whom something happens before the round has come to him is
reached first, so that for him, and for every replay, the round was at the moment of its entry.
"""

from __future__ import annotations

from msgspec import json
from msgspec.structs import replace

from scenarios_yaml.engine.engine import advance, refresh
from scenarios_yaml.engine.stimuli import BroadcastDue
from server_stub.desk.people import Person, person_of
from server_stub.desk.telling import tell_alone
from server_stub.desk.transaction import Round, Transaction
from server_stub.protocol import BroadcastBegan, BroadcastEnded
from server_stub.work import RoundGoesOn

CHUNK = 50
"""Visitors who are reached by one work: others wait for it, about 5 ms."""
_MEMORY = "round:"


_decode = json.Decoder(Round).decode


def rounds_of(memory: dict[str, str]) -> tuple[Round, ...]:
    """The rounds on their way, from what the desk remembers, in the order in which they began."""
    found = [_decode(text) for name, text in memory.items() if name.startswith(_MEMORY)]
    return tuple(sorted(found, key=lambda one: one.seq))


def put(tx: Transaction, changed: Round) -> None:
    """A new round, or one that has come further."""
    tx.mine.memory[_MEMORY + str(changed.seq)] = json.encode(changed).decode()
    others = [one for one in tx.rounds if one.seq != changed.seq]
    tx.rounds = tuple(sorted([*others, changed], key=lambda one: one.seq))


def forget(tx: Transaction, ended: Round) -> None:
    tx.mine.memory[_MEMORY + str(ended.seq)] = ""
    tx.rounds = tuple(one for one in tx.rounds if one.seq != ended.seq)


def begin_refresh(tx: Transaction, at: int) -> None:
    """After a publication: everybody's segments and silences are those of the new catalog, without any entering."""
    for one in tx.rounds:
        if not one.scenario:  # what it still had to do, this one does
            forget(tx, one)
    put(tx, Round(tx.last_seq, at, tx.world.operators_online))


def begin_broadcast(tx: Transaction, scenario: str, version: str, due: int, at: int) -> None:
    entry = tx.record(BroadcastBegan(scenario, version, due), at)
    put(tx, Round(entry.seq, at, tx.world.operators_online, scenario, due))


def end(tx: Transaction, ended: Round, at: int) -> None:
    forget(tx, ended)
    if ended.scenario:
        tx.record(BroadcastEnded(ended.scenario, ended.due, ended.asked, ended.entered), at)


# --- From visitor to visitor -------------------------------------------------------------------------


def catch_up(tx: Transaction, visitor: str) -> None:
    """Something is about to happen to the visitor: the rounds that have not come to him yet come first."""
    for one in tx.rounds:
        person = tx.known_person(visitor)
        if _is_ahead(one, person):
            _reach(tx, one, person)
            tx.put(replace(tx.known_person(visitor), caught_up=one.seq))


def go_on(tx: Transaction, work: RoundGoesOn) -> None:
    """The oldest round comes to its next visitors, or to its end."""
    if not tx.rounds:
        return
    seq = tx.rounds[0].seq
    rows = tx.store.visitors_from(tx.rounds[0].up_to, CHUNK)
    for row in rows:
        person = tx.working_copy(row.id) or person_of(row)
        if not person.merged_into and _is_ahead(tx.rounds[0], person):
            _reach(tx, tx.rounds[0], person)
    current = tx.rounds[0]
    if current.seq != seq:
        raise RuntimeError(f"round {seq} ended while it went on")
    if len(rows) < CHUNK:
        end(tx, current, work.at)
    else:
        put(tx, replace(current, up_to=rows[-1].id))


def _is_ahead(one: Round, person: Person) -> bool:
    return one.seq > person.caught_up and person.id > one.up_to


def _reach(tx: Transaction, one: Round, person: Person) -> None:
    """The round comes to the visitor. His row is written only where something came of it."""
    now = max(one.at, person.told_at)
    world = replace(tx.world, operators_online=one.operators_online)
    if not one.scenario:
        state = refresh(person.state, tx.scenarios.catalog, now, world)
        if state != person.state:
            tx.put(replace(person, state=state, told_at=now))
        return
    due = BroadcastDue(one.scenario, one.due)
    outcome = advance(person.state, tx.scenarios.catalog, due, now, world, explain=False)
    entered = any(
        line.phase == "started" and line.scenario == one.scenario and line.at == now for line in outcome.trace
    )
    put(tx, replace(one, asked=one.asked + 1, entered=one.entered + entered))
    if outcome.effects or outcome.state != person.state:
        tell_alone(tx, person.id, due, now, world=world)
