"""Inputs that are no inputs: pipes, tags, endless brackets, formulas, paths that lead out."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from intake_tables import ged_file, ged_row
from made_up import TWO_FACTIONS

from sim.cli import main
from sim.ensemble import read_posterior
from sim.evidence import load_evidence
from sim.explore.design import read_points
from sim.inputs import InputError
from sim.inputs.spreadsheet import escaped, spreadsheet_safe, unescaped
from sim.inputs.syntax import open_at_once
from sim.intake import import_events
from sim.intake.tables import tablefile
from sim.scenario import load_scenario

ROOT = Path(__file__).parent.parent


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    return path


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says that ends with 2; it may not wait, so it runs beside a watch."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(main(words)), daemon=True)
    thread.start()
    thread.join(20)
    assert codes == [2], "hung or not refused"
    return capsys.readouterr().err


def test_a_pipe_in_the_place_of_any_input_is_refused_and_not_waited_for(pipe, tmp_path, capsys):
    scenario = str(TWO_FACTIONS)
    for words in (
        ["check", str(pipe)],
        ["run", scenario, "--posterior", str(pipe), "--replicates", "2", "--out", str(tmp_path)],
        ["sweep", scenario, "--design", "file", "--points", str(pipe), "--out", str(tmp_path)],
        ["import", "ged", str(pipe), "--to-folder", str(tmp_path / "x")],
        ["import", "table", str(pipe), "--columns", str(pipe), "--to-folder", str(tmp_path / "x")],
    ):
        said = refused(words, capsys)
        assert str(pipe) in said and "this is a pipe; expected" in said, words


def test_a_pipe_among_the_seeds_and_a_device_are_refused_too(tmp_path, capsys):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    import_events(ged_file(tmp_path / "g.csv", [ged_row(1)]), "ged", seeds)
    os.mkfifo(seeds / "more.yaml")
    assert "this is a pipe" in refused(["timeline", "--seeds", str(seeds)], capsys)
    assert "this is a device" in refused(["check", "/dev/zero"], capsys)


@pytest.mark.skipif(not os.access("/proc/kmsg", os.R_OK), reason="needs Linux and its superuser")
def test_a_file_that_the_system_makes_up_as_it_is_read_is_not_waited_for(tmp_path, capsys):
    out = str(tmp_path / "x")
    for words in (["check", "/proc/kmsg"], ["import", "ged", "/proc/kmsg", "--to-folder", out]):
        assert "/proc/kmsg" in (said := refused(words, capsys)) and "the file is empty" in said


def test_what_became_a_pipe_since_it_was_looked_at_is_not_waited_for(pipe: Path) -> None:
    done: list[bytes] = []

    def read() -> None:
        with open(pipe, "rb", opener=open_at_once) as stream:
            done.append(stream.read(10))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(20)
    assert done == [b""], "waited for somebody to write"


@pytest.mark.parametrize("key", ["priors", "evidence"])
def test_a_path_too_long_to_follow_is_told_where_it_stands(key, tmp_path, capsys):
    scenario = tmp_path / "scenarios" / "two.yaml"
    scenario.parent.mkdir()
    text = Path(ROOT / TWO_FACTIONS).read_text("utf-8") + f"{key}: {'x' * 5000}\n"
    scenario.write_text(text, encoding="utf-8")
    assert main(["check", str(scenario)]) == 2
    said = capsys.readouterr().err
    assert f"{scenario}:{len(text.splitlines())}:1: the path cannot be followed" in said
    assert "expected a path" in said


def test_escapes_in_the_name_of_a_sound_file_do_not_reach_the_terminal(tmp_path, capsys):
    odd = tmp_path / "a\x1b[31m\nb.yaml"
    odd.write_bytes(Path(ROOT / TWO_FACTIONS).read_bytes())
    assert main(["check", str(odd)]) == 0
    assert capsys.readouterr().out.startswith(f"{tmp_path}/a?[31m?b.yaml: two_factions: ")


@pytest.mark.parametrize("row", ["", " , ,", '""'])
def test_a_table_of_nothing_but_empty_rows_is_given_up_early(row: str, tmp_path, monkeypatch):
    monkeypatch.setattr(tablefile, "MOST_EMPTY", 50)
    table = ged_file(tmp_path / "g.csv", [ged_row(1)])
    sound = table.read_text("utf-8")
    (tmp_path / "x").mkdir()
    empty, again = f"{row}\n" * 50, sound.splitlines()[1] + "\n"
    table.write_text(sound + empty + again + empty, "utf-8")
    assert import_events(table, "ged", tmp_path / "x").rows == 102
    table.write_text(sound + f"{row}\n" * 51, "utf-8")
    with pytest.raises(InputError, match=r"g.csv:53:1: more than 50 empty rows .*; expected rows"):
        import_events(table, "ged", tmp_path / "y")
    assert not (tmp_path / "y").exists()


@pytest.mark.parametrize(
    "value",
    ["[" * 3000, "[" * 3000 + "]" * 3000, "{a: " * 3000, "!!binary aGk=", "!!python/name:os.x 1",
     "!!float 1", "&a [*a]", "*b", "{a: 1, a: 2}", "1\n---\n2", '"'],
)  # fmt: skip
def test_odd_values_on_the_command_line_are_refused_in_words(value, tmp_path, capsys):
    out = ["--out", str(tmp_path), "--replicates", "2"]
    said = refused(["run", TWO_FACTIONS, "--set", f"compliance={value}", *out], capsys)
    assert said.startswith("--set compliance=") and "expected" in said
    said = refused(["sweep", TWO_FACTIONS, "--vary", f"title={value},x", *out], capsys)
    assert said.startswith("--vary title=") and "expected" in said
    assert max(len(line) for line in said.splitlines()) < 700


@pytest.mark.parametrize(
    "text", ["compliance\n\n", "compliance\n", "\n\n", "", "compliance\n!!binary aGk=\n",
             "compliance\n" + "[" * 3000, "compliance\n\0\n", "a" * 200_000]
)  # fmt: skip
def test_odd_points_files_are_refused_in_words(text: str, tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=str(path)):
        read_points(path)


def posterior(folder: Path, columns: dict, metadata: bytes | None = None) -> Path:
    table = pa.table(columns)
    if metadata is not None:
        table = table.replace_schema_metadata({b"pandas": metadata})
    path = folder / "p.parquet"
    pq.write_table(table, path)
    return path


def test_weights_near_the_largest_number_do_not_overflow(tmp_path: Path) -> None:
    path = posterior(tmp_path, {"compliance": [0.5, 0.6], "weight": [1e308, 1e308]})
    assert read_posterior(path).weights.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    "columns",
    [{"compliance": pd.to_datetime(["2030-01-01"])}, {"compliance": ["x"]},
     {"compliance": [[1.0]]}, {"compliance": [None]}, {"compliance": [True]},
     {"weight": pd.to_datetime(["2030-01-01"]), "compliance": [0.5]},
     {"compliance": [0.5], "weight": [-1.0]}, {"compliance": [{"a": 1}]},
     {"compliance": pa.array([], pa.float64())}],
)  # fmt: skip
def test_posteriors_out_of_shape_are_refused_in_words(columns, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"p\.parquet"):
        read_posterior(posterior(tmp_path, columns))


@pytest.mark.parametrize(
    "metadata", [b"\xff", b"[]", b"{}", b"null", b'{"index_columns": 1}', b'{"columns": [{}]}',
                 b'{"index_columns": ["compliance"], "columns": [], "column_indexes": [5]}']
)  # fmt: skip
def test_what_a_posterior_tells_pandas_is_not_heeded(metadata: bytes, tmp_path: Path) -> None:
    path = posterior(tmp_path, {"compliance": [0.5, 0.6]}, metadata)
    assert read_posterior(path).draws["compliance"].tolist() == [0.5, 0.6]


def test_a_posterior_written_by_pandas_with_an_index_is_read_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    draws = pd.DataFrame({"compliance": [0.5, 0.6], "weight": [1.0, 3.0], "draw": [7, 8]})
    draws.set_index(pd.Index([3, 9])).to_parquet(path)
    found = read_posterior(path)
    assert list(found.draws) == ["compliance"]
    assert np.allclose(found.weights, [0.25, 0.75])


def test_a_path_that_is_not_utf_8_is_refused_before_anything_is_simulated(tmp_path: Path) -> None:
    words = ["run.py", "run", str(TWO_FACTIONS), "--replicates", "2", "--out"]
    out = os.fsencode(tmp_path) + b"/caf\xe9"
    done = subprocess.run(
        [sys.executable, *words, out], capture_output=True, cwd=ROOT, check=False, timeout=120
    )
    assert done.returncode == 2
    assert b"not UTF-8" in done.stderr and b"Traceback" not in done.stderr
    assert not os.path.exists(out)


NAMES = ["=1+1", "+x", "-x", "@x", "\tx", "\rx", "'=1", "''=1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("name", [*NAMES, "plain", "'quoted'", "'", "", "-5", "+1e3", "a=b"])
def test_what_is_escaped_for_a_spreadsheet_reads_back_as_it_was(name: str) -> None:
    assert unescaped(escaped(name)) == name
    assert escaped(name)[:1] not in "=@\t\r" or not name


def test_numbers_stay_numbers_in_a_spreadsheet() -> None:
    table = pd.DataFrame({"n": [-1, 2], "x": [-0.5, np.nan], "name": ["=a", "-5"], "b": [True, 0]})
    safe = spreadsheet_safe(table)
    assert safe["n"].tolist() == [-1, 2] and safe["x"].dtype == float
    assert safe["name"].tolist() == ["'=a", "-5"]


def test_names_of_a_scenario_are_no_formulas_in_any_csv_of_a_result(tmp_path: Path) -> None:
    text = Path(TWO_FACTIONS).read_text("utf-8").replace("name: Upper Town", 'name: "=1+1"')
    text = text.replace("name: Reds", 'name: "@SUM(A1)"').replace("title: Dead", "title: =Dead")
    scenario = tmp_path / "s" / "two.yaml"
    scenario.parent.mkdir()
    scenario.write_text(text, encoding="utf-8")
    words = ["run", str(scenario), "--replicates", "10", "--no-figures", "--out", str(tmp_path)]
    assert main(words) == 0
    result = next(tmp_path.glob("*/*-*"))
    for form in ("acled", "ged", "csv"):
        folder = tmp_path / form
        assert main(["export", str(result), "--format", form, "--to-folder", str(folder)]) == 0
    files = [*result.rglob("*.csv"), *tmp_path.glob("*/*.csv")]
    cells = [c for f in files for row in csv.reader(f.open(encoding="utf-8")) for c in row]
    assert len(files) >= 5 and "'=1+1" in cells and "'@SUM(A1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r"))]
    seeds = tmp_path / "back"
    seeds.mkdir()
    import_events(next((tmp_path / "ged").glob("ged_replicate*.csv")), "ged", seeds)
    evidence = load_evidence(seeds)
    assert {place.name for place in evidence.places.values()} >= {"=1+1"}
    assert {actor.name for actor in evidence.actors.values()} >= {"@SUM(A1)"}


@pytest.mark.parametrize("key", ["priors", "evidence"])
def test_a_scenario_cannot_send_its_reader_out_of_its_project(key, tmp_path, monkeypatch, capsys):
    secret = tmp_path / "secret" / "notes.yaml"
    secret.parent.mkdir()
    secret.write_text("the secret: of another\n", encoding="utf-8")
    (tmp_path / "project" / "scenarios").mkdir(parents=True)
    scenario = tmp_path / "project" / "scenarios" / "two.yaml"
    (scenario.parent / "link").symlink_to(secret.parent)
    monkeypatch.chdir(tmp_path / "project")
    named = "" if key == "evidence" else "/notes.yaml"
    for path in (f"../../secret{named}", f"{secret.parent}{named}", f"link{named}"):
        text = Path(ROOT / TWO_FACTIONS).read_text("utf-8") + f"{key}: {json.dumps(path)}\n"
        scenario.write_text(text, encoding="utf-8")
        assert main(["check", str(scenario)]) == 2
        said = capsys.readouterr().err
        assert "outside the scenario's project" in said and "of another" not in said
        assert f"{scenario}:{len(text.splitlines())}:" in said
    monkeypatch.chdir(tmp_path)  # run from above, the user has named the tree that holds both
    assert main(["check", str(scenario)]) == 2
    assert "outside" not in capsys.readouterr().err


def test_what_a_file_that_is_no_mapping_says_is_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("root:$6$hash:19000:0:99999:7\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert "hash" not in str(caught.value)
