"""A report fits into a mail: one width and one format, under 2 MB, and scrolls in its own frame."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import pytest
from shipped import NAMES, path_of

from sim.cli import main

BUDGET = 2_000_000
FEW = ["--replicates", "40", "--quiet"]
QUICK = "basra_2022_09"


def report_of(scenario: str | Path, out: Path, *more: str) -> Path:
    assert main(["run", str(scenario), *FEW, *more, "--out", str(out)]) == 0
    (report,) = out.glob("*/*/report.html")
    return report


def test_a_figure_is_one_png_and_the_print_forms_only_on_request(tmp_path: Path) -> None:
    plain = report_of(path_of(QUICK), tmp_path / "plain")
    assert plain.stat().st_size < BUDGET
    kinds = {path.suffix for path in (plain.parent / "figures").iterdir()}
    assert kinds == {".png"}
    text = plain.read_text(encoding="utf-8")
    assert set(re.findall(r"data:image/([a-z+]+)", text)) == {"png"}
    assert text.index('id="figure-tolls"') < text.index("Does not agree"), "the first picture"
    more = report_of(path_of(QUICK), tmp_path / "print", "--for-print")
    names = {path.name for path in (more.parent / "figures").iterdir()}
    assert {"tolls.png", "tolls.svg", "tolls_column.png", "tolls_column.svg"} <= names


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in NAMES if name != QUICK])
def test_the_report_of_a_shipped_scenario_is_under_2_mb(name: str, tmp_path: Path) -> None:
    assert report_of(path_of(name), tmp_path).stat().st_size < BUDGET


@pytest.mark.long
def test_the_report_of_a_table_of_40_days_and_four_towns_is_under_2_mb(tmp_path: Path) -> None:
    random.seed(4)
    towns = ("Tesara", "Qal'at al-Nahr", "الموصل", "Mill Hill")
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["n", "d", "c", "a", "t", "k", "x"])
        for day in range(40):
            date = f"2030-05-{day + 1:02d}" if day < 31 else f"2030-06-{day - 30:02d}"
            sides = random.sample(("Reds", "Blues"), 2)
            kind = random.choice(("shooting", "shooting", "rally"))
            dead = 0 if kind == "rally" else random.choice((0, 1, 2, 3, 5, 9))
            rows.writerow([day, date, random.choice(towns), *sides, kind, dead])
    columns = "columns: {id: n, day: d, city: c, actor: a, target: t, type: k, best: x}\n"
    (tmp_path / "map.yaml").write_text(f"name: invented\n{columns}")
    (tmp_path / "types.csv").write_text(
        "type,sub_type,plover_type,plover_mode\nshooting,,ASSAULT,firearms\nrally,,PROTEST,demo\n"
    )
    words = ["import", "table", str(tmp_path / "t.csv"), "--columns", str(tmp_path / "map.yaml"),
             "--mapping", str(tmp_path / "types.csv"),
             "--to-folder", str(tmp_path / "imports" / "own")]  # fmt: skip
    assert main(words) == 0
    words = ["new", "own", "--from", str(tmp_path / "imports" / "own"),
             "--folder", str(tmp_path / "scenarios")]  # fmt: skip
    (tmp_path / "scenarios").mkdir()
    assert main(words) == 0
    report = report_of(tmp_path / "scenarios" / "own.yaml", tmp_path / "out")
    assert report.stat().st_size < BUDGET
    assert "الموصل" in report.read_text(encoding="utf-8")
