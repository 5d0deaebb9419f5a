"""What a scenario file means, as typed values: the reader makes these, the engine runs them, the designer
shows them.

Everything is frozen. Durations are milliseconds. `line` is the line of the file (from 1) on which the thing
stands, so that a trace and an error can point at it. Names of events are kept as written; `event_key` gives
the compared form.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from scenarios_yaml.language.texts import Text

Status: TypeAlias = Literal["draft", "live", "paused", "archived"]
InputKind: TypeAlias = Literal["text", "email", "phone", "number", "date", "choice", "rating", "file"]
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]


@lru_cache(maxsize=1024)
def event_key(name: str) -> str:
    """The form in which event names are compared: case, spaces and underscores do not count."""
    return name.replace(" ", "").replace("_", "").casefold()


class Node(Struct, frozen=True):
    """A piece of a scenario that stands somewhere in its file."""


# --- Conditions: one line each, logic around them -----------------------------------------------------------


class Compare(Node, frozen=True, kw_only=True):
    """`path = value`, `path in [a, b]`, `path starts with "text"` … `value` is typed: number, bool, str or
    tuple."""

    path: str
    op: Literal["=", "!=", "<", "<=", ">", ">=", "in", "contains", "matches", "starts with", "ends with"]
    value: Any
    negated: bool = False
    line: int = 0
    source: str = ""


class Is(Node, frozen=True, kw_only=True):
    """`email is known`, `cart.items is not empty` …"""

    path: str
    what: Literal["known", "unknown", "empty", "true", "false", "subscribed"]
    negated: bool = False
    line: int = 0
    source: str = ""


class Did(Node, frozen=True, kw_only=True):
    """`did [not] EVENT [>= N times] [in DUR] [where path = value]`. Without a count: at least once."""

    event: str
    negated: bool = False
    op: Operator = ">="
    times: int = 1
    window: int | None = None
    where: Compare | Is | None = None
    line: int = 0
    source: str = ""


class SumOf(Node, frozen=True, kw_only=True):
    """`sum(EVENT.path) > N in DUR`"""

    event: str
    path: str
    op: Operator
    value: float
    window: int | None = None
    line: int = 0
    source: str = ""


class Ago(Node, frozen=True, kw_only=True):
    """`last_visit more than 7d ago`. A moment that never was satisfies neither form."""

    what: Literal["first_visit", "last_visit", "last_order"]
    more: bool
    duration: int
    line: int = 0
    source: str = ""


class Visits(Node, frozen=True, kw_only=True):
    op: Operator
    count: int
    line: int = 0
    source: str = ""


class Tagged(Node, frozen=True, kw_only=True):
    tag: str
    negated: bool = False
    line: int = 0
    source: str = ""


class InSegment(Node, frozen=True, kw_only=True):
    segment: str
    negated: bool = False
    line: int = 0
    source: str = ""


class Touched(Node, frozen=True, kw_only=True):
    """`[not] received|opened|clicked|replied SCENARIO[.step] [in DUR]`"""

    how: Literal["received", "opened", "clicked", "replied"]
    scenario: str
    step: str = ""
    window: int | None = None
    negated: bool = False
    line: int = 0
    source: str = ""


class NowIn(Node, frozen=True, kw_only=True):
    """`now [not] in business_hours` (both times empty) or `now in 09:00-18:00` (may cross midnight), `HH:MM`
    each."""

    begins: str = ""
    ends: str = ""
    negated: bool = False
    line: int = 0
    source: str = ""


class WeekdayIn(Node, frozen=True, kw_only=True):
    """`days` are 0 (Monday) to 6."""

    days: tuple[int, ...]
    negated: bool = False
    line: int = 0
    source: str = ""


class DateIn(Node, frozen=True, kw_only=True):
    """`visitor.birthday [not] in this month`, `… in this week`, `… is [not] today`: whatever its year."""

    path: str
    unit: Literal["month", "week", "day"]
    negated: bool = False
    line: int = 0
    source: str = ""


class OperatorsOnline(Node, frozen=True, kw_only=True):
    op: Operator
    count: int
    line: int = 0
    source: str = ""


class All(Node, frozen=True, kw_only=True):
    of: tuple[Condition, ...]
    line: int = 0


class Any_(Node, frozen=True, kw_only=True):  # noqa: N801
    of: tuple[Condition, ...]
    line: int = 0


class Not(Node, frozen=True, kw_only=True):
    of: Condition
    line: int = 0


Leaf: TypeAlias = (
    Compare
    | Is
    | Did
    | SumOf
    | Ago
    | Visits
    | Tagged
    | InSegment
    | Touched
    | NowIn
    | WeekdayIn
    | DateIn
    | OperatorsOnline
)
Condition: TypeAlias = Leaf | All | Any_ | Not


# --- Head of a file -----------------------------------------------------------------------------------------


class OnEvent(Node, frozen=True, kw_only=True):
    """An event, with conditions on it. Also `exit: {event, where}`."""

    event: str
    where: tuple[Condition, ...] = ()
    line: int = 0


class OnInactive(Node, frozen=True, kw_only=True):
    duration: int
    line: int = 0


class OnSegment(Node, frozen=True, kw_only=True):
    segment: str
    line: int = 0


class OnKeyword(Node, frozen=True, kw_only=True):
    words: tuple[str, ...]
    line: int = 0


class OnSchedule(Node, frozen=True, kw_only=True):
    """A broadcast: `cron` (five fields) or `at` (ISO local date-time); the other is empty."""

    cron: str = ""
    at: str = ""
    line: int = 0


Trigger: TypeAlias = OnEvent | OnInactive | OnSegment | OnKeyword | OnSchedule
ExitRule: TypeAlias = OnEvent | Condition


class Goal(Node, frozen=True, kw_only=True):
    event: str
    within: int
    where: tuple[Condition, ...] = ()
    line: int = 0


class Reentry(Node, frozen=True, kw_only=True):
    """`times` is once, always, or a number. `not_sooner_than` counts from the end of the last run with the
    same key."""

    times: int | Literal["always"] = "always"
    not_sooner_than: int = 0
    key: str = ""
    while_running: Literal["ignore", "restart", "parallel"] = "ignore"


class Delivery(Node, frozen=True, kw_only=True):
    priority: int = 50
    if_busy: Literal["drop", "queue"] = "drop"
    quiet_hours: Literal["wait", "skip", "ignore"] = "wait"
    frequency_cap: Literal["apply", "exempt"] = "apply"
    kind: Literal["marketing", "service"] = "marketing"


class Parameter(Node, frozen=True, kw_only=True):
    """What a shop adapts. `default` is typed by `type`: text, number, duration, link, coupon, section …"""

    name: str
    type: str
    default: Any
    label: Text | None = None


# --- Steps --------------------------------------------------------------------------------------------------
# `key` is unique in the file: the step's id, or the path of its place (`steps.2.options.0.steps.1`) where it
# has none.


class StepBase(Node, frozen=True, kw_only=True):
    key: str
    id: str = ""
    path: str = ""
    line: int = 0
    comment: str = ""
    enabled: bool = True


class Option(Node, frozen=True, kw_only=True):
    """An answer: its branch (`steps`) or its `jump`. `id` is the label's slug in the first language where
    none is given."""

    id: str
    label: Text
    when: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()
    jump: str = ""
    line: int = 0


class LinkButton(Node, frozen=True, kw_only=True):
    label: Text
    link: Text | None = None


class Say(StepBase, frozen=True, kw_only=True):
    text: Text
    options: tuple[Option, ...] = ()
    timeout: int | None = None
    no_answer: tuple[Step, ...] | None = None
    buttons: tuple[LinkButton, ...] = ()
    image: str = ""


class Ask(StepBase, frozen=True, kw_only=True):
    text: Text
    input: InputKind
    save_to: str
    retries: int = 2
    retry_text: Text | None = None
    timeout: int | None = None
    no_answer: tuple[Step, ...] | None = None
    choices: tuple[Text, ...] = ()


class PopupField(Node, frozen=True, kw_only=True):
    input: InputKind
    label: Text
    save_to: str
    required: bool = False
    choices: tuple[Text, ...] = ()


class Popup(StepBase, frozen=True, kw_only=True):
    size: Literal["small", "large", "mini"]
    title: Text
    text: Text
    image: str = ""
    button: LinkButton | None = None
    position: str = ""
    fields: tuple[PopupField, ...] = ()
    timeout: int | None = None
    on_submit: tuple[Step, ...] | None = None
    on_click: tuple[Step, ...] | None = None
    on_close: tuple[Step, ...] | None = None


class Email(StepBase, frozen=True, kw_only=True):
    """`body` is Markdown with Liquid; or `template` names a file of the templates folder."""

    subject: Text
    body: Text | None = None
    template: str = ""
    preheader: Text | None = None
    sender: Text | None = None
    attachments: tuple[str, ...] = ()
    on_error: tuple[Step, ...] | None = None


class Push(StepBase, frozen=True, kw_only=True):
    title: Text
    text: Text
    link: Text
    icon: str = ""
    on_error: tuple[Step, ...] | None = None


class MessengerMessage(StepBase, frozen=True, kw_only=True):
    text: Text
    on_error: tuple[Step, ...] | None = None


class SendFile(StepBase, frozen=True, kw_only=True):
    """`file` is a path below the files folder of the scenarios."""

    file: str
    caption: Text | None = None


class ProductList(StepBase, frozen=True, kw_only=True):
    source: str
    limit: int


class Coupon(StepBase, frozen=True, kw_only=True):
    """`on_error`: the pool is used up, or there is none of that name."""

    pool: str
    save_to: str
    on_error: tuple[Step, ...] | None = None


class If(StepBase, frozen=True, kw_only=True):
    conditions: tuple[Condition, ...]
    then: tuple[Step, ...]
    otherwise: tuple[Step, ...] = ()


class Case(Node, frozen=True, kw_only=True):
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...]
    line: int = 0


class Choose(StepBase, frozen=True, kw_only=True):
    cases: tuple[Case, ...]
    otherwise: tuple[Step, ...] = ()


class Variant(Node, frozen=True, kw_only=True):
    name: str
    weight: float
    steps: tuple[Step, ...]


class Split(StepBase, frozen=True, kw_only=True):
    variants: tuple[Variant, ...]


class Wait(StepBase, frozen=True, kw_only=True):
    """Exactly one way of waiting is set: `duration` (from `since`), `until`, `at` (wall time), or
    `business_hours`."""

    duration: int | None = None
    since: Literal["now", "trigger", "last_visit", "last_message"] = "now"
    until: str = ""
    """An ISO local date-time, or a path whose value is one."""
    at: str = ""
    """HH:MM in the scenario's time zone."""
    weekdays: tuple[int, ...] = ()
    within: int | None = None
    business_hours: bool = False


