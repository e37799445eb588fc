"""A change in words: what the state of the controls sets over the scenario, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.compare.words import plain
from sim.explore.whatif import unreported
from sim.scenario import Scenario
from sim.scenario.vocabulary import DecisionMode
from sim.show.explorer.controls import Control

UNSAID = ("", "-", "share", "probability", "salience")


def change_words(controls: Sequence[Control], settings: Mapping[str, Any]) -> list[str]:
    """One phrase per setting, in the order set; ``controls`` of the scenario as its file has it."""
    known = {control.path: control for control in controls}
    return [_words(path, value, known.get(path)) for path, value in settings.items()]


def _words(path: str, value: Any, control: Control | None) -> str:
    if control is None:
        return f"{plain(path)} = {plain(_value(value))}"
    labels = dict(control.options)
    if path.endswith(".shift_h"):
        way = "later" if float(value) >= 0 else "earlier"
        return f"{plain(control.part)} {abs(float(value)):g} h {way}"
    if control.kind == "choice":
        return f"{plain(control.part)}: {plain(labels.get(str(value), str(value)))}"
    if control.kind == "several":
        named = [plain(labels.get(str(one), str(one))) for one in value or []]
        return f"{plain(control.part)}, {control.label.lower()}: {', '.join(named) or 'nobody'}"
    if control.kind == "switch":
        return f"{plain(control.label)}: {'on' if value else 'off'}"
    unit = f" {control.unit}" if control.unit not in UNSAID else ""
    about = "hostility " if control.group == "hostilities" else ""
    return f"{about}{plain(control.label)} {_value(value)}{unit}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)


def beyond_reports(before: Scenario, after: Scenario, settings: Mapping[str, Any]) -> list[str]:
    """Why no report can speak for this future, one sentence each; empty where reports can."""
    said = unreported(after)
    was = {d.id: d.mode for d in before.decisions}
    said += [
        f"the order '{d.id}' never comes"
        for d in after.decisions
        if d.mode is DecisionMode.OFF and was.get(d.id, d.mode) is not DecisionMode.OFF
    ]
    said += [
        f"the scenario calls its variant '{name}' an extrapolation"
        for name, variant in before.variants.items()
        if variant.extrapolation
        and all(not isinstance(v, list | dict) for v in variant.set.values())
        and variant.set.items() <= dict(settings).items()
    ]
    return said
