"""Learned priors: a scenario's assumptions replaced by what other episodes taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.episodes.population_record import CARRIED, PopulationRecord
from sim.scenario import Scenario, effective_priors
from sim.scenario.part import ASSUMPTION
from sim.scenario.priors import Prior
from sim.scenario.schema import ParameterSetting


@dataclass(frozen=True)
class Carried:
    """A parameter that starts from a population.

    Attributes:
        name: of the parameter.
        assumed: the prior that the scenario gives it.
        learned: the population's, which takes its place.
    """

    name: str
    assumed: Prior
    learned: Prior


def with_population(
    scenario: Scenario, record: PopulationRecord
) -> tuple[Scenario, tuple[Carried, ...]]:
    """A scenario whose assumed priors are the population's, where the episodes taught one.

    Only parameters that mean the same everywhere, that the scenario leaves open, and for which it
    names no source but an assumption: what its own reports say wins.
    """
    carried = []
    parameters = dict(scenario.parameters)
    for name, prior in effective_priors(scenario).items():
        lesson = record.lessons.get(name)
        if name not in CARRIED or lesson is None or not lesson.taught or prior.is_fixed:
            continue
        own = scenario.parameters.get(name)
        if own is not None and not all(s.startswith(ASSUMPTION) for s in _sources(own)):
            continue
        parameters[name] = ParameterSetting.model_validate(
            {
                **lesson.setting,
                "source": f"{ASSUMPTION}: learned from {record.sizes['orders']} episodes with a "
                f"dated order, population {record.id}",
            }
        )
        carried.append(Carried(name, prior, parameters[name].prior))
    return scenario.model_copy(update={"parameters": parameters}), tuple(carried)


def _sources(setting: ParameterSetting) -> list[str]:
    given = setting.source
    return [given] if isinstance(given, str) else list(given)


def stages(
    carried: Sequence[Carried], draws: pd.DataFrame, weights: np.ndarray, seed: int = 1
) -> pd.DataFrame:
    """What each source taught: columns `name`, `episodes`, `articles`.

    Each is the contraction after it, 1 - variance / that of the assumed prior on its unit cube.

    Args:
        draws: of the posterior, columns by parameter.
        weights: of the draws, sum 1.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for one in carried:
        if one.name not in draws:
            continue
        before = one.assumed.cumulative(one.learned.quantile(rng.random(20_000)))
        after = one.assumed.cumulative(draws[one.name].to_numpy(np.float64))
        mean = float(weights @ after)
        rows.append(
            {
                "name": one.name,
                "episodes": float(1.0 - 12.0 * before.var()),
                "articles": float(1.0 - 12.0 * (weights @ (after - mean) ** 2)),
            }
        )
    return pd.DataFrame(rows, columns=["name", "episodes", "articles"])
