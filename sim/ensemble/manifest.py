"""A manifest: what a result was made from, and the identity of the code that made it."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import sim
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.json_record import (
    Checks,
    is_mapping,
    is_text,
    is_text_or_nothing,
    read_record,
    whole_from,
)
from sim.inputs.code_identity import code_hash
from sim.model.engine import ENGINES
from sim.scenario import RuleFile, scenario_hash

LIBRARIES = ("mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy")
FORM = 1
"""Version of the result folder's layout."""


def is_time(value: Any) -> bool:
    """Whether a value is a time in ISO 8601 with an offset."""
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


CHECKS: Checks = {
    **dict.fromkeys(
        (
            "id",
            "command",
            "scenario",
            "scenario_path",
            "scenario_sha256",
            "scenario_hash",
            "code_hash",
            "working_folder",
        ),
        (is_text, "text"),
    ),
    **dict.fromkeys(
        ("variant", "posterior", "posterior_sha256"), (is_text_or_nothing, "text or null")
    ),
    **dict.fromkeys(("settings", "versions"), (is_mapping, "a mapping")),
    "created": (is_time, "a time in ISO 8601"),
    "rules": (
        lambda value: (
            value is None
            or (isinstance(value, dict) and all(is_text(value.get(k)) for k in ("path", "hash")))
        ),
        "null, or a mapping of path and hash",
    ),
    "fork_at": (lambda value: value is None or is_time(value), "a time in ISO 8601 or null"),
    "seed": (whole_from(0, 2**63 - 1), "a whole number from 0 to 2^63 - 1"),
    "replicates": (whole_from(1, 2**32), "a whole number from 1 to 2^32"),
    "engine": (lambda value: value in ENGINES, " or ".join(ENGINES)),
}
"""What each entry of a manifest may be."""


@dataclass(frozen=True)
class Manifest:
    """What stands in ``manifest.json``.

    ``id`` is a hash of everything that decides the numbers, so two results with the same id hold
    the same numbers. Hashes are SHA-256 in hexadecimal digits. ``rules`` names the user's own file
    of rules (``path``) and its ``hash``; the text stands beside the manifest. Paths in it are
    relative to ``working_folder``, '.' being the folder that holds run.py.
    """

    id: str
    created: str
    command: str
    scenario: str
    scenario_path: str
    scenario_sha256: str
    scenario_hash: str
    variant: str | None
    settings: dict[str, Any]
    posterior: str | None
    posterior_sha256: str | None
    code_hash: str
    seed: int
    replicates: int
    engine: str
    versions: dict[str, str]
    fork_at: str | None = None
    form: int = FORM
    working_folder: str = ""
    rules: dict[str, str] | None = None

    @property
    def folder_name(self) -> str:
        """``YYYYmmdd-HHMMSS-<id>``, the time in UTC."""
        return f"{datetime.fromisoformat(self.created):%Y%m%d-%H%M%S}-{self.id}"

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def manifest_of(
    ensemble: Ensemble,
    command: str,
    scenario_path: str = "",
    settings: dict[str, Any] | None = None,
    created: datetime | None = None,
) -> Manifest:
    """The manifest of an ensemble about to be written.

    Args:
        command: the command line that made it.
        scenario_path: the scenario file as the user named it, '' if it came from none.
        settings: what was set over the file, dotted path to value.
        created: now, if left out.
    """
    decides: dict[str, Any] = {
        "scenario": scenario_hash(ensemble.scenario),
        "code": code_hash(),
        "seed": ensemble.seed,
        "replicates": ensemble.replicates,
        "engine": ensemble.engine,
        "posterior": sha256_of(ensemble.posterior),
        "fork_at": None if ensemble.fork_at is None else ensemble.fork_at.isoformat(),
        # parameters handed over by a program stand in no file
        "parameters": hashlib.sha256(ensemble.parameters.to_numpy().tobytes()).hexdigest(),
    }
    identity = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:10]
    created = (created or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    return Manifest(
        id=identity,
        created=created.isoformat(),
        command=command,
        scenario=ensemble.scenario.name,
        scenario_path=scenario_path,
        scenario_sha256=sha256_of(scenario_path) or "",
        scenario_hash=decides["scenario"],
        variant=ensemble.variant,
        settings=dict(settings or {}),
        posterior=ensemble.posterior,
        posterior_sha256=decides["posterior"],
        code_hash=decides["code"],
        seed=ensemble.seed,
        replicates=ensemble.replicates,
        engine=ensemble.engine,
        versions=versions(),
        fork_at=decides["fork_at"],
        working_folder=working_folder(),
        rules=describe_rules(ensemble.scenario.rules),
    )


def describe_rules(rules: RuleFile | None) -> dict[str, str] | None:
    """How a manifest names rules of the user's own; None for the model's."""
    return None if rules is None else {"path": rules.path, "hash": rules.hash}


def read_manifest(path: Path) -> Manifest:
    """A manifest from its file.

    Raises:
        InputError: it is out of shape; names the file, the line and what was expected.
    """
    record = read_record(path)
    form = (lambda value: value == FORM, f"{FORM}, the layout that this version reads")
    record.check({"form": form})
    optional = {one.name for one in fields(Manifest) if one.default is not MISSING}
    record.check(
        {
            name: check
            for name, check in CHECKS.items()
            if name in record.data or name not in optional
        }
    )
    names = {one.name for one in fields(Manifest)}
    return Manifest(**{name: value for name, value in record.data.items() if name in names})


def working_folder() -> str:
    """The folder that relative paths start from, relative to the project's where it is inside."""
    here, root = Path.cwd(), Path(sim.__file__).resolve().parents[1]
    return here.relative_to(root).as_posix() if here.is_relative_to(root) else str(here)


def sha256_of(path: str | None) -> str | None:
    """SHA-256 of a file's bytes, or None for no path."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() if path else None


def versions() -> dict[str, str]:
    """Versions of Python, of this project and of the libraries that can move a number."""
    found = {"python": platform.python_version(), "standdown": sim.__version__}
    found.update({name: metadata.version(name) for name in LIBRARIES})
    return found
