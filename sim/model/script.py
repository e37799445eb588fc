"""What happens by script: triggers that give salience or an attack, and security forces sent."""

from __future__ import annotations

import math

from sim.model import rules
from sim.model.compiled import rule
from sim.model.journal import record
from sim.model.layout import SECURITY_EVENT, TRIGGER_EVENT, State, World
from sim.model.places import mark


@rule
def pull(w: World, s: State, trigger: int, step: int) -> None:
    """A trigger acts once its time has come: a pulse of salience, and perhaps an attack."""
    start = step * w.run[0]["step_h"]
    end = start + w.run[0]["step_h"]
    state = s.triggers[trigger]
    if state["done"] == 1 or state["at"] >= end:
        return
    fixed = w.triggers[trigger]
    for place in range(w.places.shape[0]):
        if w.trigger_places[trigger, place] == 0:
            continue
        event = record(
            s, TRIGGER_EVENT, -1, start, trigger, place, fixed["actor"], fixed["salience"]
        )
        s.places[place]["pulse"] += fixed["salience"]
        if fixed["salience"] > 0.0 or fixed["front"] >= 0:
            s.places[place]["trigger_event"] = event
        mark(s, place, fixed["severity"])
    if fixed["front"] >= 0:  # the clash that it scripts is among this step's clashes
        s.run[0]["stocked"] = step
        s.fronts[fixed["front"]]["attack"] = fixed["dead"]
        s.fronts[fixed["front"]]["attacked"] = 1 - fixed["attacked_first"]
    state["done"] = 1


@rule
def send(w: World, s: State, deployment: int, step: int) -> None:
    """Security forces are sent to a place or recalled, as the script says."""
    start = step * w.run[0]["step_h"]
    end = start + w.run[0]["step_h"]
    state = s.deployments[deployment]
    fixed = w.deployments[deployment]
    place = fixed["place"]
    if state["done"] == 0 and state["at"] < end:
        state["done"] = 1
        s.places[place]["held"] = max(s.places[place]["held"], fixed["presence"])
        record(s, SECURITY_EVENT, -1, start, deployment, place, -1, fixed["presence"])
        mark(s, place, w.severity[SECURITY_EVENT])
    if state["done"] == 1 and fixed["until"] < end:
        state["done"] = 2
        s.places[place]["held"] = w.places[place]["garrison"]


@rule
def keeps_hours(w: World, s: State, step: int) -> bool:
    """Whether anything follows the hour of the day."""
    return s.p[0]["daily_rhythm"] > 0.0


@rule
def strike(w: World, s: State, _: int, step: int) -> None:
    """The clock strikes: how busy this hour of the day is."""
    if keeps_hours(w, s, step):
        hour = int(w.run[0]["first_hour"] + step * w.run[0]["step_h"]) % 24
        s.run[0]["rhythm"] = rules.rhythm(s.p[0]["daily_rhythm"], w.day[hour])


@rule
def is_due(w: World, s: State, step: int) -> bool:
    """Whether the script has anything to do in this step."""
    return s.run[0]["script"] < step * w.run[0]["step_h"] + w.run[0]["step_h"]


@rule
def look_ahead(w: World, s: State, _: int, step: int) -> None:
    """The next time that the script has something to do is noted; infinite for never."""
    end = step * w.run[0]["step_h"] + w.run[0]["step_h"]
    first = math.inf
    for i in range(w.triggers.shape[0]):
        if s.triggers[i]["done"] == 0:
            first = min(first, s.triggers[i]["at"])
    for i in range(w.deployments.shape[0]):
        if s.deployments[i]["done"] == 0:
            first = min(first, s.deployments[i]["at"])
        elif s.deployments[i]["done"] == 1:
            first = min(first, w.deployments[i]["until"])
    for i in range(w.outlets.shape[0]):
        if w.outlets[i]["at"] >= end:
            first = min(first, w.outlets[i]["at"])
    s.run[0]["script"] = first
