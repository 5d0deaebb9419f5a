"""Where steps put values: `save_to` and `set` write to the visitor's properties or to the run."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.engine.paths import bounded, split_path, with_value
from scenarios_yaml.engine.state import Dialog, Run
from scenarios_yaml.engine.turn import Turn
from scenarios_yaml.engine.values import clean_value

PATH_CHARS = 500


def save(turn: Turn, run: Run, values: dict[str, Any]) -> str:
    """Writes values to their paths; answers with what was written, for the trace.

    Paths below `visitor` change properties (told by an effect), those below `run` and `dialog` the run and
    the open dialog. Others are facts of the shop and cannot be written.
    """
    properties: dict[str, Any] = {}
    refused = []
    for path, value in values.items():
        root, rest = split_path(path)
        if root == "visitor":
            properties[rest] = value
            note_own(run, f"visitor.{rest}")
        elif root == "run":
            run.values = bounded(run.values, with_value(run.values, rest, clean_value(value)))
        elif root == "dialog" and turn.state.dialog.id:
            dialog: Dialog = turn.own("dialog")
            changed = with_value(dialog.properties, rest, clean_value(value))
            dialog.properties = bounded(dialog.properties, changed)
        else:
            refused.append(path)
    if properties:
        turn.change_properties(properties, scenario=run.scenario)
    written = ", ".join(path for path in values if path not in refused)
    return f"{written}; cannot write {', '.join(refused)}" if refused else written


def note_own(run: Run, what: str) -> None:
    """Remembers that the run itself has changed this of the visitor."""
    if what not in run.own:
        run.own.append(what)


def note_answer(run: Run, label: str) -> None:
    """Adds an answer to the way that the visitor took: `run.path`, and `run.answer` for the last one."""
    way = run.values.get("path")
    run.values["path"] = (f"{way} > {label}" if isinstance(way, str) and way else label)[-PATH_CHARS:]
    run.values["answer"] = label[:PATH_CHARS]
