"""What a draft would have done with the visitors of a period, with the state of each as it was at each moment.

Until the period begins, everything is as it was. From then on the draft stands in the place of the scenario of its name
beside the others that were live, and lets people in; who is on his way with the version that was live goes on with the
draft, as after a publication, and is not counted. What nobody can know is how people would have answered: a run that
stands at a question or a pop-up counts as asked, and ends there; what was answered to the live version is not taken for
an answer to the draft.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest

from scenarios_yaml.engine.clock import local, zone_of
from scenarios_yaml.engine.deciding import share
from scenarios_yaml.engine.effects import Effect, Send, SendChat, ShowPopup, TraceLine
from scenarios_yaml.engine.engine import Outcome
from scenarios_yaml.engine.products import body_as_read
from scenarios_yaml.engine.state import Run, VisitorState
from scenarios_yaml.engine.stimuli import Stimulus
from scenarios_yaml.tools.past.log import VisitorLog
from scenarios_yaml.tools.past.replay import Replay
from scenarios_yaml.tools.past.surroundings import Surroundings, Trial
from scenarios_yaml.tools.past.tally import SAMPLE, SAW, Entered, Got, Tally
from scenarios_yaml.tools.past.trace_words import Held, ending_of, held_by, reason_of

TEXT_CHARS = 4_000
"""Of a message's text in the sample."""
NOT_KNOWN = "how he would have answered is not known"
DAY = 86_400_000


def backtest(logs: Iterable[VisitorLog], surroundings: Surroundings) -> Tally:
    """The tally of these visitors. The surroundings hold the trial. Raises ValueError where they hold none."""
    trial = surroundings.trial
    if trial is None:
        raise ValueError("the surroundings try nothing out")
    counting = _Counting(surroundings, trial)
    for log in logs:
        counting.count(log)
    return counting.tally


class _Counting:
    """One visitor after the other."""

    def __init__(self, surroundings: Surroundings, trial: Trial) -> None:
        self.tally = Tally()
        self.trial = trial
        self._surroundings = surroundings
        self._zone = zone_of(surroundings.around.world.timezone)
        self._days: dict[int, str] = {}
        self._last_place = 1.0

    def count(self, log: VisitorLog) -> None:
        tally, trial = self.tally, self.trial
        seen = _Seen(trial)
        replay = Replay(self._surroundings, seen)
        replay.play(log, trial.until)
        tally.visitors += 1
        tally.items += len(log.items)
        tally.erased += log.erased
        if seen.refused or seen.runs:
            self._count_considered(seen)
        live = self._count_live(log)
        if seen.runs:
            self._count_runs(log.visitor, seen, replay)
        tally.both += bool(seen.runs and live)
        tally.only_draft += bool(seen.runs and not live)
        tally.only_live += bool(live and not seen.runs)

    def _count_considered(self, seen: _Seen) -> None:
        tally = self.tally
        tally.considered += len(seen.refused) + len(seen.runs)
        tally.considered_visitors += 1
        met = set()
        for line in seen.refused:
            reason = reason_of(line.result)
            refusals = tally.refusal(reason.kind, line.line, reason.text)
            refusals.times += 1
            key = (reason.kind, line.line, reason.text)
            refusals.visitors += key not in met
            met.add(key)
            if reason.saw and (reason.saw in refusals.saw or len(refusals.saw) < 20 * SAW):
                refusals.saw[reason.saw] += 1

    def _count_runs(self, visitor: str, seen: _Seen, replay: Replay) -> None:
        tally = self.tally
        tally.entered += 1
        tally.runs += len(seen.runs)
        tally.goals += len(seen.goals)
        tally.reached.update(step for _, step in seen.reached)
        tally.asked.update(step for _, step in seen.asked)
        tally.endings.update(seen.ended.values())
        tally.held.update((held.what, held.by) for held in seen.held)
        state = replay.states.get(visitor)
        tally.standing.update(
            run.waiting.step for run in (state.runs if state else ()) if run.id in seen.runs and run.waiting
        )
        for got in seen.got:
            tally.sent[got.step] += 1
            tally.messages[got.channel] += 1
            tally.days[self._day(got.at)] += 1
        self._keep_in_sample(visitor, seen, state)

    def _keep_in_sample(self, visitor: str, seen: _Seen, state: VisitorState | None) -> None:
        place = share("sample", self.trial.draft.slug, visitor)
        if place > self._last_place:
            return
        properties = state.properties if state else {}
        called = next((str(properties[name]) for name in ("name", "email") if properties.get(name)), "")
        standing = [run for run in (state.runs if state else ()) if run.id in seen.runs]
        ended = tuple(
            seen.ended.get(run) or ("on his way" if any(one.id == run for one in standing) else NOT_KNOWN)
            for run in seen.runs
        )
        one = Entered(place, visitor, called, tuple(seen.runs.values()), tuple(seen.got), ended)
        sample = self.tally.sample
        sample.append(one)
        if len(sample) >= 2 * SAMPLE:
            sample[:] = nsmallest(SAMPLE, sample, key=lambda one: one.place)
            self._last_place = sample[-1].place

    def _count_live(self, log: VisitorLog) -> bool:
        """What the live version did; returns whether he entered it in the period."""
        live = self.tally.live
        since, until = self.trial.since, self.trial.until
        runs = {line.run for line in log.was if line.phase == "started" and since <= line.at < until}
        if not runs:
            return False
        live.visitors += 1
        live.runs += len(runs)
        live.goals += len({line.run for line in log.was if line.phase == "goal" and line.run in runs})
        for heard in log.heard:
            if heard.run in runs and heard.at < until:
                live.messages[heard.channel] += 1
                live.days[self._day(heard.at)] += 1
        return True

    def _day(self, at: int) -> str:
        """The date in the project's zone. A quarter of an hour never lies on two days in any zone."""
        quarter = at // 900_000
        day = self._days.get(quarter)
        if day is None:
            day = self._days[quarter] = local(at, self._zone).date().isoformat()
        return day


