"""Planning: from what the user asks for to a plan that is known to run, or all that is wrong."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.calibrate.posterior_file import PRIOR, common_posterior
from sim.ensemble.manifest import sha256_of
from sim.ensemble.parameter_draws import read_posterior
from sim.explore.axis import Axis, parameter_row, read_axes
from sim.explore.design import DESIGNS, SOURCE_COLUMNS, Codes, design_points, read_points
from sim.explore.plan import Plan
from sim.explore.scenario_source import AS_WRITTEN, LoadedSource, load_source
from sim.explore.whatif import unreported
from sim.inputs import InputError, Problem, nearest
from sim.inputs.code_identity import code_files
from sim.model.own_rules import Rules, read_rules
from sim.scenario import load_scenario, paths

CHECKED_WHOLE = 500
"""So many different structures are checked as a whole before a sweep starts; beyond, their parts
are, and one that cannot be built fails alone."""


@dataclass(frozen=True)
class Request:
    """What is to be swept.

    Attributes:
        scenarios: files.
        vary: texts ``path=values``, or axes.
        design: ``grid``, ``lhs``, ``sobol`` or ``file``.
        points: how many (``lhs``, ``sobol``), or the path of a CSV file (``file``).
        replicates: per point.
        variants: names; ``as_written`` is the scenario without any. Default: that alone.
        settings: over every scenario, by path.
        per: ``replicate`` or ``point``.
        still_violent_after: adds an observable, whether there are clashes after so many hours.
        rules: a file of rules of the user's own that every scenario runs under.
    """

    scenarios: Sequence[str | Path]
    vary: Sequence[str | Axis] = ()
    design: str = "grid"
    points: int | str | Path | None = None
    replicates: int = 100
    seed: int = 1
    variants: Sequence[str] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    engine: str = "kernel"
    per: str = "replicate"
    posterior: str | None = None
    still_violent_after: float | None = None
    agents: Mapping[str, type] = field(default_factory=dict)
    rules: Rules | None = None


def with_parameters(request: Request) -> tuple[Request, str]:
    """The request with what its parameters are drawn from decided, and the line that says which.

    Raises InputError for a scenario that cannot be read or a file that is no posterior.
    """
    rules = read_rules(request.rules)
    scenarios = [load_scenario(path, rules=rules) for path in request.scenarios]
    path, line = common_posterior(request.posterior, scenarios)
    return replace(request, posterior=path or PRIOR, rules=rules), line


def make_plan(request: Request) -> Plan:
    """The plan of a request.

    Raises:
        InputError: all that is wrong with it. ValueError: an impossible number.
    """
    _check_words(request)
    sources = _sources(request)
    if request.posterior is None:
        request, _ = with_parameters(request)
    posterior = None if request.posterior == PRIOR else request.posterior
    named: list[dict[str, str]] = []
    if request.design == "file":
        axes, codes, named = read_points(_file_of(request))
    else:
        axes = _axes(request.vary)
        count = request.points
        if count is not None and not isinstance(count, int):
            raise InputError([Problem(f"--points {count}", None, None, "not a number of points",
                                      "--design file for a CSV file")])  # fmt: skip
        axes, codes = design_points(axes, request.design, count, request.seed)
    which = _which(named, sources, request) if named and any(named) else None
    problems = _problems(axes, codes, sources)
    if problems:
        raise InputError(problems)
    return Plan(
        sources=tuple(one.source for one in sources),
        axes=tuple(axes),
        points=_with_sources(codes, which, len(sources)),
        replicates=request.replicates, seed=request.seed, engine=request.engine, per=request.per,
        design=request.design, code=code_files(), posterior=posterior,
        posterior_sha256=sha256_of(posterior), agents=describe_agents(request.agents),
    )  # fmt: skip


def extrapolations(plan: Plan) -> list[str]:
    """Why no report can speak for the furthest shifts of a plan, one sentence each."""
    said: list[str] = []
    for source in plan.sources:
        said += unreported(source.scenario)
        for axis in plan.axes:
            if axis.path.endswith(".shift_h") and axis.is_numeric:
                levels = axis.levels or (axis.low, axis.high)
                for level in (min(levels), max(levels)):
                    changed = unreported(source.changed({axis.path: level}))
                    said += [f"{axis.path}={level:g}: {why}" for why in changed]
    return list(dict.fromkeys(said))


def describe_agents(agents: Mapping[str, type]) -> dict[str, str]:
    """The name of each agent class with a hash of its source."""
    found = {}
    for name, kind in agents.items():
        try:
            text = inspect.getsource(kind)
        except (OSError, TypeError):  # made at a prompt
            text = kind.__qualname__
        found[name] = f"{kind.__qualname__} {hashlib.sha256(text.encode()).hexdigest()[:16]}"
    return found


def _check_words(request: Request) -> None:
    problems = []
    for name, value, known in (
        ("--design", request.design, DESIGNS),
        ("--per", request.per, ("replicate", "point")),
        ("--engine", request.engine, ("kernel", "mesa")),
    ):
        if value not in known:
            message, expected = f"unknown '{value}'", ", ".join(known)
            close = nearest(str(value), known)
            problems.append(Problem(name, None, None, message, f"one of {expected}", close))
    if request.per == "point" and request.replicates < 2:
        problems.append(Problem("--per point", None, None, "one replicate has no statistics",
                                "--replicates 2 or more"))  # fmt: skip
    if request.agents and request.engine != "mesa":
        problems.append(Problem("agents", None, None, "agents of your own run on the Mesa engine",
                                "engine='mesa'"))  # fmt: skip
    if request.agents and request.rules is not None:
        problems.append(Problem("agents", None, None, "agents of your own do not follow rules of "
                                "your own", "one of the two"))  # fmt: skip
    if problems:
        raise InputError(problems)
    if not 1 <= request.replicates < 2**32 or not 0 <= request.seed < 2**63:
        raise ValueError("replicates or seed out of range")


def _axes(vary: Sequence[str | Axis]) -> list[Axis]:
    ready = [one for one in vary if isinstance(one, Axis)]
    return ready + read_axes([one for one in vary if isinstance(one, str)])


def _sources(request: Request) -> list[LoadedSource]:
    found: list[LoadedSource] = []
    problems: list[Problem] = []
    rules = read_rules(request.rules)
    for path in request.scenarios:
        for variant in request.variants or (AS_WRITTEN,):
            name = None if variant == AS_WRITTEN else variant
            try:
                found.append(
                    load_source(path, name, request.settings, request.still_violent_after, rules)
                )
            except InputError as error:
                problems += error.problems
    names = [(one.source.name, one.source.variant) for one in found]
    if len(set(names)) != len(names):
        problems.append(Problem("sweep", None, None, "a scenario or variant is given twice"))
    if not request.scenarios:
        problems.append(Problem("sweep", None, None, "no scenario is given"))
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    if request.posterior is not None and request.posterior != PRIOR and found:
        read_posterior(request.posterior).refuse_other_rules(found[0].source.scenario)
    return found


def _file_of(request: Request) -> str | Path:
    if request.points is None or isinstance(request.points, int):
        raise InputError([Problem("--design file", None, None, "no file is given",
                                  "--points POINTS.csv")])  # fmt: skip
    if request.vary:
        raise InputError([Problem("--vary", None, None, "the points come from a file",
                                  "either --vary or --design file")])  # fmt: skip
    return request.points


def _which(named: list[dict[str, str]], sources: list[LoadedSource], request: Request) -> list[int]:
    """Number of the source that each line of a CSV file names."""
    keys = {(s.source.name, s.source.variant or AS_WRITTEN): i for i, s in enumerate(sources)}
    only = sources[0].source.name
    found, problems = [], []
    for line, names in enumerate(named, start=2):
        scenario, variant = (names.get(column) for column in SOURCE_COLUMNS)
        key = (scenario or only, variant or AS_WRITTEN)
        if key in keys:
            found.append(keys[key])
            continue
        known = [" ".join(k) for k in keys]
        problems.append(
            Problem(str(request.points), line, None, f"'{' '.join(key)}' is not in this sweep",
                    f"one of {', '.join(known)} (give others with --variant NAME)",
                    nearest(" ".join(key), known))
        )  # fmt: skip
    if problems:
        raise InputError(problems)
    return found


def _with_sources(codes: Codes, which: list[int] | None, sources: int) -> Codes:
    """Points with their source in front: as named, or each point for each source."""
    if which is not None:
        return np.column_stack([np.array(which, np.float64), codes])
    numbers = np.repeat(np.arange(sources, dtype=np.float64), len(codes))
    return np.column_stack([numbers, np.tile(codes, (sources, 1))])


def _problems(axes: list[Axis], codes: Codes, sources: list[LoadedSource]) -> list[Problem]:
    problems: list[Problem] = []
    for axis in axes:
        levels = list(axis.levels) if axis.levels else [axis.low, axis.high]
        if len(levels) > CHECKED_WHOLE:
            levels = [min(levels), max(levels)]
        for one in sources:
            problems += _axis_problems(axis, levels, one)
    if problems:
        return list(dict.fromkeys(problems))
    structure = [i for i, axis in enumerate(axes) if not axis.is_parameter]
    if len(structure) > 1:
        for row in np.unique(codes[:, structure], axis=0)[:CHECKED_WHOLE]:
            values = {axes[i].path: axes[i].value(c) for i, c in zip(structure, row, strict=True)}
            said = ", ".join(f"{path}={value}" for path, value in values.items())
            for one in sources:
                problems += one.problems_of(values, f"--vary {said}")
    return list(dict.fromkeys(problems))


def _axis_problems(axis: Axis, levels: list[Any], one: LoadedSource) -> list[Problem]:
    where = f"--vary {axis.path}"
    try:
        paths.apply(one.source.data, axis.path, levels[0], "sweep")
    except paths.PathError as error:
        return [Problem(where, None, None, error.message, error.expected, error.nearest)]
    row = parameter_row(axis.path)
    if row is not None:
        outside = [x for x in levels if not _within(x, row.low, row.high)]
        if outside:
            expected = f"a number from {row.low:g} to {row.high:g}"
            message = f"{outside[0]} is out of range"
            return [Problem(where, None, None, message, expected)]
        return []
    for level in levels:
        found = one.problems_of({axis.path: level}, f"{where}={level}")
        if found:
            return found
    return []


def _within(value: Any, low: float, high: float) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and low <= value <= high
