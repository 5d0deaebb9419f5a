"""New scenarios' texts: a copy under a name of its own, and one with which somebody begins from nothing. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from operator_console.translation import _
from scenarios_yaml.language.condition_parser import parse_condition
from scenarios_yaml.language.condition_tokens import ConditionError
from scenarios_yaml.language.editing.document import CannotEditError, Document
from scenarios_yaml.language.editing.names import free, need_free
from scenarios_yaml.language.model import Touched
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

_LATIN = {
    letter: latin
    for row in (
        "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h",
        "ц=ts ч=ch ш=sh щ=sch ъ= ы=y ь= э=e ю=yu я=ya",
    )
    for letter, _is, latin in (pair.partition("=") for pair in row.split(" "))
}
"""Cyrillic letters as Latin ones; signs that have no sound stand for nothing."""
LONGEST_NAME = 60
EMPTY = """\
scenario: {slug}
title: {slug}
status: draft
trigger:
  - event: Session Started
steps:
  - say: Hello!
"""


def slug_of(title: str, taken: Collection[str]) -> str:
    """A short name for a title in any alphabet, which nobody in `taken` has: “Весенняя скидка” is vesennyaya-skidka."""
    letters = "".join(_LATIN.get(letter, letter) for letter in title.casefold())
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].strip("-")
    return free(words or "scenario", taken)


def empty_scenario(title: str, slug: str, message: str) -> str:
    """A draft with a trigger and one chat message. Raises CannotEditError where a title of this kind cannot be
    written."""
    document = Document(EMPTY.format(slug=slug), f"{slug}.yaml")
    document.put("title", title)
    document.put("steps.0.say", message)
    return document.text


def copy_of(text: str, taken: Collection[str]) -> tuple[str, str]:
    """A draft that says what `text` says, under a free short name and a title that tells it is a copy: its name and its
    text. Raises CannotEditError where YAML cannot read the text."""
    document = Document(text)
    slug = free(_slug(document), taken)
    with document.group():
        rename(document, slug, taken)
        retitle(document, _("{title} (copy)"))
        document.put("status", "draft")
    return slug, document.text


def rename(document: Document, slug: str, taken: Collection[str]) -> None:
    """Gives the scenario another short name, also where it speaks of itself: `not received cart in 7d`. Raises
    CannotEditError, and changes nothing, where the name is none or is taken."""
    old = _slug(document)
    if slug == old:
        return
    need_free(slug, taken)
    with document.group():
        root = document.root
        own = list(_of_itself(root, old, slug)) if root is not None else []
        for place, line in own:
            document.put(place, line)
        document.put("scenario", slug)


def retitle(document: Document, pattern: str, end: str = "") -> None:
    """Puts the title, without this end, into a pattern with `{title}`, in each of its languages. Raises
    CannotEditError."""
    try:
        title = document.value("title")
    except KeyError:
        return
    if isinstance(title, dict):
        for language, one in title.items():
            document.put(f"title.{language}", pattern.format(title=str(one).removesuffix(end)))
    else:
        document.put("title", pattern.format(title=str(title).removesuffix(end)))


def _slug(document: Document) -> str:
    try:
        slug = document.value("scenario")
    except KeyError:
        slug = ""
    if not isinstance(slug, str) or not slug:
        raise CannotEditError(_("the file cannot be read"))
    return slug


def _of_itself(root: YamlNode, old: str, new: str) -> Iterator[tuple[str, str]]:
    """Lines that name the scenario itself, by their places, as they say it under the new name."""
    waiting: list[tuple[str, YamlNode]] = [("", root)]
    while waiting:
        place, node = waiting.pop()
        before = f"{place}." if place else ""
        match node:
            case Sequence():
                waiting += [(f"{before}{number}", item) for number, item in enumerate(node.items)]
            case Mapping():
                waiting += [(f"{before}{key.value}", value) for key, value in node.pairs]
            case Scalar() if place.rpartition(".")[2] == "start" and node.value == old:
                yield place, new
            case Scalar() if _names(node.value, old):
                yield place, re.sub(rf"(?<![\w.-]){re.escape(old)}(?![\w-])", new, node.value)


def _names(line: str, slug: str) -> bool:
    if slug not in line:
        return False
    try:
        leaf = parse_condition(line)
    except ConditionError:
        return False
    return isinstance(leaf, Touched) and leaf.scenario == slug
