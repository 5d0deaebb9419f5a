"""Cases are written as a person would write them, and read back as what they were."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from scenarios_yaml.language.texts import Text
from scenarios_yaml.library.index import LibraryItem, library
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.case_writer import WIDEST, appended, written
from scenarios_yaml.tools.testing.cases import Case

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40
).filter(lambda text: text.strip() and not text.strip().startswith("parameters."))


def bare(value: Any) -> Any:
    """A case without the lines at which its parts stand."""
    if isinstance(value, Struct):
        fields = {name: bare(getattr(value, name)) for name in value.__struct_fields__ if name != "line"}
        return type(value).__name__, fields
    if isinstance(value, tuple | list):
        return [bare(item) for item in value]
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items()}
    return value


def read_back(text: str) -> Case:
    result = read_tests(text)
    assert not result.problems, text
    (case,) = result.cases
    return case


class TestWriting:
    @pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
    def test_every_case_of_the_library_comes_back_as_it_was(self, item: LibraryItem) -> None:
        for case in read_tests(item.test).cases:
            assert bare(read_back(written(case))) == bare(case)

    def test_what_is_short_stands_on_one_line_and_what_is_long_below_its_key(self) -> None:
        few = {"product_id": "p1", "price": 1200}
        many = {f"property_{number}": f"value {number}" for number in range(12)}
        timeline = tuple(
            cases.Happens(event="Product Added", properties=given, line=0) for given in (few, many)
        )
        text = written(Case(name="a", line=1, timeline=timeline))
        assert "      properties: {product_id: p1, price: 1200}\n" in text
        assert "      properties:\n        property_0: value 0\n" in text
        assert max(map(len, text.splitlines())) <= WIDEST

    @pytest.mark.parametrize(
        ("value", "as_written"),
        [
            ("Lamp", "Lamp"),
            ("12", '"12"'),
            ("true", '"true"'),
            ("NULL", '"NULL"'),
            ("Null", '"Null"'),
            ("a: b", '"a: b"'),
            ("{{ x }}", '"{{ x }}"'),
            ("- x", '"- x"'),
            ("two\nlines", '"two\\nlines"'),
            (True, "true"),
            (450.5, "450.5"),
            (None, "null"),
        ],
    )
    def test_a_word_stands_in_quotes_where_it_could_be_taken_for_something_else(
        self, value: Any, as_written: str
    ) -> None:
        item = cases.Changes(properties={"x": value}, line=0)
        assert f"- set: {{x: {as_written}}}" in written(Case(name="a", line=1, timeline=(item,)))

    @given(name=WORDS, value=WORDS, key=WORDS)
    def test_any_text_comes_back_as_it_was(self, name: str, value: str, key: str) -> None:
        timeline = (
            cases.Writes(text=Text.plain(value), line=0),
            cases.Happens(event="Go", properties={key: value, "list": [value, {key: 1.5}]}, line=0),
        )
        case = Case(name=name, line=1, timeline=timeline)
        assert bare(read_back(written(case))) == bare(case)


class TestAppending:
    CASE = Case(name="goes", line=1, timeline=(cases.Happens(event="Go", line=0),))

    def test_an_empty_file_gets_its_first_case(self) -> None:
        assert appended("", self.CASE) == "- test: goes\n  timeline:\n    - event: Go\n"

    def test_what_stood_there_stays_as_it_was(self) -> None:
        before = "# ours\n- test: first\n  timeline:\n  - event:   Go  # so\n\n\n"
        after = appended(before, self.CASE)
        assert after.startswith(before.rstrip())
        assert [case.name for case in read_tests(after).cases] == ["first", "goes"]

    def test_line_ends_and_indentation_are_those_of_the_file(self) -> None:
        after = appended("  - test: first\r\n    timeline:\r\n      - event: Go\r\n", self.CASE)
        assert "\n" not in after.replace("\r\n", "")
        assert "\r\n\r\n  - test: goes\r\n    timeline:\r\n      - event: Go\r\n" in after
        assert not read_tests(after).problems

    def test_a_name_that_is_taken_gets_a_number(self) -> None:
        twice = appended(appended(appended("", self.CASE), self.CASE), self.CASE)
        assert [case.name for case in read_tests(twice).cases] == ["goes", "goes (2)", "goes (3)"]

    def test_a_file_that_cannot_be_read_is_left_alone(self) -> None:
        with pytest.raises(CannotError, match="cannot be read"):
            appended("- test: a\n  timline: []\n", self.CASE)
