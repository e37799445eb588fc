"""The command ``sensitivity``: which inputs matter for what, chance told apart."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.cli.options import add_cluster, add_out, add_threads, settings_of, whole_number
from sim.cli.sweep_command import why_not
from sim.ensemble.parameter_draws import parameters_line
from sim.inputs import InputError, Problem

NAME = "sensitivity"
SUMMARY = "which parameters and assumptions matter for which observable, chance told apart"
EPILOG = """\
examples:
  python run.py sensitivity scenarios/X.yaml
  python run.py sensitivity scenarios/X.yaml --base 2048 --replicates 64
  python run.py sensitivity scenarios/X.yaml --posterior results/calibration/posterior.parquet
  python run.py sensitivity --resume results/X/TIME-ID-sensitivity

Three stages, each a sweep that survives a crash: Morris' screening of every parameter with a
prior, Sobol's first and total order indices of those that move anything (the others held at their
middle), and a screening of the registry's assumptions over their stated ranges. What is analysed
is the mean over the replicates at each point; the variance within points is chance, and its share
is reported beside the indices. With a posterior its marginals are used, not how parameters go
together. Indices carry 95 % intervals.

written, in <out>/<scenario>/<time in UTC>-<id>-sensitivity/: screening.csv, variance.csv,
assumptions.csv, noise.csv, figures, report.html and the three sweeps."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", nargs="?", help="scenario file (YAML)")
    parser.add_argument(
        "--trajectories", metavar="N", type=whole_number(2, 100_000), default=60,
        help="of each screening; it takes N * (inputs + 1) points (default 60)",
    )  # fmt: skip
    parser.add_argument(
        "--base", metavar="N", type=whole_number(2, 2**20), default=1024,
        help="size of the Sobol design, a power of two; N * (inputs + 2) points (default 1024)",
    )  # fmt: skip
    parser.add_argument(
        "--replicates", metavar="R", type=whole_number(2, 1_000_000), default=32,
        help="runs at each point (default 32)",
    )  # fmt: skip
    parser.add_argument(
        "--variant", metavar="NAME", help="variant of the scenario (default: as written)"
    )
    parser.add_argument(
        "--set", metavar="PATH=VALUE", action="append", default=[], dest="assignments",
        help="change one value; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--posterior", metavar="FILE", help="Parquet file of parameter draws (default: priors)"
    )
    parser.add_argument(
        "--seed", metavar="N", type=whole_number(0, 2**63 - 1), default=1,
        help="whole number that fixes every draw and design (default 1)",
    )  # fmt: skip
    add_out(parser)
    parser.add_argument(
        "--resume", metavar="RESULT", help="finish the analysis in this folder (default: a new one)"
    )
    add_threads(parser)
    add_cluster(parser)


def execute(options: argparse.Namespace) -> int:
    """Run or finish the stages, then write tables, figures and report."""
    from sim.ensemble.addition import added_files
    from sim.explore.sensitivity import study_sensitivity
    from sim.show.reports.sensitivity_report import verdicts, write_sensitivity_report

    study, folder, identity = _resumed(options) if options.resume else _begun(options)
    try:
        from sim.cli.progress import progress_bar

        with progress_bar(_runs(study), "sensitivity") as advance:
            found = study_sensitivity(
                study, folder, threads=options.threads, cluster=options.cluster, progress=advance
            )
        with added_files(folder) as hidden:
            write_sensitivity_report(found, hidden, identity, folder, study.posterior)
    except KeyboardInterrupt:
        return _kept(folder, "\nstopped", 130)
    except OSError as error:
        return _kept(folder, why_not(error), 1)
    print(parameters_line(study.posterior))
    for line in verdicts(found):
        print(line)
    print(f"written: {folder}")
    return 0


def _kept(folder: Path, why: str, code: int) -> int:
    print(f"{why}; what is done is kept", file=sys.stderr)
    print(f"go on with: run.py sensitivity --resume {shlex.quote(str(folder))}", file=sys.stderr)
    return code


def _begun(options: argparse.Namespace) -> tuple[Any, Path, str]:
    from sim.ensemble.folder import new_folder
    from sim.ensemble.manifest import code_files, digest_of, versions
    from sim.explore.scenario_source import load_source
    from sim.explore.sensitivity import SensitivityStudy

    if not options.scenario:
        raise InputError([Problem("sensitivity", None, None, "no scenario is given",
                                  "scenarios/X.yaml, or --resume RESULT")])  # fmt: skip
    if options.base & (options.base - 1):
        below = 2 ** (options.base.bit_length() - 1)
        raise InputError([Problem(f"--base {options.base}", None, None, "not a power of two",
                                  f"{below} or {2 * below}")])  # fmt: skip
    settings = settings_of(options.assignments)
    source = load_source(options.scenario, options.variant, settings).source
    study = SensitivityStudy(options.scenario, options.variant, settings, options.posterior,
                  options.trajectories, options.base, options.replicates, options.seed)  # fmt: skip
    code = digest_of(code_files())
    decides = {"study": vars(study), "scenario": source.hash, "code": code}
    created = datetime.now(UTC).replace(microsecond=0)
    identity = digest_of({key: json.dumps(value, sort_keys=True) for key, value in decides.items()})
    identity = identity[:10]
    manifest = {
        "id": identity, "kind": "sensitivity", "created": created.isoformat(),
        "command": shlex.join(["run.py", *options.command_line]),
        "study": vars(study), "scenario_hash": source.hash, "code_hash": code,
        "versions": versions(),
    }  # fmt: skip
    name = f"{created:%Y%m%d-%H%M%S}-{identity}-sensitivity"
    with new_folder(Path(options.out) / source.name / name) as folder:
        text = json.dumps(manifest, indent=2, ensure_ascii=False)
        (folder.hidden / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return study, folder.final, identity


def _resumed(options: argparse.Namespace) -> tuple[Any, Path, str]:
    from sim.explore.sensitivity import SensitivityStudy

    folder = Path(options.resume)
    try:
        data = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return SensitivityStudy(**data["study"]), folder, data["id"]
    except (OSError, ValueError, KeyError, TypeError):
        problem = Problem(str(folder), None, None, "not a sensitivity analysis",
                          "a folder that the sensitivity command wrote")  # fmt: skip
        raise InputError([problem]) from None


def _runs(study: Any) -> int:
    """Roughly: the variance stage's inputs are known only after the screening."""
    inputs = 12
    points = 2 * study.trajectories * (inputs + 8) + study.base * (inputs + 2)
    return int(points * study.replicates)
