"""Results of scenario tests as JUnit XML, the form that build servers read."""

from __future__ import annotations

import xml.etree.ElementTree as ET  # it only writes here
from collections.abc import Sequence
from typing import TYPE_CHECKING

from operator_console.safe_text import safe_text

if TYPE_CHECKING:
    from scenarios_yaml.tools.testing.run_cases import CaseResult
    from scenarios_yaml.tools.testing.suite import FileResult


def junit_xml(results: Sequence[FileResult], seconds: float) -> bytes:
    """One suite a scenario, one case a test and language; a file that cannot be read is an error. `seconds` is what
    the whole took."""
    root = ET.Element("testsuites", name="scenarios", time=f"{seconds:.3f}")
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for result in results:
        counts = {
            "tests": len(result.results) + bool(result.problems),
            "failures": result.failed,
            "errors": int(bool(result.problems)),
        }
        suite = ET.SubElement(root, "testsuite", name=_clean(result.slug), file=_clean(str(result.path)))
        for name, count in counts.items():
            suite.set(name, str(count))
            totals[name] += count
        if result.problems:
            case = ET.SubElement(suite, "testcase", classname=_clean(result.slug), name="the files are read")
            error = ET.SubElement(case, "error", message=_clean(str(result.problems[0])))
            error.text = _clean("\n".join(str(problem) for problem in result.problems))
        for one in result.results:
            _case(suite, result, one)
    for name, count in totals.items():
        root.set(name, str(count))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _case(suite: ET.Element, result: FileResult, one: CaseResult) -> None:
    name = f"{one.case.name} [{one.locale}]"
    case = ET.SubElement(suite, "testcase", classname=_clean(result.slug), name=_clean(name))
    case.set("file", _clean(str(result.path)))
    case.set("line", str(one.case.line))
    if one.failure is None:
        return
    failure = ET.SubElement(case, "failure", message=_clean(one.failure.message))
    lines = [f"{result.path}:{one.failure.line}: {one.failure.message}"]
    if one.failure.instead:
        lines.append(f"seen: {one.failure.instead}")
    lines += [f"{line.scenario} {line.phase} {line.step} {line.result}" for line in one.trace]
    failure.text = _clean("\n".join(lines))


def _clean(text: str) -> str:
    """Without what XML cannot hold, escaped or not: control characters, halves of characters."""
    return safe_text(text, limit=20_000, multiline=True)
