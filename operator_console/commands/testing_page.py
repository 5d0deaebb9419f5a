"""How the results of scenario tests look in the terminal: a line a scenario, failures with the run's trace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from operator_console.safe_text import safe_line

if TYPE_CHECKING:
    from scenarios_yaml.engine.effects import TraceLine
    from scenarios_yaml.tools.testing.coverage import Coverage
    from scenarios_yaml.tools.testing.run_cases import CaseResult
    from scenarios_yaml.tools.testing.suite import FileResult

MOST_TRACE = 40
"""So many lines of a failed case's trace are shown, the last ones."""


class Page:
    """What `scenarios test` prints, as it comes."""

    def __init__(self, names: Sequence[str]) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._width = min(max((len(name) for name in names), default=0), 50)

    def file(self, result: FileResult) -> None:
        """One line for a scenario, and below it what failed."""
        mark = Text("✓ ", "green") if result.ok else Text("✗ ", "bold red")
        line = Text.assemble(mark, (safe_line(result.slug, 60).ljust(self._width + 2), "bold"))
        if result.problems:
            line.append(_counted(len(result.problems), "mistake"), "red")
        else:
            line.append(f"{result.passed:>3} passed", "green" if result.passed else "dim")
        if result.failed:
            line.append(f"  {result.failed} failed", "bold red")
        if result.coverage is not None:
            line.append(f"  {_share(result.coverage):>4}", _colour(result.coverage))
        self._console.print(line)
        for problem in result.problems:
            self._console.print(Text(f"  {safe_line(problem, 600)}", "red"))
        for one in result.results:
            if not one.passed:
                self._failure(result, one)

    def untested(self, path: Path) -> None:
        self._console.print(
            Text.assemble(("– ", "yellow"), safe_line(path.stem, 60), ("  has no test", "yellow"))
        )

    def _failure(self, result: FileResult, case: CaseResult) -> None:
        failure = case.failure
        if failure is None:
            return
        name = safe_line(case.case.name, 150)
        self._console.print(
            Text.assemble(("  ✗ ", "bold red"), (name, "bold"), (f"  ({case.locale})", "dim"))
        )
        place = f"{result.path}:{failure.line}"
        self._console.print(
            Text.assemble("    ", (safe_line(place, 400), "cyan"), f": {safe_line(failure.message, 600)}")
        )
        if failure.instead:
            self._console.print(
                Text.assemble("    ", ("seen: ", "yellow"), safe_line(failure.instead, 1_500))
            )
        self._trace(case)

    def _trace(self, case: CaseResult) -> None:
        from scenarios_yaml.engine.clock import local, zone_of

        zone = zone_of(case.case.timezone)
        lines = case.trace[-MOST_TRACE:]
        if not lines:
            self._console.print(Text("      no scenario was considered", "dim"))
            return
        if len(case.trace) > len(lines):
            self._console.print(Text(f"      … {len(case.trace) - len(lines)} lines before", "dim"))
        several = len({line.scenario for line in lines}) > 1
        rows = [_row(line, local(line.at, zone).strftime("%m-%d %H:%M:%S"), several) for line in lines]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for (at, where, who, result), line in zip(rows, lines, strict=True):
            self._console.print(Text.assemble(
                "      ", (at, "dim"), (f"  {where:>{widths[1]}}  ", "dim"), (who.ljust(widths[2] + 2), "cyan"),
                (result, _PHASES.get(line.phase, "")),
            ))  # fmt: skip

    def coverage(self, known: Sequence[tuple[Path, Coverage]], share: float) -> None:
        """Which ways no test walks, by scenario, and the whole in percent."""
        for path, coverage in known:
            for way in coverage.missing:
                place = safe_line(f"{path}:{way.line}", 400)
                self._console.print(
                    Text.assemble((place, "cyan"), (": no test walks ", "yellow"), safe_line(way.named))
                )
            for way, locale in coverage.in_one_language:
                place = safe_line(f"{path}:{way.line}", 400)
                said = f": walked in {locale} only: "
                self._console.print(Text.assemble((place, "cyan"), (said, "dim"), safe_line(way.named)))
        done = sum(coverage.done for _, coverage in known)
        ways = sum(len(coverage.ways) for _, coverage in known)
        colour = "green" if done == ways else "yellow"
        shown = (f"{share:.1f}%", f"bold {colour}")
        self._console.print(Text.assemble("Covered: ", shown, f" ({done} of {ways} ways)"))

    def summary(self, results: Sequence[FileResult], seconds: float) -> None:
        passed = sum(result.passed for result in results)
        failed = sum(result.failed for result in results)
        broken = sum(bool(result.problems) for result in results)
        line = Text.assemble(f"{_counted(len(results), 'scenario')}: ", (f"{passed} passed", "green"))
        if failed:
            line.append(f", {failed} failed", "bold red")
        if broken:
            line.append(f", {_counted(broken, 'file')} with mistakes", "bold red")
        line.append(f" in {seconds:.1f} s", "dim")
        self._console.print(line)


def _row(line: TraceLine, at: str, several: bool) -> tuple[str, str, str, str]:
    """A line of the trace: when, in which line of the scenario, at which step, and what came of it."""
    step = line.step if line.phase in ("step", "ended") else ""
    who = safe_line(f"{line.scenario} {step}".strip() if several else step, 60)
    result = safe_line(f"{line.phase}: {line.result}" if line.phase != "step" else line.result, 300)
    return at, str(line.line or ""), who, result


_PHASES = {"started": "green", "refused": "yellow", "ended": "magenta", "goal": "bold green"}


def _share(coverage: Coverage) -> str:
    from scenarios_yaml.tools.testing.coverage import percent

    # Rounded down: 100% means all of it.
    return f"{int(percent(coverage.done, len(coverage.ways)))}%"


def _colour(coverage: Coverage) -> str:
    return "green" if not coverage.missing else "yellow"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
