"""`scenarios test`: runs test files on a virtual clock, and says at a glance what holds and what does not."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from operator_console.commands.talk import CommandError, say
from operator_console.commands.testing_page import Page

if TYPE_CHECKING:
    from scenarios_yaml.tools.testing.coverage import Coverage
    from scenarios_yaml.tools.testing.suite import FileResult


def run_tests(paths: Sequence[Path], *, junit: Path | None, coverage: bool, fail_under: float | None) -> int:
    """Run the tests of files and folders; 1 where one fails, or less is covered than wanted, else 0.

    What failed is on standard output. Raises `CommandError` where there is nothing to run.
    """
    from scenarios_yaml.tools.testing.case_files import untested

    files = _test_files(paths)
    alone = [file for path in paths for file in untested(path)]
    covers = coverage or fail_under is not None
    began = time.perf_counter()
    page = Page([file.name.removesuffix(".test.yaml") for file in files])
    results = _run(files, page, covers)
    seconds = time.perf_counter() - began
    for file in alone:
        page.untested(file)
    if junit is not None:
        _write_junit(junit, results, seconds)
    share = _show_coverage(page, results, alone) if covers else None
    page.summary(results, seconds)
    if fail_under is not None and share is not None and share < fail_under:
        say(f"{share:.1f}% of all ways are walked; at least {fail_under:g}% are wanted.")
        return 1
    return 0 if all(result.ok for result in results) else 1


def _test_files(paths: Sequence[Path]) -> list[Path]:
    from scenarios_yaml.tools.testing.case_files import find_tests

    files: dict[Path, None] = {}
    for path in paths:
        found = find_tests(path)
        if not found:
            advice = "The test of NAME.yaml is NAME.test.yaml, beside it."
            raise CommandError(
                f"There is no test in {path}." if path.is_dir() else f"{path} has no test.", advice
            )
        files.update(dict.fromkeys(found))
    return list(files)


def _run(files: Sequence[Path], page: Page, coverage: bool) -> list[FileResult]:
    from scenarios_yaml.tools.testing.suite import run_files

    results = []
    shows_progress = sys.stderr.isatty()
    for number, result in enumerate(run_files(files, coverage=coverage), 1):
        if shows_progress:
            sys.stderr.write("\r\x1b[K")
        results.append(result)
        page.file(result)
        if shows_progress and number < len(files):
            sys.stderr.write(f"{number} of {len(files)} files …")
            sys.stderr.flush()
    return results


def _write_junit(path: Path, results: Sequence[FileResult], seconds: float) -> None:
    from operator_console.commands.junit import junit_xml

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(junit_xml(results, seconds))


def _show_coverage(page: Page, results: Sequence[FileResult], alone: Sequence[Path]) -> float:
    from scenarios_yaml.tools.testing.suite import total, uncovered

    known: list[tuple[Path, Coverage]] = [
        (result.scenario_path, result.coverage) for result in results if result.coverage is not None
    ]
    for file in alone:
        found = uncovered(file)
        if found is not None:
            known.append((file, found))
    share = total([coverage for _, coverage in known])
    page.coverage(known, share)
    return share
