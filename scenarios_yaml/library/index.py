"""The ready-made scenarios and the files that they send, wherever the package lies (a wheel, a zip, a
checkout)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from msgspec import Struct

GROUPS = ("lead_generation", "chat_bots", "sales", "retention", "win_back")
"""The folders, by goal, in the order of the catalog."""

FILES = "files"
SEGMENTS = "segments"
_TEST = ".test.yaml"
_SAFE = re.compile(r"(?!.*\.\.)[\w-][\w. -]*(?:/[\w-][\w. -]*)*")


class LibraryItem(Struct, frozen=True):
    """One scenario. `test` is the text of the test file beside it, empty where there is none."""

    slug: str
    group: str
    path: Traversable
    text: str
    test: str = ""


class LibrarySegment(Struct, frozen=True):
    """One segment that scenarios of the library ask for."""

    slug: str
    path: Traversable
    text: str


def library() -> tuple[LibraryItem, ...]:
    """Every scenario of the library, by group, then by name."""
    return tuple(item for group in GROUPS for item in _items(group, _root().joinpath(group)))


def segments() -> tuple[LibrarySegment, ...]:
    """Every segment of the library, by name."""
    return tuple(
        LibrarySegment(entry.name.removesuffix(".yaml"), entry, entry.read_text(encoding="utf-8"))
        for entry in sorted(_root().joinpath(SEGMENTS).iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml")
    )


def read_file(name: str) -> bytes:
    """A file that scenarios send, by its name in them. Raises FileNotFoundError, for a way out of the folder,
    too."""
    place = _root().joinpath(FILES).joinpath(name) if _SAFE.fullmatch(name) else None
    if place is None or not place.is_file():
        raise FileNotFoundError(name)
    return place.read_bytes()


def file_names() -> tuple[str, ...]:
    """The names of all files that `read_file` can read."""
    return tuple(sorted(entry.name for entry in _root().joinpath(FILES).iterdir() if entry.is_file()))


def _root() -> Traversable:
    return files("scenarios_yaml").joinpath("library")


def _items(group: str, folder: Traversable) -> Iterator[LibraryItem]:
    if not folder.is_dir():
        return
    texts = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".yaml")}
    for name in sorted(texts):
        if name.endswith(_TEST):
            continue
        slug = name.removesuffix(".yaml")
        test = texts.get(slug + _TEST)
        yield LibraryItem(
            slug=slug,
            group=group,
            path=texts[name],
            text=texts[name].read_text(encoding="utf-8"),
            test=test.read_text(encoding="utf-8") if test is not None else "",
        )
