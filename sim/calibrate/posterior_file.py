"""The posterior as a file: written with its manifest, shipped, found again and checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.ensemble.manifest import describe_rules, versions
from sim.ensemble.parameter_draws import (
    LABELS,
    RULES,
    WEIGHT,
    Posterior,
    parameters_line,
    read_posterior,
)
from sim.ensemble.simulation import simulate
from sim.inputs.code_identity import code_hash, model_hash
from sim.inputs.shipped import REFERENCE
from sim.scenario import Scenario, scenario_hash

if TYPE_CHECKING:
    from sim.calibrate.calibration import Calibration

PROBE = 256
PROBE_SEED = 20_220_829
SHIPPED = "the reference posterior"


@dataclass(frozen=True)
class ShippedPosterior:
    """The shipped posterior of a scenario, or why there is none.

    ``path`` is None where it does not fit; ``why`` says in either case what decided.
    """

    path: Path | None
    why: str


def fingerprint(scenario: Scenario) -> str:
    """A hash of what the model makes of a scenario on 256 prior draws, 16 hex digits.

    Unlike a hash of the sources it stays when code is moved and changes when a number does. Values
    are rounded to six digits, so that another machine's arithmetic gives the same.
    """
    values = simulate(scenario, PROBE, PROBE_SEED, keep="totals", logs=0).observables.to_numpy()
    text = ",".join(f"{value:.6g}" for value in np.ravel(values))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def reference_for(scenario: Scenario, folder: Path = REFERENCE) -> ShippedPosterior:
    """The shipped posterior of a scenario as its file stands (before any variant or setting)."""
    found = made_for(scenario, folder)
    if found.path is None:
        return found
    manifest = json.loads(found.path.with_suffix(".json").read_text(encoding="utf-8"))
    if manifest.get("fingerprint") != fingerprint(scenario):
        return ShippedPosterior(None, f"{SHIPPED} was made by a model that gives other numbers")
    return found


def made_for(scenario: Scenario, folder: Path = REFERENCE) -> ShippedPosterior:
    """The shipped posterior made from this very scenario, whichever model it was made by."""
    if scenario.rules is not None:
        return ShippedPosterior(None, f"{SHIPPED} was learned under the model's own rules")
    path = folder / f"{scenario.name}.parquet"
    record = folder / f"{scenario.name}.json"
    if not (path.is_file() and record.is_file()):
        return ShippedPosterior(None, "no reference posterior is shipped")
    try:
        manifest = json.loads(record.read_text(encoding="utf-8"))
        made_from = manifest["scenarios"][scenario.name]["hash"]
        digest = manifest["posterior_sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return ShippedPosterior(None, f"{record.name} cannot be read")
    if made_from != scenario_hash(scenario):
        return ShippedPosterior(None, f"{SHIPPED} was made from another state of this scenario")
    if digest != hashlib.sha256(path.read_bytes()).hexdigest():
        return ShippedPosterior(None, f"{SHIPPED}'s file is not the one its manifest describes")
    return ShippedPosterior(path, "shipped for this scenario")


POSTERIOR = "posterior.parquet"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class CalibrationManifest:
    """What stands in a calibration's ``manifest.json``.

    ``id`` hashes all that decides the draws; two calibrations of one id hold the same draws.
    ``scenarios`` maps each name to its ``hash`` (as run) and ``path``; ``facts`` are the keys
    conditioned on; ``own`` the columns that belong to one scenario only and are not in the file;
    ``fingerprint`` that of a single scenario (reference.py). ``cannot_give`` says where the model
    cannot give the facts; ``no_fact_depends_on`` are parameters that keep their prior exactly;
    ``constant_facts`` those of which the model gives one value whatever its parameters.
    """

    id: str
    created: str
    command: str
    mode: str
    scenarios: dict[str, dict[str, str]]
    facts: list[str]
    simulations: int
    nearest: int
    seed: int
    own: list[str]
    posterior_sha256: str
    fingerprint: str | None
    cannot_give: str | None
    no_fact_depends_on: list[str]
    constant_facts: list[str]
    model_hash: str
    code_hash: str
    versions: dict[str, str]
    rules: dict[str, str] | None = None

    @property
    def folder_name(self) -> str:
        """``YYYYmmdd-HHMMSS-<id>``, the time in UTC."""
        return f"{datetime.fromisoformat(self.created):%Y%m%d-%H%M%S}-{self.id}"

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def posterior_table(calibration: Calibration) -> pd.DataFrame:
    """The draws as ``read_posterior`` takes them: pooled parameters and ``weight``.

    Columns of one scenario only (``name@scenario``) are left out: elsewhere they mean nothing.
    """
    from sim.calibrate.bank import OWN

    draws = calibration.draws
    pooled = draws[[name for name in calibration.bank.names if OWN not in name]]
    table = pooled.assign(**{WEIGHT: calibration.weights})
    assert not set(LABELS) & set(table.columns)
    return table


def write_posterior(calibration: Calibration, path: Path) -> None:
    """Write the draws as Parquet; the same calibration gives the same bytes."""
    path.write_bytes(_posterior_bytes(calibration))


def _posterior_bytes(calibration: Calibration) -> bytes:
    table = pa.Table.from_pandas(posterior_table(calibration), preserve_index=False)
    sink = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata(_rules_learned_under(calibration)), sink, compression="zstd"
    )
    return sink.getvalue().to_pybytes()


def _rules_learned_under(calibration: Calibration) -> dict[str, str] | None:
    """What the file says of the rules of the user's own; nothing for the model's."""
    rules = calibration.bank.rules
    return None if rules is None else {RULES: rules.hash}


def manifest_for(
    calibration: Calibration,
    command: str,
    mode: str,
    paths: Mapping[str, str],
    created: datetime | None = None,
) -> CalibrationManifest:
    """The manifest of a calibration about to be written.

    ``paths``: scenario name to the file as the user named it.
    """
    from sim.calibrate.bank import OWN

    bank = calibration.bank
    decides: dict[str, Any] = {
        "scenarios": {name: scenario_hash(s) for name, s in bank.scenarios.items()},
        "facts": [fact.key for fact in calibration.facts],
        "simulations": len(bank),
        "seed": bank.seed,
        "model": model_hash(),
    }
    identity = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:10]
    created = (created or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    return CalibrationManifest(
        id=identity,
        created=created.isoformat(),
        command=command,
        mode=mode,
        scenarios={
            name: {"hash": value, "path": paths.get(name, "")}
            for name, value in decides["scenarios"].items()
        },
        facts=decides["facts"],
        simulations=len(bank),
        nearest=len(calibration.pieces[0].given.rows),
        seed=bank.seed,
        own=[name for name in bank.names if OWN in name],
        fingerprint=fingerprint(only) if (only := _single(bank.scenarios)) else None,
        cannot_give=calibration.cannot_give,
        no_fact_depends_on=[
            name
            for name, reached in zip(bank.names, calibration.reached, strict=True)
            if not reached
        ],
        constant_facts=[fact.key for fact in calibration.constant],
        posterior_sha256=hashlib.sha256(_posterior_bytes(calibration)).hexdigest(),
        model_hash=decides["model"],
        code_hash=code_hash(),
        versions=versions(),
        rules=describe_rules(bank.rules),
    )


def _single(scenarios: dict[str, Scenario]) -> Scenario | None:
    return next(iter(scenarios.values())) if len(scenarios) == 1 else None


PRIOR = "prior"
"""What a caller says who wants the scenario's priors, whatever is shipped."""


