"""A situation: what a generic episode's tables say and no parameter does, drawn anew per world."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.scenario import Scenario, load_checked
from sim.scenario.loading import LoadedScenario, with_settings
from sim.scenario.observable import Observable
from sim.scenario.part import Span

TEMPLATE = Path(__file__).with_name("generic_episode.yaml")
BEFORE, AFTER = 28, 28
DAYS = BEFORE + AFTER + 1
TOWNS = ("town_1", "town_2", "town_3")
SPARKS = ("spark_1", "spark_2", "spark_3", "spark_4", "spark_5")
ORDERED_BY = ("side_a", "side_b", "both")


@dataclass(frozen=True)
class Situation:
    """Settings of one world.

    Attributes:
        number: of the world; decides everything.
        towns: in how many the sides meet, 1 to 3.
        ordered: number in `ORDERED_BY` of who is ordered to hold back on day 0.
        sparks: how many.
        settings: dotted paths of the template to values, without the orders.
    """

    number: int
    towns: int
    ordered: int
    sparks: int
    settings: dict[str, Any]

    def scenario(self, with_order: bool) -> Scenario:
        """The world to run, with a day's tallies as observables; or its twin without an order."""
        settings = dict(self.settings)
        for k, name in enumerate(("order_a", "order_b")):
            if with_order and self.ordered in (k, 2):
                settings[f"decisions.{name}.mode"] = "scripted"
        scenario = with_settings(template(), settings)
        return scenario.model_copy(update={"observables": daily_observables()})


def draw_situation(seed: int, number: int) -> Situation:
    """The situation of world `number`; who is ordered goes round, the rest is drawn.

    Drawn: towns (1, 2 or 3 alike), hostility uniform .4 to 1, strength of the sides log-uniform
    1 to 5 times each other's, whether a side lives there (three in four) or gathers only while
    there is something to fight over, how strongly security forces can hold the towns, none to five
    sparks, each of salience log-uniform .15 to 3, in one town or in all. Assumptions.
    """
    rng = np.random.default_rng([seed, number])
    towns = int(rng.integers(1, 4))
    sparks = int(rng.integers(0, len(SPARKS) + 1))
    settings: dict[str, Any] = {
        "dyads.side_a-side_b.places": list(TOWNS[:towns]),
        "dyads.side_a-side_b.hostility": round(float(rng.uniform(0.4, 1.0)), 3),
    }
    ratio = float(np.exp(rng.uniform(-np.log(5), np.log(5))))
    lives = rng.random(2) < 0.75
    authority = round(float(rng.random()), 3)
    for side, factor, resident in (
        ("side_a", max(ratio, 1.0), lives[0]),
        ("side_b", max(1.0 / ratio, 1.0), lives[1]),
    ):
        for town in TOWNS:
            settings[f"factions.{side}.forces.{town}.fighters"] = round(20000.0 * factor)
            settings[f"factions.{side}.forces.{town}.resident"] = bool(resident)
    for town in TOWNS:
        settings[f"places.{town}.authority"] = authority
    for k, name in enumerate(SPARKS):
        settings[f"triggers.{name}.enabled"] = k < sparks
        settings[f"triggers.{name}.salience"] = round(
            float(np.exp(rng.uniform(np.log(0.15), np.log(3.0)))), 3
        )
        one = rng.random() < 0.5
        settings[f"triggers.{name}.places"] = (
            [TOWNS[int(rng.integers(towns))]] if one else list(TOWNS[:towns])
        )
    return Situation(number, towns, number % 3, sparks, settings)


@lru_cache(maxsize=1)
def template() -> LoadedScenario:
    """The scenario file that every world is made of."""
    return load_checked(TEMPLATE)


@lru_cache(maxsize=1)
def daily_observables() -> list[Observable]:
    """Dead of both sides, hours with dead in each town, dead in the first town; by day."""
    clock = template().scenario.clock
    day = (clock.end - clock.start) / DAYS
    rows = []
    for name, measure in (
        ("a", {"statistic": "total", "factions": ["side_a"]}),
        ("b", {"statistic": "total", "factions": ["side_b"]}),
        *(
            (f"hours_{k}", {"statistic": "active_hours", "places": [t]})
            for k, t in enumerate(TOWNS)
        ),
        ("first", {"statistic": "total", "places": [TOWNS[0]]}),
    ):
        for number in range(DAYS):
            start = clock.start + number * day
            rows.append(
                Observable.model_validate(
                    {
                        "id": f"{name}_{number}",
                        "title": f"{name}, day {number - BEFORE}",
                        "measure": "dead",
                        **measure,
                        "span": Span(start=start, end=start + day),
                        "reported": {"missing": True},
                        "role": "hold_out",
                    }
                )
            )
    return rows
