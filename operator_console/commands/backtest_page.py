"""A backtest's report as a page for the terminal: what a marketer reads at a glance, from the top down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from operator_console.safe_text import safe_line, safe_text
from scenarios_yaml.engine.clock import local, zone_of
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.tools.past.backtest_report import BacktestReport, StepCount
from scenarios_yaml.tools.past.tally import Entered

BAR = 24
"""Cells of the longest bar of the funnel."""
CHART = 5
"""Lines of the chart of days."""
WIDEST = 110
ROWS = 12
"""Refusals and endings that are told; the rest is summed up."""
SAMPLE = 3
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LEFT_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_CHANNELS = {"chat": "chat", "popup": "pop-up", "messenger": "message"}


def show_report(report: BacktestReport, draft: Scenario, file: Path) -> None:
    """Print the page on standard output."""
    console = Console(highlight=False)
    console.width = min(console.width, WIDEST)
    console.print(page(report, draft, file, console.width))


def page(report: BacktestReport, draft: Scenario, file: Path, width: int) -> RenderableType:
    """The whole page."""
    parts: list[RenderableType] = [*_head(report, draft)]
    if report.runs:
        parts += [*_section("What they would have gone through"), _funnel(report)]
    if report.messages:
        parts += [
            *_section(f"Messages a day, {sum(report.messages.values()):,} in all"),
            _chart(report, width),
        ]
    if report.refusals:
        parts += [*_section(f"Who was not let in, and by which line of {file.name}"), _refusals(report)]
    if report.held:
        parts += [*_section("What was held back"), _held(report)]
    if report.endings:
        parts += [*_section("How it ended"), _endings(report)]
    parts += [*_section("Beside the live version"), _live(report)]
    if report.sample:
        parts += [*_section("For example"), *_sample(report)]
    if report.unknown:
        parts += [*_section("What this cannot know"), *_unknown(report)]
    return Group(*parts)


def _section(title: str) -> Iterable[RenderableType]:
    return Text(), Text(title, style="bold")


# --- The head --------------------------------------------------------------------------------------------


def _head(report: BacktestReport, draft: Scenario) -> Iterable[RenderableType]:
    title = safe_line(draft.title.render({}, "en"), 100)
    zone = report.timezone
    yield Text.assemble((title, "bold"), (f"  {draft.slug} {report.version}", "dim"))
    span = f"{shown_in(report.since, zone)} to {shown_in(report.until, zone)} ({zone})"
    pace = report.events / report.seconds if report.seconds else 0
    read = f"{report.visitors:,} visitors, {report.events:,} events in {report.seconds:.1f} s ({pace:,.0f} a second)"
    yield Text(f"{span} · {read}", style="dim")
    if not report.complete:
        yield Text(
            f"Interrupted: only {report.visitors:,} of about {report.visitors_in_all:,} visitors.",
            style="yellow",
        )
    yield Text()
    yield _sentence(report)


def _sentence(report: BacktestReport) -> Text:
    if not report.considered:
        return Text("It would have been considered for nobody: its trigger never came.", style="yellow")
    share = report.entered / report.considered_visitors if report.considered_visitors else 0
    text = Text.assemble(
        (f"{report.entered:,}", "bold green" if report.entered else "bold yellow"),
        f" of {report.considered_visitors:,} visitors for whom it was considered would have entered ({share:.0%}), ",
        (f"{report.runs:,}", "bold"),
        " runs, ",
        (f"{sum(report.messages.values()):,}", "bold"),
        " messages",
    )
    if report.messages:
        parts = ", ".join(f"{count:,} {_channel(name)}" for name, count in report.messages.items())
        text.append(f" ({parts})")
    if report.goal:
        rate = report.goals / report.runs if report.runs else 0
        text.append(
            f". The goal, {safe_line(report.goal, 60)}, was reached in {report.goals:,} runs ({rate:.0%})"
        )
    return text.append(".")


# --- Tables ----------------------------------------------------------------------------------------------


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading, justify in columns:
        table.add_column(heading, justify="right" if justify == "right" else "left", header_style="dim")
    return table


def _funnel(report: BacktestReport) -> Table:
    table = _table(
        ("step", ""), ("", ""), ("runs", "right"), ("", "right"), ("asked", "right"), ("sent", "right")
    )
    table.add_column("there still", justify="right", header_style="dim")
    most = max([report.runs, *(step.reached for step in report.steps)])
    everybody = Text("everybody who entered", style="bold")
    table.add_row(everybody, bar(report.runs, most), f"{report.runs:,}", "100%", "", "", "")
    for step in report.steps:
        share = f"{step.reached / report.runs:.0%}"
        table.add_row(
            _step(step),
            bar(step.reached, most),
            f"{step.reached:,}",
            share,
            _count(step.asked),
            _count(step.sent),
            _count(step.standing),
            style="" if step.reached else "dim",
        )
    return table


def _step(step: StepCount) -> Text:
    text = Text("  " * step.depth, no_wrap=True, overflow="ellipsis")
    if step.branch:
        text.append(f"{safe_line(step.branch, 20)} › ", style="cyan")
    name = safe_line(step.name, 44)
    text.append(name)
    if not name.startswith(step.kind):
        text.append(f" {step.kind}", style="dim")
    return text


def bar(count: int, most: int, cells: int = BAR) -> Text:
    """A bar of whole cells and eighths; whatever is more than nothing is seen."""
    eighths = round(8 * cells * count / most) if most else 0
    if count and not eighths:
        eighths = 1
    return Text("█" * (eighths // 8) + _LEFT_EIGHTHS[eighths % 8], style="green", no_wrap=True)


def _count(count: int) -> str:
    return f"{count:,}" if count else ""


def _refusals(report: BacktestReport) -> Table:
    table = _table(("line", "right"), ("", ""), ("condition", ""), ("times", "right"), ("visitors", "right"))
    table.columns[2].min_width = 24
    table.add_column("it saw", header_style="dim", overflow="ellipsis", no_wrap=True, max_width=28)
    for one in report.refusals[:ROWS]:
        saw = ", ".join(safe_line(value, 40) for value in one.saw)
        table.add_row(
            str(one.line or ""),
            Text(one.kind, style="dim"),
            Text(safe_line(one.text, 120)),
            f"{one.times:,}",
            f"{one.visitors:,}",
            Text(saw, style="dim"),
        )
    rest = report.refusals[ROWS:]
    if rest:
        more = f"{len(rest)} more reasons"
        table.add_row("", "", Text(more, style="dim"), f"{sum(one.times for one in rest):,}", "", "")
    return table


def _held(report: BacktestReport) -> Table:
    table = _table(("", ""), ("by", ""), ("messages", "right"))
    styles = {"dropped": "red", "skipped": "red", "delayed": "yellow"}
    for one in report.held[:ROWS]:
        table.add_row(
            Text(one.what, style=styles.get(one.what, "")), Text(safe_line(one.by, 80)), f"{one.messages:,}"
        )
    return table


def _endings(report: BacktestReport) -> Table:
    table = _table(("", ""), ("runs", "right"), ("", ""))
    ended = sum(report.endings.values())
    standing = max(0, report.runs - ended)
    rows = list(report.endings.items())
    shown, rest = rows[:ROWS], rows[ROWS:]
    if rest:
        shown.append((f"{len(rest)} other ways", sum(count for _, count in rest)))
    if standing:
        shown.append(("still on the way", standing))
    most = max(count for _, count in shown)
    for reason, count in shown:
        table.add_row(Text(safe_line(reason, 80)), f"{count:,}", bar(count, most, 12))
    return table


def _live(report: BacktestReport) -> RenderableType:
    live = report.live
    if not live.version and not live.runs:
        return Text("No scenario of this name was live when the period began.", style="dim")
    table = _table(("", ""), ("draft", "right"), ("live", "right"))
    table.add_row("visitors who entered", f"{report.entered:,}", f"{live.entered:,}")
    table.add_row("  both / only here", f"{live.entered_by_both:,} / {live.only_by_draft:,}",
                  f"{live.entered_by_both:,} / {live.only_by_live:,}")  # fmt: skip
    table.add_row("runs", f"{report.runs:,}", f"{live.runs:,}")
    for channel in dict.fromkeys([*report.messages, *live.messages]):
        sent, was = report.messages.get(channel, 0), live.messages.get(channel, 0)
        table.add_row(_channel(channel), f"{sent:,}", f"{was:,}")
    if report.goal or live.goals:
        table.add_row("goals", f"{report.goals:,}", f"{live.goals:,}")
    return table


def _channel(channel: str) -> str:
    return _CHANNELS.get(channel, channel)


def shown_in(at: int, zone: str) -> str:
    """A moment on the project's clock."""
    return f"{local(at, zone_of(zone)):%Y-%m-%d %H:%M}"


