"""What makes a visitor one whom a scenario lets in: what he would have done before, as lines of a timeline.

Nothing here is sure to help (a condition may ask for the opposite of another one): whether he is let in is seen when
the trigger happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from scenarios_yaml.engine.audience import holds
from scenarios_yaml.engine.clock import local, project_zone
from scenarios_yaml.engine.facts import BROWSING
from scenarios_yaml.engine.paths import Scope, split_path
from scenarios_yaml.engine.schedule import next_due
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition, Segment, event_key
from scenarios_yaml.language.texts import Text
from scenarios_yaml.tools.playing.starting import SAMPLES, resolved
from scenarios_yaml.tools.stage import Stage
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.cases import Doable

KNOWN: dict[str, Any] = {
    "email": "ann@shop.example",
    "phone": "+420123456789",
    "name": "Ann",
    "city": "Prague",
    "device": "desktop",
    "birthday": "1990-03-05",
}
"""What samples are called, and where they live."""
MOST_TIMES = 50
"""How often an event is made to happen so that it was counted."""
_SECOND = 1_000
_DAY = 86_400_000

Group: TypeAlias = tuple[Doable, ...]


def fitting(
    stage: Stage, scenario: model.Scenario, trigger: model.Trigger, segments: Iterable[Segment] = ()
) -> tuple[Doable, ...]:
    """What meets the conditions of the trigger, the audience and the exits that stand in the way now; none where all is
    well already, or where nothing is known that would help."""
    program = stage.rehearsal.catalog.programs[scenario.slug]
    scope = Scope(stage.state, stage.world, stage.now, program)
    by_slug = {segment.slug: segment for segment in segments}
    is_visit = isinstance(trigger, model.OnEvent) and event_key(trigger.event) in BROWSING
    fitter = _Fitter(stage, by_slug, _moment(stage, trigger), comes_by_visit=is_visit)
    where = trigger.where if isinstance(trigger, model.OnEvent) else ()
    groups: list[Group] = []
    for condition in (*where, *scenario.audience):
        if not holds(condition, scope):
            groups += fitter.meet(condition)
    for rule in scenario.exit:
        if not isinstance(rule, model.OnEvent) and holds(rule, scope):
            groups += fitter.avoid(rule)
    # What takes time comes first, so that what must have happened lately still has.
    groups.sort(key=lambda group: not any(isinstance(item, cases.Advance) for item in group))
    return tuple(item for group in groups for item in group)


def _moment(stage: Stage, trigger: model.Trigger) -> int:
    """When the trigger happens: now, or when the broadcast is due."""
    if isinstance(trigger, model.OnSchedule):
        return next_due(trigger, stage.now, project_zone(stage.world)) or stage.now
    return stage.now


class _Fitter:
    """`moment` (ms) is when the trigger will happen; `comes_by_visit`: it is a visit itself."""

    def __init__(
        self, stage: Stage, segments: Mapping[str, Segment], moment: int, *, comes_by_visit: bool
    ) -> None:
        self._stage = stage
        self._comes_by_visit = comes_by_visit
        self._moment = moment
        self._segments = segments

    def meet(self, condition: Condition) -> Iterator[Group]:
        """Groups of what belongs together in time."""
        match condition:
            case model.All():
                for part in condition.of:
                    yield from self.meet(part)
            case model.Any_():
                yield from self._any(condition)
            case model.Not():
                yield from self.avoid(condition.of)
            case model.InSegment() if not condition.negated:
                yield from self._in_segment(condition.segment)
            case model.Is() | model.Compare() | model.DateIn():
                yield from self._about_a_path(condition)
            case _:
                yield from self._about_the_past(condition)

    def avoid(self, condition: Condition) -> Iterator[Group]:
        """What makes it hold no more: an empty cart is what keeps people out most often."""
        match condition:
            case model.Is() if split_path(condition.path)[0] == "cart" and not condition.negated:
                yield (_event("Product Added"),)
            case model.Compare() if split_path(condition.path)[0] == "cart" and condition.op in ("=", "<"):
                yield (_event("Product Added"),)
            case model.Is():
                if split_path(condition.path)[0] == "visitor" and condition.what in ("unknown", "empty"):
                    yield from self._known(condition.path)

    def _any(self, condition: model.Any_) -> Iterator[Group]:
        """The first of them for which something can be done."""
        for part in condition.of:
            groups = list(self.meet(part))
            if groups:
                yield from groups
                return

    def _in_segment(self, slug: str) -> Iterator[Group]:
        segment = self._segments.get(slug)
        if segment is None:
            yield (_event("Segment Entered", {"segment": slug}),)
            return
        for condition in segment.conditions:
            yield from self.meet(condition)

    # --- Values --------------------------------------------------------------------------------------------

    def _about_a_path(self, condition: model.Is | model.Compare | model.DateIn) -> Iterator[Group]:
        match condition:
            case model.DateIn() if not condition.negated:
                day = local(self._moment, project_zone(self._stage.world))
                yield (_changed(condition.path, f"1990-{day:%m-%d}"),)
            case model.Is():
                yield from self._is(condition)
            case model.Compare() if not condition.negated and condition.op != "!=":
                yield from self._compared(condition)

    def _is(self, condition: model.Is) -> Iterator[Group]:
        root, name = split_path(condition.path)
        wants_it = (condition.what in ("known", "true", "subscribed")) != condition.negated
        if root == "cart" and wants_it:
            yield (_event("Product Added"),)
        elif root == "order" and wants_it:
            yield (_event("Order Completed"),)
        elif root == "visitor" and name == "viewed":
            yield (_event("Product Viewed"),)
        elif root == "visitor" and wants_it:
            is_yes = condition.what in ("true", "subscribed") and name != "email"
            yield from [(_changed(name, True),)] if is_yes else self._known(name)
        elif root == "visitor":
            yield (_changed(name, False if condition.what in ("true", "false") else None),)

    def _known(self, path: str) -> Iterator[Group]:
        name = split_path(path)[1]
        yield (_changed(name, KNOWN.get(name, "yes")),)

    def _compared(self, condition: model.Compare) -> Iterator[Group]:
        root, name = split_path(condition.path)
        value = resolved(condition, self._stage)
        if root == "visitor":
            yield (_changed(name, value),)
        elif root == "cart" and name == "total" and isinstance(value, int | float) and value > 0:
            yield (_event("Product Added", {"price": value}),)

    # --- What happened -------------------------------------------------------------------------------------

    def _about_the_past(self, condition: Condition) -> Iterator[Group]:
        match condition:
            case model.Did() if not condition.negated:
                yield self._did(condition)
            case model.SumOf():
                path = condition.path.removeprefix("event.")
                yield (_event(condition.event, {path: condition.value + 1}),)
            case model.Ago():
                event = "Order Completed" if condition.what == "last_order" else "Page Viewed"
                later = (cases.Advance(duration=condition.duration + _SECOND, line=0),)
                yield (_event(event), *(later if condition.more else ()))
            case model.Visits() if condition.op in (">", ">=", "="):
                yield self._visits(condition)
            case model.Tagged():
                tags = (condition.tag,)
                none = condition.negated
                yield (
                    cases.Changes(tags_added=() if none else tags, tags_removed=tags if none else (), line=0),
                )
            case model.OperatorsOnline() if condition.op in (">", ">=", "="):
                yield (cases.Online(operators=condition.count + (condition.op == ">"), line=0),)

    def _did(self, condition: model.Did) -> Group:
        given: dict[str, Any] = {}
        if isinstance(condition.where, model.Compare) and not condition.where.negated:
            given[condition.where.path.removeprefix("event.")] = resolved(condition.where, self._stage)
        times = condition.times + (condition.op == ">")
        return tuple(_event(condition.event, given) for _ in range(min(times, MOST_TIMES)))

    def _visits(self, condition: model.Visits) -> Group:
        """The visit that starts the scenario is one of them, too."""
        wanted = condition.count + (condition.op == ">") - self._comes_by_visit - self._stage.state.visits
        visit = (_event("Session Started"), cases.Advance(duration=_DAY, line=0))
        return visit * max(0, min(wanted, MOST_TIMES))


def _event(name: str, properties: Mapping[str, Any] | None = None) -> Doable:
    """The event with what it carries at least."""
    given = {**SAMPLES.get(event_key(name), {}), **(properties or {})}
    return cases.Happens(event=name, properties=given, line=0)


def _changed(path: str, value: Any) -> Doable:
    if isinstance(value, Text):
        value = value.render({})
    return cases.Changes(properties={split_path(path)[1]: value}, line=0)