class _Seen:
    """What came of the draft with one visitor. Implements `replay.Listener`."""

    def __init__(self, trial: Trial) -> None:
        self._slug = trial.draft.slug
        self._since = trial.since
        self.refused: list[TraceLine] = []
        self.runs: dict[str, int] = {}
        """Run → when it began."""
        self.reached: set[tuple[str, str]] = set()
        self.asked: set[tuple[str, str]] = set()
        self.ended: dict[str, str] = {}
        self.goals: set[str] = set()
        self.held: list[Held] = []
        self.got: list[Got] = []

    def heard(self, _state: VisitorState, _stimulus: Stimulus, outcome: Outcome, now: int) -> None:
        slug = self._slug
        for line in outcome.trace:
            if line.scenario == slug and line.at >= self._since:
                self._line(line)
        for effect in outcome.effects:
            if isinstance(effect, SendChat | ShowPopup | Send) and effect.run in self.runs:
                self._message(effect, now)

    def _line(self, line: TraceLine) -> None:
        if line.phase == "refused":
            self.refused.append(line)
            return
        if line.phase == "started":
            self.runs[line.run] = line.at
            return
        if line.run not in self.runs:
            return
        if line.phase == "goal":
            self.goals.add(line.run)
            return
        if line.step:
            self.reached.add((line.run, line.step))
        held = held_by(line.result)
        if held is not None:
            self.held.append(held)
        if line.phase == "ended":
            self.ended[line.run] = ending_of(line.result)

    def _message(self, effect: SendChat | ShowPopup | Send, now: int) -> None:
        self.reached.add((effect.run, effect.step))
        if isinstance(effect, ShowPopup) or (
            isinstance(effect, SendChat) and (effect.options or effect.input)
        ):
            self.asked.add((effect.run, effect.step))
        self.got.append(_got(effect, now))

    def left_open(self, run: Run, _now: int) -> None:
        self.ended.setdefault(run.id, NOT_KNOWN)


def _got(effect: Effect, now: int) -> Got:
    match effect:
        case SendChat():
            labels = [option.label for option in effect.options] + [button.label for button in effect.buttons]
            shown = f"{effect.text}\n[{'] ['.join(labels)}]" if labels else effect.text or effect.file
            return Got(now, effect.step, "chat", "", shown[:TEXT_CHARS])
        case ShowPopup():
            return Got(now, effect.step, "popup", effect.title, effect.text[:TEXT_CHARS])
        case Send():
            content = effect.content
            if effect.channel == "email":
                content = {**content, "body": body_as_read(content)}
            subject = next((str(content[key]) for key in ("subject", "title", "url") if content.get(key)), "")
            text = next((str(content[key]) for key in ("body", "text", "template") if content.get(key)), "")
            return Got(now, effect.step, effect.channel, subject, text[:TEXT_CHARS])
    raise TypeError(type(effect).__name__)
