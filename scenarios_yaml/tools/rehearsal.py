"""One visitor on a virtual clock: the engine as the server runs it, without a server.

The player, the tests and the backtest all tell the engine what happens through this, and through nothing else: what
effects ask of the world (a promo code, a webhook's reply) is answered here, and whoever is due is woken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.clock import project_zone
from scenarios_yaml.engine.effects import Effect, Send, TakeCoupon, TraceLine
from scenarios_yaml.engine.engine import Outcome, advance
from scenarios_yaml.engine.schedule import next_due
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.engine.stimuli import BroadcastDue, CouponTaken, Delivered, Stimulus, TimePassed
from scenarios_yaml.language.model import OnSchedule

MOST_ROUNDS = 100
"""How often one happening may go back and forth between the engine and the world's answers."""


class Did(Struct, frozen=True):
    """An effect, and the moment (ms) of the virtual clock at which it came."""

    at: int
    effect: Effect


class Answers(Protocol):
    """The world that effects ask."""

    def coupon(self, pool: str) -> str:
        """A promo code of the pool; an empty string where there is none."""

    def delivered(self, send: Send) -> Delivered | None:
        """What becomes of an outbox row, at once; None where nothing is heard of it."""


class Obliging:
    """A world in which everything works: any pool has its code, whatever is sent arrives, webhooks answer `{}`."""

    def coupon(self, pool: str) -> str:
        return pool.upper()

    def delivered(self, send: Send) -> Delivered | None:
        reply: Any = {} if send.channel == "webhook" else None
        return Delivered(send.run, ok=True, reply=reply, id=send.id)


class Rehearsal:
    """`now` (ms) only rises. `did` and `trace` gather what came; take them with `clear` where there is much of it.

    With `broadcasts` the scenarios of the catalog with a schedule are told of when the clock passes its moments.
    """

    def __init__(
        self,
        catalog: Catalog,
        state: VisitorState,
        *,
        now: int,
        world: World | None = None,
        answers: Answers | None = None,
        on_outcome: Callable[[int, Outcome], None] | None = None,
        broadcasts: bool = False,
    ) -> None:
        self.catalog = catalog
        self.state = state
        self.now = now
        self.world = world or World()
        self.answers: Answers = answers or Obliging()
        self.did: list[Did] = []
        self.trace: list[TraceLine] = []
        self._on_outcome = on_outcome
        self._broadcasts = [
            (program.slug, trigger)
            for program in catalog.programs.values()
            for trigger in program.scenario.trigger
            if broadcasts and program.live and isinstance(trigger, OnSchedule)
        ]

    def tell(self, stimulus: Stimulus, at: int = 0) -> bool:
        """Tell the engine at the moment `at` (0: now), after everything that is due by then.

        Returns whether a scenario took what the visitor wrote.
        """
        self.pass_time(max(at, self.now))
        return self._tell(stimulus)

    def pass_time(self, until: int) -> None:
        """Let the clock run; whoever is due is woken at his own moment."""
        for at, slug in self._broadcasts_until(until):
            self._wake_until(at)
            self.now = max(self.now, at)
            self._tell(BroadcastDue(slug, at))
        self._wake_until(until)
        self.now = max(self.now, until)

    def _wake_until(self, until: int) -> None:
        while True:
            due = self.state.next_wake()
            if not due or due > until:
                break
            self.now = max(self.now, due)
            self._tell(TimePassed())
            if self.state.next_wake() == due:
                break  # it cannot be woken: the engine would be asked the same for ever

    def _broadcasts_until(self, until: int) -> list[tuple[int, str]]:
        """The moments of all schedules after now, at most `until`, with the scenario of each."""
        zone = project_zone(self.world)
        moments = set[tuple[int, str]]()
        for slug, trigger in self._broadcasts:
            due = next_due(trigger, self.now, zone)
            while due and due <= until:
                moments.add((due, slug))
                due = next_due(trigger, due, zone)
        return sorted(moments)

    def open_dialog(self, dialog: str) -> None:
        """Give the dialog that the engine has just opened the id under which others know it."""
        self.state = replace(self.state, dialog=replace(self.state.dialog, id=dialog))

    def clear(self) -> None:
        self.did.clear()
        self.trace.clear()

    def _tell(self, stimulus: Stimulus) -> bool:
        waiting: deque[Stimulus] = deque([stimulus])
        taken = False
        for _ in range(MOST_ROUNDS):
            if not waiting:
                return taken
            outcome = advance(self.state, self.catalog, waiting.popleft(), self.now, self.world)
            self.state = outcome.state
            taken = taken or outcome.taken
            self.trace.extend(outcome.trace)
            for effect in outcome.effects:
                self.did.append(Did(self.now, effect))
                answer = self._answer(effect)
                if answer is not None:
                    waiting.append(answer)
            if self._on_outcome is not None:
                self._on_outcome(self.now, outcome)
        raise RuntimeError(f"the scenarios of visitor {self.state.id} do not come to an end")

    def _answer(self, effect: Effect) -> Stimulus | None:
        if isinstance(effect, TakeCoupon):
            return CouponTaken(effect.run, self.answers.coupon(effect.pool))
        if isinstance(effect, Send):
            return self.answers.delivered(effect)
        return None