class WaitFor(StepBase, frozen=True, kw_only=True):
    event: str
    up_to: int
    where: tuple[Condition, ...] = ()
    then: tuple[Step, ...] = ()
    on_timeout: tuple[Step, ...] = ()


class Tag(StepBase, frozen=True, kw_only=True):
    tag: str
    remove: bool = False


class Set(StepBase, frozen=True, kw_only=True):
    """Paths to values; a value that is a string is a text (template), any other is taken as it is."""

    values: tuple[tuple[str, Any], ...]


class Emit(StepBase, frozen=True, kw_only=True):
    event: str
    properties: tuple[tuple[str, Any], ...] = ()


class Subscribe(StepBase, frozen=True, kw_only=True):
    list: str
    remove: bool = False


class Webhook(StepBase, frozen=True, kw_only=True):
    url: Text
    method: str = "POST"
    headers: tuple[tuple[str, Text], ...] = ()
    send: Any = None
    save_to: str = ""
    timeout: int = 10_000
    retries: int = 3
    on_error: tuple[Step, ...] | None = None


class Note(StepBase, frozen=True, kw_only=True):
    text: Text


class Handoff(StepBase, frozen=True, kw_only=True):
    team: str = ""
    operator: str = ""
    note: Text | None = None
    no_operator: tuple[Step, ...] | None = None


