"""What happens in the player as plain lines, for a pipe: each begins with who speaks; decisions with `|`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import typer

from operator_console.safe_text import safe_line, safe_text
from scenarios_yaml.engine import effects
from scenarios_yaml.engine.effects import Effect, TraceLine
from scenarios_yaml.engine.products import body_as_read
from scenarios_yaml.tools.playing.player import Came, Decided, Notice, Refused, Thing, Yours

INDENT = "    "


def show_lines(things: Sequence[Thing], shown: Callable[[int], str]) -> None:
    """Prints the things; `shown` writes a moment in the project's time."""
    for thing in things:
        for line in _lines(thing, shown):
            typer.echo(line)


def _lines(thing: Thing, shown: Callable[[int], str]) -> Iterator[str]:
    match thing:
        case Yours():
            yield f"{thing.by}: {safe_line(thing.text, 2_000)}"
        case Came():
            for effect in thing.effects:
                yield from effect_lines(effect)
            yield from (f"  | {decided(line, shown)}" for line in thing.trace)
        case Decided():
            yield safe_line(thing.text)
            yield from (f"  | {decided(line, shown)}" for line in thing.trace)
        case Notice():
            yield safe_line(thing.text, 1_000)
            yield from (INDENT + "  ".join(safe_line(cell, 500) for cell in row) for row in thing.rows)
        case Refused():
            yield f"! {safe_line(thing.message, 1_000)}" + (
                f" ({safe_line(thing.hint, 500)})" if thing.hint else ""
            )


def decided(line: TraceLine, shown: Callable[[int], str]) -> str:
    """A decision in one line: when, where in which scenario, and what came of it."""
    where = f"{line.scenario} {line.step}".strip()
    result = line.result if line.phase == "step" else f"{line.phase}: {line.result}"
    return f"{shown(line.at)}  {safe_line(where, 100)}  {safe_line(result, 400)}"


def effect_lines(effect: Effect) -> Iterator[str]:
    """An effect as lines of text: who speaks, and what."""
    match effect:
        case effects.SendChat():
            yield from _chat(effect)
        case effects.ShowPopup():
            yield from _popup(effect)
        case effects.Send():
            yield from _sent(effect)
        case _:
            said = beside(effect)
            if said:
                yield said


def _block(head: str, text: str) -> Iterator[str]:
    """The text behind its head, further lines below it."""
    first, *rest = safe_text(text, multiline=True).strip().split("\n")
    yield f"{head} {first}".rstrip()
    yield from (f"{INDENT}{line}".rstrip() for line in rest)


def _chat(effect: effects.SendChat) -> Iterator[str]:
    yield from _block("bot:", effect.text)
    if effect.image:
        yield f"{INDENT}picture {safe_line(effect.image)}"
    if effect.file:
        yield f"{INDENT}file {safe_line(effect.file)}"
    for number, option in enumerate(effect.options, 1):
        yield f"{INDENT}{number}. {safe_line(option.label)}"
    for button in effect.buttons:
        yield f"{INDENT}[{safe_line(button.label)}] {safe_line(button.link)}"


def _popup(effect: effects.ShowPopup) -> Iterator[str]:
    yield f"pop-up ({effect.size}): {safe_line(effect.title)}"
    yield from (f"{INDENT}{line}" for line in safe_text(effect.text, multiline=True).split("\n"))
    for field in effect.fields:
        choices = f" ({' | '.join(safe_line(choice) for choice in field.choices)})" if field.choices else ""
        yield f"{INDENT}{safe_line(field.name)}: {safe_line(field.label)}{' *' if field.required else ''}{choices}"
    if effect.button:
        yield f"{INDENT}[{safe_line(effect.button.label)}] {safe_line(effect.button.link)}".rstrip()


def _sent(effect: effects.Send) -> Iterator[str]:
    content = effect.content
    match effect.channel:
        case "email":
            yield f"email to {safe_line(content['to'])}: {safe_line(content['subject'])}"
            body = body_as_read(content) or f"(the template {content.get('template', '')})"
            yield from (f"{INDENT}{line}".rstrip() for line in safe_text(body, multiline=True).split("\n"))
        case "push":
            yield from _block(f"push: {safe_line(content['title'])} –", str(content["text"]))
        case "messenger":
            yield from _block("messenger:", str(content["text"]))
        case "webhook":
            yield f"webhook: {safe_line(content['method'])} {safe_line(content['url'], 500)}"


def beside(effect: Effect) -> str:
    """An effect that nobody sees on the shop's page, in one line; empty for those that need no word."""
    match effect:
        case effects.HidePopup():
            return f"the pop-up goes: {effect.reason.replace('_', ' ')}"
        case effects.HandOff():
            to = effect.team or effect.operator or "people"
            return safe_line(f"handed over to {to}" + (f": {effect.note}" if effect.note else ""), 500)
        case effects.AssignDialog():
            return safe_line(f"assigned to {effect.operator or effect.team}")
        case effects.CloseDialog():
            return safe_line(f"the dialog is closed: {effect.reason}")
        case effects.AddNote():
            return safe_line(f"note: {effect.text}", 500)
        case effects.EmitEvent():
            return safe_line(f"event {effect.name}")
        case effects.TakeCoupon():
            return safe_line(f"a promo code of {effect.pool}")
        case effects.ChangeProperties():
            changes = [
                f"{name} = {'unknown' if value is None else value}" for name, value in effect.changes.items()
            ]
            tags = [f"+{tag}" for tag in effect.tags_added] + [f"-{tag}" for tag in effect.tags_removed]
            return safe_line(", ".join([*changes, *tags]), 500)
    return ""
