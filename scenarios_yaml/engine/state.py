"""What the engine knows of one visitor, and of the world around him at a moment.

A `VisitorState` is a value: the engine answers with a new one and leaves the old one as it was. The server
keeps it as JSON in the visitor's row; nothing in it needs a clock. Times are milliseconds since the epoch,
UTC.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

CART_LIMIT = 200
VIEWED_LIMIT = 20
RECENT_LIMIT = 64
"""How many moments of an event are remembered for windowed counts, for each visitor and event name; more where a
condition counts higher, up to COUNTED_LIMIT."""
COUNTED_LIMIT = 1_000
AMOUNTS_LIMIT = 256
"""How many numbers of an event are remembered for sums."""
PROPERTIES_LIMIT = 200
"""How many properties a visitor may have, and how many values a run."""
PROPERTIES_BYTES = 64_000
"""How large they may be together, as JSON."""
NAMES_LIMIT = 100
"""How many different event names are remembered of a visitor; the one not seen for longest gives way."""
TAGS_LIMIT = 200
"""How many tags, lists and segments each."""
RUNS_LIMIT = 50
"""How many runs of one visitor may be on their way at a time."""
GOALS_LIMIT = 100
"""How many goals of one visitor are watched at a time."""
UNHEARD_LIMIT = 20
"""Of how many of its messages a run still waits to hear, without being held by them."""
RECORDS_LIMIT = 500
"""How many scenarios (and keys of re-entry) are remembered of a visitor, and how many messages."""


class CartItem(Struct, omit_defaults=True):
    product_id: str
    name: str = ""
    price: float = 0.0
    quantity: float = 1
    url: str = ""
    image_url: str = ""


class Cart(Struct, omit_defaults=True):
    id: str = ""
    items: list[CartItem] = field(default_factory=list)
    currency: str = ""
    total: float = 0.0


class Order(Struct, omit_defaults=True):
    id: str = ""
    total: float = 0.0
    currency: str = ""
    at: int = 0
    products: list[dict[str, Any]] = field(default_factory=list)


class Page(Struct, omit_defaults=True):
    url: str = ""
    path: str = ""
    title: str = ""
    referrer: str = ""
    section: str = ""
    at: int = 0


class Touch(Struct, omit_defaults=True):
    """Where a visit came from."""

    at: int = 0
    referrer: str = ""
    channel: str = "direct"
    utm: dict[str, str] = field(default_factory=dict)
    landing: str = ""


class Session(Struct, omit_defaults=True):
    id: str = ""
    started_at: int = 0
    last_at: int = 0
    pages: int = 0
    touch: Touch = field(default_factory=Touch)


class EventHistory(Struct, omit_defaults=True):
    """`recent` holds the last moments, rising; `last` is the latest event's properties.

    `matching` and `amounts` are kept for what live scenarios ask: by the written `where` of a `did`, the
    moments of the events that met it; by the path of a `sum`, moments and numbers.
    """

    count: int = 0
    first_at: int = 0
    last_at: int = 0
    recent: list[int] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)
    matching: dict[str, list[int]] = field(default_factory=dict)
    amounts: dict[str, list[tuple[int, float]]] = field(default_factory=dict)


class Dialog(Struct, omit_defaults=True):
    """The visitor's open dialog as the scenarios see it; `id` is empty where none is open."""

    id: str = ""
    holder: Literal["bot", "people"] = "bot"
    noted: bool = False
    """Opened by a note alone, and nobody has talked in it: people hold it, but a bot may take the word."""
    assignee: str = ""
    opened_at: int = 0
    last_message_at: int = 0
    properties: dict[str, Any] = field(default_factory=dict)
    """What scenarios have written to dialog.NAME; it ends with the dialog."""


class Waiting(Struct, omit_defaults=True):
    """What a run stands and waits for.

    `due_at` is the moment when the wait or the timeout is over, 0 for never. `message` or `popup` is the id
    of the question, pop-up or outbox row that holds the run; `tries` how often an answer was not accepted;
    `event` the key of `wait_for`; `until` the moment when a run that waits for its turn gives up, or that at which a
    promo code was asked for.
    """

    kind: Literal["wait", "answer", "input", "popup", "event", "reply", "turn"]
    step: str
    due_at: int = 0
    message: str = ""
    popup: str = ""
    event: str = ""
    tries: int = 0
    until: int = 0
    answers_at: int = 0
    """Of a `reply`: when it was asked for, where that was part of an answer to the visitor."""


class Run(Struct, omit_defaults=True):
    """One visitor's way through one scenario. `calls` are the steps to go on at when called blocks end."""

    id: str
    scenario: str
    version: str
    started_at: int
    key: str = ""
    trigger: dict[str, Any] = field(default_factory=dict)
    """The triggering event: name, properties, at."""
    values: dict[str, Any] = field(default_factory=dict)
    """run.* of the language."""
    waiting: Waiting | None = None
    calls: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    steps_taken: int = 0
    outbound: int = 0
    """Messages sent so far."""
    passed: list[str] = field(default_factory=list)
    """Ids of steps done in an earlier version: they are never run again."""
    own: list[str] = field(default_factory=list)
    """What the run itself has changed of the visitor: its audience is not asked about that again."""
    spoke: bool = False
    """Whether it has spoken in the open dialog."""
    answered_at: int = 0
    """When the visitor last answered it, in the chat or in a pop-up."""
    came: list[str] = field(default_factory=list)
    """The `wait_for` steps with a `where` whose event has come since the run began, reached yet or not."""
    exit_due: int = 0
    """When time alone may next make one of its exit conditions hold; 0 for never."""
    unheard: list[str] = field(default_factory=list)
    """Outbox rows whose failure would end it: sent without `on_error`, outcome not known yet."""


