"""The page of a preview: a shop's page in outlines, and in front of it what the visitor would see."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from server_stub.previews.shelf import Preview
from server_stub.previews.shown import Kind, Shown

SCRIPT = files("server_stub").joinpath("previews", "page.js").read_bytes()
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; "
    "img-src http: https: data:; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "preview": "Preview",
        "again": "Show again",
        "over": "This preview is over. Open it again from the console.",
        "chat": "chat message",
        "look": "widget",
        "popup": "pop-up",
        "email": "email",
        "push": "push",
        "messenger": "message in a messenger",
    },
    "ru": {
        "preview": "Предпросмотр",
        "again": "Показать снова",
        "over": "Этот предпросмотр закончился. Откройте его снова из консоли.",
        "chat": "сообщение в чате",
        "look": "виджет",
        "popup": "поп-ап",
        "email": "письмо",
        "push": "push-уведомление",
        "messenger": "сообщение в мессенджере",
    },
}
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --quiet: #6b7280; --sheet: Canvas }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; min-height: 100vh }
header { display: flex; gap: 1rem; align-items: center; padding: .6rem 1.2rem; border-bottom: 1px solid var(--line) }
header b { font-weight: 600 }
header span { color: var(--quiet) }
header button { margin-left: auto; font: inherit; padding: .25rem .8rem; border: 1px solid var(--line);
  border-radius: 8px; background: none; color: inherit; cursor: pointer }
.over-word { display: none; margin: 0; padding: .5rem 1.2rem; background: #b4540022 }
.over .over-word { display: block }
.shop { max-width: 960px; margin: 2rem auto; padding: 0 1.2rem; display: grid; gap: 1.2rem;
  grid-template-columns: repeat(3, 1fr) }
.shop i { display: block; border-radius: 12px; background: #8882; aspect-ratio: 4/3 }
.shop i:first-child { grid-column: 1 / -1; aspect-ratio: 4/1 }
.envelope { max-width: 680px; margin: 1.5rem auto 0; padding: 0 1.2rem }
.envelope p { margin: .2rem 0; color: var(--quiet) }
.envelope h1 { margin: 0; font-size: 1.25rem }
iframe { display: block; width: min(720px, 100%); height: 75vh; margin: 1rem auto; border: 1px solid var(--line);
  border-radius: 12px; background: #fff }
.note { max-width: 380px; margin: 3rem auto; padding: 1rem 1.2rem; border-radius: 14px; background: var(--sheet);
  border: 1px solid var(--line); box-shadow: 0 8px 30px #0003; white-space: pre-line; overflow-wrap: anywhere }
.note b { display: block }
.note small { color: var(--quiet) }
"""
_SHOP = f'<main class="shop" aria-hidden="true">{"<i></i>" * 7}</main>'


def page_of(preview: Preview) -> str:
    """The page as HTML; whatever is foreign in it is text."""
    shown = preview.shown
    words = _WORDS.get(shown.locale.partition("-")[0], _WORDS["en"])
    what = "look" if shown.kind == "chat" and shown.message is None else shown.kind
    return f"""<!doctype html>
<html lang="{escape(shown.locale, quote=True)}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><link rel="icon" href="data:,">
<title>{words["preview"]}: {escape(shown.title)}</title>
<style>{_STYLE}</style>
<body>
<header><b>{words["preview"]}</b> <span>{escape(shown.title)} · {words[what]}</span>
<button id="again" type="button">{words["again"]}</button></header>
<p class="over-word">{words["over"]}</p>
{_content(shown)}
<script src="page.js" data-revision="{preview.revision}" data-token="{preview.token}" data-kind="{shown.kind}"></script>
</body>
</html>
"""


def _content(shown: Shown) -> str:
    kind: Kind = shown.kind
    match kind:
        case "chat" | "popup":
            return _SHOP
        case "email":
            subject = escape(str(shown.content.get("subject", "")))
            preheader = escape(str(shown.content.get("preheader") or ""))
            return (
                f'<div class="envelope"><h1>{subject}</h1><p>{preheader}</p></div>'
                f'<iframe src="letter" sandbox="allow-popups" title="{subject}"></iframe>'
            )
        case "push" | "messenger":
            title, text, link = (
                escape(str(shown.content.get(name) or "")) for name in ("title", "text", "link")
            )
            return f'<div class="note"><b>{title}</b>{text}<br><small>{link}</small></div>'
