"""A run to watch: a scenario as a Mesa model that Mesa's own tools build, run and collect from."""

from __future__ import annotations

import os
from typing import Any

import mesa

from sim.ensemble.parameter_draws import as_vectors, draw_parameters, read_posterior
from sim.model import build_world
from sim.model.escalation import EscalationModel
from sim.scenario import Scenario, load_scenario


class WatchedRun(EscalationModel):
    """One replicate of a scenario, the same as replicate ``replicate`` of ``simulate``.

    ``datacollector`` holds dead, wounded, clashes (so far), ladder and deployed cells after each
    step. ``mesa.batch_run(WatchedRun, {"scenario": [path], "replicate": range(20), "compliance":
    [0.4, 0.8]})`` and SolaraViz build it by these arguments.
    """

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Scenario,
        seed: int = 1,
        replicate: int = 0,
        *,
        posterior: str | None = None,
        agents: dict[str, type] | None = None,
        rng: int | None = None,
        **settings: Any,
    ) -> None:
        """``posterior``: a file of weighted draws (default: the priors). ``rng``: a seed under the
        name that newer versions of Mesa give it. ``settings``: dotted paths to values, as --set.

        Raises:
            InputError: the file, a setting or the posterior cannot be used.
            ValueError: an agent of ``agents`` cannot be used.
        """
        if not isinstance(scenario, Scenario):
            scenario = load_scenario(os.fspath(scenario), settings=settings)
        elif settings:
            raise ValueError("settings go with a scenario's file; this scenario is loaded already")
        drawn_from = read_posterior(posterior) if posterior else None
        number = seed if rng is None else int(rng)
        theta = as_vectors(draw_parameters(scenario, number, [replicate], drawn_from))[0]
        super().__init__(scenario, build_world(scenario), theta, number, replicate, agents)
        names = ("dead", "wounded", "clashes", "ladder", "deployed")
        self.datacollector = mesa.DataCollector(model_reporters={name: name for name in names})

    def step(self) -> None:
        """One step of the clock, collected from."""
        super().step()
        self.datacollector.collect(self)
