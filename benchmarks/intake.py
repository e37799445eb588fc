"""What importing costs: ``python benchmarks/intake.py``; time and peak memory of a million rows."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sim.intake import Selection, import_events

ROWS = 1_000_000
HEADER = (
    "id,date_start,date_end,date_prec,type_of_violence,side_a,side_b,where_coordinates,adm_1,"
    "country,latitude,longitude,deaths_a,deaths_b,deaths_civilians,deaths_unknown,low,best,high\n"
)


def write_table(path: Path, rows: int) -> None:
    """A GED-like table of an invented country; one row in 400 is in Port Ansa."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADER)
        for n in range(rows):
            day = f"{2000 + n % 40}-{1 + n // 40 % 12:02d}-{1 + n // 500 % 28:02d}"
            place = "Port Ansa" if n % 400 == 0 else f"Village {n % 5000}"
            stream.write(
                f"{n},{day},{day},1,1,Government of Ansa,Reds,{place},Coast,Ansa,10.5,20.25,"
                "1,2,0,0,3,3,5\n"
            )


def main(rows: int = ROWS) -> None:
    with tempfile.TemporaryDirectory() as name:
        path, out = Path(name) / "table.csv", Path(name) / "out"
        write_table(path, rows)
        out.mkdir()
        begin = time.perf_counter()
        report = import_events(path, "ged", out, selection=Selection(places=["Port Ansa"]))
        spent = time.perf_counter() - begin
        size = path.stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{report.rows} rows ({size:.0f} MB), {report.used} used: {spent:.1f} s, "
          f"{peak:.0f} MB at most")  # fmt: skip
    assert report.adds_up


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
