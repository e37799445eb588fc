"""A made-up episode with everything a figure or report can meet, hostile names included."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.compare import Comparison, compare
from sim.ensemble import Ensemble, step_times
from sim.evidence import Article, Evidence, Statement
from sim.scenario.parameters import vector_names
from sim.scenario.schema import Scenario

HOSTILE = '<script>alert("x")</script> \u202eevil\u202c & "Sons\'"'
START, END = "2030-05-01T00:00+03:00", "2030-05-04T00:00+03:00"


def scenario_dict(title: str = "Harbour, May 2030") -> dict[str, Any]:
    return {
        "name": "harbour",
        "title": title,
        "summary": "Two factions clash over a port; one leader calls his men off.",
        "clock": {"start": START, "end": END},
        "places": [
            {"id": "harbour", "name": "Harbour", "authority": 0.6, "source": "assumption"},
            {"id": "hill", "name": "Hill", "authority": 0.3, "source": "assumption: no report"},
        ],
        "factions": [
            {"id": "reds", "name": "Reds", "kind": "armed",
             "leader": {"id": "rosa", "name": "Leader Rosa"},
             "forces": [{"place": "harbour", "fighters": 400, "source": "ga.1a"}]},
            {"id": "blues", "name": "Blues", "kind": "armed",
             "leader": {"id": "berta", "name": "Leader Berta"},
             "forces": [{"place": "harbour", "fighters": 300, "source": "assumption"}]},
        ],
        "crowds": [
            {"id": "march", "faction": "reds", "place": "harbour", "turnout": [2000, 20000],
             "gathers": {"earliest": "2030-05-01T08:00+03:00",
                         "latest": "2030-05-01T12:00+03:00"}, "source": "assumption"},
        ],
        "dyads": [{"between": ["reds", "blues"], "hostility": 0.8, "source": "assumption"}],
        "triggers": [
            {"id": "speech", "title": "Rosa leaves politics", "places": ["harbour"],
             "at": {"earliest": "2030-05-01T08:00+03:00", "latest": "2030-05-01T10:00+03:00"},
             "salience": 1.0, "source": "ga.2a"},
        ],
        "decisions": [
            {"id": "rosa_withdraws", "leader": "rosa", "order": "withdraw", "mode": "scripted",
             "window": {"earliest": "2030-05-02T12:00+03:00",
                        "latest": "2030-05-02T15:00+03:00"}, "source": "ga.5a"},
            {"id": "berta_closes", "leader": "berta", "order": "close_offices",
             "mode": "endogenous", "source": "assumption"},
        ],
        "parameters": {"compliance": {"uniform": [0.5, 1.0], "source": "assumption: a guess"}},
        "observables": [
            {"id": "dead_total", "title": "Dead in the harbour and on the hill",
             "measure": "dead", "statistic": "total", "reported": {"at_least": 30},
             "facts": ["ga.3a", "tele.2a"], "role": "calibrate"},
            {"id": "dead_disputed", "title": "Dead by the first evening", "measure": "dead",
             "statistic": "total",
             "span": {"start": START, "end": "2030-05-02T00:00+03:00"},
             "reported": {"alternatives": [{"weight": 0.6, "best": 4},
                                           {"weight": 0.4, "low": 8, "high": 12}]},
             "facts": ["tele.4a"], "role": "hold_out"},
            {"id": "crowd_peak", "title": "People on the street at the peak", "measure": "crowd",
             "statistic": "peak", "reported": {"low": 5000, "high": 15000}, "facts": ["ga.4a"],
             "role": "calibrate"},
            {"id": "first_clash", "title": "First clash", "measure": "clashes",
             "statistic": "first", "reported": {"earliest": "2030-05-01T10:00+03:00",
                                                "latest": "2030-05-01T16:00+03:00"},
             "facts": ["ga.2a"], "role": "calibrate"},
            {"id": "withdrawal", "title": "Hour of the withdrawal order", "measure": "order",
             "statistic": "time", "decision": "rosa_withdraws",
             "reported": {"earliest": "2030-05-02T12:00+03:00",
                          "latest": "2030-05-02T15:00+03:00"},
             "facts": ["ga.5a"], "role": "input_check"},
            {"id": "any_hill", "title": "Any clash on the hill", "measure": "clashes",
             "statistic": "any", "places": ["hill"], "reported": {"best": 0},
             "facts": ["tele.9s"], "role": "negative"},
            {"id": "wounded_total", "title": "Wounded in all", "measure": "wounded",
             "statistic": "total", "reported": {"missing": True}, "role": "calibrate"},
        ],
    }  # fmt: skip


def scenario(**changes: Any) -> Scenario:
    return Scenario.model_validate(scenario_dict() | changes)


def ensemble(replicates: int = 60, of: Scenario | None = None, seed: int = 5) -> Ensemble:
    """A made-up ensemble whose observables agree with its hourly series."""
    of = of or scenario()
    rng = np.random.default_rng(seed)
    times = step_times(of.clock)
    steps, places = len(times), len(of.places)
    hour = np.arange(steps)
    pulse = np.exp(-0.5 * ((hour - 24) / 9) ** 2)
    scale = rng.lognormal(0.0, 0.8, (replicates, 1, 1))
    where = np.array([1.0, 0.15] + [0.0] * (places - 2))[:places]
    mean = scale * pulse[None, :, None] * where
    clashes = rng.poisson(1.6 * mean).astype(np.float32)
    dead = rng.poisson(0.9 * clashes).astype(np.float32)
    crowd = np.floor(9000 * mean).astype(np.float32)
    cells = np.floor(40 * np.minimum(mean, 1)).astype(np.float32)
    ladder = np.where(clashes > 0, 9.0, np.where(crowd > 50, 5.0, 0.0)).astype(np.float32)
    quiet = np.zeros_like(dead)
    hourly = dict.fromkeys(
        ("wounded", "rockets", "barrages", "pushes", "breaches", "salience", "presence"), quiet
    ) | {"dead": dead, "clashes": clashes, "crowd": crowd, "cells": cells, "ladder": ladder}
    total = dead.sum(axis=2)
    active = clashes.sum(axis=2) > 0
    first = np.where(active.any(axis=1), active.argmax(axis=1), np.nan)
    orders = pd.DataFrame(
        {
            "rosa_withdraws": rng.uniform(36, 39, replicates),
            "berta_closes": np.where(rng.random(replicates) < 0.4, rng.uniform(30, 60, replicates),
                                     np.nan),
        }
    )  # fmt: skip
    values = {
        "dead_total": total.sum(axis=1),
        "dead_disputed": total[:, :24].sum(axis=1),
        "crowd_peak": crowd.sum(axis=2).max(axis=1),
        "first_clash": first,
        "withdrawal": orders["rosa_withdraws"].to_numpy(),
        "any_hill": (clashes[:, :, 1].sum(axis=1) > 0).astype(float),
        "wounded_total": 3 * total.sum(axis=1),
    }
    names = vector_names(of.leaders)
    return Ensemble(
        scenario=of, variant=None, seed=seed,
        parameters=pd.DataFrame(rng.random((replicates, len(names))), columns=names),
        observables=pd.DataFrame(values), orders=orders, hourly=hourly, times=times,
        places=[p.id for p in of.places], events=log(),
    )  # fmt: skip


def log() -> pd.DataFrame:
    """The log of two runs: chains of reprisals under a trigger, an order, and noise."""
    rng = np.random.default_rng(3)
    rows: list[tuple[Any, ...]] = []
    for run in (0, 1):
        rows.append(
            (run, 0, -1, 8.0, "trigger", "speech", "harbour", "reds", "", "", "", 0, 0, 0, 1.0)
        )
        for number in range(1, 90):
            cause = -1 if number % 9 == 0 else int(rng.integers(max(0, number - 12), number))
            kind = ("clash", "clash", "mobilisation", "barrage")[int(rng.integers(4))]
            sides = ("reds", "blues") if number % 2 else ("blues", "reds")
            dead = int(rng.poisson(0.8)) if kind == "clash" else 0
            begun = sides if number % 3 else ("", "")
            rows.append((run, number, cause, 8.0 + number * 0.4, kind, "", "harbour", *begun,
                         *sides, 0, dead, 3 * dead, 0.0))  # fmt: skip
        rows.append(
            (run, 90, 70, 38.0, "order", "rosa_withdraws", "", "reds", "", "", "", 0, 0, 0, 0.0)
        )
    return pd.DataFrame(
        rows,
        columns=["replicate", "event", "cause", "time", "kind", "subject", "place", "actor",
                 "target", "side_a", "side_b", "dead_a", "dead_b", "wounded", "value"],
    )  # fmt: skip


def evidence(outlet: str = "Gazette", says: str = "") -> Evidence:
    """Two outlets; ids ``ga.*`` and ``tele.*``."""
    body = Evidence("seeds")
    for name, prefix, outlet_name, ids in (
        ("gazette", "ga", outlet, ("1a", "2a", "3a", "4a", "5a")),
        ("telegraph", "tele", "Telegraph", ("2a", "4a", "9s")),
    ):
        article = Article.model_validate(
            {
                "id": name, "prefix": prefix,
                "citation": {"outlet": outlet_name, "title": "Fighting in the harbour",
                             "published": "2030-05-03", "latest": "2030-05-03T12:00+03:00",
                             "date_known_from": "its date line", "text": "original"},
                "statements": [_statement(f"{prefix}.{i}", i, says) for i in ids],
            }
        )  # fmt: skip
        body.articles[name] = article
        body.statements.update({s.id: s for s in article.statements})
    return body


def _statement(name: str, short: str, says: str) -> dict[str, Any]:
    return {
        "id": name, "paragraph": int(short[0]), "kind": "silence" if short[1] == "s" else "act",
        "event": "fight", "says": says or f"What paragraph {short[0]} says, in own words.",
        "window": {"earliest": START, "latest": END}, "place": "harbour",
        "hedging": "claimed" if short == "4a" else "none",
    }  # fmt: skip


def timeline(title: str = "Fighting in the harbour") -> pd.DataFrame:
    """Events as the evidence's timeline gives them."""
    at = pd.Timestamp(START)
    h = pd.Timedelta(hours=1)
    rows = [
        ("Leader leaves politics", at + 6 * h, at + 10 * h, "harbour", -2.0, ("ga.2a",), False),
        (title, at + 10 * h, at + 40 * h, "harbour", -9.5, ("ga.3a", "tele.2a"), False),
        ("March to the port", at + 8 * h, at + 16 * h, "harbour", -5.0, ("ga.4a",), False),
        ("Curfew", at + 18 * h, at + 19 * h, "harbour", -6.5, ("tele.4a",), False),
        ("Order to withdraw", at + 36 * h, at + 39 * h, "harbour", 8.0, ("ga.5a",), False),
        ("Old feud on the hill", pd.NaT, at + 4 * h, "hill", -7.0, ("tele.9s",), True),
        ("A remark without a place on the ladder", at + 50 * h, pd.NaT, "hill", np.nan,
         ("tele.4a",), False),
    ]  # fmt: skip
    table = pd.DataFrame(
        rows, columns=["title", "earliest", "latest", "place", "score", "statements", "background"]
    )
    table["actor"] = "reds"
    for column in ("earliest", "latest"):
        table[column] = pd.to_datetime(table[column], utc=True).dt.tz_convert(at.tz)
    return table


def comparison(of: Ensemble | None = None, body: Evidence | None = None) -> Comparison:
    of = of or ensemble()
    half = of.observables * 0.5
    nothing = of.observables * 0.0
    return compare(of, body or evidence(), {"constant_rate": half, "nothing": nothing})


def statement(name: str) -> Statement:
    return evidence().statements[name]
