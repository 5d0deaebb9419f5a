"""Finding rows of a tree: by words, by the place in the file, by the step of the model."""

from __future__ import annotations

from collections.abc import Sequence

from operator_console.designer.outline.rows import Row, nearest_place


def look_up(rows: Sequence[Row], query: str) -> tuple[int, ...]:
    """The numbers of the rows that hold every word of the query, in what they say, in their comment or problems, or in
    their step's id. Case does not count. Nothing for an empty query."""
    words = query.casefold().split()
    if not words:
        return ()
    return tuple(number for number, row in enumerate(rows) if _holds(row, words))


def _holds(row: Row, words: list[str]) -> bool:
    said = f"{row.text}\n{row.comment}\n{row.step}".casefold()
    if row.problems:
        said += "\n".join(problem.message for problem in row.problems).casefold()
    return all(word in said for word in words)


def row_of_place(rows: Sequence[Row], place: str) -> int:
    """The number of the row of a place, or of the nearest one around it: the first row is that of the whole file.

    Raises IndexError where there are no rows.
    """
    numbers: dict[str, int] = {}
    for number, row in enumerate(rows):
        numbers.setdefault(row.place, number)
    return numbers.get(nearest_place(numbers, place), 0)


def row_of_step(rows: Sequence[Row], step: str) -> int | None:
    """The number of the row of a step by the model's key; None where it has none."""
    return next((number for number, row in enumerate(rows) if row.step == step and not row.branch), None)


def subtree(rows: Sequence[Row], number: int) -> range:
    """The numbers of a row and of all rows below it."""
    end = number + 1
    while end < len(rows) and rows[end].depth > rows[number].depth:
        end += 1
    return range(number, end)
