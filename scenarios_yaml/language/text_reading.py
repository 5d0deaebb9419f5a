"""Texts of a file: one string or one a language, checked as Liquid templates before anyone sees them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from liquid.exceptions import LiquidError
from liquid.static_analysis import TemplateAnalysis

from scenarios_yaml.language.keys import Schema, any_word, reads, string_like
from scenarios_yaml.language.liquid_environment import STRICT
from scenarios_yaml.language.paths import TEMPLATE_ROOTS
from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.language.reading import MOST_TEMPLATE_MARKS, NULLS, Reading
from scenarios_yaml.language.scalars import parse_number
from scenarios_yaml.language.texts import REMEMBERED, Text, is_template, template_of
from scenarios_yaml.language.yaml_hints import A_COMMENT
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

LONGEST_TEXT = 50_000
"""Characters of one text in one language."""

_LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LANGUAGE_NAMES = {
    "english": "en",
    "russian": "ru",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "ukrainian": "uk",
}
_SINGLE_BRACES = re.compile(rf"(?<!\{{)\$?\{{\s*((?:{'|'.join(TEMPLATE_ROOTS)})\.[\w.]+)\s*\}}(?!\}})")
_MARK = re.compile(r"\{\{|\{%")
NOTHING = Text.plain("")


def _texts(one: Schema) -> Schema:
    """One text, or one for each language."""
    languages = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": f"^{_LOCALE.pattern}$"},
        "additionalProperties": one,
    }
    return {"anyOf": [one, languages]}


@reads(_texts(any_word(maxLength=LONGEST_TEXT)), "text")
def read_text(reading: Reading, node: YamlNode) -> Text:
    """A string, or a map of locale to string."""
    sources = dict(_sources(reading, node))
    if not sources:
        return NOTHING
    return Text.compile(sources, reading.parameters)


_LINK = re.compile(r"(?:https?://|/|#|mailto:|tel:|\{\{)\S*|\{\{.*", re.DOTALL)


@reads(_texts(string_like(r"^\s*(https?://|/|#|mailto:|tel:|\{\{|parameters\.)")), "link")
def read_link(reading: Reading, node: YamlNode) -> Text:
    """A text that is an address: https://…, /a/page of the shop, mailto:, tel:, or one that begins with a
    value."""
    text = read_text(reading, node)
    for source in text.sources.values():
        if source and not _LINK.fullmatch(source.strip()):
            hint = "for example https://shop.example/dresses or /dresses"
            reading.error(node, f"{quoted(source)} is no address", hint)
    return text


def _sources(reading: Reading, node: YamlNode) -> list[tuple[str, str]]:
    if isinstance(node, Sequence):
        reading.error(node, "a text is wanted here, this is a list")
        return []
    if isinstance(node, Scalar):
        return _source(reading, "", node)
    if not node.pairs:
        reading.error(node, "a text in no language at all", "write it in at least one: {en: Hello}")
    good = []
    for key, value in node.pairs:
        if not _LOCALE.fullmatch(key.value):
            _refuse_locale(reading, key, value, node.flow)
        elif not isinstance(value, Scalar):
            reading.error(value, f"the text in {quoted(key.value)} is a string", "put the text in quotes")
        else:
            good += _source(reading, key.value, value)
    return good


def _source(reading: Reading, language: str, node: Scalar) -> list[tuple[str, str]]:
    if not _is_good(reading, node):
        return []
    word = reading.word(node, "a text")
    return [] if word is None else [(language, word)]


def _refuse_locale(reading: Reading, key: Scalar, value: YamlNode, flow: bool) -> None:
    hint = "a text is one string, or one for each language: {en: Hello, ru: Привет}"
    guess = _LANGUAGE_NAMES.get(key.value.lower(), key.value.lower())
    if _LOCALE.fullmatch(guess) and guess != key.value:
        hint = f"did you mean “{guess}”?"
    elif flow and isinstance(value, Scalar) and value.is_empty:
        hint = "a comma inside `{…}` begins a new key: put the text in quotes"
    reading.error(key, f"{quoted(key.value)} is no language", hint)


def _is_good(reading: Reading, node: Scalar) -> bool:
    if not node.value.strip():
        reading.error(node, "a text is missing here", A_COMMENT if reading.lost_behind(node) else "")
        return False
    if len(node.value) > LONGEST_TEXT:
        reading.error(node, f"the text is too long: {len(node.value):,} characters, at most {LONGEST_TEXT:,}")
        return False
    if reading.lost_behind(node):
        hint = "put the text in quotes if it belongs to it, else the comment on a line of its own"
        reading.error(node, "what follows ` #` would be lost: it is a comment", hint)
        return False
    for single in _SINGLE_BRACES.finditer(node.value):
        hint = f"write {{{{ {single.group(1)} }}}}"
        reading.warn_inside(node, single.start(), f"{quoted(single.group())} is shown as it stands", hint)
    return not is_template(node.value) or _is_good_template(reading, node)


def _is_good_template(reading: Reading, node: Scalar) -> bool:
    reading.template_marks += len(_MARK.findall(node.value))
    if reading.template_marks > MOST_TEMPLATE_MARKS:
        reading.error(node, f"the texts of this file fill in more than {MOST_TEMPLATE_MARKS:,} places")
        return False
    errors_before = len(reading.problems)
    try:
        _check(reading, node, _analysis_of(node.value))
    except (LiquidError, RecursionError, ValueError) as error:
        _report(reading, node, error)
        return False
    return len(reading.problems) == errors_before


def _report(reading: Reading, node: Scalar, error: Exception) -> None:
    token = getattr(error, "token", None)
    said = str(error.args[0]).splitlines()[0] if error.args else "not a template"
    offset = getattr(token, "start_index", -1)
    hint = _hint_for_liquid(said)
    if offset < 0 or offset >= len(node.value):
        mark = _MARK.search(node.value)
        offset = mark.start() if mark else 0
    reading.error_inside(node, offset, f"the text cannot be filled in: {said}", hint)


def _hint_for_liquid(said: str) -> str:
    for piece, hint in _LIQUID_HINTS:
        if piece in said:
            return hint
    hint = "`{{ … }}` shows a value, `{% … %}` is for if and for"
    return (
        did_you_mean(said.split("'")[1], (*STRICT.tags, "elsif")) or hint
        if "unexpected tag" in said
        else hint
    )


_LIQUID_HINTS = (
    ("expected '}}'", "close it with `}}`"),
    ("expected '%}'", "close it with `%}`"),
    ("found '='", "did you mean “==”?"),
    ("unexpected '&'", "did you mean “and”?"),
    ("unexpected '|'", "did you mean “or”?"),
)


@lru_cache(maxsize=REMEMBERED)
def _analysis_of(source: str) -> TemplateAnalysis:
    """What a template names. Raises LiquidError where it is malformed."""
    return template_of(source).analyze()


def _check(reading: Reading, node: Scalar, found: TemplateAnalysis) -> None:
    for root, places in found.globals.items():
        for place in places:
            _check_variable(reading, node, root, place.segments, place.span.index)
    for name, spans in found.filters.items():
        if name not in STRICT.filters:
            for span in spans:
                hint = did_you_mean(name, STRICT.filters)
                reading.error_inside(node, span.index, f"there is no filter {quoted(name)}", hint)


_MEANT_BY = {"user": "visitor", "customer": "visitor", "client": "visitor", "contact": "visitor", "basket": "cart",
             "shop": "site", "store": "site", "item": "event", "product": "event"}  # fmt: skip


def _check_variable(reading: Reading, node: Scalar, root: str, segments: list[Any], offset: int) -> None:
    if root not in TEMPLATE_ROOTS:
        hint = did_you_mean(root, TEMPLATE_ROOTS) or f"did you mean “visitor.{root}”?"
        if node.value[:offset].rstrip().endswith(":"):
            hint = f"a word that is shown stands in quotes: '{root}'"
        elif root in _MEANT_BY and len(segments) > 1:
            hint = f"did you mean “{'.'.join(map(str, (_MEANT_BY[root], *segments[1:])))}”?"
        reading.error_inside(node, offset, f"there is no variable {quoted(root)}", hint)
    elif root == "run" and len(segments) > 1 and isinstance(segments[1], str):
        reading.run_names.append((node, offset, segments[1]))
    elif root == "parameters" and len(segments) > 1 and segments[1] not in reading.parameters:
        reading.unknown_parameter(node, offset, str(segments[1]))


@reads({}, "value")
def read_value(reading: Reading, node: YamlNode) -> Any:
    """A value of `set`, `emit` or a webhook: true, false, null, a number, a list, a mapping; all else is a
    text."""
    if isinstance(node, Sequence):
        return [read_value(reading, item) for item in node.items]
    if isinstance(node, Mapping):
        return {key.value: read_value(reading, value) for key, value in node.pairs}
    if node.style:
        return read_text(reading, node) if node.value else Text.plain("")
    if node.value in NULLS:
        return None
    word = reading.word(node, "a value")
    if word is None:
        return None
    if word in ("true", "false"):
        return word == "true"
    number = parse_number(word)
    if number is not None:
        return number
    return read_text(reading, node) if word == node.value else Text.plain(word)
