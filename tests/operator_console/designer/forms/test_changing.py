"""What is typed into a form comes into the file as a person would have written it, or is refused with a reason."""

from __future__ import annotations

import pytest

from operator_console.designer.forms.changing import change, in_language, languages, parsed, typed
from operator_console.designer.forms.fields import Field, form_at
from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.library.index import LibraryItem, library

HEAD = "scenario: a\ntitle: {en: A, ru: А}\ntrigger:\n  - event: Session Started\nsteps:\n"


def document(steps: str) -> Document:
    return Document(HEAD + steps, "a.yaml")


def field_of(document: Document, name: str, within: str = "") -> Field:
    fields = form_at(document, "steps.0")
    return next(field for field in fields if field.name == name and (not within or field.within == within))


def after(document: Document, name: str, text: str, within: str = "") -> str:
    """The steps of the file after a field was typed anew."""
    field = field_of(document, name, within)
    change(document, field, parsed(field, text))
    return document.text.removeprefix(HEAD)


class TestTyping:
    def test_a_duration_stands_where_it_stood(self) -> None:
        steps = "  - say: Hello?  # well\n    options:\n      - label: Hi\n    timeout: 1d  # a day\n"
        assert after(document(steps), "timeout", "2h") == steps.replace("1d", "2h", 1)

    def test_a_value_that_was_not_there_is_added(self) -> None:
        done = after(document("  - popup: {size: small, title: Hi, text: Hello}\n"), "position", "top")
        assert done == "  - popup: {size: small, title: Hi, text: Hello, position: top}\n"

    def test_an_emptied_field_is_taken_away(self) -> None:
        done = after(
            document("  - popup: {size: small, title: Hi, text: Hello, position: top}\n"), "position", " "
        )
        assert done == "  - popup: {size: small, title: Hi, text: Hello}\n"

    def test_lists_and_values_are_a_line_each(self) -> None:
        done = after(
            document("  - set: {visitor.plan: gold}\n"), "set", "visitor.plan = silver\n\nrun.size = XL\n"
        )
        assert Document(HEAD + done).value("steps.0.set") == {"visitor.plan": "silver", "run.size": "XL"}
        wait = document("  - wait: {at: 10:00, weekdays: [mon]}\n")
        assert "weekdays: [mon, fri]" in after(wait, "weekdays", "mon\nfri")

    def test_each_change_is_one_step_of_undo(self) -> None:
        it = document("  - wait: 3d\n")
        before = it.text
        after(it, "since", "trigger")
        it.undo()
        assert it.text == before


class TestAWait:
    @pytest.mark.parametrize(
        ("written", "name", "text", "done"),
        [
            ("3d", "for", "2h", "2h"),
            ("3d", "since", "trigger", "{for: 3d, since: trigger}"),
            ("{for: 3d, since: trigger}", "since", "", "3d"),
            ("{at: 10:00}", "weekdays", "mon", "{at: 10:00, weekdays: [mon]}"),
        ],
    )
    def test_is_written_as_short_as_it_can_be(self, written: str, name: str, text: str, done: str) -> None:
        assert after(document(f"  - wait: {written}\n"), name, text) == f"  - wait: {done}\n"

    def test_is_not_left_empty(self) -> None:
        with pytest.raises(CannotEditError, match="a wait needs"):
            after(document("  - wait: 3d\n"), "for", "")


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("steps", "name", "text", "reason"),
        [
            ("  - wait: 3d\n", "for", "soon", "duration"),
            ("  - wait: 3d\n", "until", "2026-08-30 10:00", "for"),
            ("  - say: Hello\n", "say", "", "must stand here"),
            ("  - say: Hello\n", "say", "{{ vistor.name }}", "vistor"),
            ("  - jump: a\n", "jump", "nowhere", "nowhere"),
            ("  - set: {visitor.plan: gold}\n", "set", "gold", "a name, “=” and a value"),
            ("  - tag: vip\n", "tag", "two words", "tag"),
        ],
    )
    def test_says_why_and_changes_nothing(self, steps: str, name: str, text: str, reason: str) -> None:
        it = document(steps)
        before, revision = it.text, it.undo()
        with pytest.raises(CannotEditError, match=reason):
            after(it, name, text)
        assert it.text == before
        assert it.undo() == revision is None

    def test_errors_that_were_there_before_do_not_hold_up_an_edit(self) -> None:
        it = document("  - wait: 3d\n  - jump: nowhere\n")
        assert after(it, "for", "2h").startswith("  - wait: 2h\n")


class TestAButton:
    def test_goes_with_its_label(self) -> None:
        it = document("  - popup: {size: small, title: Hi, text: Hello, button: {label: OK}}\n")
        assert after(it, "label", "", "button") == "  - popup: {size: small, title: Hi, text: Hello}\n"

    def test_comes_with_its_label(self) -> None:
        it = document("  - popup: {size: small, title: Hi, text: Hello}\n")
        after(it, "label", "OK", "button")
        assert it.value("steps.0.popup.button") == {"label": "OK"}
        assert it.reading.scenario is not None


class TestTextsInLanguages:
    def test_one_changes_and_the_others_stay(self) -> None:
        it = document("  - say: {en: Hello, ru: Привет}\n")
        field = field_of(it, "say")
        assert languages(it) == ("en", "ru")
        assert (typed(field, "ru"), typed(field, "de")) == ("Привет", "")
        assert in_language(it, field, "ru", "Здравствуйте") == {"en": "Hello", "ru": "Здравствуйте"}
        assert in_language(it, field, "ru", "") == {"en": "Hello"}

    def test_a_text_for_all_becomes_one_for_each_where_they_differ(self) -> None:
        it = document("  - say: Hello\n")
        field = field_of(it, "say")
        assert in_language(it, field, "en", "Hi") == "Hi"
        assert in_language(it, field, "ru", "Привет") == {"en": "Hello", "ru": "Привет"}

    def test_a_file_in_one_language_has_plain_texts(self) -> None:
        it = Document("scenario: a\ntitle: A\nsteps:\n  - say: Hello\n")
        assert languages(it) == ()
        assert in_language(it, field_of(it, "say"), "", "Hi") == "Hi"


@pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
def test_what_is_typed_again_as_it_stands_changes_no_byte(item: LibraryItem) -> None:
    document = Document(item.text, f"{item.slug}.yaml")
    scenario = document.reading.scenario
    assert scenario is not None
    for step in all_steps([scenario.steps, *(steps for _, steps in scenario.blocks)]):
        for field in form_at(document, step.path):
            if isinstance(field.value, str) or field.kind in ("lines", "texts", "choices"):
                change(document, field, parsed(field, typed(field)))
    assert document.text == item.text
