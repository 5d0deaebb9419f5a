"""Taking a ready-made scenario out of the library: under a name of one's own, with its test and all that it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from operator_console.commands.talk import CommandError
from scenarios_yaml.language.problems import nearest
from scenarios_yaml.library.index import (
    FILES,
    SEGMENTS,
    LibraryItem,
    file_names,
    library,
    read_file,
    segments,
)

LEVELS_UP = 2
"""How far above a scenario its segments and files are looked for, as `scenarios check` does."""
_CASE = re.compile(r"^(?:#.*\n)*- test:", re.MULTILINE)


class Taken(Struct, frozen=True):
    """What was written, the scenario first.

    `missing` are other ready-made scenarios of which it speaks and that are not here; `left_out` counts the cases of
    its test that need such ones.
    """

    written: tuple[Path, ...]
    missing: tuple[str, ...] = ()
    left_out: int = 0


def take(source: str, slug: str, folder: Path) -> Taken:
    """Write the library's `source` as `slug`, with its test, and what it needs where the folder lacks it.

    Raises CommandError, and writes nothing, where there is no such scenario or a file of that name is there already.
    """
    item = find(source)
    here = _names_in(folder)
    text = _renamed(item.text, item.slug, slug)
    test, left_out = _cases_that_can_run(_renamed(item.test, item.slug, slug), here)
    missing = [other for other in _slugs_named(text) if other not in here and other != slug]
    files = {folder / f"{slug}.yaml": text.encode()}
    if test:
        files[folder / f"{slug}.test.yaml"] = test.encode()
    write_new(files)
    brought = dict(_beside(text, folder))
    write_new(brought)
    return Taken((*files, *brought), tuple(missing), left_out)


def find(source: str) -> LibraryItem:
    """The scenario of the library. Raises CommandError, with the name that was perhaps meant."""
    items = {item.slug: item for item in library()}
    if source not in items:
        guess = nearest(source, items)
        hint = f"Did you mean {guess}? " if guess else ""
        raise CommandError(
            f"The library has no {source}.", f"{hint}All of them: operator-console scenarios library"
        )
    return items[source]


def write_new(files: dict[Path, bytes]) -> None:
    """Write all of them. Raises CommandError, and writes nothing, where one is there already."""
    for path in files:
        if path.exists():
            raise CommandError(f"{path} is there already.", "Take another name, or another --folder.")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _renamed(text: str, old: str, new: str) -> str:
    """The text under its new name, also where it speaks of itself: `not received cart_series in 7d`."""
    return re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, text)


def _beside(text: str, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Segments and files that the text names and that the folder has nowhere near."""
    wanted = [text]
    for segment in segments():
        if any(_names(one, segment.slug) for one in wanted):
            wanted.append(segment.text)
            place = _shelf(folder, SEGMENTS) / f"{segment.slug}.yaml"
            if not place.exists():
                yield place, segment.text.encode()
    for name in file_names():
        place = _shelf(folder, FILES) / name
        if name in text and not place.exists():
            yield place, read_file(name)


def _shelf(folder: Path, name: str) -> Path:
    """The nearest folder of that name upwards, else the one that will be made beside the scenario."""
    here = folder.resolve()
    for above in (here, *here.parents[:LEVELS_UP]):
        if (above / name).is_dir():
            return folder / name if above == here else above / name
    return folder / name


def _cases_that_can_run(test: str, here: frozenset[str]) -> tuple[str, int]:
    """The test without the cases that run together with scenarios which are not here, and how many these are."""
    from scenarios_yaml.tools.testing.case_reader import read_tests

    cases = read_tests(test, "").cases if test else ()
    starts = [found.start() for found in _CASE.finditer(test)]
    if len(starts) != len(cases):
        return test, 0
    parts = [test[begin:end] for begin, end in zip(starts, [*starts[1:], len(test)], strict=True)]
    kept = [part for part, case in zip(parts, cases, strict=True) if here.issuperset(case.beside)]
    head = test[: starts[0]] if starts else ""
    return head + "".join(kept), len(parts) - len(kept)


def _slugs_named(text: str) -> Iterator[str]:
    return (item.slug for item in library() if _names(text, item.slug))


def _names(text: str, slug: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(slug)}(?![\w-])", text) is not None


def _names_in(folder: Path) -> frozenset[str]:
    """The scenarios of the folder, by their files' names."""
    if not folder.is_dir():
        return frozenset()
    return frozenset(file.stem for file in folder.rglob("*.yaml") if not file.stem.endswith(".test"))