class RunRecord(Struct, omit_defaults=True):
    """What is remembered of the finished runs of one scenario and key."""

    times: int = 0
    last_started_at: int = 0
    last_ended_at: int = 0


class TookVariant(Struct, frozen=True):
    """Which branch of a `split` a run took; `step` is the key of the split in that version."""

    step: str
    version: str
    variant: str


class GoalWatch(Struct, omit_defaults=True):
    """A goal that may still be reached: by a run, also after it has ended, or by one who was held out (`run` is
    empty)."""

    scenario: str
    version: str
    event: str
    """The `event_key` of the goal's event."""
    started_at: int
    until: int
    run: str = ""
    key: str = ""
    """Of re-entry, as in the run."""
    took: list[TookVariant] = field(default_factory=list)
    """The variants that the run has taken so far."""


class VisitorState(Struct, omit_defaults=True):
    id: str
    properties: dict[str, Any] = field(default_factory=dict)
    """email, phone, name, city, locale, timezone, device, birthday, and the shop's own."""
    tags: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    unsubscribed: list[str] = field(default_factory=list)
    """Lists he has left; `email` where he wants no marketing mail at all."""
    segments: list[str] = field(default_factory=list)
    """All that he is in: those that files decide, and those that others told of."""
    live_segments: dict[str, int] = field(default_factory=dict)
    """Those of them that files decide, and since when he is in each."""
    segment_due: dict[str, int] = field(default_factory=dict)
    """When time alone may next change whether he is in a segment, by slug."""
    segments_due: int = 0
    """The earliest of these moments; 0 for never."""
    decided: str = ""
    """The fingerprint of the segments' files by which his membership was decided."""
    first_visit: int = 0
    last_visit: int = 0
    visits: int = 0
    session: Session = field(default_factory=Session)
    first_touch: Touch = field(default_factory=Touch)
    page: Page = field(default_factory=Page)
    cart: Cart = field(default_factory=Cart)
    order: Order = field(default_factory=Order)
    orders: int = 0
    revenue: float = 0.0
    viewed: list[CartItem] = field(default_factory=list)
    history: dict[str, EventHistory] = field(default_factory=dict)
    """By `event_key`."""
    dialog: Dialog = field(default_factory=Dialog)
    popup: str = ""
    """The id of the pop-up on his screen."""
    runs: list[Run] = field(default_factory=list)
    records: dict[str, RunRecord] = field(default_factory=dict)
    """By scenario, or "scenario key" where re-entry has a key."""
    received: dict[str, list[int]] = field(default_factory=dict)
    """When something was sent: by scenario and by "scenario.step"; opened, clicked and replied likewise, as
    "opened:scenario" and so on. "*" is all marketing mail, push and messages: what the frequency cap counts.
    """
    spoke_at: int = 0
    """When a scenario last spoke to him of its own accord (chat or pop-up), and which run."""
    spoke_by: str = ""
    inactive_due: int = 0
    """When his silence next fulfils an `inactive` trigger; 0 for never."""
    goals: list[GoalWatch] = field(default_factory=list)
    """Goals that are watched, the oldest first."""
    blocked: bool = False
    """Operators do not want to hear him: no scenario takes him in, and nothing is sent to him."""
    run_count: int = 0
    """How many runs he has begun: names the next one, so that ids are the same in every replay."""

    def next_wake(self) -> int:
        """The earliest moment at which time alone moves, starts or ends one of his runs, or changes a segment; 0
        where nothing waits for time."""
        # A plain loop: this is asked three times for every event.
        earliest = self.inactive_due
        due = self.segments_due
        if due and (not earliest or due < earliest):
            earliest = due
        for run in self.runs:
            due = run.exit_due
            if due and (not earliest or due < earliest):
                earliest = due
            waiting = run.waiting
            if waiting is not None and waiting.due_at and (not earliest or waiting.due_at < earliest):
                earliest = waiting.due_at
        return earliest


class World(Struct, frozen=True):
    """What is outside the visitor: given with each stimulus, part of what a replay needs."""

    operators_online: int = 0
    timezone: str = "UTC"
    """The project's, an IANA name."""
    locale: str = "en"
    business_hours: dict[int, tuple[str, str]] = {}
    """Weekday (0 Monday) to opening and closing, HH:MM local."""
    holidays: tuple[str, ...] = ()
    """Local days on which the shop does not open, whatever its hours: YYYY-MM-DD, or MM-DD of every year."""
    currency: str = ""
    site: dict[str, Any] = {}
    """Name, address and links of the shop, for texts: {{ site.name }}; `popular` is its list of popular
    products."""
    quiet_hours: tuple[str, str] = ("", "")
    """HH:MM to HH:MM of the visitor's local time in which no marketing mail or push leaves."""
    frequency_cap: tuple[int, int] = (0, 0)
    """At most so many marketing messages (mail, push, messenger) within so many milliseconds; 0 for none."""
