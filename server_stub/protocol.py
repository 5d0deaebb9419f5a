"""Everything that crosses the wire, by endpoint: operators' REST, the stream, and the widget's socket.

The console imports this file and nothing else of the server. All times are milliseconds since the epoch, UTC.
Identifiers are opaque strings. Text is raw, as its author wrote it: whoever shows it cleans it.
A union is told apart by its `kind` (journal) or `type` (frames). Fields at their default are left out.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

PROTOCOL_VERSION = 1

MAX_MESSAGE_CHARS = 20_000
"""The longest text of one chat message, in characters."""

MAX_LOOK_CHARS = 100
"""Of each text of the widget's look."""

MAX_FILE_BYTES = 2 * 1024 * 1024
"""The largest file that a dialog takes, in bytes."""


class Wire(Struct, frozen=True, omit_defaults=True):
    """What the server sends. Unknown fields are ignored, so that an older console reads a newer server."""


class Request(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the server is sent. An unknown field is an error, so that a typing mistake is not half-accepted."""


# --- Shared pieces ----------------------------------------------------------------------------------------------

AuthorKind: TypeAlias = Literal["visitor", "operator", "bot", "system"]
DialogStatus: TypeAlias = Literal["open", "snoozed", "closed"]
"""A snoozed dialog comes back by itself: at its time, or with the visitor's next message. A visitor has at most one
dialog that is not closed."""
Priority: TypeAlias = Literal["low", "normal", "high", "urgent"]
Role: TypeAlias = Literal["owner", "admin", "marketer", "operator"]
"""operator: dialogs and visitors. marketer: that, and scenarios. admin: that, and operators, erasing and exporting.
owner: as admin, and cannot be removed."""
PresetKind: TypeAlias = Literal["reply", "macro", "filter"]
Holder: TypeAlias = Literal["bot", "people"]
"""Who leads a dialog: a scenario's run, or the operators."""
PopupOutcome: TypeAlias = Literal["submitted", "clicked", "closed", "timed_out", "withdrawn"]
ScenarioSwitch: TypeAlias = Literal["draft", "live", "paused", "archived"]
"""What a scenario's file says of itself. Only a live one lets visitors in."""
OutboxStatus: TypeAlias = Literal["waiting", "sent", "failed", "unknown", "kept"]
PopupSize: TypeAlias = Literal["small", "large", "mini"]


class Author(Wire, frozen=True):
    """Who wrote or did something. `id` is the operator's, the visitor's or the scenario's; empty for the system."""

    kind: AuthorKind
    id: str = ""
    name: str = ""


class Option(Wire, frozen=True):
    """One answer button below a bot's question."""

    id: str
    label: str


class Button(Wire, frozen=True):
    """A link that looks like a button."""

    label: str
    link: str


class FileRef(Wire, frozen=True):
    """A stored file. `url` is a path on the server that cannot be guessed; `size` is in bytes."""

    id: str
    name: str
    media_type: str
    size: int
    url: str


class Origin(Wire, frozen=True):
    """Which run said something, at which step of which version. `step` is its id, or its place where it has none."""

    run: str
    scenario: str
    version: str
    step: str


class Message(Wire, frozen=True):
    """One message of a dialog, or a note (`note`), which the visitor never sees.

    `seq` is that of the journal entry which brought it: it orders a feed. `client_id` is the sender's own id for
    it: the same `client_id` again is the same message. `chosen` is the id of the option that the visitor took.
    """

    id: str
    dialog: str
    visitor: str
    author: Author
    at: int
    seq: int = 0
    text: str = ""
    note: bool = False
    options: tuple[Option, ...] = ()
    chosen: str = ""
    buttons: tuple[Button, ...] = ()
    input: str = ""
    """Set on a bot's `ask`: text, email, phone, number, date, choice, rating or file."""
    image: str = ""
    files: tuple[FileRef, ...] = ()
    client_id: str = ""
    closed: bool = False
    """A question that no longer waits for an answer."""
    mentions: tuple[str, ...] = ()
    """Of a note: ids of the operators whom it calls."""
    edited_at: int = 0
    """When its author changed it last; 0: never."""
    deleted: bool = False
    """Its author took it away: it has neither text nor files any more, and the visitor does not see it."""
    send_at: int = 0
    """Of a message that waits to be sent: when. 0 once it is sent."""
    origin: Origin | None = None
    """Of a scenario's message: where it comes from. The visitor's page is not told."""


class VisitorNote(Wire, frozen=True):
    """What operators keep in mind about a person, whatever the dialog."""

    id: str
    at: int
    by: Author
    text: str


class PopupField(Wire, frozen=True):
    name: str
    input: str
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()


class Popup(Wire, frozen=True):
    """A pop-up as the widget shows it. `button.link` is empty where the button submits the fields."""

    id: str
    scenario: str
    size: PopupSize
    title: str
    text: str
    at: int
    image: str = ""
    button: Button | None = None
    position: str = ""
    fields: tuple[PopupField, ...] = ()


# --- The journal ------------------------------------------------------------------------------------------------


class EventHappened(Wire, frozen=True, tag_field="kind", tag="event"):
    """An event of the visitor: from the widget, a back end, or derived by the server (Session Started …)."""

    name: str
    properties: dict[str, Any] = {}
    message_id: str = ""
    received_at: int = 0
    """When the server got it; the entry's `at` is when it happened. 0 where they are the same."""
    scenario: str = ""
    """The scenario that made it; empty where it came from outside. The engine has taken it in already."""
    origin: Origin | None = None
    """Of a Message Clicked: the step whose message it was."""


class ProfileLink(Wire, frozen=True):
    label: str
    url: str


class OpenProfile(Wire, frozen=True):
    """What an open source (such as Gravatar) tells of an email's owner. `url` is his page there."""

    source: str
    at: int
    url: str = ""
    name: str = ""
    avatar_url: str = ""
    about: str = ""
    place: str = ""
    links: tuple[ProfileLink, ...] = ()


class VisitorChanged(Wire, frozen=True, tag_field="kind", tag="visitor"):
    """Properties or tags of a visitor changed. A `null` value removes the property."""

    by: Author
    changes: dict[str, Any] = {}
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    called: str | UnsetType = UNSET
    """What the dialog list calls him from here on (DialogSummary.visitor_name); left out where that stays."""
    blocked: bool | UnsetType = UNSET
    """Nothing that a blocked visitor writes is taken, and no scenario speaks to him."""


class VisitorNoted(Wire, frozen=True, tag_field="kind", tag="visitor_note"):
    """A note on the person was written, or taken away."""

    note: VisitorNote
    removed: bool = False


class VisitorFound(Wire, frozen=True, tag_field="kind", tag="visitor_found"):
    """An open source told something about the person; an empty `profile.url` says that it does not know him."""

    profile: OpenProfile


class VisitorErased(Wire, frozen=True, tag_field="kind", tag="visitor_erased"):
    """The entry's visitor was erased with all he said and did: his dialogs are gone from every list."""

    by: Author


class VisitorMerged(Wire, frozen=True, tag_field="kind", tag="visitor_merged"):
    """`gone` is now the entry's visitor: his dialogs and history belong to it from this entry on."""

    gone: str


class DialogOpened(Wire, frozen=True, tag_field="kind", tag="dialog_opened"):
    by: Author
    holder: Holder
    visitor_name: str = ""
    channel: str = "chat"


class DialogChanged(Wire, frozen=True, tag_field="kind", tag="dialog"):
    """What changed of a dialog; what is left out stayed. `reason` tells why a bot closed or handed over."""

    by: Author
    status: DialogStatus | UnsetType = UNSET
    holder: Holder | UnsetType = UNSET
    assignee: str | UnsetType = UNSET
    """The operator's id; empty: nobody."""
    team: str | UnsetType = UNSET
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    reason: str = ""
    snoozed_until: int | UnsetType = UNSET
    """With status snoozed: the moment at which it comes back; 0: with the visitor's next message."""
    priority: Priority | UnsetType = UNSET


class DialogMerged(Wire, frozen=True, tag_field="kind", tag="dialog_merged"):
    """Dialog `gone` of the same visitor is now part of the entry's dialog, with all of its messages."""

    by: Author
    gone: str


class DialogRated(Wire, frozen=True, tag_field="kind", tag="rated"):
    """The visitor answered how we did: `score` from 1 to 5. `message` is the question."""

    message: str
    score: int


class MessageEdited(Wire, frozen=True, tag_field="kind", tag="message_edited"):
    """Its author changed the text of a message or note."""

    by: Author
    message: str
    text: str
    mentions: tuple[str, ...] = ()


class MessageDeleted(Wire, frozen=True, tag_field="kind", tag="message_deleted"):
    """Its author took a message or note away."""

    by: Author
    message: str


class MessageScheduled(Wire, frozen=True, tag_field="kind", tag="scheduled"):
    """A message that is sent at `message.send_at`; again with the same id: it was changed. It comes as MessageSent."""

    message: Message


class ScheduleCancelled(Wire, frozen=True, tag_field="kind", tag="schedule_cancelled"):
    """A scheduled message will not be sent."""

    by: Author
    message: str
    reason: str = ""


class MessageSent(Wire, frozen=True, tag_field="kind", tag="message"):
    message: Message


class MessageChanged(Wire, frozen=True, tag_field="kind", tag="message_changed"):
    """The visitor took an option of a bot's question."""

    message: str
    chosen: str


class QuestionClosed(Wire, frozen=True, tag_field="kind", tag="question_closed"):
    """The bot's question no longer waits: its run went on or ended without an answer. Its buttons go."""

    message: str


class Receipt(Wire, frozen=True, tag_field="kind", tag="receipt"):
    """Everything up to message seq `up_to` of the dialog has been delivered to, or seen by, that side."""

    side: Literal["visitor", "operator"]
    state: Literal["delivered", "seen"]
    up_to: int
    by: str = ""
    """The operator's id, on the operators' side."""
    delivered: tuple[Origin, ...] = ()
    """On the visitor's side: where the scenarios' messages come from that are delivered with this receipt."""
    seen: tuple[Origin, ...] = ()
    """Likewise of those that are seen with it."""


class PopupShown(Wire, frozen=True, tag_field="kind", tag="popup"):
    popup: Popup


class PopupEnded(Wire, frozen=True, tag_field="kind", tag="popup_ended"):
    popup: str
    scenario: str
    outcome: PopupOutcome
    fields: dict[str, Any] = {}


class TookVariant(Wire, frozen=True):
    """Which branch of a `split` a run took, by the key of the split in that version."""

    step: str
    version: str
    variant: str


class RunProgress(Wire, frozen=True, tag_field="kind", tag="run"):
    """One line of a run's trace: where it stands, what came of the step, what changed.

    `held_out`: one who was kept out, to be compared with, would have begun a run here. It has no `run`, like the goal
    that he may come to. `counted`, `branch` and `reason` are what figures count: the words are those of TraceLine.
    """

    run: str
    scenario: str
    version: str
    phase: Literal["held_out", "started", "step", "ended", "goal"]
    step: str = ""
    """The step's id, or its path where it has none."""
    result: str = ""
    line: int = 0
    """The line of the scenario's file that decided it; 0 where none did."""
    due: int = 0
    """When it was due; 0: at the entry's `at`. A server that was down catches up later."""
    came: bool = False
    """With this line the run came to the step."""
    counted: str = ""
    branch: str = ""
    """Which way the run took at the step: an option, a variant, the number of a case, or a branch's key in the file."""
    reason: str = ""
    """Of what ended, failed or was suppressed: why, without what differs from visitor to visitor."""
    took: tuple[TookVariant, ...] = ()
    """Of a goal: the variants that the run had taken by then."""


class OutboxChanged(Wire, frozen=True, tag_field="kind", tag="outbox"):
    """An email, push or webhook was planned, sent, or failed. `summary` is its subject or title.

    `kept`: it is complete, and no channel is set up that could send it. `error` says why it failed; `reply` is what a
    webhook answered; `run` is the run that may wait for the outcome.
    """

    id: str
    channel: str
    status: OutboxStatus
    scenario: str = ""
    summary: str = ""
    run: str = ""
    error: str = ""
    reply: Any = None
    version: str = ""
    step: str = ""
    """The step of the scenario's version that it comes from."""


class ScenarioProblem(Wire, frozen=True):
    """One error of a scenario file; line and column count from 1."""

    line: int
    column: int
    text: str
    hint: str = ""


class ScenarioChanged(Wire, frozen=True, tag_field="kind", tag="scenario"):
    """A scenario file was read. With `problems`, the last good version (if any) stays live.

    `by` is the operator who published it, and `why` in his words; empty where the file was changed in the folder.
    `choices` says what becomes of the visitors of the version before whose step is gone: the step at which they go on,
    or "" where they stop. `base` names the text that is published now: it changes with every comment, the version only
    with what the text means.
    """

    slug: str
    status: str
    version: str
    title: str = ""
    file: str = ""
    problems: tuple[ScenarioProblem, ...] = ()
    by: str = ""
    choices: dict[str, str] = {}
    base: str = ""
    why: str = ""


class SegmentChanged(Wire, frozen=True, tag_field="kind", tag="segment"):
    """A segment's file was read. With `problems`, the last good version (if any) stays; `removed`: the file is gone.

    `by`, `why` and `base` as of ScenarioChanged.
    """

    slug: str
    version: str
    title: str = ""
    file: str = ""
    problems: tuple[ScenarioProblem, ...] = ()
    removed: bool = False
    by: str = ""
    base: str = ""
    why: str = ""


class BroadcastBegan(Wire, frozen=True, tag_field="kind", tag="broadcast"):
    """The moment `due` of a scenario's schedule has come: from here on each visitor who is known is asked for it."""

    scenario: str
    version: str
    due: int


class BroadcastEnded(Wire, frozen=True, tag_field="kind", tag="broadcast_ended"):
    """Everybody has been asked; `entered` of the `asked` were let in.

    `missed`: the moment passed while the server was down, too long ago to be made up for: nobody was asked.
    """

    scenario: str
    due: int
    asked: int
    entered: int
    missed: bool = False


class Preset(Wire, frozen=True):
    """GET /api/presets?kind= → list of these: saved replies, macros and saved filters, the caller's own and the shared.

    `text` is a reply's text (Liquid, with `visitor`, `operator`, `site` and `dialog`), what a macro says before it
    changes the dialog, or the address of a filter (see the console's dialog_filter). `owner` is empty where it is
    shared.
    """

    id: str
    kind: PresetKind
    name: str
    text: str = ""
    folder: str = ""
    owner: str = ""
    change: ChangeDialog | None = None
    """Of a macro: what becomes of the dialog."""
    at: int = 0
    by: str = ""
    """Who wrote it last: the operator's id."""


class OperatorChanged(Wire, frozen=True, tag_field="kind", tag="operator"):
    """An operator was added, removed, or came and went."""

    operator: str
    name: str
    role: str
    online: bool = False
    removed: bool = False
    away: bool = False
    """He is online and takes no new dialogs: by his own word, or because nothing was pressed for long."""


class PresetChanged(Wire, frozen=True, tag_field="kind", tag="preset"):
    """A saved reply, macro or saved filter was written, or taken away. Other operators' own ones are not told."""

    preset: Preset
    removed: bool = False


class Erased(Wire, frozen=True, tag_field="kind", tag="erased"):
    """What stood here was erased with its person; the number stays."""


EntryBody: TypeAlias = (
    EventHappened
    | VisitorChanged
    | VisitorMerged
    | DialogOpened
    | DialogChanged
    | MessageSent
    | MessageChanged
    | QuestionClosed
    | Receipt
    | PopupShown
    | PopupEnded
    | RunProgress
    | OutboxChanged
    | ScenarioChanged
    | SegmentChanged
    | BroadcastBegan
    | BroadcastEnded
    | OperatorChanged
    | Erased
    | VisitorNoted
    | VisitorFound
    | VisitorErased
    | DialogMerged
    | DialogRated
    | MessageEdited
    | MessageDeleted
    | MessageScheduled
    | ScheduleCancelled
    | PresetChanged
)


class Entry(Wire, frozen=True):
    """One entry of the journal. Numbers rise by one; `visitor` and `dialog` are empty where it has none."""

    seq: int
    at: int
    what: EntryBody
    visitor: str = ""
    dialog: str = ""


# --- REST: what is read -----------------------------------------------------------------------------------------


class Me(Wire, frozen=True):
    """GET /api/me"""

    id: str
    name: str
    role: str
    site: str
    """The shop's name."""
    server_version: str
    protocol: int = PROTOCOL_VERSION
    site_url: str = ""
    """The shop's address, where the settings (or the demo) know it."""
    away: bool = False


class Operator(Wire, frozen=True):
    """GET /api/operators → list of these"""

    id: str
    name: str
    role: str
    online: bool = False
    away: bool = False
    dialogs: int = 0
    """His open dialogs; not in the stream."""


class DialogSummary(Wire, frozen=True):
    """A line of the dialog list. `seq` is that of the last entry that changed it.

    `unread` counts the visitor's messages that no operator has seen. `waiting_since` is 0 where nobody waits for a
    person: it starts with a hand-over or a visitor's message to people, and ends with an operator's answer.
    `visitor_name` is the visitor's name, else his email, else empty. `delivered_up_to` and `seen_up_to` are message
    seqs on the visitor's side.
    """

    id: str
    visitor: str
    seq: int
    opened_at: int
    last_at: int
    visitor_name: str = ""
    status: DialogStatus = "open"
    holder: Holder = "bot"
    assignee: str = ""
    team: str = ""
    tags: tuple[str, ...] = ()
    last_text: str = ""
    last_author: AuthorKind = "system"
    last_author_name: str = ""
    unread: int = 0
    waiting_since: int = 0
    delivered_up_to: int = 0
    seen_up_to: int = 0
    channel: str = "chat"
    answered: bool = False
    """The visitor has written or chosen something: not only a bot talking to itself."""
    priority: Priority = "normal"
    snoozed_until: int = 0
    """Of a snoozed dialog: when it comes back; 0: with the visitor's next message."""
    mentioned: tuple[str, ...] = ()
    """Operators whom a note calls and who have not looked since (their Receipt ends it)."""
    rating: int = 0
    """How the visitor found it, from 1 to 5; 0: not said."""
    last_message: str = ""
    """The id of the message that `last_text` shows: when it is edited or deleted, `last_text` follows."""


class DialogPage(Wire, frozen=True):
    """GET /api/dialogs?status=&assignee=&tag=&visitor=&cursor=&limit=   newest first by `last_at`

    `status` active is open and snoozed together.

    `seq` is the journal's last number at the moment of reading: subscribe after it. `cursor` is empty at the end.
    """

    seq: int
    dialogs: tuple[DialogSummary, ...]
    cursor: str = ""
    total: int = 0
    """How many dialogs match in all."""


class FeedPage(Wire, frozen=True):
    """GET /api/dialogs/{id}/feed?before=<seq>&limit=  and  GET /api/visitors/{id}/feed?before=&limit=

    Journal entries of kinds message, message_changed, dialog_opened, dialog, dialog_merged, rated, receipt, popup,
    popup_ended, oldest first. `more` tells whether there are older ones. `MessageSent` carries the message as it is
    now.
    """

    seq: int
    entries: tuple[Entry, ...]
    more: bool = False


class EventPage(Wire, frozen=True):
    """GET /api/visitors/{id}/events?before=<seq>&limit=

    Entries of kinds event, run, popup, popup_ended, newest first.
    """

    entries: tuple[Entry, ...]
    more: bool = False


class CartItem(Wire, frozen=True):
    product_id: str
    name: str = ""
    price: float = 0.0
    quantity: float = 1
    url: str = ""
    image_url: str = ""


class Cart(Wire, frozen=True):
    items: tuple[CartItem, ...] = ()
    total: float = 0.0
    currency: str = ""


class Touch(Wire, frozen=True):
    """Where a visit came from. `channel` is one of direct, search, social, email, referral, paid, other."""

    at: int = 0
    referrer: str = ""
    channel: str = "direct"
    utm: dict[str, str] = {}
    landing: str = ""


class PageNow(Wire, frozen=True):
    url: str = ""
    title: str = ""
    section: str = ""
    at: int = 0


class VisitorCard(Wire, frozen=True):
    """GET /api/visitors/{id}"""

    id: str
    seq: int
    name: str = ""
    email: str = ""
    phone: str = ""
    user_id: str = ""
    properties: dict[str, Any] = {}
    tags: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    online: bool = False
    visits: int = 0
    first_visit: int = 0
    last_visit: int = 0
    first_touch: Touch = Touch()
    last_touch: Touch = Touch()
    page: PageNow = PageNow()
    cart: Cart = Cart()
    orders: int = 0
    revenue: float = 0.0
    device: str = ""
    locale: str = ""
    timezone: str = ""
    dialogs: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    """Ids of visitors who became this one."""
    blocked: bool = False
    notes: tuple[VisitorNote, ...] = ()
    """The newest first."""
    devices: tuple[str, ...] = ()
    """All that he came with, the last one first; `device` is the first of them."""
    place: str = ""
    """City and country, where his properties or his visits' context tell; no address is looked up."""
    profiles: tuple[OpenProfile, ...] = ()
    """What open sources tell, where the shop has switched that on."""


class VisitorBrief(Wire, frozen=True):
    """A line of a list of visitors. `since` is when the visit began; `dialog` the one that is not closed."""

    id: str
    last_at: int
    name: str = ""
    email: str = ""
    phone: str = ""
    tags: tuple[str, ...] = ()
    online: bool = False
    since: int = 0
    page: PageNow = PageNow()
    visits: int = 0
    cart_items: float = 0
    cart_total: float = 0.0
    currency: str = ""
    orders: int = 0
    revenue: float = 0.0
    channel: str = ""
    """From where he came first."""
    device: str = ""
    dialog: str = ""
    blocked: bool = False


class VisitorPage(Wire, frozen=True):
    """GET /api/visitors?q=&online=&segment=&blocked=&cursor=&limit=   who was here last comes first

    `q` is looked for in names, emails, phones and user ids; `online=true` are those whose page is open. `seq` is the
    journal's last number at the moment of reading.
    """

    seq: int
    visitors: tuple[VisitorBrief, ...]
    cursor: str = ""
    total: int = 0


class FoundMessage(Wire, frozen=True):
    """`text` is the part of the message around what was found; `marks` are (begin, end) of the words in it."""

    dialog: str
    message: str
    seq: int
    at: int
    author: Author
    text: str
    marks: tuple[tuple[int, int], ...] = ()
    note: bool = False


class SearchResults(Wire, frozen=True):
    """GET /api/find?q=&limit=   while it is typed: the last word is taken for the beginning of one

    `messages` are the newest that hold all words, one a dialog; `visitors` those whose name, email, phone or user id
    do; `dialogs` are the rows of all dialogs that either means, or whose tag it is.
    """

    dialogs: tuple[DialogSummary, ...] = ()
    messages: tuple[FoundMessage, ...] = ()
    visitors: tuple[VisitorBrief, ...] = ()
    more: bool = False


class MergedField(Wire, frozen=True):
    """What becomes of one field when two visitors are merged: `result` is one of the two values, or both together."""

    name: str
    kept: Any = None
    gone: Any = None
    result: Any = None


class VisitorMergePlan(Wire, frozen=True):
    """The answer to MergeVisitors. `done` is false after a rehearsal."""

    kept: str
    gone: str
    done: bool
    fields: tuple[MergedField, ...] = ()
    """Those in which the two differ."""
    dialogs: int = 0
    """Dialogs of the one who goes."""
    merged_dialog: str = ""
    """Both have a dialog that is not closed: this one becomes part of the other's."""


class Erasure(Wire, frozen=True):
    """The answer to DELETE /api/visitors/{id}: what there was, and is no more."""

    entries: int
    messages: int
    files: int
    dialogs: int


# --- Figures: what happened at the steps of a scenario ---


FigureName: TypeAlias = Literal[
    "entered", "held_out", "goal", "held_out_goal", "variant", "variant_goal", "ended", "reached", "went",
    "delivered", "kept", "seen", "clicked", "answered", "submitted", "closed", "timed_out", "failed", "suppressed",
]  # fmt: skip


class DayFigures(Wire, frozen=True):
    """One day of the project's time zone, such as 2026-03-02."""

    day: str
    entered: int = 0
    goal: int = 0


class StepFigures(Wire, frozen=True):
    """What happened at one step of one version. A run that comes to it twice, as in a loop, counts twice.

    `waiting` are the visitors who stand there now, whatever the period. What is `delivered` has reached the visitor's
    page, or has left (email, push, webhook); `kept` is complete, and no channel is set up that could send it; a pop-up
    is delivered when it is shown. `branches` are the ways that runs took from here (see RunProgress), `*_why` reasons.
    """

    step: str
    version: str
    reached: int = 0
    waiting: int = 0
    delivered: int = 0
    kept: int = 0
    seen: int = 0
    clicked: int = 0
    answered: int = 0
    submitted: int = 0
    closed: int = 0
    timed_out: int = 0
    failed: int = 0
    suppressed: int = 0
    ended: int = 0
    branches: dict[str, int] = {}
    failed_why: dict[str, int] = {}
    suppressed_why: dict[str, int] = {}
    ended_why: dict[str, int] = {}


class VariantFigures(Wire, frozen=True):
    """One branch of a `split`: how many runs took it, and how many of them came to the goal afterwards."""

    step: str
    version: str
    variant: str
    entered: int = 0
    goal: int = 0


class ScenarioFigures(Wire, frozen=True):
    """GET /api/scenarios/{slug}/figures?since=&until=&version=

    Whole days of the project's time zone, from that of `since` to that of `until` (ms; without them: all). `seq` is the
    journal's last number at the moment of reading. `entered` counts runs; not one that was restarted, nor one that was
    dropped before it spoke. `goal` are runs that came to their goal in time; with a goal, `held_out` are those who
    would have been let in. `running` are runs on their way now, whatever the period. Who was refused is told by a
    backtest and by `why`: the server keeps no trace of that. Who is erased is in no figure any more.
    """

    slug: str
    seq: int
    entered: int = 0
    running: int = 0
    ended: dict[str, int] = {}
    """By reason."""
    goal: int = 0
    held_out: int = 0
    held_out_goal: int = 0
    days: tuple[DayFigures, ...] = ()
    """Those on which somebody entered or came to the goal, rising."""
    steps: tuple[StepFigures, ...] = ()
    variants: tuple[VariantFigures, ...] = ()


class ScenarioTotals(Wire, frozen=True):
    """Of the last `days` days, today the last of them: as in ScenarioFigures, each day in its place."""

    entered: int = 0
    goal: int = 0
    days: tuple[DayFigures, ...] = ()


class FigureVisitor(Wire, frozen=True):
    """One of those behind a figure: when it was counted, by which entry of the journal, for which run. `called` is his
    name, else his email; `visitor` is whom he has become."""

    visitor: str
    at: int
    seq: int
    called: str = ""
    run: str = ""
    version: str = ""
    step: str = ""
    branch: str = ""
    """The way or the reason, where the figure has one."""


class FigureVisitors(Wire, frozen=True):
    """GET /api/scenarios/{slug}/visitors?figure=&step=&branch=&version=&since=&until=&before=&limit=   newest first

    `figure` is a FigureName; `branch` is a way (`went`, `variant`, `variant_goal`) or a reason (`ended`, `failed`,
    `suppressed`). Without `step`, `branch` or `version`: any. `before` is the `cursor` of the page before; an empty
    cursor: there is no more.
    """

    visitors: tuple[FigureVisitor, ...] = ()
    cursor: str = ""


class ScenarioStatus(Wire, frozen=True):
    """GET /api/scenarios?days= → list of these"""

    slug: str
    title: str
    status: str
    version: str
    file: str
    running: int = 0
    """Runs on their way now."""
    problems: tuple[ScenarioProblem, ...] = ()
    totals: ScenarioTotals | None = None
    """Where `days` (1 to 366) was asked for."""


class SegmentStatus(Wire, frozen=True):
    """GET /api/segments → list of these. `members` are the visitors who are in it now."""

    slug: str
    title: str
    version: str
    file: str
    members: int = 0
    problems: tuple[ScenarioProblem, ...] = ()


class StepCount(Wire, frozen=True):
    """Visitors who stand at a step of one version; `step` is its id, or its place where it has none."""

    version: str
    step: str
    visitors: int


class ScenarioFile(Wire, frozen=True):
    """GET /api/scenarios/{slug}  and  GET /api/segments/{slug}

    `base` names this very text: who publishes another one says which he has seen. `by` is who published it, empty
    where the file was changed in the folder.
    """

    slug: str
    file: str
    text: str
    base: str
    version: str
    status: str = ""
    published_at: int = 0
    by: str = ""
    standing: tuple[StepCount, ...] = ()
    why: str = ""
    """Why it was published, in the words of who did it."""


class ScenarioTests(Wire, frozen=True):
    """GET /api/scenarios/{slug}/tests: the cases that stand beside a scenario, in `<slug>.test.yaml`.

    `base` names this very text, as that of a ScenarioFile does. Where there are no tests, both are empty.
    """

    slug: str
    file: str
    text: str
    base: str


class ShopWorld(Wire, frozen=True):
    """GET /api/world: what scenarios see of the shop, for whoever plays a draft or tests it.

    Hours are HH:MM-HH:MM, local: `business_hours` by day (mon … sun), a day that is left out is free. `holidays` are
    YYYY-MM-DD, or MM-DD of every year. At most `most` marketing messages are sent within `within_ms`; 0: as many as
    there are. `site` has its name and address.
    """

    timezone: str
    locale: str = "en"
    business_hours: dict[str, str] = {}
    holidays: tuple[str, ...] = ()
    quiet_hours: str = ""
    most: int = 0
    within_ms: int = 0
    currency: str = ""
    site: dict[str, str] = {}


class ScenarioVersion(Wire, frozen=True):
    """GET /api/scenarios/{slug}/versions?before=<seq>&limit=  and  GET /api/segments/{slug}/versions?…

    → list of these, the newest first: every text that was ever published, also of what is removed by now.

    `seq` is that of the entry with which it was published. GET …/versions/{base} → its ScenarioFile, of which only
    `file` and `standing` speak of today. `version` changes with what the text means, `base` with every byte. `by` is
    who published it, empty where the file was changed in the folder. With `status` removed the file was taken away:
    there is no text.
    """

    seq: int
    base: str
    version: str
    at: int
    status: str = ""
    by: str = ""
    why: str = ""


class ScenarioDifference(Wire, frozen=True):
    """One thing in which two versions differ: `where` leads to it, `what` is the key, `line` that of the newer file."""

    kind: Literal["added", "removed", "changed", "moved"]
    where: str
    what: str
    before: str = ""
    after: str = ""
    line: int = 0
    step: str = ""


class VisitorsStanding(Wire, frozen=True):
    """Visitors at one step of the live version, and what becomes of them when the other one is published.

    fate: `stays` on its version (a bot's dialog), `follows` the step, `moves` to the step that was chosen, `stops`, or
    `undecided`: the step is gone and nobody has chosen.
    """

    step: str
    name: str
    visitors: int
    fate: Literal["stays", "follows", "moves", "stops", "undecided"]
    to: str = ""
    to_name: str = ""


class Publication(Wire, frozen=True):
    """The answer to PublishScenario. `published` is false after a rehearsal, and where nothing differs."""

    slug: str
    published: bool
    base: str
    """Of the text as it lies on the server now."""
    version: str
    differences: tuple[ScenarioDifference, ...] = ()
    standing: tuple[VisitorsStanding, ...] = ()
    problems: tuple[ScenarioProblem, ...] = ()
    """Warnings of the new text."""


class KnownName(Wire, frozen=True):
    """A name that one may write into a scenario. `times` is 0 where only a scenario uses it."""

    name: str
    times: int = 0
    last_at: int = 0


class KnownEvent(Wire, frozen=True):
    """An event as it was written last. `properties` are the names that came with it, the most usual first."""

    name: str
    times: int = 0
    last_at: int = 0
    properties: tuple[str, ...] = ()


class KnownNames(Wire, frozen=True):
    """GET /api/names: what there is to be named in a scenario, for whoever writes one.

    What was seen in the journal since `since` (ms; 0: it is empty), or is used by a scenario or segment. The most usual
    come first, and of each only some hundred are kept. Foreign sites make names up: they are raw. `properties` are the
    visitors'; `segments` are titles by slug; `files` what `file` and `image` may send, `templates` letters.
    """

    events: tuple[KnownEvent, ...] = ()
    properties: tuple[KnownName, ...] = ()
    tags: tuple[KnownName, ...] = ()
    segments: dict[str, str] = {}
    teams: tuple[KnownName, ...] = ()
    coupon_pools: tuple[str, ...] = ()
    lists: tuple[KnownName, ...] = ()
    files: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    paths: tuple[KnownName, ...] = ()
    """Of pages, without a query."""
    sections: tuple[KnownName, ...] = ()
    since: int = 0


class ReachRefusal(Wire, frozen=True):
    """A condition of the draft, and how many visitors it keeps out now. `kind` is audience or exit."""

    kind: str
    line: int
    text: str
    visitors: int


class ReachNow(Wire, frozen=True):
    """Whom the draft's audience fits now: `fits` of all known `visitors`. Who is blocked is asked nothing."""

    visitors: int
    fits: int
    blocked: int = 0
    refused: tuple[ReachRefusal, ...] = ()


class PastStep(Wire, frozen=True):
    """One step of the draft, in the order of the file; `depth` is how deep it stands. Counts are runs, but for `sent`,
    which is messages. `branch`: it is the first step of that branch."""

    key: str
    kind: str
    name: str
    line: int
    depth: int
    branch: str
    reached: int
    asked: int
    sent: int
    standing: int


class PastRefusal(Wire, frozen=True):
    """What kept visitors out, how often, and the values that it saw most often."""

    kind: str
    line: int
    text: str
    times: int
    visitors: int
    saw: tuple[str, ...] = ()


class PastHeld(Wire, frozen=True):
    """`what`: dropped, skipped or delayed; `by` the cap, quiet hours, or the scenario that was in the way."""

    what: str
    by: str
    messages: int


class PastLive(Wire, frozen=True):
    """What the version that was live really did in the period. `version` is empty where none was."""

    version: str
    entered: int
    runs: int
    goals: int
    messages: dict[str, int]
    entered_by_both: int
    only_by_draft: int
    only_by_live: int


class PastMessage(Wire, frozen=True):
    """What a visitor would have got, rendered."""

    at: int
    step: str
    channel: str
    subject: str
    text: str


class PastVisitor(Wire, frozen=True):
    """One who would have entered: when, what he would have got (the first of it), and how his runs would have ended."""

    visitor: str
    called: str
    at: tuple[int, ...]
    got: tuple[PastMessage, ...]
    ended: tuple[str, ...]


class PastReport(Wire, frozen=True):
    """What a draft would have done from `since` until before `until` (ms), as `scenarios backtest --json` tells it.

    `messages` are by channel, `days` by date without gaps, `endings` runs by how they ended. `sample` are some of those
    who would have entered; `unknown` says in sentences what the past does not tell.
    """

    scenario: str
    version: str
    since: int
    until: int
    timezone: str
    visitors: int
    visitors_in_all: int
    complete: bool
    events: int
    seconds: float
    considered: int
    considered_visitors: int
    entered: int
    runs: int
    goals: int
    goal: str
    messages: dict[str, int]
    days: dict[str, int]
    steps: tuple[PastStep, ...]
    endings: dict[str, int]
    refusals: tuple[PastRefusal, ...]
    held: tuple[PastHeld, ...]
    live: PastLive
    sample: tuple[PastVisitor, ...]
    unknown: tuple[str, ...]


class ReachProgress(Wire, frozen=True, tag_field="type", tag="progress"):
    """`done` of about `of` visitors; of them `entered` fit, or would have entered. The line that ends the part `now`
    has its result. A line may come again."""

    part: Literal["now", "past"]
    done: int = 0
    of: int = 0
    entered: int = 0
    now: ReachNow | None = None


class ReachReport(Wire, frozen=True, tag_field="type", tag="report"):
    """The last line."""

    now: ReachNow
    past: PastReport


class ReachFailed(Wire, frozen=True, tag_field="type", tag="failed"):
    """The last line, where there is no report."""

    problem: Problem


ReachLine: TypeAlias = ReachProgress | ReachReport | ReachFailed
"""A line of the answer to AskReach."""


class Preview(Wire, frozen=True):
    """The answer to MakePreview. `url` is the path of its page, which cannot be guessed, and needs no token; it shows
    what a visitor would see, and follows each change. `kind` says which channel that is."""

    id: str
    url: str
    kind: Literal["chat", "popup", "email", "push", "messenger"]


class OutboxItem(Wire, frozen=True):
    """GET /api/outbox?status=&channel=&scenario=&visitor=&before=<id>&limit= → list of these, newest first

    and GET /api/outbox/{id}, which alone has `content`: what is sent, rendered. Of an email that is subject, text and
    html, and GET /api/outbox/{id}/letter shows it as a page.
    """

    id: str
    channel: str
    status: str
    at: int
    visitor: str = ""
    scenario: str = ""
    summary: str = ""
    content: dict[str, Any] = {}
    run: str = ""
    tries: int = 0
    error: str = ""
    sent_at: int = 0
    """When it left, or was given up; 0 while it waits."""
    reply: Any = None
    """What a webhook answered; like `content` only with the one row."""
    to: str = ""
    """The address that it goes to, where its channel has one."""
    called: str = ""
    """The visitor's name, else his email. It and `to` come with answers; a row that is kept has neither."""
    version: str = ""
    step: str = ""
    """The step of the scenario's version that it comes from."""


class WhySeen(Wire, frozen=True):
    """A condition of the scenario's file, its line (0: none), and the value that it saw."""

    condition: str
    line: int = 0
    saw: str = ""


class WhyStep(Wire, frozen=True):
    """One line of a run's trace. `text` is the line of the file on which the step (or what decided it) stands."""

    at: int
    phase: str
    result: str
    step: str = ""
    line: int = 0
    text: str = ""


class WhyConsidered(Wire, frozen=True):
    """One time that a scenario was considered for a visitor.

    Of one who was let in, `conditions` all held, and `steps` are what he went through since. Of one who was not,
    `conditions` holds the one that kept him out, and `kind` says what it is part of: trigger, holdout, re-entry,
    audience, exit or limit.
    """

    at: int
    event: str
    version: str
    outcome: Literal["entered", "refused"]
    kind: str = ""
    run: str = ""
    conditions: tuple[WhySeen, ...] = ()
    steps: tuple[WhyStep, ...] = ()


class WhyReport(Wire, frozen=True):
    """GET /api/visitors/{id}/why?scenario=&limit=   the newest `limit` times, oldest first

    {id} may be the visitor's id, his email or his user id. `more`: there are older ones. `unknown` says in sentences
    what the journal does not tell any more.
    """

    visitor: str
    scenario: str
    considered: tuple[WhyConsidered, ...] = ()
    more: bool = False
    called: str = ""
    """His name, else his email."""
    unknown: tuple[str, ...] = ()


class WhyLast(Wire, frozen=True):
    """The last time that a scenario was considered for a visitor, and how often it let him in and kept him out.

    `kind`, `condition`, `line` and `saw` say what kept him out (see WhyConsidered); `ended` how his last run ended,
    empty while it is on its way.
    """

    scenario: str
    at: int
    outcome: Literal["entered", "refused"]
    entered: int = 0
    refused: int = 0
    kind: str = ""
    condition: str = ""
    line: int = 0
    saw: str = ""
    ended: str = ""


class WhyOverview(Wire, frozen=True):
    """GET /api/visitors/{id}/considered   every scenario that was considered for him, the latest first."""

    visitor: str
    scenarios: tuple[WhyLast, ...] = ()
    called: str = ""
    """His name, else his email."""
    unknown: tuple[str, ...] = ()


class Problem(Wire, frozen=True):
    """The body of every answer with a status of 400 and above.

    `error` is a word for programs, `detail` a sentence for people, `field` the path of what is wrong in the body,
    `hint` what to do.
    """

    error: str
    detail: str
    field: str = ""
    hint: str = ""
    problems: tuple[ScenarioProblem, ...] = ()
    """Of a scenario's text that was refused: every error of it."""


# --- REST: what is done -----------------------------------------------------------------------------------------


class SendMessage(Request, frozen=True):
    """POST /api/dialogs/{id}/messages → Message. The same `client_id` again answers with the same message.

    GET /api/dialogs/{id}/scheduled → list of the dialog's messages that wait to be sent.
    """

    client_id: str
    text: str = ""
    note: bool = False
    files: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    """Of a note: ids of the operators to call."""
    send_at: int = 0
    """Send it then, whether a console is open or not. 0: now."""
    read_up_to: int = 0
    """The last message seq that the author had on his screen. Where another operator has answered the visitor behind
    it, the message is refused with 409 `overtaken`. 0: send it anyway."""


class EditMessage(Request, frozen=True):
    """PATCH /api/messages/{id} → Message: one's own, for 24 hours. DELETE /api/messages/{id} → 204 takes it away.

    Of a scheduled message `send_at` may change, too; DELETE cancels it.
    """

    text: str
    mentions: tuple[str, ...] = ()
    send_at: int | UnsetType = UNSET


class ChangeDialog(Request, frozen=True):
    """PATCH /api/dialogs/{id} → DialogSummary. What is left out stays. `assignee` "me" is the caller, "" nobody."""

    status: DialogStatus | UnsetType = UNSET
    assignee: str | UnsetType = UNSET
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    reason: str = ""
    holder: Holder | UnsetType = UNSET
    """"bot" hands the dialog back: its scenario may go on, and nobody has it any more."""
    snooze_until: int | UnsetType = UNSET
    """With status snoozed: when it comes back (ms); 0: with the visitor's next message."""
    priority: Priority | UnsetType = UNSET
    note: str = ""
    """A note that is written with it, such as a word for whoever gets the dialog."""
    ask_rating: bool = False
    """With status closed: the visitor is asked how we did."""
    client_id: str = ""
    """Of a change with a note: the same one again does not write the note again."""


class BulkChange(Request, frozen=True):
    """POST /api/dialogs/changes → BulkResult. Each dialog stands alone: one that refuses keeps no other back."""

    dialogs: tuple[str, ...]
    change: ChangeDialog


class BulkRefusal(Wire, frozen=True):
    dialog: str
    problem: Problem


class BulkResult(Wire, frozen=True):
    changed: tuple[DialogSummary, ...]
    refused: tuple[BulkRefusal, ...] = ()


class MergeDialogs(Request, frozen=True):
    """POST /api/dialogs/{id}/merge → DialogSummary. `gone` is another dialog of the same visitor."""

    gone: str


class RunMacro(Request, frozen=True):
    """POST /api/dialogs/{id}/macro → DialogSummary: says `text` (empty: nothing) and changes the dialog, in one commit.

    `text` is the macro's text as the operator has seen it, with everything filled in.
    """

    client_id: str
    macro: str
    text: str = ""


class SendTranscript(Request, frozen=True):
    """POST /api/dialogs/{id}/transcript → OutboxItem: the dialog as a letter, without notes. The same `client_id` again
    is the same letter."""

    client_id: str
    to: str


class WritePreset(Request, frozen=True):
    """PUT /api/presets/{id} → Preset. The id is the caller's: 1 to 64 letters, digits, - and _. DELETE → 204.

    Shared ones belong to everybody; one's own are seen by nobody else.
    """

    kind: PresetKind
    name: str
    text: str = ""
    folder: str = ""
    is_shared: bool = True
    change: ChangeDialog | None = None


class ChangeMe(Request, frozen=True):
    """PATCH /api/me → Me"""

    away: bool


class WriteVisitorNote(Request, frozen=True):
    """POST /api/visitors/{id}/notes → VisitorNote. DELETE …/notes/{note} → 204: its author, an admin."""

    client_id: str
    text: str


class MergeVisitors(Request, frozen=True):
    """POST /api/visitors/{id}/merge → VisitorMergePlan. `gone` becomes part of {id}; where both have a field, that of
    {id} stays, except for those in `take`. `rehearse`: only say what would come of it."""

    gone: str
    take: tuple[str, ...] = ()
    rehearse: bool = False


# GET /api/visitors/{id}/export → application/json: all that is known of a person, for him to have (admins).
# DELETE /api/visitors/{id} → Erasure (admins): his entries are emptied and keep their numbers.


class MarkSeen(Request, frozen=True):
    """POST /api/dialogs/{id}/seen → 204. `up_to` is the seq of the last message seen."""

    up_to: int


class ChangeVisitor(Request, frozen=True):
    """PATCH /api/visitors/{id} → VisitorCard. `null` removes. Keys may be name, email, phone or a property's name."""

    properties: dict[str, Any] = {}
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    blocked: bool | UnsetType = UNSET


class StartDialog(Request, frozen=True):
    """POST /api/visitors/{id}/dialogs → DialogSummary: the visitor's open dialog, or a new one held by people."""

    client_id: str


class PublishScenario(Request, frozen=True):
    """PUT /api/scenarios/{slug}  and  PUT /api/segments/{slug} → Publication

    `base` is that of the text which `text` replaces; empty: there is none yet. Where another one has been published in
    between, the answer is 409 `conflict`, and nothing is changed. A text with errors is 422 `invalid`, with `problems`
    in the Problem. `moves` says, for a step that is gone, at which step its visitors go on; an empty string stops them.
    A step that is gone, at which visitors stand and for which nothing was chosen, is 409 `undecided`. Line ends and
    byte order mark are none of a text's: a file of the folder keeps those that it has.
    """

    text: str
    base: str = ""
    moves: dict[str, str] = {}
    rehearse: bool = False
    """Only say what would come of it."""
    why: str = ""
    """A word for whoever reads the versions later, of at most 1,000 characters."""


class WriteScenarioTests(Request, frozen=True):
    """PUT /api/scenarios/{slug}/tests → ScenarioTests

    `base` as in PublishScenario: 409 `conflict` where somebody has written others in between. A text that cannot be
    read as tests is 422 `invalid`, with `problems`; an empty one takes the tests away. They are no version's.
    """

    text: str
    base: str = ""


class ChangeScenario(Request, frozen=True):
    """PATCH /api/scenarios/{slug} → Publication: launch, pause, resume or archive at once.

    Of the file that one word changes, or a line is added; every other byte stays. With `base` only where that text
    still lies there, else 409 `conflict`. A file with errors is 422 `invalid`, as of PublishScenario.
    """

    status: ScenarioSwitch
    base: str = ""
    why: str = ""


class PreviewSample(Request, frozen=True):
    """Who a preview is shown to: what is said here stands above what a sample visitor has anyway. `properties` are his,
    `run` and `event` what texts see as `run.…` and `event.…`."""

    properties: dict[str, Any] = {}
    run: dict[str, Any] = {}
    event: dict[str, Any] = {}
    locale: str = ""


class WidgetLook(Wire, frozen=True):
    """How the widget looks, as the settings say. `theme` is auto, light or dark; `side` right or left."""

    title: str = ""
    colour: str = "#3b5bdb"
    theme: str = "auto"
    side: str = "right"
    greeting: str = ""


class WriteLook(Request, frozen=True):
    """PUT /api/look → WidgetLook: the widget looks so from each visitor's next page on. GET /api/look → WidgetLook, as
    it is set. For marketers, admins and owners.

    It is written into the server's settings file below [look]; every other byte of it stays. `base` is the look that
    was read before: 409 `conflict` where another one is set by now, or stands in the file. 422 `invalid` names the
    field that cannot be so: a colour that is no #rrggbb, a text longer than MAX_LOOK_CHARS or of several lines, a theme
    or side that there is not; without a field it is the file that cannot be read.
    """

    title: str = ""
    """Empty: the shop's name."""
    colour: str = "#3b5bdb"
    theme: str = "auto"
    side: str = "right"
    greeting: str = ""
    base: WidgetLook | None = None


class MakePreview(Request, frozen=True):
    """POST /api/previews → Preview; PUT /api/previews/{id} → Preview: the open page shows this instead.

    `step` is the key of one of the draft's steps, or its place in the file. A preview is forgotten an hour after its
    last change. A text with errors, and a step at which nothing is to be seen, is 422.

    With `look` the page shows the widget as it would look so, and `step` may be empty: then, whatever the text, it is
    the open chat with its greeting.
    """

    text: str
    step: str
    sample: PreviewSample = PreviewSample()
    look: WriteLook | None = None


class AskReach(Request, frozen=True):
    """POST /api/reach → application/x-ndjson, a ReachLine a line: whom the draft fits now, and what it would have done
    in the last `days`. Who hangs up ends the work. A text with errors is 422 `invalid`, as of PublishScenario."""

    text: str
    days: Annotated[int, Meta(ge=1, le=366)] = 30


class NewOperator(Request, frozen=True):
    """POST /api/operators → OperatorToken, for owners and admins. DELETE /api/operators/{id} → 204 removes one."""

    name: str
    role: Literal["admin", "marketer", "operator"] = "operator"


class OperatorToken(Wire, frozen=True):
    """A new operator with his token, which is nowhere else and never told again."""

    operator: Operator
    token: str


# POST /api/files?name=…  raw body, Content-Type of the file → FileRef. GET {FileRef.url} serves it.

# --- The stream: WebSocket /api/stream?after=<seq> --------------------------------------------------------------
# Bearer token in the Authorization header. Without `after`, the stream starts at the journal's end.


class Entries(Wire, frozen=True, tag_field="type", tag="entries"):
    """Server → console. Entries in rising order, without gaps as far as the operator may see them."""

    entries: tuple[Entry, ...]


class CaughtUp(Wire, frozen=True, tag_field="type", tag="caught_up"):
    """Server → console, once after the backlog and every 15 s when nothing else happens: the journal ends at `seq`."""

    seq: int


class StartOver(Wire, frozen=True, tag_field="type", tag="start_over"):
    """Server → console: `after` is too old or unknown; load a snapshot and connect again after its seq."""

    seq: int


class Typing(Wire, frozen=True, tag_field="type", tag="typing"):
    """Both ways. Not kept. It holds for 6 s. From a console, `who` is filled in by the server."""

    dialog: str
    who: Author = Author("system")
    text: str = ""
    """What the visitor is typing, where the site's settings show it to operators."""


class VisitorPresence(Wire, frozen=True, tag_field="type", tag="presence"):
    """Server → console: the visitor's page is open, or was closed. Not kept."""

    visitor: str
    online: bool


class Looking(Wire, frozen=True, tag_field="type", tag="looking"):
    """Console → server: this console shows that dialog from now on; empty: none. It ends with the connection."""

    dialog: str = ""


class Lookers(Wire, frozen=True, tag_field="type", tag="lookers"):
    """Server → console: ids of the operators whose consoles show the dialog now, at each change and on connecting."""

    dialog: str
    operators: tuple[str, ...] = ()


class Watching(Wire, frozen=True, tag_field="type", tag="watching"):
    """Console → server: this console shows that scenario's figures from now on; an empty `scenario`: none.

    Of one `version` or of all, from the day of `since` (ms; 0: from the first one). It ends with the connection.
    """

    scenario: str = ""
    version: str = ""
    since: int = 0


class FiguresChanged(Wire, frozen=True, tag_field="type", tag="figures"):
    """Server → console: the figures that this console watches, as they are now; `watching` is what it asked for.

    The first one is `whole`. Then, at most ten a second and only where something has changed, `steps`, `days` and
    `variants` are those that have changed; they take the place of those known.
    """

    watching: Watching
    figures: ScenarioFigures
    whole: bool = False


StreamFrame: TypeAlias = Entries | CaughtUp | StartOver | Typing | VisitorPresence | Lookers | FiguresChanged
"""Server → console."""

ConsoleFrame: TypeAlias = Typing | Looking | Watching
"""Console → server."""

# --- The widget's socket: WebSocket /v1/widget ------------------------------------------------------------------
# The widget speaks first with Hello. Frames with an `id` are answered by Ack or Refused with the same id, after the
# commit; the widget repeats what is not answered after it has reconnected, and an `id` counts once.


class Hello(Request, frozen=True, tag_field="type", tag="hello"):
    """`token` is the one of an earlier Welcome; without it a new visitor begins. `after` is the last message seq known.

    `user_id`, `traits` and `user_hash` (hex HMAC-SHA256 of the id) say who he is, where the shop knows it.
    """

    key: str
    token: str = ""
    after: int = 0
    locale: str = ""
    timezone: str = ""
    user_id: str = ""
    user_hash: str = ""
    traits: dict[str, Any] = {}


class TrackFrame(Request, frozen=True, tag_field="type", tag="track"):
    """An event. Page Viewed carries url, path, title, referrer. `at` is the visitor's clock, `sent_at` likewise."""

    id: str
    name: str
    properties: dict[str, Any] = {}
    at: int = 0
    sent_at: int = 0


class IdentifyFrame(Request, frozen=True, tag_field="type", tag="identify"):
    """`user_id` may be empty: traits alone. A `user_id` needs its `user_hash`."""

    id: str
    user_id: str = ""
    user_hash: str = ""
    traits: dict[str, Any] = {}


class WriteFrame(Request, frozen=True, tag_field="type", tag="write"):
    """The visitor writes in the chat. `files` are ids of POST /v1/widget/files?name=… (raw body, bearer token)."""

    id: str
    text: str = ""
    files: tuple[str, ...] = ()


class ChooseFrame(Request, frozen=True, tag_field="type", tag="choose"):
    """The visitor presses an answer button."""

    id: str
    message: str
    option: str


class PopupFrame(Request, frozen=True, tag_field="type", tag="popup_outcome"):
    id: str
    popup: str
    outcome: Literal["submitted", "clicked", "closed"]
    fields: dict[str, Any] = {}


class SeenFrame(Request, frozen=True, tag_field="type", tag="seen"):
    """The visitor has been shown (`delivered`) or has looked at (`seen`) everything up to message seq `up_to`."""

    up_to: int
    state: Literal["delivered", "seen"] = "seen"


class VisitorTyping(Request, frozen=True, tag_field="type", tag="typing"):
    text: str = ""


WidgetFrame: TypeAlias = (
    Hello | TrackFrame | IdentifyFrame | WriteFrame | ChooseFrame | PopupFrame | SeenFrame | VisitorTyping
)
"""Widget → server."""


class Welcome(Wire, frozen=True, tag_field="type", tag="welcome"):
    """Answer to Hello: who he is, what he missed. Messages after `after`, oldest first; notes never among them."""

    token: str
    locale: str
    look: WidgetLook
    online: bool
    """Whether an operator is there."""
    messages: tuple[Message, ...] = ()
    popup: Popup | None = None
    seen_up_to: int = 0
    dialog_status: DialogStatus | Literal["none"] = "none"


class NewMessage(Wire, frozen=True, tag_field="type", tag="message"):
    message: Message


class MessageAgain(Wire, frozen=True, tag_field="type", tag="message_again"):
    """A message that the widget may have was edited; `deleted`: it goes."""

    message: Message


class OptionTaken(Wire, frozen=True, tag_field="type", tag="option_taken"):
    message: str
    chosen: str


class OptionsClosed(Wire, frozen=True, tag_field="type", tag="options_closed"):
    """The question no longer waits for an answer: its buttons go."""

    message: str


class ShowPopup(Wire, frozen=True, tag_field="type", tag="popup"):
    popup: Popup


class HidePopup(Wire, frozen=True, tag_field="type", tag="hide_popup"):
    popup: str


class OperatorTyping(Wire, frozen=True, tag_field="type", tag="typing"):
    name: str


class OperatorSeen(Wire, frozen=True, tag_field="type", tag="operator_seen"):
    up_to: int


class DialogState(Wire, frozen=True, tag_field="type", tag="dialog"):
    status: DialogStatus


class Presence(Wire, frozen=True, tag_field="type", tag="online"):
    online: bool


class Ack(Wire, frozen=True, tag_field="type", tag="ack"):
    """The frame `id` is committed. After WriteFrame, `message` is the stored message."""

    id: str
    message: Message | None = None


class Refused(Wire, frozen=True, tag_field="type", tag="refused"):
    """The frame `id` (empty: the frame could not be read) was not taken, and repeating it will not help."""

    id: str
    problem: Problem


WidgetReply: TypeAlias = (
    Welcome
    | NewMessage
    | MessageAgain
    | OptionTaken
    | OptionsClosed
    | ShowPopup
    | HidePopup
    | OperatorTyping
    | OperatorSeen
    | DialogState
    | Presence
    | Ack
    | Refused
)
"""Server → widget."""
