"""How long a calibration takes and how much memory it needs.

Run ``python benchmarks/calibration.py [SIMULATIONS]`` (default 1e6) from the project's top folder
on an idle machine. The targets, on two cores: a calibration in 60 s under 4 GB, re-conditioning on
changed facts in 1 s, a coverage study over 400 data sets in 2 minutes.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from dataclasses import replace

sys.path.insert(0, os.getcwd())

from sim.calibrate import build_bank, calibrate, coverage_of, facts_of
from sim.calibrate.contraction import learned
from sim.scenario import load_scenario

SCENARIO = "scenarios/august_september_2022.yaml"


def main() -> None:
    simulations = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    scenario = load_scenario(SCENARIO)
    build_bank([scenario], 256, 2)  # compiled before the clock starts
    start, used = time.perf_counter(), time.process_time()
    bank = build_bank([scenario], simulations, 1)
    simulated = time.perf_counter() - start
    found = calibrate(bank)
    learned(found)
    whole, cpu = time.perf_counter() - start, time.process_time() - used
    print(f"simulations                     {simulations:>10,}")
    print(f"bank                            {simulated:>10.1f} s")
    print(f"calibration, all in             {whole:>10.1f} s")
    print(f"  processor time                {cpu:>10.1f} s on {os.cpu_count()} cores")
    facts = facts_of(scenario)
    readings = tuple(replace(r, high=r.high + 5) for r in facts[0].readings)
    start, used = time.perf_counter(), time.process_time()
    calibrate(bank, [replace(facts[0], readings=readings), *facts[1:]])
    print(f"conditioning on a changed fact  {time.perf_counter() - start:>10.2f} s")
    print(f"  processor time                {time.process_time() - used:>10.2f} s")
    start, used = time.perf_counter(), time.process_time()
    cover = coverage_of(found, 400)
    print(f"coverage over 400 data sets     {time.perf_counter() - start:>10.1f} s")
    print(f"  processor time                {time.process_time() - used:>10.1f} s")
    print(f"  of 90 % intervals             {cover.overall(0.9):>10.3f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory                     {peak:>10.2f} GB")


if __name__ == "__main__":
    main()
