"""Every scenario of the library can be played, and what was played becomes a test that passes."""

from __future__ import annotations

import pytest

from operator_console.designer.play.people import Person, case_of
from operator_console.designer.play.session import Session
from scenarios_yaml.language.model import Segment
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.library.index import LibraryItem, library, segments
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.case_writer import appended, written
from scenarios_yaml.tools.testing.run_cases import CaseRunner

MOST_THINGS = 40
TYPED = {
    "email": "ann@shop.example",
    "phone": "+420123456789",
    "text": "Hello",
    "number": "3",
    "date": "2026-05-01",
    "rating": "5",
}
NEVER_LET_IN = {"holiday_broadcast"}
"""Its segment asks for what was bought in one week of the year."""
SEGMENTS: list[Segment] = [
    found for one in segments() if (found := read_segment(one.text).segment) is not None
]


def let_in(session: Session) -> bool:
    """Start it; where that was in vain, make the visitor fit."""
    session.start()
    verdict = session.verdict
    if verdict is None or verdict.phase == "refused":
        try:
            session.fit()
        except CannotError:
            return False
    verdict = session.verdict
    return verdict is not None and verdict.phase != "refused"


def first_branch(session: Session) -> None:
    """Do what lies nearest until the run is over: the first answer, the pop-up filled in or clicked, time."""
    for _ in range(MOST_THINGS):
        popup = session.popup
        if popup is not None and popup.fields:
            fields = [(one.name, one.choices[0] if one.choices else TYPED[one.input]) for one in popup.fields]
            session.type(":submit " + " ".join(f"{name}={value}" for name, value in fields))
        elif popup is not None:
            session.type(":click" if popup.button is not None else ":close")
        elif not session.standing:
            return
        elif session.standing[0].waits == "answer":
            session.type("1")
        elif session.standing[0].waits == "input":
            session.type("Hello")
        elif session.next_due:
            session.go_on()
        else:
            return


@pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
class TestTheLibraryPlayed:
    @pytest.mark.parametrize("language", ["en", "ru"])
    def test_its_first_branch_becomes_a_test_that_passes(self, item: LibraryItem, language: str) -> None:
        scenario = read_scenario(item.text).scenario
        assert scenario is not None
        person = Person(called="somebody new", locale=language)
        session = Session(scenario, case_of(person, scenario), segments=SEGMENTS)
        assert let_in(session) is (item.slug not in NEVER_LET_IN)
        first_branch(session)
        case = session.record("what was played")
        tests = read_tests(written(case))
        assert not tests.problems
        (result,) = CaseRunner(scenario, SEGMENTS).run(tests.cases[0])
        assert result.failure is None
        assert result.trace == session.trace
        beside = read_tests(appended(item.test, case))
        assert not beside.problems
        assert len(beside.cases) == len(read_tests(item.test).cases) + 1
