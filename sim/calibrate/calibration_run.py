"""A calibration from its scenarios' files to what is to be said of it, in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.calibrate.bank import build_bank
from sim.calibrate.bank_store import BankStore
from sim.calibrate.calibration_study import CalibrationStudy, study
from sim.calibrate.facts import CONDITIONAL, facts_of, in_mode
from sim.calibrate.learned_priors import Carried, with_population
from sim.episodes.population_record import PopulationRecord
from sim.inputs import InputError, Problem
from sim.model.own_rules import Rules, read_rules
from sim.scenario import LoadedScenario, load_checked

SIMULATIONS = 1_000_000


@dataclass(frozen=True, repr=False)
class CalibrationRun:
    """What a calibration learned, and from what.

    Attributes:
        loaded: the scenarios as their files stand, by name.
        study: the posterior, examined from every side.
        carried: parameters that began with what episodes taught; none without a population.
    """

    loaded: dict[str, LoadedScenario]
    study: CalibrationStudy
    carried: tuple[Carried, ...] = ()

    def __repr__(self) -> str:
        calibration = self.study.calibration
        return (
            f"CalibrationRun of {', '.join(self.loaded)}: {len(calibration.bank):,} simulations, "
            f"{len(calibration.facts)} facts"
            + (f"; {calibration.cannot_give}" if calibration.cannot_give else "")
        )


def load_all(paths: Sequence[str | Path], rules: Rules | None = None) -> dict[str, LoadedScenario]:
    """The checked scenarios by name, in order, under rules of the user's own if any are given.

    Raises InputError where two files are of one.
    """
    found: dict[str, LoadedScenario] = {}
    own = read_rules(rules)
    for path in paths:
        loaded = load_checked(path, rules=own)
        name = loaded.scenario.name
        if name in found:
            message = f"the scenario '{name}' is given twice"
            raise InputError([Problem(str(path), None, None, message)])
        found[name] = loaded
    return found


def calibrate_files(
    paths: Sequence[str | Path],
    simulations: int = SIMULATIONS,
    seed: int = 1,
    *,
    mode: str = CONDITIONAL,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    say: Callable[[str], None] = lambda _: None,
    store: BankStore | None = None,
    rules: Rules | None = None,
    population: PopulationRecord | None = None,
) -> CalibrationRun:
    """Calibrate scenarios' files as the command ``calibrate`` does, without writing a result.

    ``simulations``: of each scenario. ``progress`` is told of simulations as they are done, ``say``
    of the steps after them. ``store`` keeps the simulations, so that the same call goes on from
    what an earlier one had. ``rules``: a file of the user's own that the scenarios run under.
    ``population``: what episodes taught takes the place of the scenarios' assumed priors.

    Raises:
        InputError: a scenario cannot be used, or none of them reports anything to fit.
    """
    loaded = load_all(paths, rules)
    scenarios = [in_mode(one, mode) for one in loaded.values()]
    if not any(facts_of(scenario) for scenario in scenarios):
        message = "no observable with role 'calibrate' reports anything"
        raise InputError([Problem(", ".join(map(str, paths)), None, None, message)])
    carried: dict[str, Carried] = {}
    if population is not None:
        changed = [with_population(scenario, population) for scenario in scenarios]
        scenarios = [scenario for scenario, _ in changed]
        carried = {one.name: one for _, some in changed for one in some}
    bank = build_bank(scenarios, simulations, seed, threads, progress, store=store)
    bodies = {name: one.evidence for name, one in loaded.items()}
    found = study(bank, bodies, mode, threads=threads, say=say)
    return CalibrationRun(loaded, found, tuple(carried.values()))
