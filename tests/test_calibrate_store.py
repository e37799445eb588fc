"""Simulations that are paid for are not lost: whatever ends a calibration, the next goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from made_up import TWO_FACTIONS, two_factions

from sim.calibrate import build_bank
from sim.calibrate.bank_store import FOLDER, BankStore
from sim.cli import main

ROOT = Path(__file__).resolve().parents[1]


def words(folder: Path, command: str = "calibrate") -> list[str]:
    more = [] if command == "validate" else ["--no-figures"]
    return [command, TWO_FACTIONS, "--simulations", "2000", *more, "--out", str(folder)]


def posterior(folder: Path) -> bytes:
    (result,) = (folder / "calibration").iterdir()
    return (result / "posterior.parquet").read_bytes()


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (OSError(28, "No space left on device"), 1)]
)
def test_a_calibration_that_fails_after_its_simulations_goes_on_from_them(
    error, code, tmp_path, monkeypatch, capsys
):
    def fails(*_, **__):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("sim.calibrate.calibration_run.study", fails)
        assert main(words(tmp_path)) == code
    said = capsys.readouterr().err
    assert "2,000 simulations are kept" in said and "the same command goes on" in said
    assert "nothing was written" not in said
    assert main(words(tmp_path)) == 0
    assert "going on from 2,000 simulations" in capsys.readouterr().err
    assert not (tmp_path / FOLDER).exists(), "what has served is thrown away"
    assert main(words(tmp_path / "fresh")) == 0
    assert posterior(tmp_path) == posterior(tmp_path / "fresh")


def test_a_defect_after_the_simulations_keeps_them_too(tmp_path, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        patch.setattr("sim.calibrate.validation.predict", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            main(words(tmp_path, "validate"))
    assert "2,000 simulations are kept" in capsys.readouterr().err
    assert main(words(tmp_path, "validate")) == 0
    assert "going on from 2,000" in capsys.readouterr().err
    assert not (tmp_path / FOLDER).exists()


def test_a_bank_that_goes_on_has_the_same_numbers_as_one_made_at_once(tmp_path):
    whole = build_bank([two_factions()], 700, 5, probes=0)
    first = BankStore(tmp_path)
    build_bank([two_factions()], 300, 5, probes=0, store=first)
    with pytest.raises(RuntimeError), first:
        raise RuntimeError("something failed")
    with BankStore(tmp_path) as second:
        bank = build_bank([two_factions()], 700, 5, probes=0, store=second)
    assert second.resumed == 300
    assert np.array_equal(bank.values["two_factions"], whole.values["two_factions"], equal_nan=True)


def left_behind(folder: Path, rows: int = 400) -> list[Path]:
    """Files of a bank whose command failed."""
    store = BankStore(folder)
    build_bank([two_factions()], rows, 5, probes=0, store=store)
    with pytest.raises(RuntimeError), store:
        raise RuntimeError("something failed")
    return sorted(folder.glob("*/*.rows"))


def test_a_damaged_block_is_simulated_again(tmp_path):
    (path,) = left_behind(tmp_path)
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(bytes(data))
    with BankStore(tmp_path) as store:
        bank = build_bank([two_factions()], 400, 5, probes=0, store=store)
    assert store.resumed == 0
    whole = build_bank([two_factions()], 400, 5, probes=0)
    assert np.array_equal(bank.values["two_factions"], whole.values["two_factions"], equal_nan=True)


def test_another_seed_or_scenario_does_not_go_on_from_it(tmp_path):
    left_behind(tmp_path)
    with BankStore(tmp_path) as store:
        build_bank([two_factions()], 400, 6, probes=0, store=store)
        build_bank([two_factions(compliance=0.7)], 400, 5, probes=0, store=store)
    assert store.resumed == 0


def test_what_nobody_came_back_for_goes_after_a_week(tmp_path):
    (path,) = left_behind(tmp_path)
    BankStore(tmp_path)
    assert path.exists()
    eight_days_ago = time.time() - 8 * 86400
    for file in (*path.parent.iterdir(), path.parent):
        os.utime(file, (eight_days_ago, eight_days_ago))
    BankStore(tmp_path)
    assert not path.parent.exists()


def test_beyond_two_gigabytes_the_oldest_go_but_none_in_use(tmp_path, monkeypatch):
    (path,) = left_behind(tmp_path)
    monkeypatch.setattr("sim.calibrate.bank_store.MOST_BYTES", 100)
    with BankStore(tmp_path / "elsewhere"):
        pass
    used = BankStore(tmp_path)  # sweeps, as 100 bytes are less than there is
    assert not path.exists()
    build_bank([two_factions()], 400, 5, probes=0, store=used)
    BankStore(tmp_path)
    assert list(tmp_path.glob("*/*.rows")), "another command has them in hand"


def test_a_disk_that_takes_nothing_stops_no_calibration(tmp_path, monkeypatch, capsys):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.calibrate.bank_store.Path.replace", full)
    with BankStore(tmp_path) as store:
        build_bank([two_factions()], 300, 5, probes=0, store=store)
        assert store.trouble == "No space left on device"
        assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.skipif(not hasattr(os, "kill"), reason="no signals here")
@pytest.mark.parametrize(
    "how",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.long),
        pytest.param(signal.SIGKILL, marks=pytest.mark.long),
    ],
)
def test_a_calibration_stopped_while_it_simulates_goes_on_from_where_it_was(how, tmp_path):
    command = [sys.executable, str(ROOT / "run.py"), "calibrate", TWO_FACTIONS, "--no-figures",
               "--threads", "1", "--simulations", "200000", "--out", str(tmp_path)]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for _ in range(1200):
        if list(tmp_path.glob(f"{FOLDER}/*/*.rows")) or process.poll() is not None:
            break
        time.sleep(0.05)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    if how != signal.SIGKILL:
        assert process.returncode == 130
        assert "simulations are kept" in said
    with BankStore(tmp_path / FOLDER) as store:
        bank = build_bank([two_factions()], 10_000, 1, probes=0, store=store)
    assert store.resumed >= 8192
    whole = build_bank([two_factions()], 10_000, 1, probes=0)
    assert np.array_equal(bank.values["two_factions"], whole.values["two_factions"], equal_nan=True)
