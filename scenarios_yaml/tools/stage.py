"""A visitor on a stage: what he and the people around him can do, in the words of those who watch.

Tests and the player speak these words (“he presses *Yes*”); here they become stimuli for the engine, told through
the `Rehearsal`. Whatever cannot be done (there is no pop-up to close) raises `CannotError` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from msgspec import Struct, structs

from scenarios_yaml.engine import clock
from scenarios_yaml.engine.catalog import Catalog, Program
from scenarios_yaml.engine.deciding import held_out, share
from scenarios_yaml.engine.effects import ChatOption, Send, SendChat, ShowField, ShowPopup
from scenarios_yaml.engine.engine import Outcome, advance
from scenarios_yaml.engine.state import Run, VisitorState, World
from scenarios_yaml.engine.stimuli import (
    Chose,
    Delivered,
    DialogMoved,
    Happened,
    OperatorWrote,
    PopupEnded,
    PropertiesChanged,
    Wrote,
)
from scenarios_yaml.language import model
from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.tools.rehearsal import Rehearsal

SITE: dict[str, Any] = {
    "name": "Shop",
    "url": "https://shop.example",
    "popular": [
        {
            "product_id": "p101",
            "name": "Lamp",
            "price": 1200,
            "url": "https://shop.example/p101",
            "image_url": "",
        },
        {
            "product_id": "p102",
            "name": "Vase",
            "price": 900,
            "url": "https://shop.example/p102",
            "image_url": "",
        },
        {
            "product_id": "p103",
            "name": "Rug",
            "price": 3400,
            "url": "https://shop.example/p103",
            "image_url": "",
        },
    ],
}
"""What a rehearsal knows of the shop unless it is told otherwise."""

OPERATOR = "operator"
MOST_NAMES = 20_000
"""How many visitors are tried until one falls into the wanted variants."""


class CannotError(Exception):
    """What should be done cannot be done now. `message` says why, `hint` what would help."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Script:
    """How the world answers: codes by pool (each pool has its own name in capitals otherwise), what webhooks reply,
    and the reasons for which the next things sent fail, in their order."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.reply: Any = {}
        self.reply_error = ""
        self.failures: list[str] = []

    def coupon(self, pool: str) -> str:
        return self.codes.get(pool, pool.upper())

    def delivered(self, send: Send) -> Delivered | None:
        webhook = send.channel == "webhook"
        error = self.failures.pop(0) if self.failures else self.reply_error if webhook else ""
        reply = self.reply if webhook and not error else None
        return Delivered(send.run, ok=not error, reply=reply, error=error, id=send.id)


def visitor_named(
    programs: Iterable[Program],
    variants: Mapping[tuple[str, str], str] | None = None,
    held_out_of: str = "",
) -> str:
    """An id whose visitor falls into the variants (by scenario and the split's key), and into no holdout but that of
    `held_out_of`. Always the same for the same scenarios. Raises `CannotError` where there is none."""
    known = {program.slug: program for program in programs}
    wanted = [(known[slug], split, name) for (slug, split), name in (variants or {}).items()]
    for number in range(1, MOST_NAMES + 1):
        name = f"visitor-{number}"
        if any(held_out(program, name) != (slug == held_out_of) for slug, program in known.items()):
            continue
        if all(variant_of(program, split, name) == variant for program, split, variant in wanted):
            return name
    raise CannotError("no visitor falls into these variants", "look at their weights, and at the holdout")


def variant_of(program: Program, split: str, visitor: str) -> str:
    """The name of the variant into which the visitor falls. The same rule as the engine's."""
    step = program.places[split].step
    if not isinstance(step, model.Split):
        return ""
    portion = share("split", program.slug, step.key, visitor) * sum(max(0.0, v.weight) for v in step.variants)
    passed = 0.0
    for variant in step.variants:
        passed += max(0.0, variant.weight)
        if portion < passed:
            return variant.name
    return ""


def splits_of(scenario: model.Scenario) -> dict[str, model.Split]:
    """The splits of a scenario by key."""
    steps = all_steps([scenario.steps, *(steps for _, steps in scenario.blocks)])
    return {step.key: step for step in steps if isinstance(step, model.Split)}


class Kept(Struct, frozen=True, kw_only=True):
    """How things stood on a stage at a moment: enough to go back to it."""

    state: VisitorState
    now: int
    world: World
    did: int
    trace: int
    codes: dict[str, str]
    reply: Any
    reply_error: str
    failures: tuple[str, ...]


class Stage:
    """One visitor, his scenarios and his world. What came is in `rehearsal.did` and `rehearsal.trace`."""

    def __init__(
        self,
        catalog: Catalog,
        state: VisitorState,
        *,
        now: int,
        world: World,
        script: Script,
    ) -> None:
        self.script = script
        self.on_outcome: Callable[[Outcome], None] | None = None
        self.rehearsal = Rehearsal(
            catalog, state, now=now, world=world, answers=script, on_outcome=self._heard, broadcasts=True
        )

    def _heard(self, _: int, outcome: Outcome) -> None:
        if self.on_outcome is not None:
            self.on_outcome(outcome)

    @property
    def state(self) -> VisitorState:
        return self.rehearsal.state

    @property
    def now(self) -> int:
        return self.rehearsal.now

    @property
    def world(self) -> World:
        return self.rehearsal.world

    def keep(self) -> Kept:
        """How things stand now, for `back_to`."""
        rehearsal, script = self.rehearsal, self.script
        return Kept(
            state=rehearsal.state,
            now=rehearsal.now,
            world=rehearsal.world,
            did=len(rehearsal.did),
            trace=len(rehearsal.trace),
            codes=dict(script.codes),
            reply=script.reply,
            reply_error=script.reply_error,
            failures=tuple(script.failures),
        )

    def back_to(self, kept: Kept) -> None:
        """Makes undone what happened since. States are values, so that an earlier one is as good as new."""
        rehearsal, script = self.rehearsal, self.script
        rehearsal.state, rehearsal.now, rehearsal.world = kept.state, kept.now, kept.world
        del rehearsal.did[kept.did :]
        del rehearsal.trace[kept.trace :]
        script.codes, script.failures = dict(kept.codes), list(kept.failures)
        script.reply, script.reply_error = kept.reply, kept.reply_error

    # --- Time ----------------------------------------------------------------------------------------------

    def advance(self, duration: int) -> None:
        """Lets so many milliseconds pass."""
        self.rehearsal.pass_time(self.now + duration)

    def advance_to(self, local: str) -> None:
        """Lets time pass until a local moment of the project. Raises `CannotError` where it is over."""
        until = clock.parse_moment(local, clock.project_zone(self.world))
        if until is None or until < self.now:
            shown = clock.local(self.now, clock.project_zone(self.world)).strftime("%Y-%m-%d %H:%M")
            raise CannotError(f"{quoted(local)} is over: it is {shown}")
        self.rehearsal.pass_time(until)

    def next_due(self) -> int:
        """The next moment (ms) at which time alone makes something happen, in whole seconds; 0 where nothing waits for
        time."""
        due = self.state.next_wake()
        return self.now + -(-(due - self.now) // 1_000) * 1_000 if due > self.now else due

    # --- What the visitor does -----------------------------------------------------------------------------

    def event(self, name: str, properties: dict[str, Any]) -> None:
        self.rehearsal.tell(Happened(name, properties))

    def write(self, text: str, files: tuple[str, ...] = ()) -> bool:
        """The visitor writes; whether a scenario took it.

        As on a server: a new dialog is people's unless a scenario will answer, and a bot's is given to people where
        none does.
        """
        self.rehearsal.pass_time(self.now)
        if not self.state.dialog.id:
            takes = advance(self.state, self.rehearsal.catalog, Wrote(text), self.now, self.world).taken
            self.rehearsal.tell(DialogMoved("dialog", "bot" if takes else "people"))
        taken = self.rehearsal.tell(Wrote(text, files=files))
        dialog = self.state.dialog
        if not taken and dialog.id and dialog.holder == "bot":
            self.rehearsal.tell(DialogMoved(dialog.id, "people", dialog.assignee))
        return taken

    def answer(self, wanted: str) -> None:
        """Presses an answer by its label or id. Raises `CannotError` where it is not offered."""
        open_questions = self.open_questions()
        if not open_questions:
            raise CannotError(f"nobody has asked anything: {quoted(wanted)} answers nothing")
        for message in open_questions:
            option = _option(message.options, wanted)
            if option is not None:
                self.rehearsal.tell(Chose(message.id, option.id))
                return
        if not any(message.options for message in open_questions):
            self.write(wanted)
            return
        labels = [option.label for message in open_questions for option in message.options]
        offered = ", ".join(quoted(label) for label in labels)
        raise CannotError(
            f"there is no answer {quoted(wanted)}", did_you_mean(wanted, labels) or f"offered: {offered}"
        )

    def open_questions(self) -> list[SendChat]:
        """The questions that wait for an answer, the latest first."""
        waiting = {
            run.waiting.message
            for run in self.state.runs
            if run.waiting is not None and run.waiting.kind in ("answer", "input")
        }
        asked = [did.effect for did in self.rehearsal.did if isinstance(did.effect, SendChat)]
        return [message for message in reversed(asked) if message.id in waiting]

    def popup(self) -> ShowPopup | None:
        """The pop-up on his screen."""
        for did in reversed(self.rehearsal.did):
            if isinstance(did.effect, ShowPopup) and did.effect.id == self.state.popup:
                return did.effect
        return None

    def submit(self, fields: Mapping[str, str]) -> None:
        """Fills in the pop-up and sends it off. Raises `CannotError` where the shop's page would not let him."""
        popup = self._need_popup("submit")
        if not popup.fields:
            raise CannotError(f"the pop-up {quoted(popup.title)} has no fields", "“click” presses its button")
        given: dict[str, str] = {}
        for name, text in fields.items():
            given[self._field(popup, name).name] = text
        for field in popup.fields:
            if field.required and not given.get(field.name, "").strip():
                raise CannotError(f"the field {quoted(field.label)} must be filled in")
        self.rehearsal.tell(PopupEnded(popup.id, "submitted", dict(given)))

    def close(self) -> None:
        self.rehearsal.tell(PopupEnded(self._need_popup("close").id, "closed"))

    def click(self) -> str:
        """Presses the pop-up's button, else the link of what was sent last; answers with what was clicked. Raises
        `CannotError`."""
        popup = self.popup()
        if popup is not None:
            if popup.button is None or popup.fields:
                hint = "“submit: {…}” sends it off" if popup.fields else "“close” closes it"
                raise CannotError(f"the pop-up {quoted(popup.title)} has no button to click", hint)
            self.rehearsal.tell(PopupEnded(popup.id, "clicked"))
            return popup.title
        sent = self._last_sent("click", "email", "push")
        name = "Email Clicked" if sent.channel == "email" else "Message Clicked"
        self.event(name, self._about(sent))
        return str(sent.content.get("subject") or sent.content.get("title"))

    def open_email(self) -> str:
        """Opens the last email; answers with its subject."""
        sent = self._last_sent("open", "email")
        self.event("Email Opened", self._about(sent))
        return str(sent.content.get("subject"))

    # --- What others do ------------------------------------------------------------------------------------

    def operator_writes(self) -> None:
        self.rehearsal.tell(OperatorWrote(OPERATOR))

    def change(
        self, properties: dict[str, Any], tags_added: tuple[str, ...] = (), tags_removed: tuple[str, ...] = ()
    ) -> None:
        """Somebody else changes his properties (None removes one) and tags."""
        self.rehearsal.tell(PropertiesChanged(properties, tags_added, tags_removed))

    def operators(self, online: int) -> None:
        self.rehearsal.world = structs.replace(self.world, operators_online=online)

    # --- Looking -------------------------------------------------------------------------------------------

    def _need_popup(self, what: str) -> ShowPopup:
        popup = self.popup()
        if popup is None:
            raise CannotError(f"there is no pop-up to {what}")
        return popup

    def _field(self, popup: ShowPopup, name: str) -> ShowField:
        """The field of that name, path or label."""
        paths = self._paths_of(popup)
        for field in popup.fields:
            names = (field.name, field.label.casefold(), paths.get(field.name, ""))
            if name in names or name.casefold() in names:
                return field
        known = [field.name for field in popup.fields]
        raise CannotError(
            f"the pop-up {quoted(popup.title)} has no field {quoted(name)}",
            did_you_mean(name, known) or "it has " + ", ".join(known),
        )

    def _paths_of(self, popup: ShowPopup) -> dict[str, str]:
        program = self.rehearsal.catalog.programs.get(popup.scenario)
        place = program.places.get(popup.step) if program is not None else None
        if place is None or not isinstance(place.step, model.Popup):
            return {}
        fields = zip(popup.fields, place.step.fields, strict=False)
        return {shown.name: field.save_to for shown, field in fields}

    def _last_sent(self, what: str, *channels: str) -> Send:
        for did in reversed(self.rehearsal.did):
            if isinstance(did.effect, Send) and did.effect.channel in channels:
                return did.effect
        raise CannotError(f"nothing was sent that he could {what}")

    def _about(self, sent: Send) -> dict[str, Any]:
        return {"scenario": sent.scenario, "step": sent.step, "channel": sent.channel, "id": sent.id}

    def variants_passed(self, slug: str, steps: Collection[str]) -> dict[str, str]:
        """Into which variant the visitor fell, by the id of each split of the scenario that is among the steps."""
        program = self.rehearsal.catalog.programs[slug]
        return {
            key: variant_of(program, key, self.state.id)
            for key, split in splits_of(program.scenario).items()
            if split.id and key in steps
        }

    def run_of(self, slug: str) -> Run | None:
        """His latest run of a scenario that is still on its way."""
        return next((run for run in reversed(self.state.runs) if run.scenario == slug), None)


def _option(options: tuple[ChatOption, ...], wanted: str) -> ChatOption | None:
    folded = " ".join(wanted.split()).casefold()
    for option in options:
        if option.id == wanted or " ".join(option.label.split()).casefold() == folded:
            return option
    return None
