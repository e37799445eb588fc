"""The chance of a further clash: within so many days of an instant, by place, pair and side."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from sim.calibrate.posterior_file import posterior_for
from sim.calibrate.rivals import place_series
from sim.ensemble import Posterior, draw_parameters, simulate
from sim.inputs import InputError, Problem
from sim.intake.priors.hawkes import chance_of_event, fit_hawkes
from sim.model.own_rules import Rules, read_rules
from sim.scenario import load_checked, load_scenario
from sim.scenario.schema import Observable, Reported, Scenario, Span
from sim.scenario.vocabulary import Measure, Role, Statistic

HORIZONS_DAYS = (1.0, 7.0, 30.0, 90.0)
LEVEL = 0.90


@dataclass(frozen=True)
class Chance:
    """Chances of at least one clash between an instant and each horizon.

    Attributes:
        table: one row per subject and horizon: ``kind`` (all, place, pair, side), ``subject``
            (ids), ``days``, ``probability`` over parameters and chance; ``low`` and ``high``, 90 %
            interval of the probability over the parameters alone, the runs' own noise taken out;
            ``error``, standard error of ``probability`` from the number of draws and runs;
            ``hawkes``, the same chance from a process without leaders, orders or reprisals,
            fitted to the reported deaths of that place (NaN where it says nothing).
        since: the instant.
        draws, replicates: parameter draws, and runs of each.
        drawn: which parameters were drawn and why, in a sentence; "" where the caller chose them.
    """

    table: pd.DataFrame
    since: datetime
    draws: int
    replicates: int
    drawn: str = ""


def chance(
    path: str | Path,
    since: datetime | None = None,
    days: Sequence[float] = HORIZONS_DAYS,
    draws: int = 200,
    replicates: int = 50,
    seed: int = 1,
    *,
    variant: str | None = None,
    settings: Mapping[str, Any] | None = None,
    posterior: str | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    rules: Rules | None = None,
) -> Chance:
    """The chance of a further clash in a scenario's file, as the command ``chance`` tells it.

    ``since``: None for the end of the clock. ``posterior``: a file of weighted draws, ``'prior'``,
    or None for the reference shipped for this very scenario, else the priors. ``rules``: a
    file of the user's own that it runs under. Otherwise as `chance_of_clash`.

    Raises:
        InputError: the scenario, a setting or the posterior cannot be used, or ``since`` has no
            offset or is before the clock.
    """
    own = read_rules(rules)
    scenario = load_checked(path, variant, dict(settings or {}), own).scenario
    as_written = load_scenario(path, rules=own) if variant or settings else scenario
    at = scenario.clock.end if since is None else _checked(since, scenario)
    chosen, drawn = posterior_for(posterior, as_written)
    found = chance_of_clash(
        scenario, at, days, draws, replicates, seed,
        posterior=chosen, threads=threads, progress=progress,
    )  # fmt: skip
    return replace(found, drawn=drawn)


def _checked(since: datetime, scenario: Scenario) -> datetime:
    start = scenario.clock.start
    if since.tzinfo is None or since < start:
        why = "has no offset" if since.tzinfo is None else "is before the clock"
        expected = f"a time with offset, from {start.isoformat()} on"
        problem = Problem("--since", None, None, f"{since.isoformat()} {why}", expected)
        raise InputError([problem])
    return since


def chance_of_clash(
    scenario: Scenario,
    since: datetime,
    days: Sequence[float] = HORIZONS_DAYS,
    draws: int = 200,
    replicates: int = 50,
    seed: int = 1,
    *,
    posterior: Posterior | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Chance:
    """Run the scenario on past its clock and count the runs with a clash after ``since``.

    The clock is lengthened as far as the last horizon asks for, and never shortened; nothing else
    of the scenario changes, so what its script says of later days holds.

    Args:
        since: with offset; not before the clock's start. A clash in the step that begins then
            counts.
        days: horizons in days, each above 0.
        draws: parameter vectors, from ``posterior`` or the priors.
        replicates: runs of each vector; the interval needs at least 2.

    Raises:
        ValueError: an instant before the clock, no horizon, too few runs.
    """
    horizons = sorted({float(d) for d in days})
    if not horizons or horizons[0] <= 0 or not math.isfinite(horizons[-1]):
        raise ValueError("a horizon is a number of days above 0")
    if since < scenario.clock.start:
        raise ValueError(f"{since.isoformat()} is before the clock's start")
    if draws < 2 or replicates < 2:
        raise ValueError("an interval needs at least 2 draws of parameters and 2 runs of each")
    longer, subjects = _asked(scenario, since, horizons)
    theta = draw_parameters(scenario, seed, range(draws), posterior)
    repeated = theta.loc[np.repeat(theta.index.to_numpy(), replicates)]
    ensemble = simulate(
        longer, draws * replicates, seed, keep="totals", threads=threads, logs=0,
        theta=repeated.set_axis(range(draws * replicates)), progress=progress,
    )  # fmt: skip
    seen = ensemble.observables.to_numpy() > 0
    hawkes = _hawkes(scenario, since, horizons)
    rows = []
    for column, (kind, subject, horizon) in enumerate(subjects):
        share = seen[:, column].reshape(draws, replicates).mean(axis=1)
        low, high = interval(share, replicates)
        rows.append(
            {
                "kind": kind,
                "subject": subject,
                "days": horizon,
                "probability": float(share.mean()),
                "low": low,
                "high": high,
                "error": float(share.std(ddof=1) / math.sqrt(draws)),
                "hawkes": hawkes.get((subject, horizon), math.nan),
            }
        )
    return Chance(pd.DataFrame(rows), since, draws, replicates)


def interval(share: NDArray[np.float64], replicates: int) -> tuple[float, float]:
    """Interval of a probability over parameter draws, from the share seen with each draw, f8[D].

    A share of ``replicates`` runs scatters by itself; that part of the variance is taken out, and
    the Beta distribution with the mean and variance left gives the ends (a beta-binomial by its
    moments). With no variance left both ends are the mean.
    """
    mean = float(share.mean())
    noise = float(np.mean(share * (1.0 - share)) / (replicates - 1))
    spread = float(share.var(ddof=1)) - noise
    if spread <= 1e-12 or mean <= 0.0 or mean >= 1.0:
        return mean, mean
    size = max(mean * (1.0 - mean) / spread - 1.0, 1e-3)
    tail = (1.0 - LEVEL) / 2
    ends = stats.beta(mean * size, (1.0 - mean) * size)
    return float(ends.ppf(tail)), float(ends.ppf(1.0 - tail))


def _asked(
    scenario: Scenario, since: datetime, horizons: list[float]
) -> tuple[Scenario, list[tuple[str, str, float]]]:
    """The scenario on a clock that is long enough, asked for nothing but clashes after then."""
    step = timedelta(hours=scenario.clock.step_h)
    last = since + timedelta(days=horizons[-1])
    end = scenario.clock.end
    if last > end:
        end = end + math.ceil((last - end) / step) * step
    subjects: list[tuple[str, str, float]] = []
    observables: list[Observable] = []
    for horizon in horizons:
        span = Span(start=since, end=since + timedelta(days=horizon))
        for kind, subject, places, factions in _subjects(scenario):
            number = len(observables)
            subjects.append((kind, subject, horizon))
            observables.append(
                Observable(
                    id=f"chance_{number}",
                    title=f"Any clash: {subject}, {horizon:g} days",
                    measure=Measure.CLASHES,
                    statistic=Statistic.ANY,
                    places=places,
                    factions=factions,
                    span=span,
                    reported=Reported(missing=True),
                    role=Role.HOLD_OUT,
                )
            )
    clock = scenario.clock.model_copy(update={"end": end})
    return (
        scenario.model_copy(update={"clock": clock, "observables": observables, "outlets": []}),
        subjects,
    )


def _subjects(
    scenario: Scenario,
) -> list[tuple[str, str, list[str] | None, list[str] | None]]:
    """What a chance is given for: everything, each place, each pair that can fight, each side."""
    found: list[tuple[str, str, list[str] | None, list[str] | None]] = [("all", "", None, None)]
    if len(scenario.places) > 1:
        found += [("place", place.id, [place.id], None) for place in scenario.places]
    pairs = [list(dyad.between) for dyad in scenario.dyads if dyad.hostility > 0]
    found += [("pair", "-".join(pair), None, pair) for pair in pairs]
    sides = [faction.id for faction in scenario.factions if any(faction.id in p for p in pairs)]
    return found + [("side", side, None, [side]) for side in sides]


def _hawkes(
    scenario: Scenario, since: datetime, horizons: list[float]
) -> dict[tuple[str, float], float]:
    """Chance of a further death by a Hawkes process, by place and horizon; reports up to then."""
    until = (since - scenario.clock.start).total_seconds() / 3600
    found: dict[tuple[str, float], float] = {}
    quiet = dict.fromkeys(horizons, 1.0)
    series = place_series(scenario)
    for place in scenario.places:
        counts = series.get(place.id)
        seen = None if counts is None else counts[: max(3, int(until))]
        if seen is None or seen.sum() < 3 or until < 3:
            continue
        fit = fit_hawkes(seen, 1.0)
        for horizon in horizons:
            chance = chance_of_event(fit, seen, horizon * 24)
            found[place.id, horizon] = chance
            quiet[horizon] *= 1.0 - chance
    if found:
        found |= {("", horizon): 1.0 - quiet[horizon] for horizon in horizons}
    return found
