"""From a file on disk to its text, for the readers of all kinds of files: UTF-8, of bounded size, never an
exception."""

from __future__ import annotations

import re
from pathlib import Path

from scenarios_yaml.language.problems import Problem, quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.yaml_nodes import MAX_BYTES, YamlNode, position_of


def text_of_file(path: str | Path) -> str | Problem:
    """The text of a file, or why there is none: it is missing, unreadable, too large or not UTF-8."""
    place = Path(path)
    try:
        with place.open("rb") as file:
            data = file.read(MAX_BYTES + 4)
    except OSError as error:
        return Problem(1, 1, f"the file cannot be read: {error.strerror or error}", file=str(place))
    return text_of_bytes(data, str(place))


def text_of_bytes(data: bytes, file: str = "") -> str | Problem:
    """The text of a file's bytes, with or without a byte order mark, or why they are none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(1, 1, "the file is UTF-16", "save it as UTF-8", file=file)
    data = data.removeprefix(b"\xef\xbb\xbf")
    if len(data) > MAX_BYTES:
        return Problem(1, 1, f"the file is too large: at most {MAX_BYTES:,} bytes are read", file=file)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        good = data[: error.start].decode()
        line, column = position_of(good, len(good))
        return Problem(line, column, "this character is not UTF-8", "save the file as UTF-8", file=file)


def check_file_name(reading: Reading, at: YamlNode | None, kind: str, slug: str) -> None:
    """A scenario and a segment are named like their file; `-` and `_` count as one."""
    stem = re.split(r"[\\/]", reading.file)[-1].removesuffix(".yaml").removesuffix(".yml")
    if slug and stem and at is not None and stem.replace("_", "-") != slug.replace("_", "-"):
        hint = f"write “{kind}: {stem}”, or name the file {slug}.yaml"
        reading.error(at, f"the {kind} {quoted(slug)} stands in a file named {quoted(stem)}", hint)
