"""A dialog as a letter: what was said, by whom and when, without operators' notes. It leaves through the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.language.markdown_escapes import escape_markdown
from server_stub.desk.people import Person, text_property
from server_stub.desk.persons.fields import is_email
from server_stub.desk.transaction import Transaction
from server_stub.ids import shard_of
from server_stub.protocol import Message, MessageSent, OutboxChanged, OutboxItem
from server_stub.store.base import OutboxRow
from server_stub.work import OperatorSendsTranscript, Rejected

LETTER = "l:"
"""Prefix of the consoles' client ids of letters among the ids that count once."""
MOST_MESSAGES = 1000
"""In one letter; of more, the newest."""
MAX_CLIENT_ID_CHARS = 200
MAX_ADDRESS_CHARS = 320


class Words(Struct, frozen=True):
    """The letter's own words in one language. `months` are as they stand behind a day."""

    subject: str
    begin: str
    left_out: str
    you: str
    months: str


_WORDS = {
    "en": Words(
        subject="Your conversation with {shop}",
        begin="Here is our conversation, for you to keep. Times are those of {zone}.",
        left_out="Earlier messages are left out: {count}.",
        you="You",
        months="January February March April May June July August September October November December",
    ),
    "ru": Words(
        subject="Ваша переписка с магазином {shop}",
        begin="Сохранили для вас нашу переписку. Время указано по поясу {zone}.",
        left_out="Более ранние сообщения опущены: {count}.",
        you="Вы",
        months="января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    ),
}


def letter_key(operator: str, client_id: str) -> str:
    return f"{LETTER}{operator}:{client_id}"


def sends_transcript(tx: Transaction, work: OperatorSendsTranscript) -> OutboxItem:
    """The same `client_id` again is the same letter. Raises Rejected."""
    author = tx.author_of(work.operator)
    client_id, to = work.request.client_id, work.request.to.strip()
    if not 1 <= len(client_id) <= MAX_CLIENT_ID_CHARS:
        detail = f"A client_id has 1 to {MAX_CLIENT_ID_CHARS} characters."
        raise Rejected("invalid", detail, field="client_id")
    key = letter_key(author.id, client_id)
    dialog = tx.known_dialog(work.dialog)
    person = tx.known_person(dialog.visitor)
    if made := tx.seen(key):
        row = tx.outbox_row(made)
        if row is None or row.item.visitor != person.id:
            raise Rejected("conflict", "This client_id was used elsewhere.", status=409, field="client_id")
        return _answer(row.item, person)
    if len(to) > MAX_ADDRESS_CHARS or not is_email(to):
        raise Rejected("invalid", "This is no email address.", field="to", hint="name@example.com")
    messages = _messages(tx, dialog.id)
    if not messages:
        raise Rejected("empty", "Nothing has been said in this dialog yet.", status=409)
    item = _planned(tx, person, to, messages, work.at)
    tx.mine.outbox[item.id] = OutboxRow(item, shard_of(person.id), due_at=work.at)
    tx.remember(key, item.id)
    tx.record(OutboxChanged(item.id, item.channel, "waiting", summary=item.summary), work.at, person.id)
    return _answer(item, person)


def _planned(tx: Transaction, person: Person, to: str, messages: list[Message], at: int) -> OutboxItem:
    site = tx.settings.site
    locale = text_property(person.state, "locale") or site.locale
    words = _WORDS.get(locale[:2].lower(), _WORDS["en"])
    subject = words.subject.format(shop=site.name)
    content = {
        "to": to,
        "subject": subject,
        "body": body_of(
            messages,
            words,
            called=person.called,
            zone=_zone(text_property(person.state, "timezone"), site.timezone),
            desk_url=site.desk_url.rstrip("/"),
        ),
        "kind": "service",
        "locale": locale,
    }
    return OutboxItem(
        id=tx.new_id("l"),
        channel="email",
        status="waiting",
        at=at,
        visitor=person.id,
        summary=subject[:200],
        content=content,
    )


def _answer(item: OutboxItem, person: Person) -> OutboxItem:
    return replace(item, content={}, to=str(item.content.get("to") or ""), called=person.called)


def _messages(tx: Transaction, dialog: str) -> list[Message]:
    """What the visitor may see of the dialog, as it is now, oldest first."""
    found: dict[str, Message] = {}
    before = 0
    while True:
        page = tx.store.feed(dialog=dialog, before=before, limit=1000)
        found |= {
            entry.what.message.id: entry.what.message for entry in page if isinstance(entry.what, MessageSent)
        }
        if len(page) < 1000 or len(found) > 2 * MOST_MESSAGES:
            break
        before = page[0].seq
    for changes in (tx.kept, tx.mine):
        found |= {key: message for key, message in changes.messages.items() if message.dialog == dialog}
    said = [message for message in found.values() if not (message.note or message.deleted)]
    return sorted(said, key=lambda message: message.seq)


def _zone(of_visitor: str, of_shop: str) -> ZoneInfo:
    for name in (of_visitor, of_shop):
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            continue  # a browser may say anything
    return ZoneInfo("UTC")


# --- The letter's text -------------------------------------------------------------------------------


def body_of(messages: list[Message], words: Words, *, called: str, zone: ZoneInfo, desk_url: str) -> str:
    """The letter in Markdown. Whatever people wrote is shown as they wrote it, and is never markup."""
    shown = messages[-MOST_MESSAGES:]
    parts = [escape_markdown(words.begin.format(zone=zone.key))]
    if left_out := len(messages) - len(shown):
        parts.append(escape_markdown(words.left_out.format(count=left_out)))
    day = ""
    for message in shown:
        moment = datetime.fromtimestamp(message.at / 1000, zone)
        today = f"{moment.day} {words.months.split()[moment.month - 1]} {moment.year}"
        if today != day:
            day = today
            parts.append(f"### {day}")
        who = (called or words.you) if message.author.kind == "visitor" else message.author.name
        head = f"**{escape_markdown(who.strip() or '–')}** · {moment:%H:%M}"
        parts.append("\n".join([head, *_said(message, desk_url)]))
    return "\n\n".join(parts)


def _said(message: Message, desk_url: str) -> Iterator[str]:
    if message.text.strip():
        yield _lines(message.text.splitlines())
    if message.options:
        yield _lines(
            f"{option.label} ✓" if option.id == message.chosen else option.label for option in message.options
        )
    for button in message.buttons:
        yield f"→ {_link(button.label, button.link)}"
    for file in message.files:
        yield f"📎 {_link(file.name, desk_url + file.url if file.url.startswith('/') else file.url)}"


def _lines(lines: Iterable[str]) -> str:
    """Each line as it is; an empty one ends the paragraph."""
    return "\n".join(escape_markdown(line.strip()) for line in lines).strip()


def _link(words: str, address: str) -> str:
    return f"[{escape_markdown(words)}]({escape_markdown(address)})"
