"""What has to be as it was: manifest, code, scenario and posterior of a sweep that goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.ensemble.json_record import read_record
from sim.ensemble.manifest import sha256_of
from sim.explore.plan import Plan
from sim.explore.request import describe_agents
from sim.explore.scenario_source import changed_settings, load_source
from sim.inputs import InputError, Problem
from sim.inputs.code_identity import changed_code, code_files
from sim.model.own_rules import read_rules
from sim.scenario import scenario_hash

MANIFEST = "manifest.json"


def check_manifest(folder: Path, plan: Plan) -> None:
    """Raises InputError where the manifest is out of shape or says other than the plan."""
    record = read_record(folder / MANIFEST)
    known = {
        "id": plan.id[:10],
        "code_hash": plan.code_hash,
        "seed": plan.seed,
        "points": len(plan.points),
        "replicates": plan.replicates,
        "engine": plan.engine,
        "posterior": plan.posterior,
    }
    problems = [
        record.problem(name, f"{json.dumps(value)}, as in plan.json")
        for name, value in known.items() if record.data.get(name, "") != value
    ]  # fmt: skip
    if problems:
        raise InputError(problems)


def check_unchanged(folder: Path, plan: Plan, agents: Mapping[str, type]) -> None:
    """Refuse to go on with what would give other numbers; raises InputError saying what it is."""
    problems = []

    def refuse(what: str, changed: list[str]) -> None:
        shown = "; ".join(changed[:8]) + (f"; and {len(changed) - 8} more" if changed[8:] else "")
        problems.append(
            Problem(str(folder), None, None, f"{what} since this sweep began: {shown}",
                    "the same, or a new sweep; nothing was run")
        )  # fmt: skip

    changed = changed_code(plan.code, code_files())
    if changed:
        refuse("the code has changed", changed)
    for source in plan.sources:
        if scenario_hash(source.scenario) != source.hash:
            refuse("the stored scenario has changed", [source.name])
        if not source.path or not Path(source.path).is_file():
            continue  # moved elsewhere: the scenario as run stands in the plan
        try:
            found = load_source(source.path, source.variant, source.settings, rules=source.rules)
            now = found.source.data
        except InputError as error:
            problems += error.problems
            continue
        now, then = _comparable(now, source.data), _comparable(source.data, now)
        if now != then:
            refuse(f"{source.path} has changed", changed_settings(then, now))
    for rules in {source.rules for source in plan.sources if source.rules is not None}:
        if Path(rules.path).is_file() and read_rules(rules.path).hash != rules.hash:
            refuse("the rules have changed", [rules.path])
    if plan.posterior and sha256_of(plan.posterior) != plan.posterior_sha256:
        refuse("the posterior has changed", [plan.posterior])
    if describe_agents(agents) != plan.agents:
        refuse("the agents are not the same", sorted({*plan.agents, *agents}))
    if problems:
        raise InputError(problems)


def _comparable(data: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Without the observable that a sweep adds by itself."""
    known = {one["id"] for one in other["observables"]}
    kept = [
        o for o in data["observables"]
        if o["id"] in known or not o["id"].startswith("still_violent_")
    ]  # fmt: skip
    return data | {"observables": kept}
