"""What a template puts out, where the rendering asks for Markdown: foreign values are escaped at the moment in which
they are written, so that filters and conditions work on the values themselves.

The author's own words stay Markdown: the template's text, what stands in `parameters`, `site` and `currency`, and what
a `capture` has put together, whose foreign values were escaped inside. As soon as one foreign value has its part in an
expression, the whole of what comes out of it is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from liquid import RenderContext
from liquid.builtin.expressions import Path
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.capture_tag import CaptureNode, CaptureTag
from liquid.builtin.tags.cycle_tag import CycleNode, CycleTag
from liquid.builtin.tags.echo_tag import EchoNode, EchoTag
from liquid.expression import Expression
from liquid.stringify import to_liquid_string

from scenarios_yaml.language.markdown_escapes import escape_markdown, unescape_markdown

OWN = frozenset({"parameters", "site", "currency"})
"""Roots whose values the shop has written itself."""
_FOREIGN_OF_SITE = "popular"
"""Popular products are made of visitors' events."""


class Captured(str):
    """What a `capture` put together. As a value it is what people read; `markdown` is what is put out."""

    markdown: str

    def __new__(cls, markdown: str) -> Captured:
        captured = super().__new__(cls, unescape_markdown(markdown))
        captured.markdown = markdown
        return captured

    def trimmed(self, how: str) -> Captured:
        """After the filters `strip`, `lstrip` and `rstrip`."""
        return Captured(getattr(self.markdown, how)())


class Listing(list[Any]):
    """A list that knows how it is shown where a text puts out the whole of it."""

    markdown: str = ""
    plain: str = ""
    rows: list[dict[str, Any]]


def writes_markdown(context: RenderContext) -> bool:
    return bool(getattr(context.env, "markdown", False))


def put_out(value: object, context: RenderContext, *, own: bool) -> str:
    """The text of a value; `own` where nothing but the shop's own words has a part in it."""
    markdown = writes_markdown(context)
    if isinstance(value, Captured | Listing):
        return value.markdown if markdown else value.plain if isinstance(value, Listing) else value
    text = to_liquid_string(value, context.autoescape)
    return escape_markdown(text) if markdown and not own and isinstance(text, str) else text


def _paths(expression: Expression) -> Iterator[Path]:
    if isinstance(expression, Path):
        yield expression
    for child in expression.children():
        yield from _paths(child)


def _is_own(expressions: list[Expression], context: RenderContext) -> bool:
    return all(_is_own_path(path, context) for expression in expressions for path in _paths(expression))


def _is_own_path(path: Path, context: RenderContext) -> bool:
    root = path.path[0]
    if not isinstance(root, str) or root not in OWN:
        return False
    if root == "site" and (
        len(path.path) < 2 or path.path[1] == _FOREIGN_OF_SITE or isinstance(path.path[1], Path)
    ):
        return False
    # A loop or an `assign` may have taken the name for something else.
    return context.scope.get(root) is context.globals.get(root)


class _Output(OutputNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self.expression.evaluate(context)
        own = not writes_markdown(context) or _is_own([self.expression], context)
        return buffer.write(put_out(value, context, own=own))


class _Echo(_Output, EchoNode):
    pass


class _Cycle(CycleNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        if not writes_markdown(context):
            return super().render_to_output(context, buffer)
        own = _is_own(self.args, context)
        with_text = context.get_buffer(buffer)
        super().render_to_output(context, with_text)
        text = with_text.getvalue()
        return buffer.write(text if own else escape_markdown(text))


class _Capture(CaptureNode):
    def _assign(self, context: RenderContext, buf: Any) -> None:
        text = buf.getvalue()
        context.assign(self.name, Captured(text) if writes_markdown(context) else text)


class OutputTag(Output):
    node_class = _Output


class EchoingTag(EchoTag):
    node_class = _Echo


class CyclingTag(CycleTag):
    node_class = _Cycle


class CapturingTag(CaptureTag):
    node_class = _Capture
