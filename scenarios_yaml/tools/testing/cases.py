"""What a test file means, as typed values: the cases beside a scenario, each a timeline of what happens and what
must come of it.

`line` is the line of the test file (from 1). Durations are milliseconds; dates and times stay as written, since the
case's time zone gives them their meaning. A `Text` may differ from language to language.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from scenarios_yaml.language.texts import Text

MONDAY_NOON = "2026-03-02 12:00"
"""When a case begins that does not say."""


class Item(Struct, frozen=True, kw_only=True):
    """A line of the timeline."""

    line: int


# --- What happens -------------------------------------------------------------------------------------------


class Happens(Item, frozen=True, kw_only=True):
    """`event: NAME`, from the site or a back end."""

    event: str
    properties: dict[str, Any] = {}


class Advance(Item, frozen=True, kw_only=True):
    duration: int


class AdvanceTo(Item, frozen=True, kw_only=True):
    """`until` is an ISO date-time, local to the project."""

    until: str


class Answers(Item, frozen=True, kw_only=True):
    """The visitor presses an answer: its label or id."""

    answer: Text


class Writes(Item, frozen=True, kw_only=True):
    text: Text
    files: tuple[str, ...] = ()


class Submits(Item, frozen=True, kw_only=True):
    """Fields of the pop-up by name, path or label, with what the visitor types into each."""

    fields: tuple[tuple[str, Text], ...] = ()


class Touches(Item, frozen=True, kw_only=True):
    """`close` the pop-up, `click` its button (else the link of what was sent last), `open` the last email."""

    how: Literal["close", "click", "open"]


class OperatorWrites(Item, frozen=True, kw_only=True):
    text: Text


class Changes(Item, frozen=True, kw_only=True):
    """Properties and tags that somebody else changes. None removes a property."""

    properties: dict[str, Any] = {}
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()


# --- How the world answers from here on ---------------------------------------------------------------------


class Online(Item, frozen=True, kw_only=True):
    operators: int


class FailsNext(Item, frozen=True, kw_only=True):
    """The next thing sent fails with this reason."""

    reason: str


class Replies(Item, frozen=True, kw_only=True):
    """What webhooks answer from here on; with `error` they fail."""

    reply: Any = None
    error: str = ""


class Coupons(Item, frozen=True, kw_only=True):
    """Codes by pool; an empty one: the pool is used up."""

    codes: dict[str, str] = {}


# --- What must have come of it ------------------------------------------------------------------------------

WantedKind: TypeAlias = Literal[
    "say", "ask", "popup", "email", "push", "message", "file", "webhook", "note", "handoff", "assign", "closed",
    "tag", "untag", "event", "subscribed", "unsubscribed",
]  # fmt: skip


class Wanted(Struct, frozen=True, kw_only=True):
    """One key of an `expect` that names something that came. `text` is None for `true`: any will do."""

    kind: WantedKind
    text: Text | None
    line: int
    options: tuple[Text, ...] | None = None
    buttons: tuple[Text, ...] | None = None
    fields: tuple[Text, ...] | None = None
    button: Text | None = None
    size: str = ""


class PathIs(Struct, frozen=True, kw_only=True):
    """`visitor.city: Prague`: the value at a path now; None: it is unknown."""

    path: str
    value: Any
    line: int


class Contents(Struct, frozen=True, kw_only=True):
    """`contains` or `lacks` a text, in the whole of what the same `expect` names."""

    text: Text
    line: int
    lacks: bool = False


class Expect(Item, frozen=True, kw_only=True):
    wanted: tuple[Wanted, ...] = ()
    paths: tuple[PathIs, ...] = ()
    contents: tuple[Contents, ...] = ()


class ExpectNothing(Item, frozen=True, kw_only=True):
    """Nothing reached the visitor but what was expected before."""


class ExpectEnd(Item, frozen=True, kw_only=True):
    """`exit`: a run was ended by an exit rule; `stop`: it ended with this reason; `refused`: it was not let in."""

    how: Literal["exit", "stop", "refused"]
    text: Text


class ExpectGoal(Item, frozen=True, kw_only=True):
    """The scenario's goal was reached."""


Happening: TypeAlias = (
    Happens | Advance | AdvanceTo | Answers | Writes | Submits | Touches | OperatorWrites | Changes
)
WorldChange: TypeAlias = Online | FailsNext | Replies | Coupons
Expectation: TypeAlias = Expect | ExpectNothing | ExpectEnd | ExpectGoal
Doable: TypeAlias = Happening | WorldChange
"""What does something, and expects nothing."""
TimelineItem: TypeAlias = Doable | Expectation


class Case(Struct, frozen=True, kw_only=True):
    """One test. `locales` are the languages in which it runs, at least one."""

    name: str
    line: int
    locales: tuple[str, ...] = ("en",)
    given: dict[str, Any] = {}
    tags: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    variants: dict[str, str] = {}
    """The name of the wanted variant by the id of the split."""
    held_out: bool = False
    at: str = MONDAY_NOON
    timezone: str = "UTC"
    quiet_hours: tuple[str, str] = ("", "")
    business_hours: tuple[str, str] | None = None
    open_on: tuple[int, ...] = ()
    """The days of the week (0 Monday) on which the shop has these hours; none are named: on all of them."""
    holidays: tuple[str, ...] = ()
    """Days on which the shop does not open: YYYY-MM-DD, or MM-DD."""
    frequency_cap: tuple[int, int] = (0, 0)
    operators_online: int = 1
    beside: tuple[str, ...] = ()
    """Slugs of other scenarios that run too."""
    site: dict[str, Any] = {}
    """What is said of the shop, over what every test knows of it."""
    timeline: tuple[TimelineItem, ...] = ()
