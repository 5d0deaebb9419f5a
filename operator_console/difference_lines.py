"""What a publication would change, as lines for people: added, removed, changed, and who stands where."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from rich.text import Text

from operator_console.safe_text import safe_line
from server_stub.protocol import Publication, ScenarioDifference, VisitorsStanding

LONGEST = 400
"""Characters of a text that are shown around what changed in it."""
LONGEST_WAY = 90
"""Characters of the way to a step that are shown whole."""
AROUND = 60
"""Characters kept on each side of a change in a long text."""

_SIGNS = {
    "added": ("+", "green"),
    "removed": ("-", "red"),
    "changed": ("~", "yellow"),
    "moved": ("↕", "cyan"),
}


def summary(publication: Publication) -> str:
    """Such as `3 changes, 12 visitors on their way`."""
    count = len(publication.differences)
    visitors = sum(standing.visitors for standing in publication.standing)
    changes = "1 change" if count == 1 else f"{count} changes" if count else "only comments, layout or order"
    people = "1 visitor" if visitors == 1 else f"{visitors} visitors"
    return f"{changes}, {people} on their way" if visitors else changes


def lines_of_new(title: str, status: str, steps: int) -> Iterator[Text]:
    """A file that the server does not have yet: what it is called, and whether publishing it launches it."""
    line = Text("  + ", style="green")
    line.append(safe_line(title, LONGEST), style="bold")
    if steps:
        line.append(f"  {steps} step{'s' if steps > 1 else ''}", style="dim")
    if status == "live":
        line.append("  live: it starts at once", style="yellow")
    elif status:
        line.append(f"  {safe_line(status, 20)}", style="dim")
    yield line


def difference_lines(publication: Publication) -> Iterator[Text]:
    """One or more lines for each thing that differs, then one for each step at which visitors stand."""
    for one in publication.differences:
        yield from _difference(one)
    for standing in publication.standing:
        yield _standing(standing)


def _difference(one: ScenarioDifference) -> Iterator[Text]:
    sign, colour = _SIGNS[one.kind]
    said = safe_line(one.after or one.before, LONGEST) if one.kind in ("added", "removed") else ""
    where, last = _place(one.where)
    if said in last:
        said = ""
    elif last.startswith(f"{one.what} “"):
        # The label begins as the text does, which follows in full.
        last = one.what
    head = Text(f"  {sign} ", style=colour)
    head.append(safe_line(" › ".join([*where, last]), 200), style="bold")
    if one.kind == "changed":
        head.append(f"  {safe_line(one.what, 80)}")
    elif one.kind in ("added", "removed") and last.split(" “")[0] != one.what and one.what != one.where:
        head.append(f"  {safe_line(one.what, 80)}", style="dim")
    if one.line:
        head.append(f"  line {one.line}", style="dim")
    yield head
    if one.kind == "changed":
        yield from _changed(one.before, one.after)
    elif one.kind == "moved" and one.before != one.after:
        yield Text(f"      from {safe_line(one.before, 200)}", style="dim")
    elif said:
        yield Text(f"      {said}", style=colour)


def _place(where: str) -> tuple[list[str], str]:
    """The way to a step and the step itself; of a long way only its beginning and its end."""
    *way, last = safe_line(where, 2_000).split(" › ")
    if len(where) > LONGEST_WAY and len(way) > 2:
        way = [way[0], "…", way[-1]]
    return way, last


def _changed(before: str, after: str) -> Iterator[Text]:
    """Both texts, what differs in them marked; of long ones only what is around it."""
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    was, now = Text("      - ", style="red"), Text("      + ", style="green")
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            same = _shortened("".join(old[a:b]), first=a == 0, last=b == len(old))
            was.append(same)
            now.append(same)
        else:
            was.append("".join(old[a:b]), style="reverse")
            now.append("".join(new[c:d]), style="reverse")
    if before:
        yield was
    if after:
        yield now


def _words(text: str) -> list[str]:
    """Words, each with the space behind it, fit for a terminal."""
    words: list[str] = []
    for word in safe_line(text, 20_000).split(" "):
        words += [word, " "]
    return words[:-1]


def _shortened(same: str, *, first: bool, last: bool) -> str:
    """What is equal on both sides, its far end left out where it is long."""
    if len(same) <= 2 * AROUND:
        return same
    if first:
        return "…" + same[-AROUND:]
    if last:
        return same[:AROUND] + "…"
    return f"{same[:AROUND]} … {same[-AROUND:]}"


def _standing(standing: VisitorsStanding) -> Text:
    people = "1 visitor stands" if standing.visitors == 1 else f"{standing.visitors} visitors stand"
    line = Text(f"  ● {people} at {safe_line(standing.name, 80)}: ", style="magenta")
    match standing.fate:
        case "stays":
            line.append("their dialogs end as they began")
        case "follows" if standing.to_name == standing.name:
            line.append("they go on from there")
        case "follows" | "moves":
            line.append(f"they go on at {safe_line(standing.to_name, 80)}")
        case "stops":
            line.append("their runs stop")
        case _:
            line.append("the step is gone, choose what becomes of them", style="bold red")
    return line
