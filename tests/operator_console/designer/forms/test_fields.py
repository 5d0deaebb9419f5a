"""The form of a place: each thing that the language takes there is asked for, in words, and shows what is written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from operator_console.designer.forms.field_words import CHOICES, FIELDS, choice_words, help_of, label_of
from operator_console.designer.forms.fields import Field, form_at
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.steps import KINDS
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.library.index import LibraryItem, library

HEAD = "scenario: a\ntitle: A\ntrigger:\n  - event: Session Started\nsteps:\n"


def document(steps: str) -> Document:
    return Document(HEAD + steps, "a.yaml")


def by_name(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {field.name: field for field in fields}


def forms(item: LibraryItem) -> Iterator[tuple[str, tuple[Field, ...]]]:
    """The forms of every place of a scenario that has one."""
    document = Document(item.text, f"{item.slug}.yaml")
    scenario = document.reading.scenario
    assert scenario is not None
    places = ["", "goal", "reentry", "delivery", *(f"trigger.{n}" for n in range(len(scenario.trigger)))]
    places += [f"parameters.{one.name}" for one in scenario.parameters]
    places += [step.path for step in all_steps([scenario.steps, *(steps for _, steps in scenario.blocks)])]
    for place in places:
        yield place, form_at(document, place)


class TestAForm:
    def test_asks_for_the_parts_of_a_pop_up_and_how_long_it_waits(self) -> None:
        fields = form_at(
            document(
                "  - popup: {size: small, title: Hi, text: Hello, button: {label: OK}}\n    timeout: 30m\n"
            ),
            "steps.0",
        )
        assert [(field.name, field.kind, field.value) for field in fields[:6]] == [
            ("size", "choice", "small"),
            ("title", "text", "Hi"),
            ("text", "text", "Hello"),
            ("image", "picture", None),
            ("label", "text", "OK"),
            ("link", "link", None),
        ]
        assert by_name(fields)["timeout"].place == "steps.0.timeout"
        assert by_name(fields)["position"].choices[0] == "center"

    def test_ends_with_what_every_step_has(self) -> None:
        fields = form_at(document("  - id: hello\n    say: Hello\n"), "steps.0")
        names = [field.name for field in fields]
        assert (names[0], names[-3:]) == ("say", ["id", "comment", "enabled"])

    @pytest.mark.parametrize("branch", ["then", "if", "options", "no_answer", "steps"])
    def test_leaves_out_what_is_a_row_of_the_tree(self, branch: str) -> None:
        steps = "  - if:\n      - email is known\n    then:\n      - say: Hi\n"
        steps += "  - say: Well?\n    options:\n      - label: Of course\n"
        for place in ("steps.0", "steps.1", "steps.1.options.0"):
            assert branch not in by_name(form_at(document(steps), place))

    def test_shows_a_text_by_language(self) -> None:
        fields = form_at(document("  - say: {en: Hello, ru: Привет}\n"), "steps.0")
        assert by_name(fields)["say"].value == {"en": "Hello", "ru": "Привет"}

    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("3d", {"for": "3d"}),
            ("{for: 3d, since: trigger}", {"for": "3d", "since": "trigger"}),
            ("{at: 10:00, weekdays: [mon, tue]}", {"at": "10:00", "weekdays": ["mon", "tue"]}),
        ],
    )
    def test_shows_a_wait_however_it_is_written(self, written: str, shown: dict[str, object]) -> None:
        fields = form_at(document(f"  - wait: {written}\n"), "steps.0")
        assert {field.name: field.value for field in fields if field.value is not None} == shown

    def test_takes_other_words_beside_some_choices(self) -> None:
        """A path of products beside the named lists, a number beside `once`."""
        steps = "  - product_list: {from: event.products, limit: 3}\n"
        source = by_name(form_at(document(steps), "steps.0"))["from"]
        assert (source.kind, source.choices) == ("words", ("viewed", "cart", "popular"))
        times = by_name(form_at(Document("scenario: a\nreentry: {times: once}\n"), "reentry"))["times"]
        assert (times.kind, times.choices) == ("number", ("once", "always"))

    @pytest.mark.parametrize("place", ["steps.7", "nowhere", "title", "steps", "steps.0.then.3"])
    def test_asks_nothing_where_there_is_nothing_to_ask(self, place: str) -> None:
        assert form_at(document("  - say: Hello\n"), place) == ()

    def test_asks_nothing_of_a_file_that_cannot_be_read(self) -> None:
        assert form_at(Document("scenario: [\n"), "") == ()


class TestTheWholeLanguage:
    def test_every_field_has_a_name_and_a_line_of_help(self) -> None:
        for kind in KINDS:
            for field in form_at(document(f"  - {kind}: x\n"), "steps.0"):
                assert label_of(field)
                assert help_of(field)
        for item in library():
            for _place, fields in forms(item):
                for field in fields:
                    assert label_of(field)

    def test_every_choice_has_words(self) -> None:
        """But for the methods of HTTP, which are called what they are."""
        fields = [field for item in library() for _place, shown in forms(item) for field in shown]
        for field in fields:
            for one in field.choices if field.name != "method" else ():
                assert choice_words(field, one) == CHOICES[f"{field.name}.{one}"]

    def test_no_words_are_for_nothing(self) -> None:
        asked = set()
        for kind in KINDS:
            fields = form_at(document(f"  - {kind}: x\n"), "steps.0")
            asked |= {f"{field.within}.{field.name}" if field.within else field.name for field in fields}
        assert {name for name in FIELDS if "." in name} <= asked | {"button.label", "button.link"}


def _below(document: Document, place: str) -> object:
    try:
        return document.value(place)
    except KeyError:
        return None


@pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
def test_forms_show_all_that_is_written_in_the_library(item: LibraryItem) -> None:
    """Each value of a step stands in a field, or in a row of the tree."""
    document = Document(item.text, f"{item.slug}.yaml")
    for place, fields in forms(item):
        for field in fields:
            if field.value is not None:
                # `wait: 3d` is short for its `for`.
                whole = field.place.removesuffix(".for") if field.within == "wait" else field.place
                assert field.value in (document.value(whole), _below(document, field.place))
        if not place.startswith(("steps", "blocks")):
            continue
        written = document.value(place)
        assert isinstance(written, dict)
        shown = {field.place.removeprefix(f"{place}.").partition(".")[0] for field in fields}
        rows = {"then", "else", "if", "options", "choose", "otherwise", "split", "no_answer", "no_operator"}
        rows |= {name for name in written if name.startswith("on_")}
        assert set(written) <= shown | rows
