"""From what is typed into a field to the document: taken whole, or refused with a reason and nothing changed."""

from __future__ import annotations

from difflib import SequenceMatcher

from operator_console.designer.forms.fields import Field
from operator_console.designer.forms.written import as_written
from operator_console.language_words import told
from operator_console.translation import _
from scenarios_yaml.language.editing.document import CannotEditError, Document, Plain
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.steps import KINDS


def typed(field: Field, language: str = "") -> str:
    """What stands in the field's input: of a text in several languages that of one, of a list a line for each."""
    value = field.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if field.kind == "answers":
        return "\n".join(_label(one, language) for one in value)
    if isinstance(value, list):
        return "\n".join(one if isinstance(one, str) else str(one) for one in value)
    if field.kind in ("text", "link"):
        there = value.get(language)
        return there if isinstance(there, str) else ""
    return "\n".join(f"{name} = {one}" for name, one in value.items())


def parsed(field: Field, text: str) -> Plain | None:
    """What a text means in a field; None: nothing is to stand there. Raises CannotEditError, with what to do."""
    if field.kind in ("lines", "texts", "choices", "conditions", "answers"):
        return [line.strip() for line in text.splitlines() if line.strip()] or None
    if field.kind == "values":
        return _values(text) or None
    return as_written(field.kind, text) or None


def change(document: Document, field: Field, value: Plain | None) -> None:
    """Puts a value into the document, or takes it away (None). Raises CannotEditError where the language does not take
    it there, with the reason; then nothing has changed.
    """
    if value == field.value:
        return
    before = {_said(problem) for problem in document.reading.errors}
    with document.group():
        put_value(document, field, value)
        wrong = next((one for one in document.reading.errors if _said(one) not in before), None)
        if wrong is not None:
            raise CannotEditError(told(wrong))


def put_value(document: Document, field: Field, value: Plain | None) -> None:
    """As `change`, but the language is not asked: for what was tried already. Raises CannotEditError where it cannot be
    written there at all.
    """
    with document.group():
        if field.within == "wait":
            _change_wait(document, field, value)
        elif field.kind == "answers":
            _change_answers(document, field, value)
        elif value is None:
            _take_away(document, field)
        elif field.name == "id" and isinstance(value, str) and _is_step(document, field):
            document.rename(field.place.rpartition(".")[0], value)  # jumps to it follow
        else:
            document.put(field.place, value)


def in_language(document: Document, field: Field, language: str, text: str) -> Plain | None:
    """The field's text with that of one language changed. A text that is the same in all languages becomes one for each
    as soon as it differs; empty ones are left out.
    """
    spoken = languages(document)
    value = field.value
    if not isinstance(value, dict):
        if not spoken or language == spoken[0]:
            return text or None
        value = {spoken[0]: value} if isinstance(value, str) else {}
    changed = {name: one for name, one in {**value, language: text}.items() if one}
    return changed or None


def languages(document: Document) -> tuple[str, ...]:
    """The languages of the file, those of its title first; empty where it has one, which is not named."""
    scenario = document.reading.scenario
    if scenario is not None:
        return tuple(name for name in scenario.title.sources if name)
    try:
        title = document.value("title")
    except KeyError:
        return ()
    return tuple(title) if isinstance(title, dict) else ()


def _take_away(document: Document, field: Field) -> None:
    if field.needed and field.within and not _is_needed(document, field):
        document.drop(field.place.rpartition(".")[0])  # a button without a label is no button
    elif field.needed:
        raise CannotEditError(_("something must stand here"))
    else:
        document.drop(field.place)


def _is_needed(document: Document, field: Field) -> bool:
    """Whether the step is none without the mapping in which the field stands: `popup`, but not its `button`."""
    outer, _dot, name = field.place.rpartition(".")[0].rpartition(".")
    step = document.value(outer)
    return isinstance(step, dict) and name == field.within and outer.rpartition(".")[2].isdigit()


def _change_wait(document: Document, field: Field, value: Plain | None) -> None:
    """`wait: 3d` is short for `wait: {for: 3d}`, and stays so as long as there is nothing else to say."""
    place = field.place.rpartition(".")[0]
    written = document.value(place)
    ways: dict[str, Plain] = (
        dict(written) if isinstance(written, dict) else {"for": written} if written else {}
    )
    ways.pop(field.name, None)
    if value is not None:
        ways[field.name] = value
    if not ways:
        raise CannotEditError(_("a wait needs a time, a moment or the business hours"))
    document.put(place, ways["for"] if set(ways) == {"for"} else ways)


def _is_step(document: Document, field: Field) -> bool:
    step = document.value(field.place.rpartition(".")[0])
    return isinstance(step, dict) and any(name in KINDS for name in step)


def _change_answers(document: Document, field: Field, labels: Plain | None) -> None:
    options = answers(field, labels, next(iter(languages(document)), ""))
    if options:
        document.put(field.place, options)
    elif field.value is not None:
        document.drop(field.place)


def _label(option: Plain, language: str) -> str:
    label = option.get("label", "") if isinstance(option, dict) else ""
    if isinstance(label, dict):
        label = label.get(language) or next(iter(label.values()), "")
    return label if isinstance(label, str) else ""


def answers(field: Field, labels: Plain | None, language: str) -> list[Plain]:
    """The answers of a question by their labels, a line each: those that stay keep all that follows them. Raises
    CannotEditError where one that something follows would be lost with a line of text.
    """
    options = field.value if isinstance(field.value, list) else []
    old = [_label(one, language) for one in options]
    new = [str(one) for one in labels] if isinstance(labels, list) else []
    made: list[Plain] = []
    for what, start, end, first, last in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what == "equal":
            made += options[start:end]
            continue
        for number in range(start, max(end, start + last - first)):
            at = first + number - start
            option = options[number] if number < end else None
            if at < last:
                made.append(_labelled(option, new[at], language))
            elif isinstance(option, dict) and option.get("steps"):
                reason = _("steps follow the answer “{label}”: take it away in the tree")
                raise CannotEditError(reason.format(label=old[number][:60]))
    return made


def _labelled(option: Plain | None, label: str, language: str) -> Plain:
    there = option if isinstance(option, dict) else {}
    before = there.get("label")
    return {**there, "label": {**before, language: label} if isinstance(before, dict) and language else label}


def _values(text: str) -> dict[str, Plain]:
    values: dict[str, Plain] = {}
    for line in text.splitlines():
        name, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not equals or not name:
            raise CannotEditError(
                _("a line is a name, “=” and a value: {line}").format(line=line.strip()[:60])
            )
        values[name] = value
    return values


def _said(problem: Problem) -> tuple[str, str]:
    return problem.message, problem.hint
