"""How a visitor takes what the desk says: the bot's questions, pop-ups, and an operator's answers."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from server_stub.demo_visitors.connection import Connection
from server_stub.demo_visitors.life import Life
from server_stub.demo_visitors.people import Person
from server_stub.demo_visitors.words import (
    GIVING_UP,
    NAME_WORDS,
    NO_WORDS,
    SHORT_WORDS,
    THANKS,
    TOPICS,
    WAITING,
    YES_WORDS,
    Topic,
)
from server_stub.protocol import (
    Ack,
    ChooseFrame,
    HidePopup,
    Message,
    NewMessage,
    Option,
    OptionsClosed,
    Popup,
    PopupFrame,
    SeenFrame,
    ShowPopup,
    VisitorTyping,
    Welcome,
    WidgetReply,
    WriteFrame,
)

PATIENCE = 150.0
"""Seconds that a visitor waits for an operator before he asks whether anybody is there."""

MOST_QUESTIONS = 3

_ABOUT_PRODUCTS = ("buyer", "abandoner", "silent")


class Manners:
    """One visitor's side of all conversations on one page visit.

    `facts` replace the placeholders of a text: what is on this visitor's mind. `more_openers` fit the product
    that he likes best.
    """

    def __init__(
        self,
        person: Person,
        connection: Connection,
        life: Life,
        facts: dict[str, str],
        more_openers: tuple[str, ...] = (),
    ) -> None:
        self._person = person
        self._connection = connection
        self._life = life
        self._facts = facts
        self._topic = _topic_of(person)
        self._openers = self._topic.openers + (more_openers if person.character in _ABOUT_PRODUCTS else ())
        self._questions = life.rng.sample(
            self._topic.follow_ups, k=min(MOST_QUESTIONS, len(self._topic.follow_ups))
        )
        self._asked_opener = False
        self._waits_for_people = False
        self._has_thanked = False
        self._closed_questions: set[str] = set()
        self._hidden_popups: set[str] = set()
        self._doings: set[asyncio.Task[None]] = set()
        self._impatience: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        """React to everything that comes, until cancelled."""
        try:
            while True:
                self._react(await self._connection.heard.get())
        finally:
            left = [*self._doings, *([self._impatience] if self._impatience else [])]
            for doing in left:
                doing.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def ask_something(self) -> None:
        """Write first: what this visitor came for."""
        if not self._asked_opener:
            self._asked_opener = True
            await self._write(self._life.rng.choice(self._openers))
            self._wait_for_people()

    async def finish(self, longest: float) -> None:
        """Stay as long as a conversation goes on, at most `longest` of the visitor's seconds."""
        try:
            async with asyncio.timeout(self._life.scaled(longest)):
                while self._doings or self._waits_for_people:
                    await self._life.pause(1)
        except TimeoutError:
            return

    # --- What comes ---

    def _react(self, reply: WidgetReply) -> None:
        if isinstance(reply, Welcome):
            for message in reply.messages[-1:]:
                self._do(self._on_message(message))
            if reply.popup is not None:
                self._do(self._on_popup(reply.popup))
        elif isinstance(reply, NewMessage):
            self._do(self._on_message(reply.message))
        elif isinstance(reply, ShowPopup):
            self._do(self._on_popup(reply.popup))
        elif isinstance(reply, OptionsClosed):
            self._closed_questions.add(reply.message)
        elif isinstance(reply, HidePopup):
            self._hidden_popups.add(reply.popup)

    async def _on_message(self, message: Message) -> None:
        if message.author.kind == "visitor":
            return
        await self._connection.mention(SeenFrame(message.seq, "delivered"))
        await self._life.read(message.text)
        await self._connection.mention(SeenFrame(message.seq))
        if message.options and not message.chosen:
            await self._answer_options(message)
        elif message.input:
            await self._answer_ask(message)
        elif message.author.kind == "operator":
            await self._answer_operator()

    async def _answer_options(self, message: Message) -> None:
        if self._life.chance(0.75 if self._person.character == "silent" else 0.12):
            return
        await self._life.pause(4)
        if message.id in self._closed_questions:
            return
        option = self._preferred(message.options)
        frame = ChooseFrame(self._connection.next_id(), message.id, option.id)
        answer = await self._connection.ask(frame)
        if isinstance(answer, Ack) and not self._says_no(option) and not self._asked_opener:
            # A little later he tells in his own words what he needs, if the bot has called somebody by then.
            await self._life.pause(9)
            if self._life.chance(0.6):
                await self.ask_something()

    async def _answer_ask(self, message: Message) -> None:
        if self._person.character == "silent" or self._life.chance(0.2):
            return
        await self._write(self._answer_to(message.input, message.text))

    async def _answer_operator(self) -> None:
        """Thank, or ask on; after the last question the visitor is content."""
        self._answered()
        if self._has_thanked:
            return
        if not self._asked_opener:
            await self.ask_something()
        elif self._questions and self._life.chance(0.75):
            short = (
                f"{self._life.rng.choice(SHORT_WORDS[self._person.language])} "
                if self._life.chance(0.4)
                else ""
            )
            await self._write(short + self._questions.pop())
            self._wait_for_people()
        else:
            self._has_thanked = True
            await self._write(self._life.rng.choice(THANKS[self._person.language]))

    async def _on_popup(self, popup: Popup) -> None:
        await self._life.pause(6)
        if popup.id in self._hidden_popups:
            return
        wants = self._life.chance(0.08 if self._person.character == "silent" else 0.5)
        frame = PopupFrame(self._connection.next_id(), popup.id, "closed")
        if wants and popup.fields:
            fields = {
                field.name: self._answer_to(field.input, field.label, field.choices) for field in popup.fields
            }
            await self._life.pause(5)
            frame = PopupFrame(frame.id, popup.id, "submitted", fields)
        elif wants and popup.button is not None:
            frame = PopupFrame(frame.id, popup.id, "clicked")
        await self._connection.ask(frame)

    # --- What he says ---

    def _preferred(self, options: tuple[Option, ...]) -> Option:
        """The option that leads where this visitor wants to go, mostly."""
        if self._person.character == "silent":
            return next((option for option in options if self._says_no(option)), options[-1])
        wishes = self._topic.wishes + YES_WORDS[self._person.language]
        pleasant = [option for option in options if not self._says_no(option)]
        liked = [option for option in pleasant if any(wish in option.label.lower() for wish in wishes)]
        if liked and self._life.chance(0.85):
            return self._life.rng.choice(liked)
        return self._life.rng.choice(options)

    def _says_no(self, option: Option) -> bool:
        label = option.label.lower()
        return any(label.startswith(word) for word in NO_WORDS[self._person.language])

    def _answer_to(self, kind: str, question: str, choices: tuple[str, ...] = ()) -> str:
        """What somebody types into a field of that kind, below that question or label."""
        if choices:
            return self._life.rng.choice(choices)
        answers = {
            "email": self._person.email,
            "phone": self._person.phone,
            "number": str(self._life.rng.choice((2, 10, 30, 50))),
            "rating": str(self._life.rng.choice((4, 5, 5))),
            "date": "2026-12-12",
        }
        if kind in answers:
            return answers[kind]
        if any(word in question.lower() for word in NAME_WORDS):
            return self._person.name
        self._asked_opener = True
        return self._life.rng.choice(self._openers).format_map(self._facts)

    async def _write(self, text: str) -> None:
        text = text.format_map(self._facts)
        await self._connection.mention(VisitorTyping())
        await self._life.pause(2 + len(text) / 9)
        await self._connection.ask(WriteFrame(self._connection.next_id(), text))

    def _wait_for_people(self) -> None:
        self._answered()
        self._waits_for_people = True
        self._impatience = asyncio.create_task(self._grow_impatient())

    def _answered(self) -> None:
        self._waits_for_people = False
        if self._impatience is not None:
            self._impatience.cancel()

    async def _grow_impatient(self) -> None:
        await self._life.pause(PATIENCE)
        await self._write(self._life.rng.choice(WAITING[self._person.language]))
        await self._life.pause(PATIENCE)
        await self._write(self._life.rng.choice(GIVING_UP[self._person.language]))
        self._waits_for_people = False

    def _do(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._doings.add(task)
        task.add_done_callback(self._doings.discard)


def _topic_of(person: Person) -> Topic:
    kind = {"delivery": "delivery", "wholesale": "wholesale", "browser": "dress"}.get(
        person.character, "product"
    )
    return TOPICS[person.language][kind]
