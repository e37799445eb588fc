"""The answers to the page's questions: one method each, pure functions of the state sent."""

from __future__ import annotations

import io
import shlex
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

from sim.calibrate.posterior_file import PRIOR
from sim.compare import baselines_of, compare
from sim.compare.baselines import without_reprisals
from sim.compare.words import offset_name
from sim.ensemble import Ensemble, manifest_of, step_times
from sim.ensemble.tables import replicates_table
from sim.inputs.program import called
from sim.show.explorer.effect import (
    beyond_reports,
    change_words,
    effect_json,
    effect_on_dead,
    effect_words,
    effects_table,
    where_words,
)
from sim.show.explorer.episode_curves import (
    curves_of,
    facts_json,
    orders_of,
    places_of,
    reported_facts,
    single_run,
)
from sim.show.explorer.futures import Futures, Query, Shelf, Shelved, scenario_of, variant_of
from sim.show.explorer.saving import variant_file
from sim.show.figures.episode_figure import draw_episode
from sim.show.figures.style import COLUMN, PAGE, save, styled
from sim.show.maps.ground import ground_json
from sim.show.observables import rows_of


class Answers:
    """Raises InputError for settings that cannot be and KeyError for a scenario, or a place, that
    is not there."""

    def __init__(self, shelf: Shelf, posterior: str | None, threads: int | None) -> None:
        self.shelf = shelf
        self.futures = Futures(posterior, threads)

    def scenario(self, name: str) -> dict[str, Any]:
        """All that does not depend on the controls."""
        found = describe(self.shelf[name])
        found["others"] = {n: self.shelf[n].loaded.scenario.title for n in self.shelf.names}
        posterior, found["drawn_from"] = self.futures.parameters(self.shelf[name])
        found["drawn_from_prior"] = self.futures.parameters(self.shelf[name], prior=True)[1]
        found["has_posterior"] = posterior is not None
        return found

    def facts(self, state: Query) -> list[dict[str, Any]]:
        """Reported facts on the scale of the state's view."""
        shelved = self.shelf[state.scenario]
        baseline = self.futures.of(shelved, state.baseline)
        places = places_of(state.view, baseline.places)
        return facts_json(baseline, shelved.citations, shelved.loaded.evidence, places)

    def future(self, state: Query) -> dict[str, Any]:
        """Curves, orders and the effect on the dead: what a moved slider redraws."""
        shelved = self.shelf[state.scenario]
        before = shelved.loaded.scenario
        ensemble = self.futures.of(shelved, state)
        baseline = self.futures.of(shelved, state.baseline)
        places = places_of(state.view, ensemble.places)
        effect = effect_on_dead(baseline, ensemble, places)
        names = {place.id: place.name for place in before.places}
        changes = change_words(shelved.controls, state.settings)
        return {
            "curves": curves_of(ensemble, places),
            "orders": orders_of(ensemble),
            "effect": effect_json(effect),
            "words": effect_words(effect, changes, where_words(names, state.view)),
            "changes": changes,
            "beyond": beyond_reports(before, ensemble.scenario, state.settings),
        }

    def table(self, state: Query) -> dict[str, Any]:
        """The observables against the reports, each with the effect on it; and the way back."""
        shelved = self.shelf[state.scenario]
        ensemble = self.futures.of(shelved, state)
        comparison = compare(
            ensemble, shelved.loaded.evidence, baselines_of(ensemble, without_reprisals(ensemble))
        )
        effects = {}
        if state.settings:
            effects = effects_table(self.futures.of(shelved, state.baseline), ensemble)
        command = self.command(shelved, state)
        manifest = manifest_of(
            ensemble, command, shelved.loaded.document.path, dict(state.settings)
        )
        return {
            "rows": [
                {
                    "id": row.id, "title": row.title, "role": row.role, "unit": row.unit,
                    "reported": row.reported, "median": row.median, "ninety": row.ninety,
                    "never": row.never, "probability": row.probability, "verdict": row.verdict,
                    "mark": row.mark, "weak": row.weak, "tag": row.tag,
                    "baselines": [
                        {"name": cell.name.replace("_", " "), "probability": cell.probability}
                        for cell in row.baselines
                    ],
                    "statements": shelved.citations.statements(row.statements),
                    **effects.get(row.id, {"change": "", "unchanged": ""}),
                }
                for row in rows_of(comparison, ensemble, shelved.citations)
            ],
            "command": command,
            "manifest": manifest.id,
        }  # fmt: skip

    def command(self, shelved: Shelved, state: Query) -> str:
        """The command line that gives the same numbers."""
        words = [*called().split(), "run", shelved.loaded.document.path]
        variant = variant_of(shelved, state)
        if variant is not None:
            words += ["--variant", variant]
        for path, value in state.settings.items() if variant is None else ():
            text = yaml.safe_dump(value, default_flow_style=True, width=10_000)
            said = text.removesuffix("\n").removesuffix("\n...")
            words += ["--set", f"{path}={said}"]
        words += ["--replicates", str(state.replicates), "--seed", str(state.seed)]
        rules = shelved.loaded.scenario.rules
        words += ["--rules", rules.path] if rules is not None else []
        # said in either case: what is shipped or newest may be another by then
        posterior, _ = self.futures.parameters(shelved, state.prior)
        words += ["--posterior", str(posterior.path) if posterior else PRIOR]
        return shlex.join(words)

    def single(self, state: Query, replicate: int) -> dict[str, Any]:
        """One run: its hours, its events, its tree."""
        shelved = self.shelf[state.scenario]
        scenario = scenario_of(shelved, state)
        posterior, _ = self.futures.parameters(shelved, state.prior)
        return single_run(shelved, scenario, state, replicate, posterior)

    def variant(self, state: Query, name: str, title: str) -> str:
        """The scenario file with the state as one more variant."""
        shelved = self.shelf[state.scenario]
        before = shelved.loaded.scenario
        beyond = beyond_reports(before, scenario_of(shelved, state), state.settings)
        return variant_file(shelved, name, title, state.settings, bool(beyond))

    def figure(self, state: Query, form: str, column: bool) -> bytes:
        """The printed episode figure of the state, as ``svg`` or ``png``."""
        shelved = self.shelf[state.scenario]
        ensemble = self.futures.of(shelved, state)
        baseline = self.futures.of(shelved, state.baseline)
        places = places_of(state.view, ensemble.places)
        facts = reported_facts(baseline, shelved.citations, shelved.loaded.evidence, places)
        changes = "; ".join(change_words(shelved.controls, state.settings))
        title = ensemble.scenario.title + (f": {changes}" if changes else "")
        manifest = self._manifest_id(shelved, state, ensemble)
        with tempfile.TemporaryDirectory() as folder, styled(size := COLUMN if column else PAGE):
            path = Path(folder) / f"episode.{form}"
            save(draw_episode(ensemble, facts, size, places, title), path, title, manifest)
            return path.read_bytes()

    def replicates(self, state: Query) -> bytes:
        """The table of replicates as ``run`` writes it (Parquet)."""
        ensemble = self.futures.of(self.shelf[state.scenario], state)
        out = io.BytesIO()
        pq.write_table(replicates_table(ensemble), out, compression="zstd")
        return out.getvalue()

    def _manifest_id(self, shelved: Shelved, state: Query, ensemble: Ensemble) -> str:
        command = self.command(shelved, state)
        return manifest_of(ensemble, command, shelved.loaded.document.path).id


