"""Figures that are watched: what a frame of the stream says takes the place of what was known before."""

from __future__ import annotations

from msgspec.structs import replace

from server_stub.protocol import FiguresChanged, ScenarioFigures


def renewed(known: ScenarioFigures | None, frame: FiguresChanged) -> ScenarioFigures:
    """The figures after the frame, in the order in which the server tells them whole."""
    fresh = frame.figures
    if known is None or frame.whole or known.slug != fresh.slug:
        return fresh
    days = {day.day: day for day in (*known.days, *fresh.days)}
    steps = {(step.version, step.step): step for step in (*known.steps, *fresh.steps)}
    variants = {
        (variant.version, variant.step, variant.variant): variant
        for variant in (*known.variants, *fresh.variants)
    }
    return replace(
        fresh,
        days=tuple(days[key] for key in sorted(days)),
        steps=tuple(steps[key] for key in sorted(steps)),
        variants=tuple(variants[key] for key in sorted(variants)),
    )