# --- Days ------------------------------------------------------------------------------------------------


def _chart(report: BacktestReport, width: int) -> RenderableType:
    """Messages a day as columns of eighths, in as many cells as there is room for."""
    days = list(report.days.items())
    room = max(10, min(width - 10, WIDEST))
    together = -(-len(days) // room)
    groups = [days[begin : begin + together] for begin in range(0, len(days), together)]
    counts = [sum(count for _, count in group) for group in groups]
    cells = max(1, min(3, room // len(counts)))
    most = max(counts)
    lines = [
        Text.assemble(
            (f"{most if line == CHART - 1 else '':>7} ", "dim"), (_row(counts, line, most, cells), "green")
        )
        for line in reversed(range(CHART))
    ]
    first, last = date.fromisoformat(days[0][0]), date.fromisoformat(days[-1][0])
    axis = f"{first:%d %b}"
    if len(days) > 1:
        axis += f"{last:%d %b}".rjust(max(len(axis), len(counts) * cells - len(axis)))
    if together > 1:
        axis += f"   ({together} days a column)"
    lines.append(Text(" " * 8 + axis, style="dim"))
    return Group(*lines)


def _row(counts: Sequence[int], line: int, most: int, cells: int) -> str:
    signs = []
    for count in counts:
        eighths = max(1, round(8 * CHART * count / most)) if count else 0
        sign = _EIGHTHS[min(8, max(0, eighths - 8 * line))]
        signs.append(sign * max(1, cells - 1) + (" " if cells > 1 else ""))
    return "".join(signs)


# --- Examples, and what is not known ---------------------------------------------------------------------


def _sample(report: BacktestReport) -> Iterable[RenderableType]:
    for one in report.sample[:SAMPLE]:
        yield from _visitor(one, report.timezone)


def _visitor(one: Entered, zone: str) -> Iterable[RenderableType]:
    called = safe_line(one.called, 60) or one.visitor
    yield Text.assemble((called, "bold"), (f"  {one.visitor}" if one.called else "", "dim"))
    yield Text(f"  {shown_in(one.at[0], zone)} entered", style="dim")
    for got in one.got[:4]:
        said = safe_line(got.subject, 70) or safe_line(got.text, 70)
        rest = safe_text(got.text, limit=160, multiline=False) if got.subject else ""
        yield Text.assemble(
            (f"  {shown_in(got.at, zone)} {_channel(got.channel)} ", "dim"), said, (f"  {safe_line(rest, 90)}", "dim"),
            no_wrap=True, overflow="ellipsis",
        )  # fmt: skip
    yield Text(f"  {safe_line(one.ended[-1], 100)}", style="dim")


def _unknown(report: BacktestReport) -> Iterable[RenderableType]:
    for sentence in report.unknown:
        yield Padding(Text.assemble(("• ", "dim"), safe_line(sentence, 400)), (0, 0, 0, 0))