def describe(shelved: Shelved) -> dict[str, Any]:
    """Everything about a scenario that does not depend on the controls."""
    scenario = shelved.loaded.scenario
    times = step_times(scenario.clock)
    offset = times[0].utcoffset()
    return {
        "name": scenario.name,
        "title": scenario.title,
        "summary": scenario.summary,
        "path": shelved.loaded.document.path,
        "clock": {
            # the instant at which the clock's wall shows what it does, were the wall in UTC
            "wall": times[0].timestamp() + (offset.total_seconds() if offset else 0.0),
            "offset": offset_name(times.tz, times[0]),
            "step_h": scenario.clock.step_h,
            "steps": len(times),
        },
        "places": [
            {
                "id": place.id,
                "name": place.name,
                "latitude": place.latitude,
                "longitude": place.longitude,
                "authority": place.authority,
            }
            for place in scenario.places
        ],
        "ground": ground_json(scenario),
        "factions": {faction.id: faction.name for faction in scenario.factions},
        "fighters": _fighters(scenario),
        "controls": [asdict(control) for control in shelved.controls],
        "variants": [
            {
                "name": name,
                "title": variant.title,
                "set": variant.set,
                "extrapolation": variant.extrapolation,
            }
            for name, variant in scenario.variants.items()
        ],
        "statements": _statements(shelved),
    }


def _fighters(scenario: Any) -> dict[str, float]:
    """Fighters at each place, all factions together."""
    found: dict[str, float] = {place.id: 0.0 for place in scenario.places}
    for faction in scenario.factions:
        for force in faction.forces:
            found[force.place] += force.fighters
    return found


def _statements(shelved: Shelved) -> dict[str, dict[str, Any]]:
    """Every coded statement by id: the page shows one where a number rests on it."""
    evidence = shelved.loaded.evidence
    found: dict[str, dict[str, Any]] = {}
    for name in evidence.statements if evidence else ():
        cited = shelved.citations.get(name)
        if cited is not None:
            found[name] = {
                "tag": cited.tag,
                "outlet": cited.outlet,
                "title": cited.title,
                "published": cited.published.isoformat() if cited.published else "",
                "where": cited.where,
                "says": cited.says,
                "attribution": cited.attribution,
                "class": cited.of_class,
                "hedging": cited.hedging,
                "background": cited.background,
            }
    return found