class Assign(StepBase, frozen=True, kw_only=True):
    team: str = ""
    operator: str = ""


class Jump(StepBase, frozen=True, kw_only=True):
    target: str


class Call(StepBase, frozen=True, kw_only=True):
    block: str


class Start(StepBase, frozen=True, kw_only=True):
    scenario: str


class Stop(StepBase, frozen=True, kw_only=True):
    reason: str


class Close(StepBase, frozen=True, kw_only=True):
    """Ends the run and closes its dialog."""

    reason: str


Step: TypeAlias = (
    Say
    | Ask
    | Popup
    | Email
    | Push
    | MessengerMessage
    | SendFile
    | ProductList
    | Coupon
    | If
    | Choose
    | Split
    | Wait
    | WaitFor
    | Tag
    | Set
    | Emit
    | Subscribe
    | Webhook
    | Note
    | Handoff
    | Assign
    | Jump
    | Call
    | Start
    | Stop
    | Close
)


class Scenario(Node, frozen=True, kw_only=True):
    """One file. `version` is the hash of the canonical file (12 hex digits)."""

    slug: str
    title: Text
    version: str
    trigger: tuple[Trigger, ...]
    steps: tuple[Step, ...]
    comment: str = ""
    status: Status = "draft"
    starter: bool = False
    group: str = ""
    timezone: Literal["visitor", "project"] = "project"
    parameters: tuple[Parameter, ...] = ()
    audience: tuple[Condition, ...] = ()
    exit: tuple[ExitRule, ...] = ()
    goal: Goal | None = None
    reentry: Reentry = Reentry()
    delivery: Delivery = Delivery()
    holdout: float = 0.0
    """Percent of visitors who are kept out, 0 to 100."""
    blocks: tuple[tuple[str, tuple[Step, ...]], ...] = ()


class Segment(Node, frozen=True, kw_only=True):
    """A file of its own, `segments/<slug>.yaml`: a visitor is in it while all its conditions hold."""

    slug: str
    title: Text
    version: str
    conditions: tuple[Condition, ...]
    comment: str = ""
