"""The visitor of a session is a sample, or one whom the desk knows; a line says what he does."""

from __future__ import annotations

import pytest

from operator_console.designer.play.doings import Fit, Next, Start, doing_of
from operator_console.designer.play.people import Person, case_of, languages_of, person_of, samples, world_of
from operator_console.designer.play.session import Session
from scenarios_yaml.engine.effects import ChatOption, ShowField, ShowPopup
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.texts import Text
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.case_writer import written
from scenarios_yaml.tools.testing.cases import Case
from server_stub.protocol import ShopWorld, VisitorCard


def scenario(trigger: str, title: str = "A") -> Scenario:
    found = read_scenario(
        f"scenario: a\ntitle: {title}\ntrigger: [{trigger}]\nsteps: [{{say: Hi}}]\n"
    ).scenario
    assert found is not None
    return found


def popup(*names: str) -> ShowPopup:
    fields = tuple(ShowField(name=name, input="text", label=name) for name in names)
    return ShowPopup(id="p", run="r", scenario="a", step="s", size="small", title="T", text="", fields=fields)


class TestSamples:
    def test_there_are_some_in_each_language_of_the_scenario(self) -> None:
        languages = languages_of(scenario("{event: Go}", "{en: A, ru: А}"))
        assert languages == ("en", "ru")
        people = samples(languages)
        assert {person.locale for person in people} == {"en", "ru"}
        assert {bool(person.given.get("email")) for person in people} == {True, False}

    def test_a_scenario_with_one_text_is_played_in_english(self) -> None:
        assert languages_of(scenario("{event: Go}")) == ("en",)


class TestARealVisitor:
    CARD = VisitorCard(
        id="v1",
        seq=1,
        name="Ann",
        email="ann@shop.example",
        properties={"plan": "gold", "visits": 9, "locale": "ru", "bad name": 1, "deep": {"a": 1}},
        tags=("vip", "no tag !"),
        locale="ru-RU",
        timezone="Europe/Prague",
    )

    def test_what_is_known_of_him_comes_along_and_what_the_desk_counts_does_not(self) -> None:
        person = person_of(self.CARD)
        assert person.given == {
            "plan": "gold",
            "name": "Ann",
            "email": "ann@shop.example",
            "timezone": "Europe/Prague",
        }
        assert (person.tags, person.locale, person.visitor) == (("vip",), "ru", "v1")

    def test_a_session_with_him_can_be_recorded(self) -> None:
        draft = scenario("{event: Go}")
        session = Session(draft, case_of(person_of(self.CARD), draft))
        session.start()
        assert not read_tests(written(session.record("greets him"))).problems

    @pytest.mark.parametrize("locale", ["", "x", "💥", "english please"])
    def test_a_language_that_is_none_is_english(self, locale: str) -> None:
        assert person_of(VisitorCard(id="v", seq=1, locale=locale)).locale == "en"


class TestTheSetting:
    def test_it_begins_on_a_monday_at_noon(self) -> None:
        draft = scenario("{event: Go}")
        assert case_of(Person(called="x"), draft).at == "2026-03-02 12:00"

    def test_a_broadcast_that_would_be_over_by_then_begins_a_day_before(self) -> None:
        draft = scenario("{at: 2025-08-30 10:00}")
        case = case_of(Person(called="x"), draft, Case(name="", line=0, timezone="Europe/Prague"))
        assert case.at == "2025-08-29 12:00"
        assert Session(draft, case).start().trace[0].phase == "started"


class TestWhatALineMeans:
    ANSWERS = (ChatOption("a", "Prices"), ChatOption("b", "10"))

    @pytest.mark.parametrize(
        ("line", "label"), [("1", "Prices"), (" prices ", "prices"), ("2", "10"), ("10", "10")]
    )
    def test_a_number_or_a_label_is_an_answer(self, line: str, label: str) -> None:
        assert doing_of(line, self.ANSWERS) == cases.Answers(answer=Text.plain(label), line=0)

    @pytest.mark.parametrize("line", ["3", "0", "else"])
    def test_anything_else_is_written_in_the_chat(self, line: str) -> None:
        assert doing_of(line, self.ANSWERS) == cases.Writes(text=Text.plain(line), line=0)

    @pytest.mark.parametrize(
        ("line", "doing"),
        [(":start", Start()), (":start 2", Start(1)), (":fit", Fit()), (":next", Next()), (":state", None)],
    )
    def test_a_command_stands_behind_a_colon(self, line: str, doing: object) -> None:
        assert doing_of(line) == doing

    def test_two_colons_are_one_that_is_written(self) -> None:
        assert doing_of("::)") == cases.Writes(text=Text.plain(":)"), line=0)

    def test_the_only_field_of_a_pop_up_is_just_filled_in(self) -> None:
        assert doing_of("Prague", (), popup("city")) == cases.Submits(
            fields=(("city", Text.plain("Prague")),), line=0
        )

    def test_several_are_named(self) -> None:
        wanted = (("city", Text.plain("New York")), ("age", Text.plain("30")))
        found = doing_of("city=New York age=30", (), popup("city", "age"))
        assert found == cases.Submits(fields=wanted, line=0)
        with pytest.raises(CannotError, match="several fields"):
            doing_of("Prague", (), popup("city", "age"))

    @pytest.mark.parametrize(
        "line", [":start x", ":start -1", ":advance", ":operators many", ":coupon", ":event", ":tag a b"]
    )
    def test_what_cannot_be_read_is_refused(self, line: str) -> None:
        with pytest.raises(CannotError):
            doing_of(line)


class TestTheWorldOfTheShop:
    def test_it_opens_on_its_days_in_the_hours_that_most_of_them_have(self) -> None:
        hours = {"mon": "09:00-18:00", "tue": "09:00-18:00", "sat": "10:00-14:00"}
        case = world_of(
            ShopWorld("Europe/Prague", business_hours=hours, quiet_hours="22:00-08:00", most=2, within_ms=9)
        )
        assert (case.business_hours, case.open_on) == (("09:00", "18:00"), (0, 1, 5))
        assert (case.timezone, case.quiet_hours, case.frequency_cap) == (
            "Europe/Prague",
            ("22:00", "08:00"),
            (2, 9),
        )

    def test_without_hours_or_a_zone_that_is_known_it_is_as_any(self) -> None:
        case = world_of(ShopWorld("Mars/Olympus"))
        assert (case.business_hours, case.open_on, case.timezone, case.site) == (None, (), "UTC", {})
