"""Standdown: simulate how a conflict escalates and how it stands down, and compare with reports.

In Python and in notebooks::

    import standdown
    found = standdown.run("scenarios/baghdad_2022_08.yaml")
    print(found.comparison.summary)

The code stands in the package ``sim``, which this one brings; what is public is named here.
"""

from __future__ import annotations

import sys
from importlib import import_module, util
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for editors and type checkers, which cannot look names up on first use
    from sim.calibrate.calibration_run import calibrate_files as calibrate_files
    from sim.calibrate.validation_run import validate_files as validate_files
    from sim.compare import compare as compare
    from sim.ensemble import read_result as read_result
    from sim.ensemble import replay as replay
    from sim.ensemble import simulate as simulate
    from sim.ensemble.watched import WatchedRun as WatchedRun
    from sim.evidence import load_evidence as load_evidence
    from sim.evidence import timeline as timeline
    from sim.explore import what_if as what_if
    from sim.explore.request import Request as Request
    from sim.explore.run import run as run
    from sim.explore.sweep import open_sweep as open_sweep
    from sim.explore.sweep import resume as resume
    from sim.explore.sweep import sweep as sweep
    from sim.scenario import load_scenario as load_scenario

OWN = Path(__file__).resolve().parents[1] / "sim"


def _own_package() -> ModuleType:
    """The package ``sim`` that belongs to this one, also where a user's sim.py stands before it.

    Raises:
        ImportError: another module of that name is in use already.
    """
    used = sys.modules.get("sim")
    if used is not None:
        if Path(used.__file__ or "").parent.resolve() == OWN:
            return used
        raise ImportError(
            f"standdown needs the name 'sim' for its own package, and {used.__file__} has it: "
            "import standdown first, or rename that file"
        )
    spec = util.spec_from_file_location(
        "sim", OWN / "__init__.py", submodule_search_locations=[str(OWN)]
    )
    assert spec is not None and spec.loader is not None, "a file of the package"
    found = sys.modules["sim"] = util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


_sim = _own_package()
__version__: str = _sim.__version__
__all__ = list(_sim.__all__)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'standdown' has no attribute {name!r}")
    return getattr(_sim, name)


def __dir__() -> list[str]:
    return sorted(__all__)


def command() -> int:
    """The console command ``standdown``; returns its exit code."""
    try:
        main = import_module("sim.cli").main
    except KeyboardInterrupt:  # Ctrl-C before anything has begun
        return 130
    return int(main())
