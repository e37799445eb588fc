"""A manifest: what a result was made from, enough to make it again."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import sim
from sim.ensemble.ensemble import Ensemble
from sim.scenario import scenario_hash

LIBRARIES = ("mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy")
FORM = 1
"""Version of the result folder's layout."""


@dataclass(frozen=True)
class Manifest:
    """What stands in ``manifest.json``.

    ``id`` is a hash of everything that decides the numbers, so two results with the same id hold
    the same numbers. Hashes are SHA-256 in hexadecimal digits.
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
    )


def code_hash() -> str:
    """SHA-256 over every Python source of the package, paths and line ends platform-neutral."""
    root = Path(sim.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py"), key=lambda p: p.relative_to(root).as_posix()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def sha256_of(path: str | None) -> str | None:
    """SHA-256 of a file's bytes, or None for no path."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() if path else None


def versions() -> dict[str, str]:
    """Versions of Python, of this project and of the libraries that can move a number."""
    found = {"python": platform.python_version(), "standdown": sim.__version__}
    found.update({name: metadata.version(name) for name in LIBRARIES})
    return found
