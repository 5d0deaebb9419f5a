"""Markdown as letters use it, to HTML with inline styles and to plain text.

Raw HTML is shown as the text that it is, and a link leads to http, https or mailto or is none. A link alone in its
paragraph is a button. Mail clients drop style sheets, so each element carries its own style.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from server_stub.channels.links import ACCENT, is_safe_link

_STYLES = {
    "p": "margin:0 0 16px",
    "h1": "margin:0 0 16px;font-size:26px;line-height:1.25",
    "h2": "margin:24px 0 12px;font-size:21px;line-height:1.3",
    "h3": "margin:20px 0 8px;font-size:17px;line-height:1.35",
    "ul": "margin:0 0 16px;padding-left:22px",
    "ol": "margin:0 0 16px;padding-left:22px",
    "li": "margin:0 0 6px",
    "blockquote": "margin:0 0 16px;padding:0 0 0 14px;border-left:3px solid #8892b0",
    "hr": "border:0;border-top:1px solid #8892b0;margin:24px 0",
    "img": "max-width:100%;height:auto;border:0;border-radius:8px",
    "code": "font-family:ui-monospace,Menlo,Consolas,monospace",
    "pre": "margin:0 0 16px;white-space:pre-wrap;font-family:ui-monospace,Menlo,Consolas,monospace",
}
_BUTTON = (
    "display:inline-block;padding:12px 26px;border-radius:8px;background:{accent};color:#ffffff;"
    "font-weight:600;text-decoration:none"
)


def _may_be_link(link: str) -> bool:
    return is_safe_link(link) or (link.startswith("/") and not link.startswith("//"))


class Markdown:
    """`accent` is the colour of links and buttons, as #rrggbb. Links that begin with a slash lead to `site`; where that
    is empty, they are their words."""

    def __init__(self, accent: str = ACCENT, site: str = "") -> None:
        self._accent = accent
        self._site = site.rstrip("/")
        self._parser = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer)
        self._parser.enable("strikethrough")
        self._parser.validateLink = _may_be_link  # type: ignore[method-assign,assignment]

    def html(self, text: str) -> str:
        tokens = self._parsed(text)
        for token in tokens:
            style = _STYLES.get(token.tag)
            if style and token.nesting >= 0:
                token.attrSet("style", style)
        for opening, inline in _paragraphs(tokens):
            if _is_button(inline):
                opening.attrSet("style", "margin:24px 0")
                link = _words(inline)[0]
                link.attrSet("style", _BUTTON.format(accent=self._accent))
                link.attrSet("class", "button")
        for child in (child for token in tokens for child in token.children or ()):
            if child.type == "link_open":
                child.attrSet("target", "_blank")
                child.attrSet("rel", "noopener noreferrer")
                if not child.attrGet("style"):
                    child.attrSet("style", f"color:{self._accent}")
            elif child.type in ("image", "code_inline"):
                child.attrSet("style", _STYLES[child.tag])
        return str(self._parser.renderer.render(tokens, self._parser.options, {}))

    def _parsed(self, text: str) -> list[Token]:
        tokens = self._parser.parse(text)
        for token in tokens:
            if token.children:
                token.children = self._resolved(token.children)
        return tokens

    def _resolved(self, children: list[Token]) -> list[Token]:
        """With whole addresses; a link to a site that is not known goes, its words stay."""
        kept: list[Token] = []
        gone = False
        for child in children:
            link = str(child.attrGet("href" if child.type == "link_open" else "src") or "")
            if link.startswith("/") and self._site:
                child.attrSet("href" if child.type == "link_open" else "src", self._site + link)
            if child.type == "link_open" and link.startswith("/") and not self._site:
                gone = True
            elif child.type == "link_close" and gone:
                gone = False
            else:
                kept.append(child)
        return kept

    def text(self, text: str) -> str:
        """The same for those who read mail as text: addresses stand behind what is linked."""
        lines: list[str] = []
        numbers: list[int] = []
        mark = ""
        for token in self._parsed(text):
            if token.type in ("ordered_list_open", "bullet_list_open"):
                numbers.append(int(token.attrGet("start") or 1) if token.tag == "ol" else 0)
            elif token.type in ("ordered_list_close", "bullet_list_close"):
                numbers.pop()
                if not numbers:
                    lines.append("")
            elif token.type == "list_item_open":
                mark = f"{numbers[-1]}. " if numbers[-1] else "- "
                numbers[-1] += bool(numbers[-1])
            elif token.type == "inline":
                lines.append("  " * (len(numbers) - 1) + mark + _plain(token.children or []))
                mark = ""
                if not numbers:
                    lines.append("")
            elif token.type in ("fence", "code_block"):
                lines += [token.content.rstrip("\n"), ""]
            elif token.type == "hr":
                lines += ["---", ""]
        return "\n".join(lines).strip() + "\n"


class _Renderer(RendererHTML):
    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A picture that leads nowhere safe is its description."""
        if not is_safe_link(str(tokens[idx].attrGet("src") or "")):
            return escape(tokens[idx].content)
        return super().image(tokens, idx, options, env)


def _paragraphs(tokens: Sequence[Token]) -> list[tuple[Token, Token]]:
    """Each paragraph's opening and its content."""
    return [
        (opening, inline)
        for opening, inline in pairwise(tokens)
        if opening.type == "paragraph_open" and not opening.hidden and inline.type == "inline"
    ]


def _words(inline: Token) -> list[Token]:
    """What stands in it, without empty text around."""
    return [child for child in inline.children or () if child.type != "text" or child.content.strip()]


def _is_button(inline: Token) -> bool:
    words = _words(inline)
    if len(words) < 3 or words[0].type != "link_open" or words[-1].type != "link_close":
        return False
    links = sum(word.type == "link_open" for word in words)
    return links == 1 and all(word.type != "image" for word in words)


def _plain(children: Sequence[Token]) -> str:
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for child in children:
        if child.type == "link_open":
            links.append((str(child.attrGet("href") or ""), len(parts)))
        elif child.type == "link_close":
            link, begin = links.pop()
            address = link.removeprefix("mailto:")
            if "".join(parts[begin:]) != address:
                parts.append(f": {address}" if begin == 0 and child is children[-1] else f" ({address})")
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        else:
            parts.append(child.content)
    return "".join(parts)
