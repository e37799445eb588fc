"""The priors in effect: a scenario's own settings over the registry's defaults."""

from __future__ import annotations

from sim.scenario.parameters import row_of, vector_names
from sim.scenario.priors import Prior
from sim.scenario.schema import Scenario


def effective_priors(scenario: Scenario) -> dict[str, Prior]:
    """Prior of every entry of the parameter vector, in its order; fixed values are priors too."""
    return {
        name: (
            scenario.parameters[name].prior if name in scenario.parameters else row_of(name).prior
        )
        for name in vector_names(scenario.leaders)
    }
