"""Comments of a file, which are no part of what it says: those that a merge would lose are put in again. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, YamlNode

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)


class Comment(Struct, frozen=True):
    """`place` is what it stands above, or behind."""

    text: str
    place: str


def comments_of(document: Document) -> list[Comment]:
    """All comments of a document that YAML can read."""
    root, text = document.root, document.body
    if root is None:
        return []
    spans = sorted((node.start, node.end) for node in _scalars(root))
    found: list[Comment] = []
    number = 0
    for match in _COMMENT.finditer(text):
        while number < len(spans) and spans[number][1] <= match.start():
            number += 1
        if number < len(spans) and spans[number][0] <= match.start():
            continue  # a text holds it
        line = text.count("\n", 0, match.start()) + 1
        found.append(Comment(match.group().rstrip(), _place_below(document, line)))
    return found


def keep_comments(base: Document, theirs: Document, merged: Document) -> None:
    """Put in again what they have written in comments since, where the merged document does not have it."""
    known = {one.text for one in (*comments_of(base), *comments_of(merged))}
    for comment in comments_of(theirs):
        if comment.text not in known:
            known.add(comment.text)
            _put_in(merged, comment)


def _put_in(document: Document, comment: Comment) -> None:
    said = document.value("")
    lines = document.body.splitlines(keepends=True)
    try:
        line = document.line(comment.place) if comment.place else len(lines) + 1
    except KeyError:
        line = len(lines) + 1
    text = document.text
    mark = text[: len(text) - len(document.body)]
    end = "\r\n" if "\r\n" in document.body else "\n"
    for at in (line - 1, len(lines)):
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip(" "))] if at < len(lines) else ""
        before = "".join(lines[:at])
        before += "" if not before or before.endswith(("\n", "\r")) else end
        document.replace(f"{mark}{before}{indent}{comment.text}{end}{''.join(lines[at:])}")
        if document.root is not None and document.value("") == said:
            return
    document.replace(text)


def _place_below(document: Document, line: int) -> str:
    """The place of the first line from this one on that says something."""
    lines = document.body.split("\n")
    for number in range(line, len(lines) + 1):
        content = lines[number - 1].strip()
        if content and not content.startswith("#"):
            indent = len(lines[number - 1]) - len(lines[number - 1].lstrip(" -"))
            return document.place_at(number, indent + 1)
    return ""


def _scalars(node: YamlNode) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.pairs:
            yield key
            yield from _scalars(value)
    else:
        for item in node.items:
            yield from _scalars(item)
