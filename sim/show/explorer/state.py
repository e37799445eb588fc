"""The state of a page's controls: all that a request says, so that the server remembers nothing."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.inputs import InputError, Problem
from sim.scenario.schema import Scenario

MOST_REPLICATES = 5000
MOST_BYTES = 400_000_000
BYTES_PER_STEP = 4 * 12  # one float32 for each of the kernel's series


class State(BaseModel):
    """Which scenario, what is set over it, and how it is run.

    ``settings`` maps dotted paths to values, as ``--set`` does; ``view`` is a place's id, or ''
    for all places together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: Annotated[str, Field(max_length=60)]
    settings: Annotated[dict[str, Any], Field(max_length=200)] = {}
    replicates: Annotated[int, Field(ge=10, le=MOST_REPLICATES)] = 1000
    seed: Annotated[int, Field(ge=0, lt=2**53)] = 1
    view: Annotated[str, Field(max_length=60)] = ""

    @field_validator("settings")
    @classmethod
    def _no_clock(cls, settings: dict[str, Any]) -> dict[str, Any]:
        for path in settings:
            if path.partition(".")[0] == "clock":
                raise ValueError("the clock stays as the scenario has it")
        return settings

    @property
    def baseline(self) -> State:
        """The same without any setting."""
        return self.model_copy(update={"settings": {}})

    def key(self) -> str:
        """What decides the numbers, as one text."""
        parts = [self.scenario, self.settings, self.replicates, self.seed]
        return json.dumps(parts, sort_keys=True)


def check_size(scenario: Scenario, state: State) -> None:
    """Raises InputError where the hourly series of so many replicates would not fit."""
    each = scenario.clock.steps * len(scenario.places) * BYTES_PER_STEP
    if each * state.replicates > MOST_BYTES:
        most = max(10, MOST_BYTES // each)
        message = f"{state.replicates} replicates of this scenario are too many to keep by the hour"
        raise InputError([Problem("replicates", None, None, message, f"at most {most}")])
