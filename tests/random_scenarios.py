"""Random valid scenarios, so that a claim is checked on more than what ships."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np

from sim.scenario import Scenario, effective_priors
from sim.scenario.parameters import row_of

START = datetime(2031, 5, 1, tzinfo=timezone(timedelta(hours=2)))
WHY = "assumption: made up for a test"


def at(hours: float) -> str:
    return (START + timedelta(hours=float(hours))).isoformat()


def window(rng: np.random.Generator, length: float) -> dict[str, str]:
    first = round(rng.uniform(0, length) * 4) / 4
    last = min(length, first + round(rng.choice([0, 0, 3, 12]) * rng.random() * 4) / 4)
    return {"earliest": at(first), "latest": at(last)}


def random_data(seed: int, hours: int | None = None) -> dict[str, Any]:
    """The raw data of a random scenario with every kind of part and every mechanism in it."""
    data = plain_data(seed, hours)
    rng = np.random.default_rng([seed, 13])
    for dyad in data["dyads"]:
        choice = rng.random()
        if choice < 0.2:
            dyad["incidents"] = "off"
        elif choice < 0.5:
            dyad["incidents"] = {"rate": float(rng.uniform(0, 300)), "source": WHY}
    for decision in data["decisions"]:
        if rng.random() < 0.5:
            decision["ultimatum_h"] = float(rng.uniform(0.5, 12))
        decision["declared_by"] = str(rng.choice(["leader", "government", "both"]))
        decision["addressed_to"] = str(rng.choice(["own_side", "both_sides", "public"]))
        decision["part"] = str(rng.choice(["whole", "part"]))
        for key in ("written", "monitored", "humanitarian"):
            decision[key] = bool(rng.random() < 0.5)
    data["parameters"]["order_memory"] = {"value": float(rng.uniform(1, 40)), "source": WHY}
    data["parameters"]["incident_rate"] = {"value": float(rng.uniform(0, 150)), "source": WHY}
    return data


def plain_data(seed: int, hours: int | None = None) -> dict[str, Any]:
    """The raw data of a random scenario in which every mechanism is off."""
    rng = np.random.default_rng(seed)
    length = int(hours or rng.choice([12, 30, 48]))
    step = float(rng.choice([1, 1, 1, 0.5, 2]))
    names = [f"p{i}" for i in range(rng.integers(1, 4))]
    places = [
        {
            "id": name,
            "name": name,
            "authority": float(rng.random()),
            "security_presence": float(rng.random() < 0.5) * 0.4,
            "security_garrison": float(rng.random() < 0.3) * 0.2,
            "guarded_site": bool(rng.random() < 0.7),
            "rocket_target": bool(rng.random() < 0.5),
            "links": None if rng.random() < 0.7 else [n for n in names if rng.random() < 0.5],
            "source": WHY,
        }
        for name in names
    ]
    kinds = ["armed", "armed", *rng.choice(["armed", "security", "movement", "external"], 2)]
    factions: list[dict[str, Any]] = []
    for i, kind in enumerate(kinds):
        forces = [
            {
                "place": name,
                "fighters": int(rng.integers(1, 90)),
                "resident": bool(rng.random() < 0.4),
                "source": WHY,
            }
            for name in names
            if kind in ("armed", "security") and (i < 2 or rng.random() < 0.7)
        ]
        leader = {"id": f"l{i}", "name": f"L{i}"} if i < 2 or rng.random() < 0.3 else None
        factions.append(
            {"id": f"f{i}", "name": f"F{i}", "kind": str(kind), "leader": leader, "forces": forces}
        )
    guarded = {place["id"] for place in places if place["guarded_site"]}
    crowds = []
    for i, faction in enumerate(factions):
        if faction["kind"] in ("armed", "movement") and rng.random() < 0.6:
            place = str(rng.choice(names))
            low = float(rng.integers(10, 2000))
            crowds.append(
                {
                    "id": f"c{i}",
                    "faction": f"f{i}",
                    "place": place,
                    "turnout": [low, low * float(rng.uniform(1, 5))],
                    "gathers": window(rng, length),
                    "stays_h": None if rng.random() < 0.5 else float(rng.uniform(1, 20)),
                    "pushes": place in guarded and bool(rng.random() < 0.7),
                    "source": WHY,
                }
            )
    stands = {
        f["id"]: {force["place"] for force in f["forces"]}
        | {c["place"] for c in crowds if c["faction"] == f["id"]}
        for f in factions
    }
    dyads = [
        {
            "between": [a["id"], b["id"]],
            "hostility": float(rng.choice([0, 0.4, 1])),
            "casualty_share": None if rng.random() < 0.6 else float(rng.random()),
            "live_fire": bool(rng.random() < 0.4),
            "source": WHY,
        }
        for i, a in enumerate(factions)
        for b in factions[i + 1 :]
        if stands[a["id"]] & stands[b["id"]] and rng.random() < 0.8
    ]
    fighting = [d for d in dyads if stands[d["between"][0]] & stands[d["between"][1]] & set(names)]
    triggers = [
        {
            "id": "t0",
            "title": "Announcement",
            "at": window(rng, length / 3),
            "places": [n for n in names if rng.random() < 0.7] or names,
            "salience": float(rng.uniform(0.3, 2)),
            "event": {"type": "REJECT"},
            "source": WHY,
        }
    ]
    if fighting and rng.random() < 0.6:
        dyad = fighting[int(rng.integers(len(fighting)))]
        common = sorted(stands[dyad["between"][0]] & stands[dyad["between"][1]])
        triggers.append(
            {
                "id": "t1",
                "title": "Killing",
                "at": window(rng, length),
                "places": [common[0]],
                "attack": {
                    "between": list(rng.permutation(dyad["between"])),
                    "dead": int(rng.integers(0, 4)),
                },
                "source": WHY,
            }
        )
    leaders = [f["leader"]["id"] for f in factions if f["leader"] and stands[f["id"]]]
    decisions = [
        {
            "id": f"d{i}",
            "leader": str(rng.choice(leaders)),
            "order": str(rng.choice(["withdraw", "restrain", "close_offices"])),
            "mode": str(
                rng.choice(["scripted", "endogenous", "endogenous_not_before", "off", "scripted"])
            ),
            "window": window(rng, length),
            "shift_h": float(rng.choice([0, 0, 2.5, -3])),
            "scope": {
                "places": None if rng.random() < 0.5 else [str(rng.choice(names))],
                "activities": [["fighting"], ["protest"], ["fighting", "protest"]][
                    int(rng.integers(3))
                ],
            },
            "lasts_h": None if rng.random() < 0.6 else float(rng.uniform(2, 20)),
            "source": WHY,
        }
        for i in range(int(rng.integers(0, 4)))
    ]
    return {
        "name": f"random_{seed}",
        "title": "Random",
        "summary": "Made up for a test.",
        "clock": {"start": at(0), "end": at(length), "step_h": step},
        "places": places,
        "factions": factions,
        "crowds": crowds,
        "dyads": dyads,
        "triggers": triggers,
        "deployments": [
            {
                "id": "s0",
                "place": names[0],
                "at": window(rng, length),
                "until": None if rng.random() < 0.5 else at(length),
                "presence": float(rng.random()),
                "source": WHY,
            }
        ],
        "decisions": decisions,
        "parameters": {
            "cells_per_group": {"value": int(rng.integers(2, 12)), "source": WHY},
            "rocket_base_rate": {"value": float(rng.uniform(0, 5)), "source": WHY},
        },
        "outlets": [
            {
                "id": "wire",
                "name": "Wire",
                "publishes": at(round(rng.uniform(0, length))),
                "lag_h": [0, float(rng.uniform(0, 8))],
                "counts": str(rng.choice(["dead", "wounded", "crowd"])),
                "rule": str(
                    rng.choice(["exact", "at_least", "some", "order_of_magnitude", "nothing"])
                ),
                "source": WHY,
            }
        ],
        "observables": [
            {
                "id": f"{measure}_{statistic}",
                "title": "x",
                "measure": measure,
                "statistic": statistic,
                "reported": {"missing": True},
                "role": "calibrate",
            }
            for measure in ("clashes", "dead", "wounded", "cells", "crowd", "rockets", "ladder")
            for statistic in ("total", "peak", "any", "first", "last", "peak_time", "active_hours")
        ]
        + [
            {
                "id": "wire",
                "title": "x",
                "measure": "report",
                "statistic": "value",
                "outlet": "wire",
                "reported": {"missing": True},
                "role": "calibrate",
            }
        ],
    }


def random_scenario(seed: int, hours: int | None = None) -> Scenario:
    return Scenario.model_validate(random_data(seed, hours))


def random_theta(scenario: Scenario, seed: int, rows: int) -> np.ndarray:
    """Parameter vectors, f8[rows, parameters]: priors, and assumptions over their whole range.

    What the scenario itself sets stays as it is set.
    """
    rng = np.random.default_rng(seed)
    columns = []
    for name, prior in effective_priors(scenario).items():
        u, span = rng.random(rows), row_of(name).sensitivity
        if name in scenario.parameters or span is None:
            columns.append(prior.quantile(u))
        else:
            columns.append(span[0] + (span[1] - span[0]) * u)
    return np.column_stack(columns)
