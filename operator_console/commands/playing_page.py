"""How the player looks in a terminal: the chat at the left, what is decided beside it, below it where there is no
room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.align import Align
from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from operator_console.commands.playing_lines import beside
from operator_console.safe_text import safe_line, safe_text
from scenarios_yaml.engine import effects
from scenarios_yaml.engine.effects import Effect, TraceLine
from scenarios_yaml.engine.products import body_in_markdown
from scenarios_yaml.tools.playing.player import Came, Decided, Notice, Player, Refused, Thing, Yours

WIDE = 100
"""From so many columns on, decisions stand beside the chat."""
CHAT_COLUMNS = 62
POPUP_COLUMNS = 46

_PHASES = {"started": "green", "refused": "yellow", "ended": "magenta", "goal": "bold green"}


class TerminalPage:
    """Prints what happens to the player's visitor."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._console = Console(highlight=False, emoji=False, markup=False)

    def show(self, things: Sequence[Thing]) -> None:
        """Prints the things in their order."""
        for thing in things:
            match thing:
                case Yours():
                    self._yours(thing)
                case Came():
                    self._came(thing)
                case Decided():
                    self._console.print(Text(safe_line(thing.text), "bold"))
                    if thing.trace:
                        self._console.print(_decisions(thing.trace, self._player, days=True))
                case Notice():
                    self._notice(thing)
                case Refused():
                    hint = (f"\n  {safe_line(thing.hint, 500)}", "dim") if thing.hint else ""
                    self._console.print(Text.assemble((f"✗ {safe_line(thing.message, 1_000)}", "red"), hint))

    @property
    def _chat_width(self) -> int:
        return min(CHAT_COLUMNS, self._console.width)

    def _yours(self, thing: Yours) -> None:
        text = Text(safe_text(thing.text, multiline=True))
        title = None if thing.by == "you" else Text(thing.by)
        colour = "cyan" if thing.by == "you" else "yellow"
        bubble = Panel.fit(text, box=box.ROUNDED, border_style=colour, title=title, padding=(0, 1))
        where = Align.right(bubble) if thing.by == "you" else bubble
        self._console.print(where, width=self._chat_width)

    def _came(self, thing: Came) -> None:
        left = [shown for effect in thing.effects for shown in _seen(effect)]
        said = [Text(f"→ {line}", "blue") for effect in thing.effects if (line := beside(effect))]
        right: list[RenderableType] = [_decisions(thing.trace, self._player), *said]
        if self._console.width < WIDE or not left:
            for part in left:
                self._console.print(part, width=self._chat_width)
            indent = CHAT_COLUMNS + 2 if self._console.width >= WIDE else 2
            self._console.print(Padding(Group(*right), (0, 0, 0, indent)))
            return
        both = Table.grid(padding=(0, 2, 0, 0), expand=True)
        both.add_column(width=self._chat_width)
        both.add_column(ratio=1)
        both.add_row(Group(*left), Group(*right))
        self._console.print(both)

    def _notice(self, thing: Notice) -> None:
        self._console.print(Text(safe_line(thing.text, 1_000), "bold" if thing.rows else "dim"))
        if not thing.rows:
            return
        rows = Table.grid(padding=(0, 3, 0, 0))
        for row in thing.rows:
            first, *rest = (safe_line(cell, 500) for cell in row)
            rows.add_row(Text(f"  {first}", "cyan"), *(Text(cell) for cell in rest))
        self._console.print(rows)


def _decisions(trace: Sequence[TraceLine], player: Player, *, days: bool = False) -> Table:
    """Decisions, one a line: time, step, result."""
    table = Table.grid(padding=(0, 1, 0, 0))
    several = len({line.scenario for line in trace}) > 1 or any(
        line.scenario != player.scenario.slug for line in trace
    )
    for line in trace:
        at = player.shown(line.at)
        # A step without an id is called by its path, which is long and says less than its line.
        step = f"line {line.line}" if "." in line.step and line.line else line.step
        name = f"{line.scenario} {step}".strip() if several else step
        result = line.result if line.phase == "step" else f"{line.phase}: {line.result}"
        table.add_row(
            Text(at[5:] if days else at[11:], "dim"),
            Text(safe_line(name, 60), "dim cyan"),
            Text(safe_line(result, 400), _PHASES.get(line.phase, "dim")),
        )
    return table


