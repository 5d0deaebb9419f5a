"""How a run ends: what it holds is let go, and what re-entry asks about is written down."""

from __future__ import annotations

from copy import copy

from scenarios_yaml.engine import goals
from scenarios_yaml.engine.effects import Counted, HidePopup, QuestionClosed
from scenarios_yaml.engine.state import RECORDS_LIMIT, Run, RunRecord
from scenarios_yaml.engine.turn import Turn


def record_key(scenario: str, key: str) -> str:
    """The name under which the finished runs of a scenario (and key of re-entry) are remembered."""
    return f"{scenario} {key}" if key else scenario


def change_record(turn: Turn, scenario: str, key: str) -> RunRecord:
    """The record of a scenario and key, to be changed in place; the one not touched for longest gives way."""
    records: dict[str, RunRecord] = turn.own("records")
    name = record_key(scenario, key)
    record = copy(records.pop(name)) if name in records else RunRecord()
    if len(records) >= RECORDS_LIMIT:
        del records[next(iter(records))]
    records[name] = record
    return record


def let_go(turn: Turn, run: Run) -> None:
    """Takes back the question or pop-up with which the run waits."""
    waiting = run.waiting
    if waiting is None:
        return
    if waiting.kind in ("answer", "input"):
        turn.effects.append(QuestionClosed(waiting.message))
    elif waiting.kind == "popup" and turn.state.popup == waiting.popup:
        turn.effects.append(HidePopup(waiting.popup, "withdrawn"))
        turn.state.popup = ""


def end_run(
    turn: Turn,
    run: Run,
    result: str,
    *,
    step: str = "",
    line: int = 0,
    counts: bool = True,
    counted: Counted = "",
    reason: str = "",
) -> None:
    """The run is over, for the reason that `result` tells. With `counts` false it is as if it had never begun (dropped
    before it spoke). `reason` (see `TraceLine`) is the `result` where it is left out."""
    let_go(turn, run)
    turn.remove_run(run)
    record = change_record(turn, run.scenario, run.key)
    if counts:
        record.last_ended_at = turn.now
    else:
        record.times = max(0, record.times - 1)
        goals.drop(turn, run.id)
    turn.say(
        run,
        result,
        step=step or (run.waiting.step if run.waiting else ""),
        line=line,
        phase="ended",
        counted=counted,
        reason=reason or result,
    )
