"""Markdown as lines of runs for the terminal: what a letter says, and nothing that a terminal or a click would obey.

Text is cleaned before it is parsed and again behind it: an entity such as `&#x202e;` only becomes a character there.
Links are words with their address behind them; one that stands alone in its paragraph is a button, as in the letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from operator_console.inbox.cells import Run, wrap_runs
from operator_console.safe_text import safe_line, safe_text
from operator_console.translation import _

Line = list[Run]

MAX_CHARS = 20_000
MAX_DEPTH = 6
"""Lists and quotations in each other; deeper ones are not moved in any further."""
_MARKS = {"strong_open": "bold", "em_open": "italic", "link_open": "link"}
_ENDS = {"strong_close", "em_close", "link_close"}


def markdown_lines(text: str, width: int) -> list[Line]:
    """Lines of at most `width` cells. Looks: text bold italic code link address heading button mark rule."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
    cleaned = safe_text(text, limit=MAX_CHARS, multiline=True)
    blocks = _Blocks(max(width, 8))
    blocks.read(parser.parse(cleaned))
    return blocks.lines


class _Blocks:
    """Turns block tokens into lines, one after the other."""

    def __init__(self, width: int) -> None:
        self.lines: list[Line] = []
        self._width = width
        self._before: list[str] = []
        """What stands before each line: two cells for each list and quotation around it."""
        self._item = ""
        """The mark of a list's item that has begun."""
        self._numbers: list[int] = []
        self._gap = False
        """Whether an empty line belongs before the next block."""

    def read(self, tokens: Sequence[Token]) -> None:
        look = "text"
        for token in tokens:
            kind = token.type
            self._gap = self._gap or self._begins_block(token)
            if kind == "heading_open":
                look = "heading"
            elif kind in ("bullet_list_open", "ordered_list_open"):
                self._numbers.append(int(token.attrGet("start") or 1) if kind[0] == "o" else 0)
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self._numbers.pop()
            elif kind == "list_item_open":
                self._begin_item()
            elif kind == "blockquote_open":
                self._before.append("│ ")
            elif kind in ("list_item_close", "blockquote_close"):
                self._before.pop()
            elif kind == "inline":
                self._inline(token.children or [], look)
                look = "text"
            elif kind in ("fence", "code_block"):
                self._block(
                    [(safe_text(token.content.rstrip("\n"), limit=MAX_CHARS, multiline=True), "code")]
                )
            elif kind == "hr":
                self._block([("─" * self._room(), "rule")])

    def _begins_block(self, token: Token) -> bool:
        """Items of a tight list stand close together, its paragraphs are hidden; around it is room."""
        if token.type in ("bullet_list_open", "ordered_list_open"):
            return not self._numbers
        return token.type in ("heading_open", "fence", "code_block", "hr") or (
            token.type == "paragraph_open" and not token.hidden
        )

    def _begin_item(self) -> None:
        number = self._numbers[-1]
        self._item = f"{number}. " if number else "• "
        self._numbers[-1] += bool(number)
        self._before.append(" " * len(self._item))

    def _room(self) -> int:
        return max(self._width - len(self._prefix()), 4)

    def _prefix(self) -> str:
        return "".join(self._before[:MAX_DEPTH])

    def _inline(self, children: Sequence[Token], look: str) -> None:
        words = [child for child in children if child.type != "text" or child.content.strip()]
        links = sum(word.type == "link_open" for word in words)
        if (
            links == 1
            and words[0].type == "link_open"
            and words[-1].type == "link_close"
            and not self._before
        ):
            label = safe_line("".join(child.content for child in words), 200)
            self._block([(f" {label} ", "button")])
            self._add([(safe_line(words[0].attrGet("href"), 2_000), "address")])
        else:
            self._block(list(_runs(children, look)))

    def _block(self, runs: Line) -> None:
        if self._gap and self.lines:
            self.lines.append([])
        self._gap = False
        self._add(runs)

    def _add(self, runs: Line) -> None:
        prefix = self._prefix()
        for line in wrap_runs(runs, self._room()):
            head = prefix
            if self._item:
                head, self._item = prefix[: len(prefix) - len(self._item)] + self._item, ""
            self.lines.append([(head, "mark"), *line] if head else line)


def _runs(children: Sequence[Token], look: str) -> Iterable[Run]:
    looks = [look]
    targets: list[tuple[str, list[str]]] = []
    for child in children:
        if child.type in _MARKS:
            looks.append(_MARKS[child.type] if look == "text" else look)
            if child.type == "link_open":
                targets.append((safe_line(child.attrGet("href"), 2_000), []))
        elif child.type in _ENDS:
            looks.pop()
            if child.type == "link_close":
                target, words = targets.pop()
                if target not in ("".join(words), f"mailto:{''.join(words)}"):
                    yield f" ‹{target}›", "address"
        elif child.type in ("softbreak", "hardbreak"):
            yield "\n", looks[-1]
        elif child.type == "image":
            name = safe_line(child.content, 200) or safe_line(child.attrGet("src"), 200)
            yield _("[picture: {name}]").format(name=name), "address"
        elif child.content:
            text = safe_text(child.content, limit=MAX_CHARS)
            for _target, words in targets:
                words.append(text)
            yield text, "code" if child.type == "code_inline" else looks[-1]
