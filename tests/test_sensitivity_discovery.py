"""Discovery and phase diagrams: known conditions and borders are found and said rightly."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sweep_case as case
from PIL import Image

from sim.cli import main
from sim.explore.discovery import discover
from sim.explore.phase import phase
from sim.explore.request import Request
from sim.explore.sweep import Sweep, sweep
from sim.inputs import InputError
from sim.model import Output
from sim.scenario.parameters import INDEX


def known(scenario: Any, theta: Any, seed: int, replicates: Any, **_: Any) -> Output:
    """Dead: 100 if compliance < 0.5 and the order comes after 2 h late, else 10. Late: a coin."""
    coin = np.random.default_rng(seed).random(10_000)[np.asarray(replicates)]
    bad = (theta[:, INDEX["compliance"]] < 0.5) & (scenario.decisions[0].shift_h > 2)
    dead = np.where(bad, 100.0, 10.0)
    first = np.where(coin < 0.3, np.nan, 40 * theta[:, INDEX["compliance"]])
    values = np.column_stack([dead, first, (coin < theta[:, INDEX["compliance"]]).astype(float)])
    return Output(values, np.zeros((len(theta), 1)), np.empty((0, 0, 0, 0), np.float32))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    folder = tmp_path_factory.mktemp("known")
    vary = [
        "compliance=0:1:11",
        "decisions.stop.shift_h=-4:8:4",
        "decisions.stop.mode=scripted,off",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.explore.work.simulate_block", known)
        return sweep(Request([case.write(folder)], vary, replicates=100), folder / "out")


def test_the_conditions_are_found_and_nothing_else(done: Sweep) -> None:
    found = discover(done, "dead", above=50)
    best = found.boxes[0]
    assert (best.density, best.coverage) == (1.0, 1.0)
    limits = {limit.name: limit for limit in best.limits}
    assert set(limits) == {"compliance", "decisions.stop.shift_h"}
    assert 0.4 < limits["compliance"].high < 0.5
    assert 0 < limits["decisions.stop.shift_h"].low < 4
    assert found.base == pytest.approx(5 / 11 * 2 / 4)


def test_the_sentence_says_conditions_density_and_coverage(done: Sweep) -> None:
    first, second, *others = discover(done, "dead", above=50).sentences()
    assert first == "Dead is above 50 in 23% of 8,800 runs."
    assert "compliance <= 0.45" in second and "decisions.stop.shift_h > 2" in second
    assert "100% of the runs (density)" in second and "100% of all" in second
    assert not others


def test_where_nothing_makes_it_likelier_it_says_so(tmp_path: Path) -> None:
    def coin(scenario: Any, theta: Any, seed: int, replicates: Any, **_: Any) -> Output:
        mixed = np.abs(np.sin(theta[:, :1] * 12.9898 + theta[:, [5]] * 78.233)) * 43758.5453
        values = np.repeat(mixed % 1, 3, axis=1)
        return Output(values, np.zeros((len(theta), 1)), np.empty((0, 0, 0, 0), np.float32))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.explore.work.simulate_block", coin)
        done = sweep(Request([case.write(tmp_path)], ["compliance=0:1:10"], replicates=400),
                     tmp_path / "out")  # fmt: skip
    found = discover(done, "dead", above=0.5)
    assert found.boxes
    assert "No condition" in found.sentences()[1]
    assert "No condition" in discover(done, "dead", above=7).sentences()[1]


def test_words_are_conditions_too(tmp_path: Path) -> None:
    def off(scenario: Any, theta: Any, seed: int, replicates: Any, **_: Any) -> Output:
        value = 9.0 if str(scenario.decisions[0].mode) == "off" else 1.0
        return Output(np.full((len(theta), 3), value), np.zeros((len(theta), 1)),
                      np.empty((0, 0, 0, 0), np.float32))  # fmt: skip

    vary = ["compliance=0:1:4", "decisions.stop.mode=scripted,off"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.explore.work.simulate_block", off)
        done = sweep(Request([case.write(tmp_path)], vary, replicates=50), tmp_path / "out")
    assert (
        "When decisions.stop.mode is off: in 100%" in discover(done, "dead", above=5).sentences()[1]
    )


def test_a_phase_diagram_shows_the_known_border(done: Sweep) -> None:
    found = phase(done, "dead", "compliance", "decisions.stop.shift_h")
    assert found.statistic == "median"
    assert found.reported == (5, 20)
    assert found.others == ["decisions.stop.mode"]
    bad = (found.xs[None, :] < 0.5) & (found.ys[:, None] > 2)
    assert np.array_equal(found.panels[0].z, np.where(bad, 100.0, 10.0))


def test_a_yes_or_no_is_a_probability_and_a_missing_time_is_left_out(done: Sweep) -> None:
    share = phase(done, "late", "compliance", "decisions.stop.shift_h")
    assert share.statistic == "probability"
    assert np.allclose(share.panels[0].z.mean(axis=0), share.xs, atol=0.12)
    time = phase(done, "first", "compliance", "decisions.stop.shift_h")
    assert np.allclose(time.panels[0].z, 40 * time.xs[None, :])


def test_a_third_axis_makes_panels(done: Sweep) -> None:
    found = phase(done, "dead", "compliance", "decisions.stop.shift_h", "decisions.stop.mode")
    assert [panel.title for panel in found.panels] == [
        "decisions.stop.mode = scripted", "decisions.stop.mode = off",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"observable": "deads"}, "did you mean 'dead'"),
        ({"observable": "dead", "x": "complience"}, "did you mean 'compliance'"),
        ({"observable": "dead", "x": "compliance", "y": "compliance"}, "two different axes"),
        ({"observable": "dead", "statistic": "probability"}, "no yes or no"),
    ],
)
def test_a_mistaken_axis_or_observable_is_named(
    done: Sweep, how: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        phase(done, **how)


def test_the_commands_print_and_draw(
    done: Sweep, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["discover", str(done.folder), "--observable", "dead", "--above", "50"]) == 0
    assert "compliance <= 0.45" in capsys.readouterr().out
    words = ["phase", str(done.folder), "--observable", "dead", "--x", "compliance", "--y",
             "decisions.stop.shift_h", "--by", "decisions.stop.mode", "--out"]  # fmt: skip
    assert main([*words, str(tmp_path / "a")]) == 0
    assert main([*words, str(tmp_path / "b")]) == 0
    (png,) = (tmp_path / "a").glob("*.png")
    assert png.read_bytes() == (tmp_path / "b" / png.name).read_bytes()
    assert main(["discover", str(done.folder), "--observable", "dead"]) == 2
    assert "one of --above and --below" in capsys.readouterr().err


def test_a_phase_diagram_cut_short_leaves_the_one_that_was_there(
    done: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["phase", str(done.folder), "--observable", "dead", "--x", "compliance", "--y",
             "decisions.stop.shift_h", "--out", str(tmp_path)]  # fmt: skip
    assert main(words) == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    whole = Image.Image.save

    def half(image: Any, path: Any, **more: Any) -> None:
        if not isinstance(path, Path):  # the figure on its way, in memory
            return whole(image, path, **more)
        path.write_bytes(b"half a figure")
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr("PIL.Image.Image.save", half)
    assert main(words) != 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
