"""The catalogs of the console: texts are taken from the code, merged into each console.po, and compiled.

    python tests/operator_console/translation/catalog.py update     new texts into every console.po, then compile
    python tests/operator_console/translation/catalog.py compile    console.po → console.mo
    python tests/operator_console/translation/catalog.py check      what is missing; exit status 1 where something is

A text is what stands in `_("…")`, `counted("…", "…", n)`, `said("context", "…")`, `marked("…")`,
`marked("…", "context")`, and title and help of an `Action(…)`. Needs Babel, which the console itself does not.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[3]
CONSOLE = ROOT / "operator_console"
LOCALE = CONSOLE / "locale"
LEFT_OUT = ("commands", "web_console")
"""Folders whose words are those of the command line, which is English."""


@dataclass(frozen=True)
class Text:
    """A text of the code: what it is looked up by, and where it stands."""

    id: str | tuple[str, str]
    context: str | None
    place: str


def texts() -> list[Text]:
    """All texts of the code, in the order of the files."""
    found = []
    for path in sorted(CONSOLE.rglob("*.py")):
        inside = path.relative_to(CONSOLE)
        if inside.parts[0] not in LEFT_OUT:
            found += texts_of(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    return found


def texts_of(source: str, place: str) -> Iterator[Text]:
    """The texts of one file. Raises ValueError where a text is put together before it is looked up."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        here = f"{place}:{node.lineno}"
        if name in ("_", "marked"):
            context = _constant(node.args[1], here) if len(node.args) > 1 else None
            for words in _constants(node.args[0], here):
                yield Text(words, context, place)
        elif name == "counted":
            one, many = (_constant(argument, here) for argument in node.args[:2])
            yield Text((one, many), None, place)
        elif name == "said" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
            yield Text(_constant(node.args[1], here), _constant(node.args[0], here), place)
        elif name == "Action":
            for argument in node.args[1:3]:
                yield Text(_constant(argument, here), None, place)


def _constants(node: ast.expr, here: str) -> Iterator[str]:
    """The texts among which the argument chooses; nothing where it comes from a table, which marks its own."""
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body, here)
        yield from _constants(node.orelse, here)
    elif isinstance(node, ast.JoinedStr | ast.BinOp | ast.Constant) and (words := _constant(node, here)):
        yield words


def _constant(node: ast.expr, here: str) -> str:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise ValueError(f"{here}: a text is looked up as it stands, and filled in afterwards by format()")
    return node.value


def template() -> Catalog:
    """A catalog of all texts of the code, without translations."""
    catalog = Catalog(domain="console", project="operator-console", charset="utf-8")
    for text in texts():
        catalog.add(text.id, locations=[(text.place, 0)], context=text.context)
    return catalog


def languages() -> list[Path]:
    """The console.po of every language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/console.po"))


def read(path: Path) -> Catalog:
    """A console.po."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], domain="console", abort_invalid=True)


def update() -> None:
    """Bring every console.po to the texts of the code: new ones are empty there, and those that are gone go."""
    new = template()
    for path in languages():
        catalog = read(path)
        header = catalog.header_comment
        catalog.update(new, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        catalog.header_comment = header
        write(catalog, path)


def write(catalog: Catalog, path: Path) -> None:
    """A console.po, without numbers of lines: they would change with every edit of the code."""
    catalog.fuzzy = False
    catalog.msgid_bugs_address = catalog.language_team = catalog.last_translator = "operator-console"
    catalog.revision_date = catalog.creation_date
    with path.open("wb") as file:
        write_po(file, catalog, width=110, include_lineno=False, sort_by_file=True)


def compile_all() -> None:
    """Write the console.mo of every console.po."""
    for path in languages():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path))


def translated(message: Message) -> bool:
    """Whether all forms of a text are there, and are no guess."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms) and not message.fuzzy


def missing() -> list[str]:
    """What the catalogs lack, a line each."""
    lines = []
    for path in languages():
        catalog = read(path)
        for text in template():
            if not text.id:
                continue
            known = catalog.get(text.id if isinstance(text.id, str) else text.id[0], text.context)
            if known is None or not translated(known):
                lines.append(
                    f"{path.parts[-3]}: {text.id!r} ({', '.join(sorted({at for at, _ in text.locations}))})"
                )
    return lines


def main(command: str) -> int:
    if command == "update":
        update()
        compile_all()
    elif command == "compile":
        compile_all()
    elif command != "check":
        print(__doc__)
        return 2
    lines = missing()
    print("\n".join(lines) or "Every text is translated.")
    return int(bool(lines) and command == "check")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