OWN_CALIBRATIONS = Path("results") / "calibration"
"""Where `calibrate` writes, below the folder in which a command runs."""


def default_posterior(scenario: Scenario) -> ShippedPosterior:
    """What is drawn from unless something else is asked for; the path is None for the priors.

    The one shipped for this very scenario and model; else the newest that a calibration of this
    very scenario alone has written here with this model, and could fit.
    """
    reference = reference_for(scenario)
    return reference if reference.path is not None else _newest_own(scenario) or reference


def _newest_own(scenario: Scenario) -> ShippedPosterior | None:
    if not OWN_CALIBRATIONS.is_dir():
        return None
    name, wanted = scenario.name, scenario_hash(scenario)
    for folder in sorted(OWN_CALIBRATIONS.iterdir(), reverse=True):  # by time, as they are named
        path, record = folder / POSTERIOR, folder / MANIFEST
        try:
            manifest = json.loads(record.read_text(encoding="utf-8"))
            made_from = {name: one["hash"] for name, one in manifest["scenarios"].items()}
            whole = manifest["posterior_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        fits = made_from == {name: wanted} and whole and not manifest.get("cannot_give")
        if fits and manifest.get("fingerprint") == fingerprint(scenario):
            return ShippedPosterior(path, "the newest calibration here")
    return None


def posterior_for(given: str | None, scenario: Scenario) -> tuple[Posterior | None, str]:
    """The posterior to draw from, None for the priors, and the line that says which.

    Every road to a number chooses here, so that the same question gets the same answer. ``given``:
    a file, `PRIOR`, or None for `default_posterior`. ``scenario``: as its file stands, before any
    variant or setting. Raises InputError for a file that is no posterior.
    """
    if given == PRIOR:
        return None, parameters_line(None, "as asked for")
    if given is not None:
        posterior = read_posterior(given)
        posterior.refuse_other_rules(scenario)
        return posterior, parameters_line(given, "as asked for")
    reference = default_posterior(scenario)
    if reference.path is None:
        return None, parameters_line(None, reference.why)
    here, path = Path.cwd(), reference.path
    shown = str(path.relative_to(here) if path.is_relative_to(here) else path)
    return read_posterior(shown), parameters_line(shown, reference.why)


def common_posterior(given: str | None, scenarios: Sequence[Scenario]) -> tuple[str | None, str]:
    """As `posterior_for`, for several scenarios that are drawn from one set: a path, and the line.

    Scenarios that would not draw from the same are drawn from their priors.
    """
    if given is not None or len(scenarios) == 1:
        posterior, line = posterior_for(given, scenarios[0])
        return (posterior.path if posterior else None), line
    if any(default_posterior(scenario).path for scenario in scenarios):
        return None, parameters_line(None, "several scenarios, which share no posterior")
    return None, parameters_line(None, reference_for(scenarios[0]).why)