def _seen(effect: Effect) -> Iterator[RenderableType]:
    """What the visitor sees of an effect."""
    match effect:
        case effects.SendChat():
            yield from _chat(effect)
        case effects.ShowPopup():
            yield _popup(effect)
        case effects.Send():
            yield from _sent(effect)


def _chat(effect: effects.SendChat) -> Iterator[RenderableType]:
    parts = [Text(safe_text(effect.text, multiline=True))] if effect.text else []
    for kind, name in (("picture", effect.image), ("file", effect.file)):
        if name:
            parts.append(Text(f"{kind} {safe_line(name)}", "dim"))
    parts += [_button(button.label, button.link) for button in effect.buttons]
    yield Panel.fit(Group(*parts), box=box.ROUNDED, border_style="green", padding=(0, 1))
    for number, option in enumerate(effect.options, 1):
        yield Text.assemble((f"  {number} ", "bold cyan"), safe_line(option.label))


def _button(label: str, link: str) -> Text:
    return Text.assemble((f" {safe_line(label)} ", "reverse"), (f" {safe_line(link)}".rstrip(), "dim"))


def _popup(effect: effects.ShowPopup) -> RenderableType:
    parts: list[RenderableType] = [Text(safe_text(effect.text, multiline=True))]
    if effect.image:
        parts.append(Text(f"picture {safe_line(effect.image)}", "dim"))
    for field in effect.fields:
        star = "*" if field.required else ""
        parts.append(
            Text.assemble("\n", safe_line(field.label) + star, (f"  {safe_line(field.name)}", "dim"))
        )
        choices = " · ".join(safe_line(choice) for choice in field.choices)
        parts.append(Text(choices or "─" * (POPUP_COLUMNS - 8), "cyan" if choices else "dim"))
    if effect.button:
        parts += [Text(), Align.center(_button(effect.button.label, effect.button.link))]
    names = " ".join(f"{field.name}=…" for field in effect.fields)
    how = f":submit {safe_line(names, 100)}" if names else ":click" if effect.button else ""
    return Panel(
        Padding(Group(*parts), (0, 1)),
        box=box.DOUBLE,
        border_style="yellow",
        width=POPUP_COLUMNS if effect.size != "large" else CHAT_COLUMNS - 6,
        title=Text(safe_line(effect.title), "bold"),
        subtitle=Text(" · ".join(filter(None, (how, ":close"))), "dim"),
    )


def _sent(effect: effects.Send) -> Iterator[RenderableType]:
    content = effect.content
    match effect.channel:
        case "email":
            yield _email(effect)
        case "push":
            text = Text.assemble((safe_line(content["title"]), "bold"), "\n", safe_text(content["text"]))
            text.append(f"\n{safe_line(content['link'])}", "dim")
            yield Panel.fit(text, box=box.HEAVY, title="push", title_align="left", border_style="magenta")
        case "messenger":
            text = Text(safe_text(content["text"], multiline=True))
            yield Panel.fit(text, title="messenger", title_align="left", border_style="magenta")
        case "webhook":
            yield Text(f"webhook {safe_line(content['method'])} {safe_line(content['url'], 500)}", "magenta")


def _email(effect: effects.Send) -> RenderableType:
    content = effect.content
    parts: list[RenderableType] = [Text(safe_line(content["subject"]), "bold")]
    if content.get("preheader"):
        parts.append(Text(safe_line(content["preheader"]), "dim"))
    parts.append(Text())
    body = safe_text(body_in_markdown(content), multiline=True)
    template = safe_line(content.get("template") or "")
    parts.append(Markdown(body, hyperlinks=False) if body else Text(f"the template {template}", "dim"))
    parts += [Text(f"attached: {safe_line(name)}", "dim") for name in content.get("attachments") or ()]
    title = Text(f"email to {safe_line(content['to'])}")
    return Panel(
        Group(*parts), box=box.SQUARE, title=title, title_align="left", border_style="magenta", padding=(0, 1)
    )
